"""Whether a tool that was delivered is used, still is a month on, and who works around it: delivered on time is half of it."""

from collections.abc import Iterator
from typing import Any

from portance.experience.employees import gathering
from portance.experience.employees.facts import Group
from portance.experience.employees.protecting import Answer
from portance.experience.employees.setting import Setting


def adoption(setting: Setting) -> Iterator[dict[str, Any]]:
    """The rows of ``adoption``: per tool the share of those entitled who used it since it was delivered.

    Where nobody says how many are entitled, everyone seen at work since then counts. ``on_time``: delivered by the
    day of the change that it belongs to; null where none is named. ``kept``: of those who began and could be followed for
    58 days, at work after the 30th, the share who used it again from the 30th on; who began too late, or was not there, is not in it.
    """
    for name, tool in setting.employees.tools.items():
        change = setting.charter.changes.get(tool.change) if tool.change else None
        users = setting.door.mean(gathering.used(name), Group(), setting.window)
        around = setting.door.mean(gathering.avoided(name), Group(), setting.window)
        lasting = setting.door.mean(gathering.kept(name), Group(), setting.window)
        # of those seen at work, as many as are entitled at most
        times = min(users.employees / tool.entitled, 1.0) if tool.entitled and users.told else 1.0
        yield {
            "tool": name, "since": tool.since, "entitled": tool.entitled or users.employees or None,
            "users": _counted(users), "share": _times(users.value, times), "low": _times(users.low, times),
            "high": _times(users.high, times), "workarounds": around.value, "workarounds_low": around.low,
            "workarounds_high": around.high, "on_time": tool.since <= change.since if change else None, "shown": users.shown,
            "reason": users.reason, "employees": users.employees or None, "kept": lasting.value, "kept_low": lasting.low,
            "kept_high": lasting.high, "followed": lasting.employees or None, "kept_shown": lasting.shown,
            "kept_reason": "none_followed" if lasting.reason == "no_data" else lasting.reason,
        }  # fmt: skip


def _counted(users: Answer) -> int | None:
    """How many use it, to the nearest five."""
    return None if users.value is None else round(users.value * users.employees / 5) * 5


def _times(value: float | None, times: float) -> float | None:
    return None if value is None else value * times
