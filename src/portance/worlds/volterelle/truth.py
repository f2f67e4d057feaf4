"""The truth of Volterelle, written where the scan never looks: who is who, what broke where, what was promised and kept."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from portance.charter import Charter
from portance.worlds.judging import (
    Break,
    Journey,
    Judge,
    Seam,
    journeys_by_order,
    journeys_by_person,
    seams,
)
from portance.worlds.lived import DAY, Lived
from portance.worlds.volterelle.extracting import Extracts
from portance.worlds.volterelle.living import LAST, ORDERS, PARIS, RATES, Company

AS_OF = PARIS.end_of(LAST)
SUPPORT = ("phone", "chat", "on_site")
REPAIR_DAYS = 8
"""A repair is on time within 4 working days or late after 9: in calendar days, 8 lie between for every start."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is true of all that was written down legibly."""

    told: list[Lived]
    journeys: dict[str, list[Journey]]
    seams: list[Seam]
    breaks: list[Break]
    states: dict[tuple[str, str], str]
    """Promise and order to kept, broken, pending or void."""


def judged(company: Company, charter: Charter) -> Judged:
    """Judge a company that has lived and been written down."""
    told = [step for step in company.lived if step.refused is None]
    asked = [step for step in told if step.channel in SUPPORT]
    journeys = {
        "purchase": journeys_by_order("purchase", told),
        "support": journeys_by_person("support", asked, charter.journeys["support"].gap / 1e6),
    }
    states = _states(journeys["purchase"])
    breaks = [found for held in journeys.values() for found in Judge(charter, held, AS_OF).breaks()]
    breaks += _broken(journeys["purchase"], states)
    crossed = [seam for held in journeys.values() for seam in seams(held)]
    _judge_seams(crossed, breaks)
    return Judged(told, journeys, crossed, breaks, states)


def write(folder: Path, company: Company, extracts: Extracts, charter: Charter) -> None:
    """Write the tables of the truth and ``truth.json`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    truth = judged(company, charter)
    promises = [
        {"promise": promise, "order": order, "state": state}
        for (promise, order), state in sorted(truth.states.items())
    ]
    _table(folder / "interactions.parquet", _interactions(company.lived))
    _table(folder / "persons.parquet", _identifiers(truth.told))
    _table(folder / "journeys.parquet", _journeys(truth.journeys))
    _table(folder / "seams.parquet", _seams(truth.seams))
    _table(folder / "breaks.parquet", _breaks(truth.breaks))
    _table(folder / "promises.parquet", promises)
    text = json.dumps(_summary(company, extracts, truth), ensure_ascii=False, indent=2)
    (folder / "truth.json").write_text(text + "\n", encoding="utf-8")


# ---- promises


def _states(journeys: list[Journey]) -> dict[tuple[str, str], str]:
    """The state of each promise on each order: kept, broken, pending or void."""
    states = {}
    for journey in journeys:
        order = journey.steps[0].order or ""
        start = _first(journey, "commande")
        if start:
            states["announced_day", order] = _delivery(journey, start)
        declared = _first(journey, "panne déclarée")
        if declared:
            visit = _first(journey, "intervention", after=declared.at)
            end = visit.at if visit else AS_OF
            late = end - declared.at > REPAIR_DAYS * DAY
            states["repair_on_time", order] = "broken" if late else "kept" if visit else "pending"
        credited = any(step.activity == "avoir" for step in journey.steps)
        states["right_bill", order] = "broken" if credited else "kept"
    return states


def _delivery(journey: Journey, start: Lived) -> str:
    if _first(journey, "annulation"):
        return "void"
    delivered = _first(journey, "livraison", after=start.at)
    limit = PARIS.end_of(start.due or date.max - timedelta(days=2))
    if delivered:
        return "kept" if delivered.at <= limit else "broken"
    return "broken" if limit < AS_OF else "pending"


def _first(journey: Journey, activity: str, after: int = 0) -> Lived | None:
    return next((step for step in journey.steps if step.activity == activity and step.at >= after), None)


def _broken(journeys: list[Journey], states: dict[tuple[str, str], str]) -> list[Break]:
    """Broken promises as breaks: at the interaction that came too late, else at the journey's last one."""
    ends = {"announced_day": "livraison", "repair_on_time": "intervention", "right_bill": None}
    starts = {"announced_day": "commande", "repair_on_time": "panne déclarée", "right_bill": None}
    found = []
    for journey in journeys:
        for promise, activity in ends.items():
            if states.get((promise, journey.steps[0].order or "")) != "broken":
                continue
            start = _first(journey, starts[promise] or "")
            end = _first(journey, activity, start.at if start else 0) if activity else None
            if end:
                place = next(index for index, step in enumerate(journey.steps) if step is end)
                before = journey.steps[place - 1].function if place else None
                found.append(Break(journey, "broken_promise", end, before, promise))
            else:
                last = journey.steps[-1]
                found.append(Break(journey, "broken_promise", last, last.function, promise))
    return found


