"""Decisions of one charter: opened, answered, signed, superseded, reviewed; the one door to all of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, timedelta
from difflib import get_close_matches
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from portance.alignment.arbitration import records
from portance.alignment.arbitration.calibrating import Announced, Calibration, calibrate
from portance.alignment.arbitration.contrasting import FEWEST_PERIODS
from portance.alignment.arbitration.dossier import Answered, Dossier, OptionTold, Status
from portance.alignment.arbitration.evidence import Evidence
from portance.alignment.arbitration.forecasting import (
    Draws,
    Forecast,
    Simulated,
    draw,
    limits,
    over_window,
    simulate,
    target_setting,
    times,
)
from portance.alignment.arbitration.meeting_targets import unmeetable
from portance.alignment.arbitration.question import AS_IS, Move, Option, Veto, limit, moves_from
from portance.alignment.arbitration.remembering import freeze, recall, recall_panel, thaw
from portance.alignment.arbitration.reviewing import Estimator, Guardrail, Locked, Review, review
from portance.alignment.arbitration.trading_off import trade_offs
from portance.alignment.arbitration.weighing import AT_RISK, Weighing, weigh
from portance.charter import Charter
from portance.clock import Clock, now
from portance.errors import PortanceError, StateError
from portance.estimation.interrupting import FEWEST_POINTS
from portance.store import State
from portance.store.decisions import Entry, Journal, Kind, Tampered

SCHEMA = 1
"""The version of what is locked in a signature."""
DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "quarter": 91.31}
SMALLEST = 0.10
"""In standard deviations within units: an indicator moved by more concerns its function, where none is declared."""
_ANSWERS: tuple[Literal["reply", "dissent", "asked"], ...] = ("reply", "dissent", "asked")
ESTIMATORS: tuple[Estimator, ...] = ("its", "did", "staggered")


class Decisions:
    """Open, simulate, answer, sign, supersede and review decisions; read them back as dossiers and tables.

    Everything said is written to the journal at once, in one transaction. Raises ``PortanceError`` with what was given,
    what was expected and what to do; ``StateError`` where what is kept forbids it.
    """

    def __init__(self, charter: Charter, state: State, clock: Clock = now) -> None:
        self._charter, self._state, self._clock = charter, state, clock
        self._opened: Journal | None = None
        self._thawed: dict[str, tuple[Evidence, Draws]] = {}

    def close(self) -> None:
        """Let go of the journal."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    # ---- deciding

    def open(
        self, question: str, *, from_indicator: str | None = None, to_indicator: str | None = None,
        vetoes: Sequence[Veto | str] = (), supersedes: str | None = None,
    ) -> str:  # fmt: skip
        """Open a question on the evidence of the last scan, from a pair of indicators or free; tells its id.

        A veto is a value or reads ``INDICATOR:at_least:LEVEL`` (or ``at_most``).
        """
        evidence = recall(self._state)
        limits_set = [Veto.parse(veto) if isinstance(veto, str) else veto for veto in vetoes]
        if not question.strip():
            raise PortanceError("the question is empty: say in one sentence what is to be decided.")
        if (from_indicator is None) != (to_indicator is None):
            raise PortanceError(
                "a conflict has two indicators: give both --from and --to, or neither for a free question."
            )
        for name in (from_indicator, to_indicator, *(veto.indicator for veto in limits_set)):
            if name is not None:
                self._known(name, "indicator", [level.name for level in evidence.levels])
        conflict = None
        if from_indicator is not None and to_indicator is not None:
            conflict = _conflict(evidence, from_indicator, to_indicator)
        body: dict[str, Any] = {
            "question": question.strip(), "conflict": conflict, "vetoes": [asdict(veto) for veto in limits_set],
            "run_id": evidence.run_id, "evidence": freeze(self._state, evidence),
        }  # fmt: skip
        if supersedes is not None:
            body["supersedes"] = supersedes
        return self._journal.open(body, self._clock())

    def add_option(self, decision: str, moves: Sequence[Move]) -> OptionTold:
        """Add one option (all its moves together), simulate it, and keep its forecast."""
        dossier = self._dossier(decision)
        self._must_be_open(dossier)
        evidence, drawn = self._evidence(decision)
        if not moves:
            raise PortanceError(
                "an option changes something: give --lever, --target, --weight, --drop or --redesign. "
                "To leave everything as it is is always option 0."
            )
        for move in moves:
            self._checked(move, evidence)
        number = max((told.option.number for told in dossier.options), default=0) + 1
        option = Option(number, tuple(moves))
        told = _told(evidence, simulate(evidence, [option], drawn=drawn)[0])
        entry = self._journal.add(decision, "option", _option_body(told), self._clock())
        return OptionTold(
            told.option,
            told.forecasts,
            told.notes,
            told.unmeasured,
            told.unmeetable,
            told.leaves,
            None,
            entry.number,
        )

    def propose(
        self, decision: str, *, levers: Sequence[str] = (), targets: Sequence[str] = (), weights: Sequence[str] = (),
        drops: Sequence[str] = (), redesign: str | None = None, effects: Sequence[str] = (),
    ) -> OptionTold:  # fmt: skip
        """Add an option as a person writes it; see :func:`~portance.alignment.arbitration.question.moves_from`."""
        moves = moves_from(
            levers=levers, targets=targets, weights=weights, drops=drops, redesign=redesign, effects=effects
        )
        return self.add_option(decision, moves)

    def reply(self, decision: str, function: str, text: str, *, dissent: bool = False) -> None:
        """Record what a function answers, or that it dissents; after the signature it is kept as late."""
        self._function(function)
        if not text.strip():
            raise PortanceError(f"the reply of {function} is empty: give what it says with --text.")
        kind: Kind = "dissent" if dissent else "reply"
        self._journal.add(decision, kind, {"function": function, "text": text.strip()}, self._clock())

    def asked(self, decision: str, function: str) -> None:
        """Record that a function was asked today and did not reply."""
        self._function(function)
        self._journal.add(decision, "asked", {"function": function, "text": ""}, self._clock())

    def withdraw(self, decision: str, reason: str = "") -> None:
        """Close an open question without a decision; a signed one can only be superseded."""
        self._journal.add(decision, "withdrawn", {"reason": reason.strip()}, self._clock())

    def supersede(self, decision: str, question: str | None = None) -> str:
        """Open the question that will take a signed decision's place, on new evidence; it is superseded once that is signed."""
        dossier = self._dossier(decision)
        if dossier.status == "superseded":
            raise PortanceError(
                f"{decision} is superseded already by {dossier.superseded_by}: supersede that one."
            )
        if dossier.status != "signed":
            raise PortanceError(
                f"{decision} is {dossier.status}, expected a signed decision: an open one is withdrawn."
            )
        conflict = dossier.conflict or {}
        return self.open(
            question or dossier.question, from_indicator=conflict.get("from_indicator"),
            to_indicator=conflict.get("to_indicator"), vetoes=dossier.vetoes, supersedes=decision,
        )  # fmt: skip

    def sign(
        self, decision: str, option: int, *, by: str, review_date: date, metric: str, since: date | None = None,
        window: tuple[date, date] | None = None, estimator: Estimator = "its", smallest_effect: float | None = None,
        guardrails: Sequence[Guardrail | str] = (), stop_rule: str = "", changed: Mapping[str, date] | None = None,
        expects: Literal["up", "down"] | None = None, seen: bool = False,
    ) -> str:  # fmt: skip
        """Lock a decision and tell its SHA-256.

        ``since`` is the day from which the change is in force (today where absent), ``window`` the days over which
        it is judged (from ``since`` to the day before ``review_date``). ``expects`` says which way the metric will move where
        nothing was measured. ``seen`` says that the signer knows of the cautions: dissents, vetoes, extrapolation.
        """
        dossier = self.dossier(decision)
        self._must_be_open(dossier)
        told = dossier.option(option)
        if told is None or dossier.weighing is None:
            numbers = ", ".join(str(one.option.number) for one in dossier.options)
            raise PortanceError(f"{decision} has no option {option}: expected one of {numbers}.")
        evidence, drawn = self._evidence(decision)
        self._known(metric, "indicator", [level.name for level in evidence.levels])
        self._heard(dossier, told, evidence)
        today = self._today()
        start = since or today
        judged = window or (start, review_date - timedelta(days=1))
        self._windowed(start, judged, review_date, estimator, evidence.period_kind)
        level = evidence.level(metric)
        smallest = (
            smallest_effect if smallest_effect is not None else (level.smallest_effect if level else None)
        )
        if smallest is None or not smallest > 0:
            raise PortanceError(
                f"{metric} declares no smallest_effect: say with --smallest which change of it would matter, in its unit."
            )
        simulated = simulate(evidence, [told.option], drawn=drawn)[0]
        forecast = _over(evidence, simulated, metric, start, judged)
        direction = _direction(forecast, expects, level.better if level else 1)
        guards = [Guardrail(*limit(one)) if isinstance(one, str) else one for one in guardrails]
        for guardrail in guards:
            self._known(guardrail.indicator, "indicator", [one.name for one in evidence.levels])
        cautions = _cautions(dossier, told)
        if cautions and not seen:
            raise PortanceError(
                f"option {option} of {decision} has cautions that its signer must have seen: {', '.join(cautions)}. "
                "Read them with portance decide show, then sign with --seen."
            )
        lever = next(iter(_levers(evidence, told.option)), None)
        setting = evidence.setting(lever) if lever else None
        body = {
            "schema": SCHEMA, "decision": decision, "question": dossier.question, "conflict": dossier.conflict,
            "vetoes": [asdict(veto) for veto in dossier.vetoes], "run_id": dossier.run_id,
            "evidence": self._body(decision)["evidence"],
            "options": [_locked_option(one) for one in dossier.options],
            "flips": [asdict(flip) for flip in dossier.weighing.flips], "leader": dossier.weighing.leader,
            "chosen": option, "sacrificed": _sacrificed(evidence, told), "decider": by.strip(),
            "answers": [
                {"function": one.function, "kind": one.kind, "text": one.text, "at": one.at.isoformat()}
                for one in dossier.answers
            ],
            "date": today.isoformat(), "metric": metric, "since": start.isoformat(),
            "window": {"start": judged[0].isoformat(), "end": judged[1].isoformat()}, "estimator": estimator,
            "smallest_effect": smallest, "direction": direction, "forecast": forecast, "lever": lever,
            "drawn": bool(setting and setting.assigned == "drawn"),
            "changed": {unit: day.isoformat() for unit, day in (changed or {}).items()},
            "guardrails": [asdict(guardrail) for guardrail in guards], "stop_rule": stop_rule.strip(),
            "review_date": review_date.isoformat(), "cautions": list(cautions),
        }  # fmt: skip
        if not by.strip():
            raise PortanceError("a decision is signed by someone: give who with --by.")
        return self._journal.sign(decision, body, self._clock())

    # ---- reading

    def dossier(self, decision: str) -> Dossier:
        """One decision with its options weighed against each other."""
        plain = self._dossier(decision)
        if plain.status != "open":
            return plain
        evidence, drawn = self._evidence(decision)
        simulated = simulate(evidence, [told.option for told in plain.options], drawn=drawn)
        weighing = weigh(
            evidence, simulated, plain.vetoes, weights=_weights(plain.options), seed=_seed(decision)
        )
        options = tuple(
            OptionTold(
                told.option, told.forecasts, told.notes, told.unmeasured, told.unmeetable, told.leaves, weighed,
                told.entry,
            )
            for told, weighed in zip(plain.options, weighing.options, strict=True)
        )  # fmt: skip
        waiting = dict.fromkeys(name for told in options for name in self._silent(plain, told, evidence))
        return _with(plain, options, weighing, tuple(waiting))

    def all(self) -> tuple[Dossier, ...]:
        """Every decision in the order in which it was opened, options not weighed."""
        return tuple(self._dossier(name) for name in self._names())

    def due(self, today: date | None = None) -> tuple[Dossier, ...]:
        """Signed decisions whose review date has come and that have no verdict yet."""
        day = today or self._today()
        return tuple(
            one
            for one in self.all()
            if one.locked is not None
            and one.review is None
            and date.fromisoformat(one.locked["review_date"]) <= day
        )

    def verify(self) -> tuple[Tampered, ...]:
        """Entries of the journal that are not what was written, none where all hold."""
        return self._journal.verify()

    def export(self, decision: str | None = None) -> dict[str, Any]:
        """Everything kept of one decision, or of all, as plain values: enough to verify the hashes elsewhere."""
        if decision is not None:
            self._dossier(decision)
        entries = [{**asdict(entry), "at": entry.at.isoformat()} for entry in self._journal.entries(decision)]
        return {"schema": SCHEMA, "company": self._charter.company.name, "entries": entries}

    # ---- afterwards

    def review(self, decision: str) -> Review:
        """Judge a signed decision at or after its review date on the last scan, and keep the verdict."""
        dossier = self._dossier(decision)
        if dossier.locked is None:
            raise PortanceError(f"{decision} is {dossier.status}, expected a signed decision.")
        told = dossier.locked
        due = date.fromisoformat(told["review_date"])
        if self._today() < due:
            raise PortanceError(
                f"{decision} is to be reviewed on {due.isoformat()}, today is {self._today().isoformat()}: a verdict "
                "before its day would choose its own moment."
            )
        panel, evidence = recall_panel(self._state), recall(self._state)
        locked = self._locked(told, dossier)
        better = {name: 1 if one.better == "higher" else -1 for name, one in self._charter.indicators.items()}
        smallest = {name: one.smallest_effect for name, one in self._charter.indicators.items()}
        found = review(panel, locked, better, smallest)
        self._journal.add(decision, "reviewed", _review_body(found, evidence.run_id), self._clock())
        return found

    def calibration(self) -> Calibration:
        """How the forecasts of reviewed decisions fared."""
        signed = [one for one in self.all() if one.locked is not None]
        announced = []
        for one in signed:
            forecast = (one.locked or {}).get("forecast")
            seen = one.review
            if forecast is None or seen is None or seen["observed"] is None:
                continue
            announced.append(
                Announced(
                    forecast["low"],
                    forecast["median"],
                    forecast["high"],
                    seen["observed"],
                    seen["low"],
                    seen["high"],
                )
            )
        return calibrate(announced, len(signed))

    def tables(self) -> dict[str, pa.Table]:
        """The tables of arbitration, as they are published; ``tradeoffs`` without rows before the first scan."""
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in records.SCHEMAS}
        for name in self._names():
            dossier = self.dossier(name)
            rows["decisions"].append(_decision_row(dossier))
            rows["decision_options"] += _option_rows(dossier)
            rows["decision_forecasts"] += _forecast_rows(dossier)
            rows["decision_effects"] += self._effect_rows(dossier)
        rows["calibration"].append(asdict(self.calibration()))
        try:
            rows["tradeoffs"] += [asdict(one) for one in trade_offs(recall(self._state))]
        except StateError:
            raise
        except PortanceError:  # nothing was scanned yet: no curve to draw
            rows["tradeoffs"] = []
        return {name: records.table(name, some) for name, some in rows.items()}

    # ---- inside

    @property
    def _journal(self) -> Journal:
        if self._opened is None:
            self._opened = Journal(self._state.folder / "manifest.db")
        return self._opened

    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.decision for entry in self._journal.entries()))

    def _today(self) -> date:
        return self._clock().astimezone(ZoneInfo(self._charter.company.timezone)).date()

    def _body(self, decision: str) -> dict[str, Any]:
        for entry in self._journal.entries(decision):
            if entry.kind == "opened":
                return entry.body
        names = self._names()
        near = get_close_matches(decision, names, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise PortanceError(f"there is no decision {decision}.{hint} See portance decide list.")

    def _evidence(self, decision: str) -> tuple[Evidence, Draws]:
        if decision not in self._thawed:
            body = self._body(decision)
            evidence = thaw(self._state, body["run_id"], body["evidence"])
            self._thawed[decision] = evidence, draw(evidence, seed=_seed(decision))
        return self._thawed[decision]

    def _dossier(self, decision: str) -> Dossier:
        return _read(decision, self._body(decision), self._journal.entries(decision))

    def _must_be_open(self, dossier: Dossier) -> None:
        if dossier.status != "open":
            done = "superseded" if dossier.status == "signed" else "opened anew"
            raise PortanceError(
                f"{dossier.decision} is {dossier.status}, expected an open question: it can only be {done}."
            )

    def _known(self, name: str, what: str, names: Sequence[str]) -> None:
        if name in names:
            return
        near = get_close_matches(name, names, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise PortanceError(
            f"there is no {what} {name!r}: expected one of {', '.join(names) or 'none is declared'}.{hint}"
        )

    def _function(self, name: str) -> None:
        self._known(name, "function", list(self._charter.functions))

    def _checked(self, move: Move, evidence: Evidence) -> None:
        indicators = [level.name for level in evidence.levels]
        if move.kind == "lever":
            self._known(move.name, "lever", [setting.name for setting in evidence.settings])
        elif move.kind in ("target", "drop"):
            self._known(move.name, "indicator", indicators)
        elif move.kind == "weight":
            self._known(move.name, "function or indicator", [*self._charter.functions, *indicators])
            if move.value is None or move.value < 0:
                raise PortanceError(f"a weight is 0 or more, given {move.value} for {move.name}.")
        elif move.indicator is not None:
            self._known(move.indicator, "indicator", indicators)

    def _concerned(self, dossier: Dossier, told: OptionTold, evidence: Evidence) -> tuple[str, ...]:
        """Those of the conflict, those whose lever, target or weight it changes, and those whose indicator it moves
        clearly or by what matters.
        """
        found: dict[str, None] = {}
        for side in ("from_function", "to_function"):
            if dossier.conflict and dossier.conflict.get(side):
                found[str(dossier.conflict[side])] = None
        for row in told.forecasts:
            if _matters(evidence, row):
                found[row.function] = None
        for lever in _levers(evidence, told.option):
            setting = evidence.setting(lever)
            if setting is not None and setting.function:
                found[setting.function] = None
        for move in told.option.moves:
            level = evidence.level(move.name if move.kind != "redesign" else str(move.indicator))
            if level is not None:
                found[level.function] = None
            elif move.name in self._charter.functions:
                found[move.name] = None
        return tuple(found)

    def _silent(self, dossier: Dossier, told: OptionTold, evidence: Evidence) -> tuple[str, ...]:
        """Functions concerned by an option that neither answered nor were asked since it was told."""
        heard = {one.function for one in dossier.answers if one.entry > told.entry}
        return tuple(name for name in self._concerned(dossier, told, evidence) if name not in heard)

    def _heard(self, dossier: Dossier, told: OptionTold, evidence: Evidence) -> None:
        silent = self._silent(dossier, told, evidence)
        if silent:
            raise PortanceError(
                f"option {told.option.number} of {dossier.decision} concerns functions that have not replied to it: "
                f"{', '.join(silent)}. Record each one's answer with portance decide reply, or that it was asked and "
                "did not answer with portance decide asked."
            )

    def _windowed(
        self, since: date, window: tuple[date, date], review_date: date, estimator: str, period_kind: str
    ) -> None:
        if estimator not in ESTIMATORS:
            raise PortanceError(f"there is no estimator {estimator!r}: expected {', '.join(ESTIMATORS)}.")
        if not since <= window[0] < window[1]:
            raise PortanceError(
                f"the window runs from {window[0]} to {window[1]}: expected to start on {since} or later, and to end after."
            )
        if review_date <= window[1]:
            raise PortanceError(
                f"the review of {review_date} falls inside the window, which ends on {window[1]}: review the day after or "
                "later."
            )
        least = FEWEST_POINTS if estimator == "its" else FEWEST_PERIODS
        days = DAYS[period_kind]
        if (window[1] - window[0]).days + 1 < least * days - 1:
            earliest = window[0] + timedelta(days=math.ceil(least * days) + 1)
            raise PortanceError(
                f"the window holds fewer than the {least} {period_kind}s that {estimator} needs: review on {earliest} or "
                "later."
            )

    def _locked(self, told: Mapping[str, Any], dossier: Dossier) -> Locked:
        indicator = self._charter.indicators.get(told["metric"])
        changes = [
            (name, change.since)
            for name, change in self._charter.changes.items()
            if change.function is None
            or indicator is None
            or change.function == indicator.function
            or (change.promise is not None and change.promise == indicator.promise)
        ]
        for other in self.all():
            if other.decision == dossier.decision or other.locked is None:
                continue
            touched = {
                row.indicator
                for row in _chosen_forecasts(other)
                if row.low > 0 or row.high < 0 or row.grade == "E"
            } | {other.locked["metric"]}
            if told["metric"] in touched:
                changes.append((other.decision, date.fromisoformat(other.locked["since"])))
        window = told["window"]
        return Locked(
            told["metric"], date.fromisoformat(told["since"]), date.fromisoformat(window["start"]),
            date.fromisoformat(window["end"]), told["estimator"], told["smallest_effect"], told["direction"],
            told["lever"], {unit: date.fromisoformat(day) for unit, day in told["changed"].items()},
            tuple(Guardrail(**guardrail) for guardrail in told["guardrails"]), told["drawn"], tuple(changes),
        )  # fmt: skip

    def _effect_rows(self, dossier: Dossier) -> list[dict[str, Any]]:
        if dossier.review is None:
            return []
        owners = {name: one.function for name, one in self._charter.indicators.items()}
        return [
            {"decision": dossier.decision, "function": owners.get(side["indicator"]), **side}
            for side in dossier.review["sides"]
        ]


# ---- what is written and read


def _seed(decision: str) -> int:
    return int(decision.lstrip("d") or 0)


def _conflict(evidence: Evidence, from_indicator: str, to_indicator: str) -> dict[str, Any]:
    """The row of the pair with the best grade, in either direction; without one, the two indicators and their owners."""
    pair = {from_indicator, to_indicator}
    rows = [row for row in evidence.conflicts if {row["from_indicator"], row["to_indicator"]} == pair]
    if rows:
        asked = (from_indicator, to_indicator)
        return dict(
            min(
                rows,
                key=lambda row: (
                    row["verdict"] != "conflict", (row["from_indicator"], row["to_indicator"]) != asked, row["grade"],
                ),
            )
        )  # fmt: skip
    one, other = evidence.level(from_indicator), evidence.level(to_indicator)
    return {
        "from_indicator": from_indicator, "to_indicator": to_indicator,
        "from_function": one.function if one else None, "to_function": other.function if other else None,
        "grade": None, "verdict": None,
    }  # fmt: skip


def _levers(evidence: Evidence, option: Option) -> tuple[str, ...]:
    """The levers that an option moves, by themselves or through a target."""
    found: dict[str, None] = {}
    for move in option.moves:
        if move.kind == "lever":
            found[move.name] = None
        elif move.kind == "target":
            level = evidence.level(move.name)
            through = (
                target_setting(evidence, level, move.value) if level and move.value is not None else None
            )
            if through is not None:
                found[through[0].name] = None
    return tuple(found)


def _told(evidence: Evidence, simulated: Simulated) -> OptionTold:
    dropped = {move.name for move in simulated.option.moves if move.kind == "drop"}
    leaves = tuple(
        dict.fromkeys(
            (str(row["from_indicator"]), str(row["to_indicator"]))
            for row in evidence.conflicts
            if row.get("verdict") == "conflict" and {row["from_indicator"], row["to_indicator"]} & dropped
        )
    )
    return OptionTold(
        simulated.option, simulated.forecasts, simulated.notes, simulated.unmeasured,
        unmeetable(evidence, simulated.option), leaves, None, 0,
    )  # fmt: skip


def _option_body(told: OptionTold) -> dict[str, Any]:
    return {
        "option": told.option.to_dict(), "forecasts": [asdict(row) for row in told.forecasts],
        "notes": [[code, dict(filled)] for code, filled in told.notes], "unmeasured": list(told.unmeasured),
        "unmeetable": None if told.unmeetable is None else list(told.unmeetable),
        "leaves": [list(pair) for pair in told.leaves],
    }  # fmt: skip


def _option_read(body: Mapping[str, Any], entry: int) -> OptionTold:
    return OptionTold(
        Option.from_dict(body["option"]), tuple(Forecast(**row) for row in body["forecasts"]),
        tuple((code, filled) for code, filled in body["notes"]), tuple(body["unmeasured"]),
        None if body["unmeetable"] is None else tuple(body["unmeetable"]),
        tuple((one, other) for one, other in body["leaves"]), None, entry,
    )  # fmt: skip


def _locked_option(told: OptionTold) -> dict[str, Any]:
    weighed = None
    if told.weighed is not None:
        weighed = asdict(told.weighed) | {"vetoed": told.weighed.vetoed}
    return _option_body(told) | {"weighed": weighed}


def _read(decision: str, opened: Mapping[str, Any], entries: Sequence[Entry]) -> Dossier:
    first = entries[0]
    signed = next((entry for entry in entries if entry.kind == "signed"), None)
    superseded = next((entry for entry in entries if entry.kind == "superseded"), None)
    status: Status = "open"
    if superseded is not None:
        status = "superseded"
    elif signed is not None:
        status = "signed"
    elif any(entry.kind == "withdrawn" for entry in entries):
        status = "withdrawn"
    answers = tuple(
        Answered(
            entry.body["function"], kind, entry.body["text"], entry.at, entry.number,
            signed is not None and entry.number > signed.number,
        )
        for entry in entries
        for kind in _ANSWERS
        if entry.kind == kind
    )  # fmt: skip
    options = [OptionTold(AS_IS, (), (), (), None, (), None, first.number)]
    options += [_option_read(entry.body, entry.number) for entry in entries if entry.kind == "option"]
    reviews = [entry for entry in entries if entry.kind == "reviewed"]
    return Dossier(
        decision, opened["question"], status, first.at, opened["conflict"],
        tuple(Veto(**veto) for veto in opened["vetoes"]), opened["run_id"], tuple(options), None, answers, (),
        signed.at if signed else None, signed.body if signed else None, signed.content if signed else None,
        {**reviews[-1].body, "at": reviews[-1].at.astimezone(UTC).isoformat(), "times": len(reviews)} if reviews else None,
        opened.get("supersedes"), superseded.body["by"] if superseded else None,
    )  # fmt: skip


def _with(
    plain: Dossier, options: tuple[OptionTold, ...], weighing: Weighing, waiting: tuple[str, ...]
) -> Dossier:
    return Dossier(
        plain.decision, plain.question, plain.status, plain.opened_at, plain.conflict, plain.vetoes, plain.run_id,
        options, weighing, plain.answers, waiting, plain.signed_at, plain.locked, plain.hash, plain.review,
        plain.supersedes, plain.superseded_by,
    )  # fmt: skip


def _weights(options: Sequence[OptionTold]) -> dict[str, float]:
    """Weights of functions that options propose; the last one proposed stands."""
    return {
        move.name: float(move.value)
        for told in options
        for move in told.option.moves
        if move.kind == "weight" and move.value is not None
    }


def _over(
    evidence: Evidence, simulated: Simulated, metric: str, since: date, window: tuple[date, date]
) -> dict[str, float] | None:
    """The forecast of the metric's mean change over its window; None where nothing is measured or declared of it."""
    path = simulated.path.get(metric)
    if path is None:
        return None
    days = DAYS[evidence.period_kind]
    start, end = (
        round((window[0] - since).days / days),
        round(((window[1] - since).days + 1) / days),
    )
    weights = over_window(times(evidence), start, end)
    low, median, high = limits(path @ weights)
    return {"low": low, "median": median, "high": high}


def _direction(forecast: Mapping[str, float] | None, expects: str | None, better: int) -> int:
    if expects is not None:
        return 1 if expects == "up" else -1
    if forecast is not None and forecast["median"] != 0:
        return 1 if forecast["median"] > 0 else -1
    return better


def _matters(evidence: Evidence, row: Forecast) -> bool:
    """Whether a forecast is clear of nothing, or its middle reaches the smallest effect of interest."""
    level = evidence.level(row.indicator)
    smallest = math.inf
    if level is not None and level.smallest_effect is not None:
        smallest = level.smallest_effect
    elif level is not None and math.isfinite(level.spread):
        smallest = SMALLEST * level.spread
    return row.low > 0 or row.high < 0 or abs(row.median) >= smallest


def _sacrificed(evidence: Evidence, told: OptionTold) -> list[dict[str, Any]]:
    """Indicators that the option is forecast to worsen over the year; ``clear`` where the whole interval does."""
    found = []
    for row in told.forecasts:
        level = evidence.level(row.indicator)
        if level is None or row.team is not None or row.horizon != "year":
            continue
        if level.better * row.median >= 0 or not _matters(evidence, row):
            continue
        worst, best = sorted((level.better * row.low, level.better * row.high))
        found.append(
            {"indicator": row.indicator, "function": row.function, "low": row.low, "median": row.median,
             "high": row.high, "clear": worst < 0 and best < 0}
        )  # fmt: skip
    return found


def _cautions(dossier: Dossier, told: OptionTold) -> tuple[str, ...]:
    found = [f"dissent:{one.function}" for one in dossier.answers if one.kind == "dissent"]
    weighed = told.weighed
    if weighed is not None:
        found += [
            f"{'veto' if one.vetoed else 'veto_at_risk'}:{one.veto}"
            for one in weighed.crossed
            if one.probability >= AT_RISK
        ]
        if weighed.p_net_negative is not None and weighed.p_net_negative > 0.5:
            found.append("net_probably_negative")
        if weighed.p_dominated is not None and weighed.p_dominated > 0.5:
            found.append("probably_dominated")
    if any(row.extrapolated and row.horizon != "three_years" for row in told.forecasts):
        found.append("extrapolated")
    if told.option.number and not told.forecasts:
        found.append("no_measured_consequence")
    return tuple(dict.fromkeys(found))


def _review_body(found: Review, run_id: str) -> dict[str, Any]:
    effect = found.effect
    return {
        "verdict": found.verdict, "reason": found.reason, "observed": _finite(effect.observed),
        "low": _finite(effect.low), "high": _finite(effect.high), "detectable": _finite(effect.detectable),
        "error": _finite(effect.error), "plain_error": _finite(effect.plain_error), "points": effect.points,
        "units": effect.units, "method": effect.method, "grade": found.grade,
        "checks": [asdict(check) for check in found.checks], "sides": [asdict(side) for side in found.sides],
        "run_id": run_id,
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


# ---- rows of tables


def _chosen_forecasts(dossier: Dossier) -> tuple[Forecast, ...]:
    if dossier.locked is None:
        return ()
    told = dossier.option(dossier.locked["chosen"])
    return told.forecasts if told is not None else ()


def _decision_row(dossier: Dossier) -> dict[str, Any]:
    conflict, locked, seen = dossier.conflict or {}, dossier.locked or {}, dossier.review or {}
    row: dict[str, Any] = {
        "decision": dossier.decision, "question": dossier.question, "from_indicator": conflict.get("from_indicator"),
        "to_indicator": conflict.get("to_indicator"), "status": dossier.status, "opened_at": dossier.opened_at,
        "signed_at": dossier.signed_at, "hash": dossier.hash, "supersedes": dossier.supersedes,
        "superseded_by": dossier.superseded_by,
        "dissents": sum(one.kind == "dissent" for one in dossier.answers),
        "replies": sum(one.kind == "reply" for one in dossier.answers),
        "verdict": seen.get("verdict"), "observed": seen.get("observed"), "observed_low": seen.get("low"),
        "observed_high": seen.get("high"), "detectable": seen.get("detectable"),
    }  # fmt: skip
    if not locked:
        return row
    forecast = locked["forecast"] or {}
    chosen = next(one for one in locked["options"] if one["option"]["number"] == locked["chosen"])
    weighed = chosen["weighed"] or {}
    return row | {
        "option": str(locked["chosen"]), "signed_by": locked["decider"], "metric": locked["metric"],
        "window_start": date.fromisoformat(locked["window"]["start"]),
        "window_end": date.fromisoformat(locked["window"]["end"]), "estimator": locked["estimator"],
        "smallest_effect": locked["smallest_effect"], "forecast_low": forecast.get("low"),
        "forecast": forecast.get("median"), "forecast_high": forecast.get("high"),
        "net_low": weighed.get("net_low"), "net_median": weighed.get("net_median"),
        "net_high": weighed.get("net_high"), "review_date": date.fromisoformat(locked["review_date"]),
    }  # fmt: skip


def _option_rows(dossier: Dossier) -> list[dict[str, Any]]:
    names = (
        "net_low",
        "net_median",
        "net_high",
        "p_net_negative",
        "p_dominated",
        "regret",
        "vetoed",
        "wins_share",
    )
    if dossier.locked is not None:
        return [
            {
                "decision": dossier.decision, "option": str(one["option"]["number"]), "moves": Option.from_dict(one["option"]).told,
                "chosen": one["option"]["number"] == dossier.locked["chosen"],
                "kind": Option.from_dict(one["option"]).kind,
            }
            | {name: (one["weighed"] or {}).get(name) for name in names}
            for one in dossier.locked["options"]
        ]  # fmt: skip
    return [
        {
            "decision": dossier.decision, "option": str(told.option.number), "moves": told.option.told, "chosen": False, "kind": told.option.kind,
        }
        | {name: getattr(told.weighed, name) if told.weighed else None for name in names}
        for told in dossier.options
    ]  # fmt: skip


def _forecast_rows(dossier: Dossier) -> list[dict[str, Any]]:
    return [
        asdict(row) | {"decision": dossier.decision, "option": str(row.option)}
        for told in dossier.options
        for row in told.forecasts
    ]
