"""What each exposure does to leaving: hazards with exposure, and departures had it not been (g-computation).

Robins (1986) for standardising over the customers exposed; exposures count up to the end of the period before only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from portance.estimation.hazard import HazardFit, Link, fit_hazard, inverse
from portance.experience.retention.adjusting import Baseline, baseline, exposed_flags, person_means
from portance.experience.retention.effect import Effect
from portance.experience.retention.lives import (
    UNKNOWN,
    Flags,
    Floats,
    Integers,
    Lives,
    Rows,
    rows_at_risk,
    up_to,
)
from portance.experience.retention.refuting import Refutations, refutations

FEWEST_EXPOSED = 30
FEWEST_ENDED = 10
"""Departures expected behind an exposure: fewer, and nothing but the prior would speak."""
FEWEST_DEPARTURES = 30
MOST_REASONS = 5
"""Reasons told one by one: the most frequent."""
Q = 0.10
_DRAWS = 400
_MOST_DRAWN = 100
"""Exposed customers in each draw of the interval; the point is of all of them."""
_STEEPEST = 3.5
"""A log rate at which everybody leaves."""
_SEEN_AGAIN = 2.8
"""Of a standard error: an effect so large is seen four times in five (two-sided, 5 %)."""


@dataclass(frozen=True, slots=True)
class Design:
    """The regression's columns: what adjusts, then each exposure while recent and once older."""

    lives: Lives
    rows: Rows
    base: Baseline
    x: Floats
    recent: dict[str, int]
    older: dict[str, int]
    exposed: dict[str, Flags]
    active: float
    """Of the periods in which customers were there, the share that could end in a departure: 1 but after silence."""

    @property
    def exposures_at(self) -> int:
        """Where the columns of exposures begin."""
        return int(self.x.shape[1]) - len(self.recent) - len(self.older)


def design(lives: Lives, rows: Rows, exposures: Sequence[str], active: float = 1.0) -> Design:
    """All columns for the rows given; an exposure that too few ever met, or all always, has none."""
    base = baseline(lives, rows)
    columns, recent, older, flags = [base.of(rows)], {}, {}, {}
    place = columns[0].shape[1]
    for name in exposures:
        now, before = exposed_flags(lives, rows, up_to(lives.exposures[name]))
        if not _enough(rows.person, now):
            continue
        flags[name] = now
        recent[name] = place
        columns.append(now[:, None].astype(np.float64))
        place += 1
        if _enough(rows.person, before):
            older[name] = place
            columns.append(before[:, None].astype(np.float64))
            place += 1
    return Design(lives, rows, base, np.hstack(columns), recent, older, flags, active)


