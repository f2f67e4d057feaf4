"""Whose each irritant is: the promise, the seam and the functions that the charter names, else those it is written about with.

What the charter leaves open is read from the journeys that texts speak of (:mod:`portance.experience.placing`): the broken
seam, the broken promise and the kind of break that come clearly more often with the irritant than with texts in general.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portance.charter import Charter
from portance.engine import Engine
from portance.experience.irritants.gathered import Flags
from portance.experience.irritants.gathering import PLACED
from portance.experience.voices import taxonomy

FEWEST_TOGETHER = 10
LIFT = 1.5
LEAST_SHARE = 0.1
_APART = ">"


@dataclass(frozen=True, slots=True)
class Tie:
    """What an irritant hangs on: a promise, a seam ``from>to``, owners, a kind of break. ``declared``: the charter says so."""

    promise: str | None = None
    seam: str | None = None
    owners: tuple[str, ...] = ()
    break_kind: str | None = None


def ties(
    charter: Charter, engine: Engine, interactions: Sequence[str], irritants: Mapping[str, Flags]
) -> dict[str, Tie]:
    """The tie of each irritant; ``interactions`` are those of the texts, in the order of the flags.

    Reads ``voice_texts_placed``, which gathering made, where journeys were rebuilt.
    """
    places = {interaction: number for number, interaction in enumerate(interactions)}
    seams = _together(engine, "seams", _SEAMS, places)
    promises = _together(engine, "clocks", _PROMISES, places)
    kinds = _together(engine, "breaks", _KINDS, places)
    declared = taxonomy.irritants(charter.voices)
    found = {}
    for name, flag in irritants.items():
        said = declared.get(name)
        promise = (said.promise if said else None) or _most(promises, flag)
        seam = _APART.join(said.seam) if said and said.seam else _most(seams, flag)
        owners = tuple(said.owners) if said else ()
        if not owners and promise is not None and promise in charter.promises:
            owners = tuple(charter.promises[promise].owners)
        if not owners and seam is not None:
            owners = (seam.split(_APART)[1],)
        found[name] = Tie(promise, seam, owners, _most(kinds, flag))
    return found


_IN_JOURNEY = f"select distinct x.tie, {{what}} as what from {PLACED} as x join {{table}} as y on x.journey_id = y.journey_id where {{where}}"
_SEAMS = (
    f"y.from_function || '{_APART}' || y.to_function",
    "y.broken and y.from_function is not null and y.to_function is not null",
)
_PROMISES = ("y.promise", "y.state = 'broken'")
_KINDS = ("y.kind", "true")


def _together(
    engine: Engine, table: str, asked: tuple[str, str], places: Mapping[str, int]
) -> dict[str, list[int]]:
    """Of each seam, promise or kind, the places of the texts in whose journey it is broken."""
    if engine.columns_or_none(table) is None or engine.columns_or_none(PLACED) is None:
        return {}
    what, where = asked
    found: dict[str, list[int]] = {}
    for interaction, name in engine.rows(_IN_JOURNEY.format(what=what, table=table, where=where)):
        if interaction in places and name is not None:
            found.setdefault(str(name), []).append(places[interaction])
    return found


def _most(together: Mapping[str, Sequence[int]], flag: Flags) -> str | None:
    """The one that comes with the irritant most often, if clearly more often than with texts in general."""
    carried = int(flag.sum())
    if not carried:
        return None
    counts = Counter({name: int(flag[list(at)].sum()) for name, at in together.items()})
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        share, usual = count / carried, len(together[name]) / len(flag)
        if count >= FEWEST_TOGETHER and share >= LEAST_SHARE and share >= LIFT * usual:
            return name
    return None
