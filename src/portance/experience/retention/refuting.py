"""What is tried against an effect on staying: leaving must not explain the exposure.

Someone who has made up their mind calls, waits and is transferred on the way out: the exposure is then a part of
leaving. Three signs of it are looked for, and one of them is enough to lower the evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import stats

from portance.estimation.hazard import Link, fit_hazard
from portance.experience.retention.lives import Flags, Floats, Lives, Rows, between, up_to

PLACEBO = 0.05
_LASTING = 0.10
_FEWEST = 10


@dataclass(frozen=True, slots=True)
class Refutations:
    """p-values of what was tried (NaN: could not be), and the codes of what failed.

    ``future``: exposures after the period predict the departure in it. ``acute``: the effect sits in the last period
    before leaving. ``lasting``: without that period nothing is left of it. ``contacts``: contacts in which nothing broke
    come before leaving as well.
    """

    future_p: float
    acute_p: float
    lasting_p: float
    contacts_p: float
    failed: tuple[str, ...]


class Designed(Protocol):
    """What is read of the regression's design."""

    @property
    def lives(self) -> Lives: ...
    @property
    def rows(self) -> Rows: ...
    @property
    def x(self) -> Floats: ...
    @property
    def recent(self) -> dict[str, int]: ...
    @property
    def exposed(self) -> dict[str, Flags]: ...


def refutations(made: Designed, ended: Flags, link: Link, start: Floats) -> Mapping[str, Refutations]:
    """What was tried against each exposure of a design, all exposures in one regression of each kind.

    ``start`` are the coefficients of the design's own fit.
    """
    lives, rows = made.lives, made.rows
    names = list(made.recent)
    summed = {name: up_to(lives.exposures[name]) for name in names}
    last = {name: between(summed[name], rows.person, rows.period - 1, rows.period) > 0 for name in names}
    x = made.x.copy()
    sooner = []
    for name in names:
        earlier = (
            between(summed[name], rows.person, rows.period - lives.recent, rows.period - 1) > 0
            if lives.recent > 1
            else np.zeros(len(rows.person), dtype=bool)
        )
        x[:, made.recent[name]] = earlier
        sooner.append(last[name].astype(np.float64))
    broken = np.any([last[name] for name in names], axis=0)
    contact = between(up_to(lives.contacts), rows.person, rows.period - 1, rows.period) > 0
    quiet = (contact & ~broken).astype(np.float64)
    at = x.shape[1]
    varies = np.ptp(quiet) > 0 and not lives.after_silence
    fit = fit_hazard(
        np.column_stack([x, *sooner, *([quiet] if varies else [])]),
        ended,
        rows.person,
        link=link,
        start=start,
    )
    contacts_p = float("nan")
    if varies:
        contacts_p = float(stats.norm.sf(fit.coefficients[-1] / fit.errors()[-1]))
    future = _future(made, ended, link, summed, start)
    found = {}
    for number, name in enumerate(names):
        early, late = made.recent[name], at + number
        apart = fit.coefficients[late] - fit.coefficients[early]
        covariance = fit.covariance
        spread = np.sqrt(covariance[late, late] + covariance[early, early] - 2 * covariance[late, early])
        acute_p = float(stats.norm.sf(apart / spread)) if lives.recent > 1 else float("nan")
        lasting_p = (
            float(stats.norm.sf(fit.coefficients[early] / fit.errors()[early]))
            if lives.recent > 1
            else float("nan")
        )
        failed = []
        if future[name] < PLACEBO:
            failed.append("future_exposure")
        if acute_p < PLACEBO:
            failed.append("just_before_leaving")
        if not lasting_p < _LASTING:
            failed.append("only_just_before")
        if contacts_p < PLACEBO:
            failed.append("any_contact")
        found[name] = Refutations(future[name], acute_p, lasting_p, contacts_p, tuple(failed))
    return found


def _future(
    made: Designed, ended: Flags, link: Link, summed: Mapping[str, Floats], start: Floats
) -> dict[str, float]:
    """One-sided p-values that exposures of the period after predict leaving in this one; NaN where none can be seen.

    Where a customer who has left is never heard of again there is nothing after: the test is silent, and passes.
    """
    lives, rows = made.lives, made.rows
    nothing = dict.fromkeys(made.recent, float("nan"))
    seen = rows.period + 1 < lives.periods
    if int((ended & seen).sum()) < _FEWEST:
        return nothing
    person, period = rows.person[seen], rows.period[seen]
    after = {name: (between(summed[name], person, period + 1, period + 2) > 0) for name in made.recent}
    names = [name for name, flag in after.items() if int((flag & ended[seen]).sum()) >= _FEWEST]
    if not names:
        return nothing
    extra = np.column_stack([after[name].astype(np.float64) for name in names])
    fit = fit_hazard(np.column_stack([made.x[seen], extra]), ended[seen], person, link=link, start=start)
    for number, name in enumerate(names, made.x.shape[1]):
        nothing[name] = float(stats.norm.sf(fit.coefficients[number] / fit.errors()[number]))
    return nothing