def _enough(person: Integers, flag: Flags) -> bool:
    return len(np.unique(person[flag])) >= FEWEST_EXPOSED and len(np.unique(person[~flag])) >= FEWEST_EXPOSED


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to the lives: departures for which reason, among whom."""

    reason: str
    ended: Flags
    rows: Flags
    """Which rows are looked at."""


def asked(lives: Lives, rows: Rows, chosen: Sequence[str]) -> list[Asked]:
    """All departures; those chosen and those not; each reason; and all departures of those held and of those free."""
    everyone = np.ones(len(rows.person), dtype=bool)
    found = [Asked("all", rows.left, everyone)]
    if len(lives.reasons) > 1:
        mine = np.isin(rows.reason, [place for place, name in enumerate(lives.reasons) if name in chosen])
        mine &= rows.left
        if chosen and mine.any() and (rows.left & ~mine).any():
            found += [
                Asked("chosen", mine, everyone),
                Asked("not_chosen", rows.left & ~mine, everyone),
            ]
        counts = np.bincount(rows.reason[rows.left & (rows.reason >= 0)], minlength=len(lives.reasons))
        found += [
            Asked(lives.reasons[place], rows.left & (rows.reason == place), everyone)
            for place in np.argsort(-counts, kind="stable")[:MOST_REASONS]
            if lives.reasons[place] not in ("all", "chosen", "not_chosen", "held", "free")
        ]
    if lives.held is not None and np.any(rows.held == 1) and np.any(rows.held == 0):
        found += [Asked("free", rows.left, rows.held == 0), Asked("held", rows.left, rows.held == 1)]
    return found


def effects(
    lives: Lives, exposures: Sequence[str], *, chosen: Sequence[str] = (), seed: int = 0, link: Link = "cloglog",
    only: Sequence[str] | None = None,
) -> list[Effect]:  # fmt: skip
    """The effect of each exposure for each reason, told beside the others; ``only`` these reasons where given."""
    everything = rows_at_risk(lives)
    active = _share_active(lives, everything)
    found: list[Effect] = []
    whole: tuple[Design, HazardFit] | None = None
    for question in asked(lives, everything, chosen):
        if only is not None and question.reason not in only:
            continue
        rows = _taken(everything, question.rows)
        ended = question.ended[question.rows]
        if int(ended.sum()) < FEWEST_DEPARTURES:
            if question.reason == "all":
                found += [_untold(name, "all", rows, ended, "too_few_departures") for name in exposures]
            continue
        if question.reason in ("free", "held"):
            made = design(lives, rows, exposures, active)
            fit = rest = fit_hazard(made.x, ended, rows.person, link=link)
        else:
            if whole is None:
                made = design(lives, rows, exposures, active)
                whole = (made, fit_hazard(made.x, rows.left, rows.person, link=link))
            made, rest = whole
            fit = (
                rest
                if question.reason == "all"
                else fit_hazard(made.x, ended, rows.person, link=link, start=_lowered(rest, ended))
            )
        told = [
            _effect(made, fit, rest, name, reason=question.reason, ended=ended, seed=seed)
            if name in made.recent
            else _untold(name, question.reason, rows, ended, "too_few_exposed")
            for name in exposures
        ]
        if any(_leaves_out_one(one) for one in told):
            tried = refutations(made, ended, link, fit.coefficients)
            told = [_graded(one, tried[one.exposure]) if one.exposure in tried else one for one in told]
        found += _corrected(told)
    return found


def _lowered(fit: HazardFit, ended: Flags) -> Floats:
    """Where to look for the hazard of one reason: that of any reason, by its share of departures."""
    start = fit.coefficients.copy()
    start[0] += np.log(max(int(ended.sum()), 1) / max(fit.ended, 1))
    return start


def _taken(rows: Rows, kept: Flags) -> Rows:
    if kept.all():
        return rows
    return Rows(
        rows.person[kept],
        rows.period[kept],
        rows.tenure[kept],
        rows.left[kept],
        rows.reason[kept],
        rows.held[kept],
    )


def _leaves_out_one(one: Effect) -> bool:
    """Whether hazards differ while the exposure is recent, and departures with them."""
    more = (one.ci_low or 0.0) > 1 and (one.soon_low or 0.0) > 0
    fewer = (one.ci_high or 2.0) < 1 and (one.soon_high or 0.0) < 0
    return more or fewer


def _graded(one: Effect, tried: Refutations) -> Effect:
    """C where nothing speaks against it; what has no figure stays as it is."""
    if one.lost_per_100 is None:
        return one
    return replace(one, grade="D" if tried.failed else "C", failed=tried.failed)


def _untold(name: str, reason: str, rows: Rows, ended: Flags, why: str) -> Effect:
    return Effect(
        name, reason, None, None, None, None, None, None, 0, len(np.unique(rows.person)), int(ended.sum()), 0,
        "E", "not_detectable", "none", why,
    )  # fmt: skip


def _effect(
    made: Design,
    fit: HazardFit,
    rest: HazardFit,
    name: str,
    *,
    reason: str,
    ended: Flags,
    seed: int,
) -> Effect:
    flag = made.exposed[name]
    person = made.rows.person
    exposed, persons = len(np.unique(person[flag])), len(np.unique(person))
    departures, mine = int(ended.sum()), int((ended & flag).sum())
    place = made.recent[name]
    rate = inverse(_without(made, fit, name), fit.link)
    if float(rate[flag].sum()) < FEWEST_ENDED and mine < FEWEST_ENDED:
        return replace(
            _untold(name, reason, made.rows, ended, "too_few_departures"),
            exposed=exposed,
            exposed_departures=mine,
        )
    beta, error = float(fit.coefficients[place]), float(fit.errors()[place])
    z = float(stats.norm.ppf(0.975))
    lost, soon = _departures(made, fit, rest, name, seed)
    return Effect(
        name, reason, float(np.exp(beta)), float(np.exp(beta - z * error)), float(np.exp(beta + z * error)),
        100 * lost.value, 100 * lost.low, 100 * lost.high, exposed, persons, departures, mine, "D", "not_detectable",
        "adjusted_hazard", None, float(2 * stats.norm.sf(abs(beta) / error)), 100 * _SEEN_AGAIN * soon.spread,
        soon_per_100=100 * soon.value, soon_low=100 * soon.low, soon_high=100 * soon.high,
        soon_periods=min(made.lives.recent, made.lives.horizon), whole=lost.low > 0 or lost.high < 0,
    )  # fmt: skip


def _corrected(told: list[Effect]) -> list[Effect]:
    """The false discovery rate at which each would be told (Benjamini and Hochberg), and the verdict.

    The p-value is that of the log hazard ratio while recent: departures while recent have its sign whatever the other
    coefficients are, and it owes nothing to chance in drawing.
    """
    known = [number for number, one in enumerate(told) if one.q is not None]
    q = stats.false_discovery_control([told[number].q or 0.0 for number in known]) if known else []
    for number, value in zip(known, q, strict=True):
        one = told[number]
        if value <= Q and _leaves_out_one(one):
            more = (one.ci_low or 0.0) > 1
            told[number] = replace(one, q=float(value), verdict="more_leave" if more else "fewer_leave")
        else:
            told[number] = replace(
                one, q=float(value), grade="E" if one.grade == "E" else "D", why="interval_holds_nothing_too"
            )
    return told


# ---- departures, had the exposure not been


def _without(made: Design, fit: HazardFit, name: str) -> Floats:
    x = made.x.copy()
    x[:, made.recent[name]] = 0.0
    if name in made.older:
        x[:, made.older[name]] = 0.0
    return np.asarray(x @ fit.coefficients)


@dataclass(frozen=True, slots=True)
class _Departures:
    """Departures per exposed customer due to the exposure, the 95 % interval, and the spread of what was drawn."""

    value: float
    low: float
    high: float
    spread: float


def _departures(
    made: Design, fit: HazardFit, rest: HazardFit, name: str, seed: int
) -> tuple[_Departures, _Departures]:
    """What the exposure brings over the horizon, and while it is recent.

    The latter is of those whose recent periods were all seen: calendar and tenure are those of the data, never beyond.
    """
    lives, rows = made.lives, made.rows
    counts = lives.exposures[name]
    met = counts[rows.person, rows.period - 1] > 0
    order = np.flatnonzero(met)
    first = np.unique(rows.person[order], return_index=True)[1]
    landmark = order[first]
    if not len(landmark):
        landmark = np.flatnonzero(made.exposed[name])
        landmark = landmark[np.unique(rows.person[landmark], return_index=True)[1]]
    until = min(lives.recent, lives.horizon)
    seen = landmark[rows.period[landmark] + until <= lives.periods]
    generator = np.random.default_rng([seed, len(name), *name.encode()[:8]])
    betas = np.vstack([_drawn(fit, made.recent[name], generator), fit.coefficients])

    def told(those: Integers, steps: int) -> tuple[float, float, Floats]:
        """Of all of those, of some of them, and draws for the latter."""
        future = _future(made, those, name, steps)
        point = _difference(future, fit, rest, fit.coefficients[None, :], made=made, name=name)[0]
        if len(those) > _MOST_DRAWN:
            future = future[np.sort(generator.choice(len(those), _MOST_DRAWN, replace=False))]
        drawn = _difference(future, fit, rest, betas, made=made, name=name)
        return float(point), float(drawn[-1]), np.asarray(drawn[:-1])

    point, centre, whole = told(landmark, lives.horizon)
    now, middle, soon = told(seen if len(seen) >= FEWEST_EXPOSED else landmark, until)
    # what is recent goes by its share of that of those drawn, so that no draw changes sign on the way; over the horizon two
    # effects may cancel, and only the distance is kept
    return _interval(point, whole + (point - centre)), _interval(
        now, soon * (now / middle) if middle else soon
    )


def _interval(value: float, drawn: Floats) -> _Departures:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return _Departures(float(value), float(low), float(high), float(drawn.std()))


def _drawn(fit: HazardFit, place: int, generator: np.random.Generator) -> Floats:
    """Coefficients as likely as the fit says; the one at ``place`` evenly over its distribution, so that its ends are exact."""
    covariance = fit.covariance
    spread = float(np.sqrt(covariance[place, place]))
    along = covariance[place] / max(spread, 1e-300)
    values, vectors = np.linalg.eigh(covariance - np.outer(along, along))
    half = generator.standard_normal((_DRAWS // 2, len(values))) * np.sqrt(np.maximum(values, 0.0))
    upper = stats.norm.isf((np.arange(_DRAWS // 2) + 0.5) / _DRAWS)
    moved = half @ vectors.T + generator.permutation(upper)[:, None] * along
    return np.asarray(fit.coefficients + np.vstack([moved, -moved]))


def _future(made: Design, landmark: Integers, name: str, periods: int) -> Floats:
    """What each exposed customer's columns will be over the periods (customers, periods, columns), without the exposure.

    Time and tenure go on; what belongs to the customer stays at its own mean; beyond the last period the calendar is at
    its mean.
    """
    lives, rows, base = made.lives, made.rows, made.base
    steps = np.arange(periods)
    person = rows.person[landmark]
    # the customer's own means, of what the regression was given
    steady_at = made.exposures_at - base.steady.shape[1]
    means = person_means(made.x[:, steady_at:], rows.person, lives.n)[person]
    period = rows.period[landmark][:, None] + steps
    inside = period < lives.periods
    mean_calendar = base.calendar[rows.period].mean(axis=0)
    calendar = np.where(
        inside[:, :, None], base.calendar[np.minimum(period, lives.periods - 1)], mean_calendar
    )
    tenure = base.tenure[np.minimum(rows.tenure[landmark][:, None] + steps, len(base.tenure) - 1)]
    ones = np.ones((len(landmark), periods, 1))
    rest = np.broadcast_to(means[:, None, :], (len(landmark), periods, means.shape[1]))
    future = np.concatenate([ones, calendar, tenure, rest], axis=2)
    future[:, :, made.recent[name]] = 0.0
    if name in made.older:
        future[:, :, made.older[name]] = 0.0
    return future


def _share_active(lives: Lives, rows: Rows) -> float:
    if not lives.after_silence:
        return 1.0
    return len(rows.person) / max(int(np.maximum(lives.last - lives.first, 0).sum()), 1)


def _difference(
    future: Floats, fit: HazardFit, rest: HazardFit, betas: Floats, *, made: Design, name: str
) -> Floats:
    """The mean difference in the chance to have left for the reason by the end of the periods, for each row of ``betas``."""
    people, horizon, columns = future.shape
    flat = future.reshape(-1, columns)
    until = min(made.lives.recent, horizon)
    steps = np.arange(horizon)[:, None]
    found = np.empty(len(betas))
    block = max(1, 4_000_000 // max(len(flat), 1))
    before = None if rest is fit else _there(made, rest, flat, name, shape=(people, horizon), until=until)
    for start in range(0, len(betas), block):
        some = betas[start : start + block]
        now = some[:, made.recent[name]]
        later = some[:, made.older[name]] if name in made.older else np.zeros(len(some))
        eta = (flat @ some.T).reshape(people, horizon, len(some))
        if fit.link == "cloglog":
            rate = np.exp(np.minimum(eta, _STEEPEST))
            if before is None and made.active == 1.0:
                # the chance to stay is e to minus the sum of rates: one exponential for each period
                first, after = rate[:, :until].sum(axis=1), rate[:, until:].sum(axis=1)
                risk = np.exp(-first - after) - np.exp(-first * np.exp(now) - after * np.exp(later))
                found[start : start + block] = risk.mean(axis=0)
                continue
            without = -made.active * np.expm1(-rate)
            with_it = -made.active * np.expm1(-rate * np.exp(np.where(steps < until, now, later)))
        else:
            without = made.active * inverse(eta, fit.link)
            with_it = made.active * inverse(eta + np.where(steps < until, now, later), fit.link)
        if before is None:
            risk = np.prod(1 - without, axis=1) - np.prod(1 - with_it, axis=1)
        else:
            risk = (before[0][:, :, None] * with_it - before[1][:, :, None] * without).sum(axis=1)
        found[start : start + block] = risk.mean(axis=0)
    return found


def _there(
    made: Design, rest: HazardFit, flat: Floats, name: str, *, shape: tuple[int, int], until: int
) -> tuple[Floats, Floats]:
    """The chance to be there at the start of each period (customers, periods), any reason ending it: with, and without."""
    other = (flat @ rest.coefficients).reshape(shape)
    later = rest.coefficients[made.older[name]] if name in made.older else 0.0
    shift = np.where(np.arange(shape[1]) < until, rest.coefficients[made.recent[name]], later)
    kept = [np.cumprod(1 - made.active * inverse(eta, rest.link), axis=1) for eta in (other + shift, other)]
    ones = np.ones((shape[0], 1))
    with_it, without = (np.concatenate([ones, there[:, :-1]], axis=1) for there in kept)
    return with_it, without


__all__ = ["UNKNOWN", "Asked", "Design", "asked", "design", "effects"]
