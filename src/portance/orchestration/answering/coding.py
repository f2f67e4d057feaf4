"""Whether the reasons that are coded for contacts are those that customers write about."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.estimation import DRAWS, limits, shown_for
from portance.orchestration.answering import records
from portance.orchestration.answering.figures import columns, seed_of, share_of

OTHER = frozenset({"other", "others", "autre", "autres", "misc", "miscellaneous", "divers", "unknown", "inconnu", "general", "général", "n/a", "na", "none", "aucun"})  # fmt: skip
"""What a reason is called that tells none."""
HIDES = 0.5
"""A coded reason hides another where more than this of what is written under it is about that one."""
_PARTS = 2
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Contacts with a coded reason and a text: whose, what is coded, what the text says first."""

    who: Integers
    coded: Texts
    text: Texts


def contact_reasons(charter: Charter, engine: Engine, seed: int) -> pa.Table:
    """The table ``contact_reasons``.

    A row without ``coded`` and ``text_says`` is all contacts together (``n``, ``agreement``, ``kappa``); one without ``text_says`` a coded
    reason (its share of all, and how often texts agree); the others what is written under a coded reason (the share of it).
    """
    if engine.columns_or_none("voices") is None or "intent" not in (
        engine.columns_or_none("interactions") or {}
    ):
        return records.nothing(records.CONTACT_REASONS, "no_text_read")
    told = engine.arrow(
        """
        with said as (
          select interaction_id, irritant, count(*) as sentences, max(coalesce(score, 0)) as score
          from voices where treated and irritant is not null and not coalesce(public, false) and copy_of is null
          group by interaction_id, irritant
        ), first as (
          select interaction_id, irritant,
            row_number() over (partition by interaction_id order by sentences desc, score desc, irritant) as place
          from said
        )
        select coalesce(cast(i.person_key as varchar), i.interaction_id) as who, i.intent, f.irritant
        from first as f join interactions as i on i.interaction_id = f.interaction_id
        where f.place = 1 and i.intent is not null order by all"""
    )
    if not told.num_rows:
        return records.nothing(records.CONTACT_REASONS, "no_coded_reason_with_a_text")
    coded, text = (np.array(told[name].to_pylist(), dtype=np.str_) for name in ("intent", "irritant"))
    who = np.unique(np.array(told["who"].to_pylist(), dtype=np.str_), return_inverse=True)[1].astype(np.int64)
    return records.table(
        records.CONTACT_REASONS, list(_rows(Reasons(who, coded, text), charter.voices.fewest, seed))
    )


def _rows(reasons: Reasons, floor: int, seed: int) -> Iterator[dict[str, object]]:
    persons = len(np.unique(reasons.who))
    if persons < floor:
        yield {"n": len(reasons.who), "persons": persons, "shown": "suppressed", "reason": "few_persons"}
        return
    means = translated(reasons, seed_of(seed, "parts"))
    agrees = means == reasons.coded
    whole = share_of(reasons.who, agrees, seed_of(seed, "agreement"))
    beyond = kappa(reasons.coded, means, reasons.who, seed_of(seed, "kappa"))
    yield {
        "n": len(reasons.who), "share": 1.0, **columns("agreement", whole), "kappa": beyond[0], "kappa_low": beyond[1],
        "kappa_high": beyond[2], "persons": persons, "other": False, "shown": shown_for(persons),
    }  # fmt: skip
    for name in sorted(set(reasons.coded.tolist())):
        yield from _coded(reasons, agrees, means, name, floor=floor, seed=seed)


