"""How often a promise is kept: the share of journeys that held what each was held against."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from portance.charter.promise import Promise
from portance.estimation import Estimate, by_person, ratio
from portance.experience.facet import ALL
from portance.experience.measuring import DECLARED, Scope
from portance.experience.population import STATES, Population
from portance.experience.rate import PromisePeriod, PromiseRate


def rate(scope: Scope, population: Population) -> PromiseRate:
    """How often the promise was kept by the journeys of one segment."""
    counts, estimate = _kept(population, scope.seed_for("kept"))
    return PromiseRate(
        promise=scope.name, segment=scope.segment, kept=counts["kept"], broken=counts["broken"],
        pending=counts["pending"], void=counts["void"], rate=estimate.value, ci_low=estimate.ci_low,
        ci_high=estimate.ci_high, n=estimate.n, persons=estimate.persons, shown=estimate.shown, method=estimate.method,
        reason=estimate.reason, limit_source=limit_source(scope.promise), weight_note=population.weight_note,
    )  # fmt: skip


def trend(scope: Scope, population: Population, zone: ZoneInfo) -> Iterator[PromisePeriod]:
    """How often it was kept by the journeys that started in each local month, from the first to the last."""
    if not len(population.started_us):
        return
    first, last = int(population.started_us.min()), int(population.started_us.max())
    starts = list(months(first, last, zone))
    edges = np.array([_us(start, zone) for start in starts])
    month = np.searchsorted(edges, population.started_us, side="right") - 1
    for number, start in enumerate(starts[:-1]):
        counts, estimate = _kept(population.where(month == number), scope.seed_for(f"kept/{start:%Y-%m}"))
        yield PromisePeriod(
            promise=scope.name, segment=ALL, period_start=start, period=f"{start:%Y-%m}", kept=counts["kept"],
            broken=counts["broken"], pending=counts["pending"], rate=estimate.value, ci_low=estimate.ci_low,
            ci_high=estimate.ci_high, n=estimate.n, persons=estimate.persons, shown=estimate.shown,
            reason=estimate.reason,
        )  # fmt: skip


def limit_source(promise: Promise) -> str | None:
    """What each journey is held against, in the order in which journeys look for it."""
    if promise.functional == "share":
        return "measure"
    for facet in DECLARED:
        level = promise.level(facet)
        if level is not None and level.due:
            return "due"
        if level is not None and level.limit is not None:
            return facet
    return None


def months(first_us: int, last_us: int, zone: ZoneInfo) -> Iterator[date]:
    """The first day of every local month from one instant to another, and of the month after."""
    month = datetime.fromtimestamp(first_us // 1_000_000, zone).date().replace(day=1)
    while True:
        yield month
        if _us(month, zone) > last_us:
            return
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _us(day: date, zone: ZoneInfo) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * 1_000_000


def _kept(population: Population, seed: int) -> tuple[dict[str, int], Estimate]:
    counted = np.bincount(population.state, minlength=len(STATES))
    counts = {state: int(counted[number]) for number, state in enumerate(STATES)}
    decided = population.is_("kept", "broken")
    kept = population.is_("kept")[decided]
    weights, persons = population.weights[decided], population.persons[decided]
    groups = by_person(persons, weights * kept, weights)
    return counts, ratio(groups, seed=seed, n=counts["kept"] + counts["broken"])
