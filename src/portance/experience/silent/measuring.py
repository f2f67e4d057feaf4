"""What all customers would answer to each question, whoever answered it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy import special, stats

from portance.charter import Charter
from portance.engine import Engine
from portance.estimation.estimate import Shown, shown_for
from portance.experience import scoring
from portance.experience.facet import ALL
from portance.experience.silent import records
from portance.experience.silent.adjusting import (
    Figure,
    Fitted,
    contrast,
    figure,
    fit,
    left,
    missed_spread,
    spread_of,
)
from portance.experience.silent.bounding import MOST, band, flips_at, side_of
from portance.experience.silent.calibrating import Calibration, calibrate, predict_later
from portance.experience.silent.describing import describe, frequent, sized, with_segments
from portance.experience.silent.following_up import size
from portance.experience.silent.representing import represent
from portance.experience.silent.resisting import ALWAYS, Difference, followed_up, held, late, reminded
from portance.experience.silent.sample import Flags, Sample
from portance.experience.surveying import Surveyed, surveyed

QUARTER_US = 91 * 86_400_000_000
"""A figure is compared with the same length of time before."""
FALSE_DISCOVERIES = 0.10
Row = dict[str, object]


def measure_silence(charter: Charter, engine: Engine, as_of_us: int, seed: int = 0) -> dict[str, pa.Table]:
    """The tables ``silent`` and ``silent_comparisons``: every question of the charter, of everyone and by segment.

    Reads ``interactions``, ``journey_interactions``, ``journeys``, ``breaks``, ``clocks``, ``persons``, ``identifiers`` and
    ``responses``. A question without answers, or whose answers cannot be tied to journeys, has one row with its reason.
    """
    rows: list[Row] = []
    compared: list[Row] = []
    for number, name in enumerate(charter.surveys):
        found = surveyed(charter, engine, name)
        sample = describe(charter, engine, found, as_of_us) if found.reason is None else None
        if sample is None or not len(sample) or not sample.answered.any():
            rows.append(_alone(engine, found, found.reason or "too_recent", seed))
            continue
        most = {segment: declared.most for segment, declared in charter.segments.items()}
        question = _Question(found, sample, most, seed + number)
        mine, against = question.rows(as_of_us)
        rows += mine
        compared += against
    return {
        "silent": records.table(records.SILENT, rows),
        "silent_comparisons": records.table(records.COMPARISONS, compared),
    }


def _alone(engine: Engine, found: Surveyed, reason: str, seed: int) -> Row:
    """What the answers say by themselves, where nothing is known of who was silent."""
    told = engine.arrow(f"select value, coalesce(person_id, tie) as person from {found.answers} order by tie")
    values = np.asarray(told["value"].to_numpy(), dtype=np.float64)
    y = scoring.scores(found.survey, values)
    codes = told["person"].combine_chunks().dictionary_encode().indices
    persons = np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64)
    scored = scoring.naive(found.survey, y, persons, np.ones(len(y)), seed=seed)
    shown = shown_for(scored.persons)
    return {
        "question": found.name, "segment": ALL, "answers": found.given, "unit": scoring.unit_of(found.survey),
        "target": found.survey.target, "calibrated": False, "warning": ALWAYS if found.given else None, "reason": reason,
        "function": found.survey.function, "better": found.survey.better, "shown": "suppressed", **_naive(scored, shown),
    }  # fmt: skip


def _naive(scored: scoring.Scored, shown: Shown) -> Row:
    if shown == "suppressed":
        return {}
    return {
        "naive": scored.value if shown == "point" else None, "naive_low": scored.low, "naive_high": scored.high,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Seen:
    """What differs with satisfaction among answers: codes to warn with, and how far the silent may differ either way."""

    codes: tuple[str, ...]
    late: Difference
    follow_up: Difference
    least: float
    most: float
    measured: bool


class _Question:
    """One question and its sample; the models are fitted once and serve every segment."""

    def __init__(self, found: Surveyed, sample: Sample, most: Mapping[str, int], seed: int) -> None:
        self._found, self._survey, self._seed, self._most = found, found.survey, seed, most
        self._whole = sample
        self._sample = sized(with_segments(sample, dict(most)), seed)
        mine = self._sample
        self._ends = scoring.ends_of(self._survey, mine.y)
        self._fitted = fit(mine.y, mine.answered, mine.x, mine.persons, seed=seed)
        self._later, self._told_later = predict_later(
            mine.y, mine.answered, mine.x, mine.persons, mine.ended_us, seed=seed
        )
        self._seen = self._look()
        self._unit = scoring.unit_of(self._survey)

    def rows(self, as_of_us: int) -> tuple[list[Row], list[Row]]:
        """The rows of ``silent`` and those of ``silent_comparisons``."""
        whole = np.ones(len(self._whole), dtype=bool)
        rows = [self._row(ALL, whole, np.ones(len(self._sample), dtype=bool))]
        parts = list(self._parts())
        rows += [self._row(name, counted, mine) for name, counted, mine in parts]
        compared = self._before(as_of_us) + self._between([(name, mine) for name, _, mine in parts])
        self._conclude(rows, compared)
        return rows, compared

    def _parts(self) -> Iterator[tuple[str, Flags, Flags]]:
        for segment, values in self._whole.segments.items():
            for value in frequent(values, self._most.get(segment, 20)):
                yield f"{segment}={value}", values == value, self._sample.segments[segment] == value

    def _row(self, segment: str, counted: Flags, mine: Flags) -> Row:
        survey, whole, sample, fitted = self._survey, self._whole, self._sample, self._fitted
        said = whole.answered & counted
        plain = scoring.naive(
            survey, whole.y[said], whole.persons[said], whole.weights[said], seed=self._seed
        )
        told = figure(
            sample.y, sample.answered, fitted, persons=sample.persons, weights=sample.weights, mine=mine
        )
        shown: Shown = shown_for(plain.persons) if told.reason is None else "suppressed"
        asked = int((whole.asked & counted).sum())
        row: Row = {
            "question": self._found.name, "segment": segment, "answers": int(said.sum()), "asked": asked,
            "people": len(np.unique(whole.persons[counted])), "journeys": int(counted.sum()), "unit": self._unit,
            "target": survey.target, "calibrated": False, "function": survey.function, "better": survey.better,
            "shown": shown, "reason": told.reason, "rate": int(said.sum()) / asked if asked else None,
            "warning": ",".join((ALWAYS, *(self._seen.codes if segment == ALL else ()))), **_naive(plain, shown_for(plain.persons)),
        }  # fmt: skip
        if told.reason is not None:
            return row
        low, high = self._inside(told)
        silent = float(sample.weights[mine & ~sample.answered].sum() / sample.weights[mine].sum())
        ends = (told.value, told.value) if self._seen.measured else (low, high)
        around = band(*ends, silent, least=self._seen.least, most=self._seen.most, ends=self._ends)
        spread = spread_of(sample.y[mine], sample.answered[mine], _part(fitted, mine), sample.weights[mine])
        looks = represent(
            sample.answered[mine],
            fitted.propensities[mine],
            sample.persons[mine],
            sample.weights[mine],
            spread,
        )
        row |= {
            "estimate": told.value, "ci_low": low, "ci_high": high, "band_low": around.low, "band_high": around.high,
            "delta": self._seen.most, "band_from": "follow_up" if self._seen.measured else "assumed",
            "r_indicator": looks.r, "r_low": looks.low, "r_high": looks.high, "bias_bound": looks.bias_bound,
            "effective": told.effective,
        }  # fmt: skip
        row |= self._calibrated(mine) | self._moved(mine, told)
        if segment == ALL:
            row |= self._resistance() | self._follow_up(silent)
        if survey.target is not None:
            side = side_of(low, high, survey.target)
            row |= {
                "against": "target", "flips_at": flips_at(side, low, high, survey.target, silent),
                "verdict": _against_target(side, survey.better),
            }  # fmt: skip
        return row

    def _inside(self, told: Figure) -> tuple[float, float]:
        return max(told.low, self._ends[0]), min(told.high, self._ends[1])

    def _calibrated(self, mine: Flags) -> Row:
        """The gate of predictions on later answers of these journeys; what is predicted of the silent only where it holds."""
        judged = self._later & mine
        found: Calibration = calibrate(
            self._told_later[judged], self._sample.y[judged], self._ends, binary=self._unit == "share"
        )
        row: Row = {"ece": found.ece, "slope": found.slope, "brier": found.brier, "calibrated": found.passed}
        silent = mine & ~self._sample.answered
        if found.passed and silent.any():
            weights = self._sample.weights[silent]
            row["predicted"] = float(weights @ self._fitted.predictions[silent] / weights.sum())
        return row

    def _moved(self, mine: Flags, told: Figure) -> Row:
        """The figure of everyone less that of the answers alone: what counting the silent changes."""
        sample = self._sample
        said = sample.answered & mine
        plain = float(sample.weights[said] @ sample.y[said] / sample.weights[said].sum())
        w, every = sample.weights, sample.weights[mine].sum()
        inverse = np.where(said, w / np.where(said, self._fitted.propensities, 1.0), 0.0)
        inverse /= inverse.sum()
        missed = np.where(said, np.nan_to_num(sample.y) - self._fitted.predictions, 0.0)
        predicted = float((w[mine] / every) @ self._fitted.predictions[mine])
        influence = np.where(mine, w / every * (self._fitted.predictions - predicted), 0.0)
        influence = influence + inverse * (missed - float(inverse @ missed))
        influence -= np.where(said, w / w[said].sum() * (np.nan_to_num(sample.y) - plain), 0.0)
        error = scoring.clustered(influence, np.unique(sample.persons, return_inverse=True)[1])
        value = told.value - plain
        half = float(special.stdtrit(told.df, 0.975)) * math.hypot(error, left(sample.answered) * value)
        return {"moved": value, "moved_low": value - half, "moved_high": value + half}

    def _look(self) -> _Seen:
        sample, fitted = self._sample, self._fitted
        nowhere = Difference(math.nan, math.nan, math.nan, 0)
        if fitted.reason is not None:
            return _Seen((), nowhere, nowhere, math.nan, math.nan, measured=False)
        said = sample.answered
        missed = sample.y[said] - fitted.predictions[said]
        known, who, weights = (
            held(fitted.propensities[said], fitted.predictions[said]),
            sample.persons[said],
            sample.weights[said],
        )
        after = late(missed, sample.delay_us[said], known, persons=who, weights=weights)
        again = reminded(missed, sample.asks[said], known, persons=who, weights=weights)
        most = MOST * spread_of(sample.y, said, fitted, sample.weights)
        whole = figure(sample.y, said, fitted, persons=sample.persons, weights=sample.weights)
        lot, half, unreached = self._drawn_by_lot(whole, nowhere)
        shows = (
            ("late_answers_differ", after),
            ("reminded_answers_differ", again),
            ("follow_up_differs", lot),
        )
        codes = tuple(code for code, difference in shows if difference.shows)
        if not math.isfinite(lot.value):
            return _Seen(codes, after, lot, -most, most, measured=False)
        # those whom the follow-up did not reach may differ from those it did, by as much as is assumed without one
        reach = half + unreached * most
        return _Seen(codes, after, lot, lot.value - reach, lot.value + reach, measured=True)

    def _drawn_by_lot(self, whole: Figure, nowhere: Difference) -> tuple[Difference, float, float]:
        """What a follow-up shows of the silent, the half-width that is its own, and the share that it did not reach."""
        sample, fitted = self._sample, self._fitted
        reached, silent = np.isfinite(sample.followed), ~sample.answered
        if whole.reason is not None or not reached.any():
            return nowhere, math.nan, math.nan
        share = float(sample.weights[silent].sum() / sample.weights.sum())
        said = sample.answered
        heard = float(sample.weights[said] @ sample.y[said] / sample.weights[said].sum())
        expected = (whole.value - (1 - share) * heard) / share
        draw = sample.followed[reached], fitted.predictions[reached], sample.persons[reached]
        quiet = fitted.predictions[silent]
        own = followed_up(*draw, silent=quiet, expected=expected, error=0.0, share=share)
        unreached = 1 - float(reached.sum() / max(int(sample.drawn.sum()), 1))
        told = followed_up(*draw, silent=quiet, expected=expected, error=whole.error, share=share)
        return told, (own.high - own.low) / 2, unreached

    def _resistance(self) -> Row:
        seen = self._seen
        return {
            "late": seen.late.value, "late_low": seen.late.low, "late_high": seen.late.high, "seen": seen.follow_up.value,
            "seen_low": seen.follow_up.low, "seen_high": seen.follow_up.high, "followed": seen.follow_up.n,
        }  # fmt: skip

    def _follow_up(self, share_silent: float) -> Row:
        sample = self._sample
        spread = missed_spread(sample.y, sample.answered, self._fitted, sample.weights)
        silent = int((~self._whole.answered).sum())
        return {"follow_up": size(silent, share_silent, spread, scoring.wanted_of(self._survey, self._ends))}

    def _before(self, as_of_us: int) -> list[Row]:
        """The last thirteen weeks against the thirteen before."""
        ended = self._sample.ended_us
        last = int(ended.max()) if len(ended) else as_of_us
        mine, before = (
            ended > last - QUARTER_US,
            (ended <= last - QUARTER_US) & (ended > last - 2 * QUARTER_US),
        )
        if not mine.any() or not before.any():
            return []
        return [self._compared(ALL, "before", mine, before)]

    def _between(self, parts: list[tuple[str, Flags]]) -> list[Row]:
        """Each segment against all others of its kind, discoveries counted together."""
        rows = []
        for name, mine in parts:
            known = np.array(
                [value is not None for value in self._sample.segments[name.partition("=")[0]]], dtype=bool
            )
            if (known & ~mine).any() and mine.any():
                rows.append(self._compared(name, "others", mine, known & ~mine))
        tested = [row for row in rows if row["reason"] is None]
        if tested:
            found = stats.false_discovery_control([float(str(row["q"])) for row in tested])
            for row, q in zip(tested, found, strict=True):
                row["q"] = float(q)
                if q > FALSE_DISCOVERIES:
                    row["verdict"], row["flips_at"] = "not_detectable", None
        return rows

    def _compared(self, segment: str, against: str, mine: Flags, others: Flags) -> Row:
        sample = self._sample
        told = contrast(
            sample.y,
            sample.answered,
            self._fitted,
            persons=sample.persons,
            weights=sample.weights,
            mine=mine,
            others=others,
        )
        row: Row = {
            "question": self._found.name, "segment": segment, "against": against, "difference": told.value,
            "ci_low": told.low, "ci_high": told.high, "unit": self._unit, "delta": self._seen.most, "reason": told.reason,
            "verdict": None, "q": math.nan,
        }  # fmt: skip
        if told.reason is not None:
            return row
        silent = float(sample.weights[mine & ~sample.answered].sum() / sample.weights[mine].sum())
        side = side_of(told.low, told.high, 0.0)
        p = float(2 * special.stdtr(told.df, -abs(told.value) / told.error)) if told.error > 0 else 1.0
        return row | {
            "q": p, "verdict": side or "not_detectable", "flips_at": flips_at(side, told.low, told.high, 0.0, silent),
        }  # fmt: skip

    def _conclude(self, rows: list[Row], compared: list[Row]) -> None:
        """Without a target, what a row concludes is its comparison: with the others, or with the time before."""
        for row in rows:
            if row.get("against") or row.get("estimate") is None:
                continue
            for other in compared:
                if other["segment"] == row["segment"]:
                    row |= {key: other.get(key) for key in ("against", "verdict", "flips_at")}


def _part(fitted: Fitted, mine: Flags) -> Fitted:
    return Fitted(fitted.propensities[mine], fitted.predictions[mine], fitted.reason)


def _against_target(side: str | None, better: str) -> str:
    if side is None:
        return "not_detectable"
    return "met" if (side == "above") == (better == "higher") else "missed"
