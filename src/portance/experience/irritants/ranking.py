"""The irritants of a company, by what they surely cost: the table ``irritants``."""

from typing import Any

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.estimation import by_person, ratio, shown_for
from portance.estimation.nuisance import one_thread
from portance.experience.irritants import records
from portance.experience.irritants.cost import Cost, Figure, Worth
from portance.experience.irritants.costing import costs
from portance.experience.irritants.gathered import COMPLAINTS, CONTACTS, LOST, Flags, Gathered
from portance.experience.irritants.gathering import Heard, hear_costs
from portance.experience.irritants.tying import Tie, ties
from portance.experience.retention.valuing import declared, lost_customer

ALL = "all"
_WORTHS = ((CONTACTS, "contact"), (COMPLAINTS, "complaint"))
_FIGURES = ("share", "severity", "lost", "contacts", "complaints", "loss")


def cost_irritants(charter: Charter, engine: Engine, as_of_us: int, seed: int) -> dict[str, pa.Table]:
    """What each irritant costs, with where it comes from; the same seed gives the same figures.

    Reads ``voices``, ``interactions``, ``breaks``, ``journeys``, ``journey_interactions``, ``seams``, ``clocks`` and, where it
    was made, ``customer_value``. Empty where nothing was heard.
    """
    heard = hear_costs(charter, engine, as_of_us)
    if heard is None:
        return {"irritants": records.table([])}
    lost = lost_customer(charter, engine)
    worths = {
        place: Worth(one.low, one.value, one.high)
        for place, name in _WORTHS
        if (one := declared(charter, name))
    }
    if lost is not None:
        worths[LOST] = Worth(lost.low, lost.value, lost.high)
    fewest = charter.voices.fewest
    with one_thread():
        found = costs(heard.gathered, worths, fewest=fewest, seed=seed)
    tied = ties(charter, engine, heard.interactions, heard.gathered.irritants)
    rows = [
        _row(one, heard, tied[one.irritant], source=lost.source if lost else None, priced=bool(worths))
        for one in found
    ]
    rows += _by_language(heard.gathered, fewest, seed)
    rows.sort(
        key=lambda row: (
            row["language"] != ALL,
            row["rank"] is None,
            row["rank"] or 0,
            -(row["n"] or 0),
            row["irritant"],
        )
    )
    return {"irritants": records.table(rows)}


def _row(one: Cost, heard: Heard, tie: Tie, *, source: str | None, priced: bool) -> dict[str, Any]:
    name = one.irritant
    only = one.n == 0 and heard.public[name] > 0
    point, some = one.shown == "point", one.shown != "suppressed"
    row: dict[str, Any] = {
        "irritant": name, "language": ALL, "n": heard.public[name] if only else one.n, "promise": tie.promise, "seam": tie.seam,
        "owners": ", ".join(tie.owners) or None, "persons": one.persons, "grade": one.grade, "rank": one.rank, "public_only": only,
        "suggestions": heard.suggestions.get(name, 0), "shown": "suppressed" if only else one.shown, "reason": one.why,
        "break_kind": tie.break_kind, "lost_days": heard.gathered.lost_days or None, "contact_days": heard.gathered.contact_days,
        "value_source": source, "complaints_from": heard.complaints.source, "complaint_names": ", ".join(heard.complaints.names) or None,
    }  # fmt: skip
    for kind in _FIGURES:
        figure: Figure = getattr(one, kind)
        row[kind] = figure.value if point else None
        row[f"{kind}_low"], row[f"{kind}_high"] = (figure.low, figure.high) if some else (None, None)
    if only:
        row["reason"] = "public_only"
    elif one.n == 0:
        row["reason"] = "suggestions_only"
    elif one.why is None and not priced:
        row["reason"] = "no_value_declared"
    elif one.why is None and not heard.lost_known:
        row["reason"] = "no_departures_known"
    return row


def _by_language(gathered: Gathered, fewest: int, seed: int) -> list[dict[str, Any]]:
    """How often each irritant is written in each language, where there are two or more."""
    spoken = [name for name in ("fr", "en") if np.any(gathered.language == name)]
    if len(spoken) < 2:
        return []
    rows = []
    for language in spoken:
        mine = gathered.language == language
        for name, flag in gathered.irritants.items():
            both: Flags = flag & mine
            if not both.any():
                continue
            persons = len(np.unique(gathered.customer[both]))
            shown = "suppressed" if persons < fewest else shown_for(persons)
            row: dict[str, Any] = {
                "irritant": name, "language": language, "n": int(both.sum()), "persons": persons, "grade": "E", "rank": None,
                "public_only": False, "shown": shown, "reason": "counted_only",
            }  # fmt: skip
            if shown != "suppressed":
                numbers = np.unique(gathered.customer[mine], return_inverse=True)[1]
                share = ratio(
                    by_person(numbers, flag[mine], np.ones(int(mine.sum()))), seed=seed, proportion=True
                )
                row |= {
                    "share": share.value if shown == "point" else None,
                    "share_low": share.ci_low,
                    "share_high": share.ci_high,
                }
            rows.append(row)
    return rows
