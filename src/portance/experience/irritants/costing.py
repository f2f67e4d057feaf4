"""What irritants cost: Loss = N · [change in P(lost) · value + change in contacts · c + change in complaints · c'].

Customers are lost once: the first term counts those who carry the irritant, the two others every text that does. Effects
of all outcomes are drawn together with the amounts of money, each within its declared range.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from portance.estimation import by_person, ratio, shown_for
from portance.experience.irritants.contrasting import Contrasts, contrasts
from portance.experience.irritants.cost import Cost, Figure, Grade, Worth
from portance.experience.irritants.gathered import (
    COMPLAINTS,
    CONTACTS,
    LOST,
    Flags,
    Floats,
    Gathered,
    Integers,
)

_DRAWS = 4000
_FEWEST_TOLD = 30
_PLACEBO = 0.05


def costs(gathered: Gathered, worths: Mapping[int, Worth], *, fewest: int = 10, seed: int = 0) -> list[Cost]:
    """What each irritant costs, ranked; ``worths`` by place of the outcome, ``fewest`` customers to show anything at all."""
    frequent = [
        name
        for name, flag in gathered.irritants.items()
        if len(np.unique(gathered.customer[flag])) >= _FEWEST_TOLD
    ]
    found = [
        _cost(
            gathered, name, [other for other in frequent if other != name], worths, fewest=fewest, seed=seed
        )
        for name in gathered.irritants
    ]
    return ranked(found)


def ranked(found: Sequence[Cost]) -> list[Cost]:
    """By the lower end of the loss, or of the customers lost where no worth is declared; the uncertain ones after."""
    money = any(one.loss.low is not None for one in found)

    def least(one: Cost) -> float:
        low = one.loss.low if money else one.lost.low
        return -math.inf if low is None else low

    order = sorted(found, key=lambda one: (-least(one), -one.n, one.irritant))
    made, rank = [], 0
    for one in order:
        if one.shown == "point" and least(one) > 0:
            rank += 1
            made.append(replace(one, rank=rank))
        else:
            why = one.why or ("not_detectable" if math.isfinite(least(one)) else None)
            made.append(replace(one, why=why))
    return made


def _cost(
    gathered: Gathered,
    name: str,
    others: Sequence[str],
    worths: Mapping[int, Worth],
    *,
    fewest: int,
    seed: int,
) -> Cost:
    flag = gathered.irritants[name]
    n, persons = int(flag.sum()), len(np.unique(gathered.customer[flag]))
    shown = "suppressed" if persons < fewest else shown_for(persons)
    empty = Cost(
        name,
        n,
        persons,
        Figure(),
        Figure(),
        Figure(),
        Figure(),
        Figure(),
        Figure(),
        "E",
        shown,
        why="too_few",
    )
    if shown == "suppressed":
        return empty
    share = _share(gathered.customer, flag, seed)
    x = np.column_stack([gathered.before, *(gathered.irritants[other] for other in others)]).astype(
        np.float64
    )
    severity = _severity(gathered, flag, x, seed)
    made = replace(empty, share=share, severity=severity)
    known = [
        place for place in range(gathered.outcomes.shape[1]) if np.isfinite(gathered.outcomes[:, place]).any()
    ]
    if not known:
        return replace(made, why="no_follow_up")
    # one set of texts for all outcomes, so that they can be drawn together
    seen: Flags = np.asarray(np.isfinite(gathered.outcomes[:, known]).all(axis=1), dtype=bool)
    told = contrasts(
        gathered.outcomes[seen][:, known], flag[seen], x[seen], gathered.customer[seen], seed=seed
    )
    if told.why is not None:
        return replace(made, why=told.why if seen[flag].any() else "no_follow_up")
    figures = {place: _figure(told, number) for number, place in enumerate(known)}
    return replace(
        made,
        lost=figures.get(LOST, Figure()),
        contacts=figures.get(CONTACTS, Figure()),
        complaints=figures.get(COMPLAINTS, Figure()),
        loss=_loss(told, known, worths, n=n, persons=persons, seed=seed),
        grade=_grade(gathered, flag, others, seed),
        why="few_followed" if shown == "interval" else None,
    )


def _figure(told: Contrasts, place: int) -> Figure:
    return Figure(float(told.effects[place]), *told.interval(place))


def _share(customer: Integers, flag: Flags, seed: int) -> Figure:
    numbers = np.unique(customer, return_inverse=True)[1]
    found = ratio(by_person(numbers, flag, np.ones(len(flag))), seed=seed, proportion=True)
    return Figure(found.value, found.ci_low, found.ci_high)


def _severity(gathered: Gathered, flag: Flags, x: Floats, seed: int) -> Figure:
    rated = np.isfinite(gathered.points)
    told = contrasts(
        -gathered.points[rated][:, None], flag[rated], x[rated], gathered.customer[rated], seed=seed
    )
    return Figure() if told.why is not None else _figure(told, 0)


def _loss(
    told: Contrasts, known: Sequence[int], worths: Mapping[int, Worth], *, n: int, persons: int, seed: int
) -> Figure:
    priced = [number for number, place in enumerate(known) if place in worths]
    if not priced:
        return Figure()
    generator = np.random.default_rng(seed)  # the same amounts for every irritant: they are what they are
    amounts = np.column_stack([_amounts(worths[known[number]], generator) for number in priced])
    units = np.array([persons if known[number] == LOST else n for number in priced], dtype=np.float64)
    values = np.array([worths[known[number]].value for number in priced])
    covariance = told.covariance[np.ix_(priced, priced)]
    root, vectors = np.linalg.eigh(covariance)
    scores = generator.standard_normal((_DRAWS, len(priced)))
    # Student's: few carriers know their own variance badly
    heavy = np.sqrt(told.df / generator.chisquare(told.df, _DRAWS))
    drawn = told.effects[priced] + heavy[:, None] * (scores * np.sqrt(np.maximum(root, 0.0))) @ vectors.T
    losses = (drawn * amounts) @ units
    low, high = np.quantile(losses, [0.025, 0.975])
    return Figure(float((told.effects[priced] * values) @ units), float(low), float(high))


def _amounts(worth: Worth, generator: np.random.Generator) -> Floats:
    if worth.high <= worth.low:
        return np.full(_DRAWS, worth.value)
    return generator.triangular(worth.low, min(max(worth.value, worth.low), worth.high), worth.high, _DRAWS)


def _grade(gathered: Gathered, flag: Flags, others: Sequence[str], seed: int) -> Grade:
    """C, unless those who carry it already differed before in what no text can have caused."""
    if not len(gathered.control):
        return "D"
    x = np.column_stack([gathered.earlier, *(gathered.irritants[other] for other in others)]).astype(
        np.float64
    )
    known = np.isfinite(gathered.control)
    if int(known.sum()) < _FEWEST_TOLD:
        return "D"
    told = contrasts(
        gathered.control[known][:, None], flag[known], x[known], gathered.customer[known], seed=seed
    )
    if told.why is not None:
        return "D"
    low, high = told.interval(0, 1 - _PLACEBO)
    return "C" if low <= 0 <= high else "D"