def _coded(
    reasons: Reasons, agrees: Flags, means: Texts, name: str, *, floor: int, seed: int
) -> Iterator[dict[str, object]]:
    mine = reasons.coded == name
    persons = len(np.unique(reasons.who[mine]))
    other = name.strip().lower() in OTHER
    head: dict[str, object] = {"coded": name, "n": int(mine.sum()), "persons": persons, "other": other}
    if persons < floor:
        yield head | {"n": None, "shown": "suppressed", "reason": "few_persons"}
        return
    part = share_of(reasons.who, mine, seed_of(seed, name))
    told = (
        {}
        if other
        else columns("agreement", share_of(reasons.who[mine], agrees[mine], seed_of(seed, name, "agreement")))
    )
    yield (
        head
        | told
        | {"share": part.value, "low": part.ci_low, "high": part.ci_high, "shown": shown_for(persons)}
    )
    for text in sorted(set(reasons.text[mine].tolist())):
        here = mine & (reasons.text == text)
        people = len(np.unique(reasons.who[here]))
        if people < floor:
            continue
        one = share_of(reasons.who[mine], reasons.text[mine] == text, seed_of(seed, name, text))
        elsewhere = Counter(means[here].tolist()).most_common(1)[0][0] != name
        yield {
            "coded": name, "text_says": text, "n": int(here.sum()), "share": one.value, "low": one.ci_low, "high": one.ci_high,
            "persons": people, "other": other, "shown": shown_for(people),
            "hides": bool(one.ci_low is not None and one.ci_low > HIDES and (elsewhere or other)),
        }  # fmt: skip


def translated(reasons: Reasons, seed: int) -> Texts:
    """What each text says in the words of the coded reasons.

    An irritant that bears the name of a coded reason is that reason. Any other stands for the reason that is coded most often beside
    it for the *other* half of the persons, so that nothing agrees with itself; codes that tell no reason never count.
    """
    codes = {name for name in reasons.coded.tolist() if name.strip().lower() not in OTHER}
    persons = np.unique(reasons.who)
    half = np.random.default_rng(seed).permutation(len(persons)) % _PARTS
    part = half[np.searchsorted(persons, reasons.who)]
    made = np.array(reasons.text, dtype=object)
    for number in range(_PARTS):
        usual = _usual(reasons, np.flatnonzero(part != number).tolist(), codes)
        for place in np.flatnonzero(part == number).tolist():
            text = str(reasons.text[place])
            made[place] = text if text in codes else usual.get(text, "")
    return made.astype(np.str_)


def _usual(reasons: Reasons, places: Sequence[int], codes: set[str]) -> dict[str, str]:
    beside: dict[str, Counter[str]] = {}
    for place in places:
        code = str(reasons.coded[place])
        if code in codes:
            beside.setdefault(str(reasons.text[place]), Counter())[code] += 1
    return {text: min(counted, key=lambda code: (-counted[code], code)) for text, counted in beside.items()}


def kappa(
    one: Texts, other: Texts, who: Integers, seed: int
) -> tuple[float | None, float | None, float | None]:
    """Cohen's kappa of two codings of the same contacts, with its 95 % interval by person (bootstrap).

    Null where both use one single code: nothing can then agree beyond chance.
    """
    names, place = np.unique(np.concatenate([one, other]), return_inverse=True)
    first, second = place[: len(one)], place[len(one) :]
    numbers = np.unique(who, return_inverse=True)[1]
    persons = int(numbers.max()) + 1
    value = _kappa(first, second, np.ones(len(one)), len(names))
    if value is None:
        return None, None, None
    generator = np.random.default_rng(seed)
    drawn = [
        _kappa(
            first,
            second,
            generator.multinomial(persons, np.full(persons, 1 / persons))[numbers].astype(float),
            len(names),
        )
        for _ in range(DRAWS)
    ]
    low, high = limits(np.array([figure for figure in drawn if figure is not None]))
    return value, low, high


def _kappa(first: Integers, second: Integers, weights: npt.NDArray[np.float64], count: int) -> float | None:
    total = weights.sum()
    seen = float(weights[first == second].sum() / total)
    chance = float(np.bincount(first, weights, count) @ np.bincount(second, weights, count) / total**2)
    return None if chance >= 1 else (seen - chance) / (1 - chance)
