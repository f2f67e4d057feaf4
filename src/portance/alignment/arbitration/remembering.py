"""What a scan leaves for arbitrations: its evidence as JSON, its panel as arrays, in ``.portance/alignment``.

``last.json`` and ``panel.npz`` are those of the last scan. A question keeps the evidence that it was opened on in
``evidence/<run>.json``: whoever replies, signs or verifies sees the same figures, whatever is scanned meanwhile.
"""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from portance.alignment.arbitration.evidence import Evidence, Level, Setting
from portance.alignment.conflicts.responses import Responses
from portance.alignment.indicators.panel import Panel
from portance.errors import PortanceError, StateError
from portance.store import State

SCHEMA = 1
_COMPRESSED = 2_000_000
"""Up to this many values a panel is compressed; beyond it, writing would take longer than the disk is worth."""
_SCAN_FIRST = "run portance scan on this charter first."


def remember(state: State, evidence: Evidence, panel: Panel) -> None:
    """Keep what arbitrations need of a scan; what the scan before it left is replaced, whole or not at all."""
    folder = state.folder / "alignment"
    text = _written(evidence)
    state.keep(folder / "panel.npz", lambda partial: _save(partial, panel, evidence.run_id))
    state.keep(folder / "last.json", lambda partial: _write(partial, text))


def recall(state: State) -> Evidence:
    """The evidence of the last scan; a plain error where there was none."""
    return _read(state.folder / "alignment" / "last.json")


def recall_panel(state: State) -> Panel:
    """The panel of the last scan."""
    path = state.folder / "alignment" / "panel.npz"
    if not path.exists():
        raise PortanceError(f"there is no panel of a scan yet: {_SCAN_FIRST}")
    try:
        with np.load(path, allow_pickle=False) as kept:
            names = json.loads(str(kept["names"]))
            values = np.asarray(kept["values"], dtype=np.float64)
            return Panel(
                tuple(names["indicators"]), tuple(names["levers"]), tuple(names["context"]), tuple(names["units"]),
                names["unit_kind"], np.asarray(kept["periods"], dtype="datetime64[D]"), names["period_kind"], values,
                np.full_like(values, np.nan),
            )  # fmt: skip
    except (ValueError, KeyError, OSError) as error:
        raise StateError(f"{path} cannot be read ({error}): {_SCAN_FIRST}") from error


def freeze(state: State, evidence: Evidence) -> str:
    """Keep the evidence of a question for as long as the question is, and tell its SHA-256."""
    text = _written(evidence)
    path = _frozen(state, evidence.run_id, text)
    if not path.exists():
        state.keep(path, lambda partial: _write(partial, text))
    return hashlib.sha256(text.encode()).hexdigest()


def thaw(state: State, run_id: str, sha256: str) -> Evidence:
    """The evidence that a question was opened on; an error where it is missing or not what it was."""
    path = state.folder / "alignment" / "evidence" / f"{run_id}-{sha256[:12]}.json"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise StateError(
            f"the evidence of this question is missing ({path}): restore it from a copy, or withdraw the question and "
            "open it anew."
        ) from error
    if hashlib.sha256(text.encode()).hexdigest() != sha256:
        raise StateError(
            f"{path} is not what it was when the question was opened: restore it from a copy, or withdraw the question "
            "and open it anew."
        )
    return _read(path)


def to_dict(evidence: Evidence) -> dict[str, Any]:
    """Plain values; numbers that are not known are None."""
    return {
        "schema": SCHEMA, "run_id": evidence.run_id, "as_of": evidence.as_of.isoformat(),
        "period_kind": evidence.period_kind, "unit_kind": evidence.unit_kind, "units": evidence.units,
        "levels": [asdict(level) | {"spread": _known(level.spread)} for level in evidence.levels],
        "settings": [asdict(setting) for setting in evidence.settings],
        "bend": _rows(evidence.bend), "bend_error": _rows(evidence.bend_error),
        "responses": evidence.responses.to_json(), "conflicts": [_plain(row) for row in evidence.conflicts],
    }  # fmt: skip


def from_dict(kept: dict[str, Any]) -> Evidence:
    """What :func:`to_dict` gave."""
    levels = tuple(
        Level(**{
            **level, "levers": tuple(level["levers"]),
            "worth": None if level["worth"] is None else tuple(level["worth"]),
            "spread": float("nan") if level["spread"] is None else level["spread"],
        })
        for level in kept["levels"]
    )  # fmt: skip
    settings = tuple(
        Setting(**{
            **setting, "states": tuple(setting["states"]),
            "teams": tuple((team, state) for team, state in setting["teams"]),
        })
        for setting in kept["settings"]
    )  # fmt: skip
    responses = Responses.from_json(kept["responses"])
    return Evidence(
        kept["run_id"], date.fromisoformat(kept["as_of"]), kept["period_kind"], kept["unit_kind"], kept["units"], levels,
        settings, responses, _array(kept["bend"], responses), _array(kept["bend_error"], responses), tuple(kept["conflicts"]),
    )  # fmt: skip


def _rows(values: npt.NDArray[np.float64]) -> list[list[float | None]]:
    return [[_known(value) for value in row] for row in values]


def _array(rows: list[list[float | None]], responses: Responses) -> npt.NDArray[np.float64]:
    shape = (len(responses.levers), len(responses.indicators))
    return np.array([[np.nan if value is None else value for value in row] for row in rows]).reshape(shape)


def _frozen(state: State, run_id: str, text: str) -> Path:
    short = hashlib.sha256(text.encode()).hexdigest()[:12]
    return state.folder / "alignment" / "evidence" / f"{run_id}-{short}.json"


def _written(evidence: Evidence) -> str:
    return json.dumps(to_dict(evidence), ensure_ascii=False, sort_keys=True, allow_nan=False)


def _read(path: Path) -> Evidence:
    if not path.exists():
        raise PortanceError(f"nothing was measured of indicators and levers yet: {_SCAN_FIRST}")
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if int(kept["schema"]) > SCHEMA:
            raise StateError(
                f"{path} was written by a newer Portance (schema {kept['schema']}, this one knows {SCHEMA}): install the "
                "newer version."
            )
        return from_dict(kept)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise StateError(f"{path} cannot be read ({error}): {_SCAN_FIRST}") from error


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _known(value) if isinstance(value, float) else value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
    }  # fmt: skip


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _save(path: Path, panel: Panel, run_id: str) -> None:
    names = {
        "indicators": panel.indicators, "levers": panel.levers, "context": panel.context, "units": panel.units,
        "unit_kind": panel.unit_kind, "period_kind": panel.period_kind, "run_id": run_id,
    }  # fmt: skip
    with path.open("wb") as file:
        save = np.savez_compressed if panel.values.size <= _COMPRESSED else np.savez
        save(
            file,
            names=np.array(json.dumps(names, ensure_ascii=False)),
            periods=panel.periods.astype("datetime64[D]").astype(np.int64),
            values=panel.values,
        )


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
