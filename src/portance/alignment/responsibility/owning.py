"""Who is declared to own the customer's experience, and which seams nobody, or several, answer for."""

from collections.abc import Mapping
from dataclasses import dataclass

from portance.charter import Charter
from portance.engine import Engine

CLAIMED = 0.30
"""A function claims a subject when its own people give it more than this share."""


def declared_shares(charter: Charter) -> dict[str, float]:
    """Each function's share of what is declared about customers: promises, split between their owners, and indicators.

    A promise without owner belongs to nobody, so that shares may add up to less than 1; empty where nothing is declared.
    """
    items = [promise.owners for promise in charter.promises.values()]
    items += [(one.function,) for one in charter.indicators.values() if one.speaks_of_customers]
    found: dict[str, float] = {}
    for owners in items:
        for name in owners:
            found[name] = found.get(name, 0.0) + 1 / len(owners) / len(items)
    return found


def declared_owners(charter: Charter, journey_type: str) -> frozenset[str]:
    """The functions that a promise made on a type of journey, or an indicator that tells of its customers, binds."""
    found = set()
    for promise in charter.promises.values():
        if promise.journey == journey_type:
            found |= set(promise.owners)
    for indicator in charter.indicators.values():
        if not indicator.speaks_of_customers:
            continue
        if indicator.promise is None or (
            indicator.promise in charter.promises
            and charter.promises[indicator.promise].journey == journey_type
        ):
            found.add(indicator.function)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Owned:
    """A seam between two functions: who answers for it, and what is lost there. Money in the company's currency."""

    journey_type: str
    from_function: str
    to_function: str
    seams: int
    people_broken: int
    owners: str
    claims: int
    state: str
    loss: float | None
    loss_low: float | None
    loss_high: float | None


def state_of(
    charter: Charter, journey_type: str, sides: frozenset[str], own_share: Mapping[str, float]
) -> tuple[tuple[str, ...], int, str]:
    """The declared owners on either side, how many functions claim the seam, and whether it is orphan, contested or owned.

    A claim is a declaration, or a function whose own people hold it responsible by more than 30 %.
    """
    owners = tuple(sorted(declared_owners(charter, journey_type) & sides))
    claims = len({*owners, *(name for name in sides if own_share.get(name, 0.0) > CLAIMED)})
    if claims >= 2:
        return owners, claims, "contested"
    return owners, claims, "owned" if owners else "orphan"


def owned_seams(charter: Charter, engine: Engine, own_share: Mapping[str, float]) -> list[Owned]:
    """One row per passage between two functions, from ``passages``; ``own_share`` is what each attributes to itself."""
    if engine.columns_or_none("passages") is None:
        return []
    found = []
    for row in engine.rows(
        "select journey_type, from_function, to_function, seams, people_broken, cost_cents, cost_low_cents, cost_high_cents "
        "from passages where from_function <> to_function order by journey_type, from_function, to_function"
    ):
        owners, claims, state = state_of(charter, row[0], frozenset(row[1:3]), own_share)
        value, low, high = (None if cents is None else cents / 100 for cents in row[5:8])
        found.append(
            Owned(row[0], row[1], row[2], row[3], row[4], ",".join(owners), claims, state, value, low, high)
        )
    return found