def _judge_seams(crossed: list[Seam], breaks: list[Break]) -> None:
    """A seam is broken when a break of its journey surfaces at its receiving side."""
    kinds: dict[tuple[str, int], set[str]] = defaultdict(set)
    for found in breaks:
        kinds[found.journey.key, id(found.at)].add(found.kind)
    for seam in crossed:
        seam.kinds |= kinds.get((seam.journey.key, id(seam.right)), set())


# ---- tables


def _interactions(lived: list[Lived]) -> list[dict[str, Any]]:
    ordered = sorted(lived, key=lambda step: (step.source, step.row, step.entry))
    return [
        {
            "id": step.id, "source": step.source, "row": step.row, "entry": step.entry, "t_us": step.t_us,
            "person": step.person.number if step.person else None, "known": step.known, "order": step.order,
            "activity": step.activity, "function": step.function, "outcome": step.outcome, "refused": step.refused,
            "planted": ",".join(sorted(step.planted)),
        }
        for step in ordered
    ]  # fmt: skip


def _identifiers(told: list[Lived]) -> list[dict[str, Any]]:
    found = {
        (step.person.number, type_, value) for step in told if step.person for type_, value in step.shows.items()
    }  # fmt: skip
    return [
        {"person": person, "identifier_type": type_, "identifier_value": value}
        for person, type_, value in sorted(found)
    ]


def _journeys(by_type: dict[str, list[Journey]]) -> list[dict[str, Any]]:
    return [
        {"journey": journey.key, "journey_type": type_, "interactions": [step.id for step in journey.steps]}
        for type_, journeys in by_type.items()
        for journey in journeys
    ]


def _seams(crossed: list[Seam]) -> list[dict[str, Any]]:
    return [
        {
            "journey": seam.journey.key, "journey_type": seam.journey.type, "from_interaction": seam.left.id, "to_interaction": seam.right.id,
            "from_function": seam.left.function, "to_function": seam.right.function, "broken": bool(seam.kinds),
            "kinds": ",".join(sorted(seam.kinds)),
        }
        for seam in crossed
    ]  # fmt: skip


def _breaks(breaks: list[Break]) -> list[dict[str, Any]]:
    rows = [
        {
            "journey": found.journey.key, "journey_type": found.journey.type, "kind": found.kind, "promise": found.promise,
            "interaction": found.at.id, "t_us": found.at.t_us, "from_function": found.from_function, "to_function": found.at.function,
            "planted": found.planted,
        }
        for found in breaks
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["kind"], row["journey"], row["t_us"], row["interaction"], row["promise"] or ""))  # fmt: skip


def _table(file: Path, rows: list[dict[str, Any]]) -> None:
    pq.write_table(pa.Table.from_pylist(rows), file, compression="zstd")


# ---- in a page


def _summary(company: Company, extracts: Extracts, truth: Judged) -> dict[str, Any]:
    passages = _passages(truth.seams)
    return {
        "as_of_us": AS_OF * 1_000_000 + 999_999,
        "customers": len({step.person.number for step in truth.told if step.person}),
        "orders": ORDERS,
        "interactions": len(company.lived),
        "accepted": len(truth.told),
        "receipts": extracts.counts,
        "refusals": _counted(step.refused for step in company.lived if step.refused),
        "blind": _blind(truth.told),
        "journeys": {type_: len(journeys) for type_, journeys in truth.journeys.items()},
        "passages": passages,
        "worst": passages[0],
        "breaks": {
            type_: _counted(found.kind for found in truth.breaks if found.journey.type == type_)
            for type_ in truth.journeys
        },
        "promises": {
            promise: _counted(state for (name, _), state in truth.states.items() if name == promise)
            for promise in ("announced_day", "repair_on_time", "right_bill")
        },
        "rates": RATES,
    }


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        counts[name] += 1
    return dict(sorted(counts.items()))


def _blind(told: list[Lived]) -> dict[str, dict[str, int]]:
    """For each source: its interactions, those that do not tell who, and those without a function."""
    counts: dict[str, dict[str, int]] = {}
    for step in told:
        count = counts.setdefault(step.source, {"interactions": 0, "no_person": 0, "no_function": 0})
        count["interactions"] += 1
        count["no_person"] += not step.known
        count["no_function"] += step.function is None
    return dict(sorted(counts.items()))


def _passages(crossed: list[Seam]) -> list[dict[str, Any]]:
    """Seams by journey type and functions, the most often broken first; those of fewer than 100 at the end."""
    held: dict[tuple[str, str, str], list[Seam]] = defaultdict(list)
    for seam in crossed:
        held[seam.journey.type, seam.left.function or "", seam.right.function or ""].append(seam)
    rows = []
    for (type_, left, right), found in held.items():
        broken = sum(bool(seam.kinds) for seam in found)
        rows.append(
            {
                "journey_type": type_, "from_function": left, "to_function": right, "seams": len(found), "broken": broken,
                "rate": round(broken / len(found), 4),
            }
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row["seams"] < 100, -row["rate"], row["journey_type"], row["from_function"], row["to_function"]))  # fmt: skip
