"""Questions that are open, decisions that were signed, what each announced, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from portance.charter import Charter
from portance.views.alignment import saying
from portance.views.figure import Rows, same
from portance.views.naming import Naming
from portance.views.reading import Row, Tables, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech, clean

MOST_QUESTIONS = 3
MOST_DECISIONS = 8
MOST_CURVES = 3
MOST_FORECASTS = 10
_NONE: Row = {}
HORIZONS = ("quarter", "year", "three_years")
VERDICTS = ("confirmed", "refuted", "undetermined", "not_measurable")


@dataclass(frozen=True, slots=True)
class Point:
    """One setting of a lever: where both indicators would stand, with the interval of the second."""

    x: float
    y: float
    low: float | None
    high: float | None
    setting: float | None
    net: float | None
    extrapolated: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """What the second indicator becomes as a lever moves the first; targets where the charter declares them."""

    from_indicator: str
    to_indicator: str
    from_label: str
    to_label: str
    from_unit: str
    to_unit: str
    lever: str
    lever_label: str
    lever_unit: str
    points: tuple[Point, ...]
    from_target: float | None
    to_target: float | None
    from_better: str
    to_better: str
    sentence: str
    rows: Rows

    @property
    def current(self) -> Point | None:
        """Where the lever stands now."""
        return next((point for point in self.points if point.current), None)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one option does to one indicator of one function, at each horizon; by team only where a floor holds."""

    function: str
    label: str
    indicator: str
    cells: tuple[str, ...]
    grade: str
    extrapolated: bool


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option of a question, with its net effect and where it stands among the others."""

    option: str
    label: str
    kind: str
    chosen: bool
    net: tuple[float | None, float | None, float | None]
    said: str
    loses: str
    p_net_negative: float | None
    regret: str
    wins: float | None
    vetoed: str
    words: str
    dominated: float | None
    forecasts: tuple[Forecast, ...]
    more_forecasts: int


@dataclass(frozen=True, slots=True)
class SideEffect:
    """What a decision did to one indicator, beside what it was meant to do."""

    label: str
    role: str
    said: str
    interval: str
    verdict: str
    verdict_label: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A question or a decision. Days are as recorded; ``sentence`` tells what was chosen, ``judged`` what came of it."""

    decision: str
    question: str
    status: str
    status_label: str
    option: str
    opened: date | None
    signed: date | None
    signed_by: str
    review: date | None
    window: tuple[date | None, date | None]
    verdict: str
    verdict_label: str
    sentence: str
    forecast: str
    judged: str
    metric: str
    hash: str
    dissents: int
    replies: int
    supersedes: str
    superseded_by: str
    options: tuple[OptionView, ...]
    summary: tuple[str, ...]
    effects: tuple[SideEffect, ...]
    due: bool
    rows: Rows

    @property
    def open(self) -> bool:
        """Whether nothing has been signed yet."""
        return self.status == "open"


@dataclass(frozen=True, slots=True)
class Decisions:
    """The section: open questions, signed decisions, curves, and how well past forecasts held."""

    state: str
    headline: str
    questions: tuple[DecisionView, ...]
    more_questions: int
    signed: tuple[DecisionView, ...]
    more_signed: int
    curves: tuple[Curve, ...]
    calibration: str
    calibration_figures: tuple[tuple[str, float], ...]
    as_of: date | None
    rows: Rows
    curve_rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Decisions:
    """The section from ``decisions`` and its companions, and ``tradeoffs``."""
    as_of = run.as_of.date() if run.as_of else None
    options: dict[str, list[Row]] = {}
    for row in tables.rows("decision_options"):
        options.setdefault(text(row["decision"]), []).append(row)
    forecasts: dict[tuple[str, str], list[Row]] = {}
    for row in tables.rows("decision_forecasts"):
        forecasts.setdefault((text(row["decision"]), text(row["option"])), []).append(row)
    effects: dict[str, list[Row]] = {}
    for row in tables.rows("decision_effects"):
        effects.setdefault(text(row["decision"]), []).append(row)
    make = _Maker(charter, run, naming, speech, as_of)
    views = [
        make.decision(row, options.get(text(row["decision"]), []), forecasts, effects.get(text(row["decision"]), []))
        for row in tables.rows("decisions")
    ]  # fmt: skip
    questions = sorted(
        (view for view in views if view.open), key=lambda view: (view.opened or date.max, view.decision)
    )
    signed = sorted(
        (view for view in views if not view.open),
        key=lambda view: (view.signed or date.min, view.decision),
        reverse=True,
    )
    asked = {
        (text(row["from_indicator"]), text(row["to_indicator"])) for row in tables.rows("decisions") if text(row["status"]) == "open"
    }  # fmt: skip
    curves = make.curves(tables, asked)
    said, figures = _calibration(tables, speech)
    return Decisions(
        state="found" if views or curves else "empty",
        headline=_headline(questions, signed, speech),
        questions=tuple(questions[:MOST_QUESTIONS]), more_questions=max(0, len(questions) - MOST_QUESTIONS),
        signed=tuple(signed[:MOST_DECISIONS]), more_signed=max(0, len(signed) - MOST_DECISIONS),
        curves=curves, calibration=said, calibration_figures=figures, as_of=as_of,
        rows=run.rows("decisions"), curve_rows=run.rows("tradeoffs"),
    )  # fmt: skip


class _Maker:
    def __init__(
        self, charter: Charter, run: RunFacts, naming: Naming, speech: Speech, as_of: date | None
    ) -> None:
        self._charter, self._run, self._naming, self._speech, self._as_of = (
            charter,
            run,
            naming,
            speech,
            as_of,
        )

    def decision(
        self, row: Row, options: list[Row], forecasts: dict[tuple[str, str], list[Row]], effects: list[Row]
    ) -> DecisionView:
        speech, naming = self._speech, self._naming
        name, status = text(row["decision"]), text(row["status"])
        verdict = text(row["verdict"])
        option = clean(text(row["option"]).replace("_", " "))
        review = day_of(row["review_date"])
        metric = text(row["metric"])
        unit = self._unit(metric)
        worst = max((abs(number(one["regret"]) or 0.0) for one in options), default=0.0)
        views = tuple(
            self._option(one, worst, forecasts.get((name, text(one["option"])), []))
            for one in _best_first(options)
        )
        forecast = ""
        if number(row["forecast"]) is not None:
            forecast = _both(
                number(row["forecast"]),
                number(row["forecast_low"]),
                number(row["forecast_high"]),
                unit,
                speech,
            )
        signed = day_of(row["signed_at"])
        sentence = ""
        if signed:
            sentence = speech.say(
                "decision.signed",
                option=next((one.label for one in views if one.chosen), option) or "—",
                day=speech.day(signed),
                by=clean(text(row["signed_by"])) or "—",
            )
        return DecisionView(
            decision=name, question=clean(text(row["question"])) or name.replace("_", " "), status=status,
            status_label=naming.word("decision_status", status), option=option, opened=day_of(row["opened_at"]), signed=signed,
            signed_by=clean(text(row["signed_by"])), review=review, window=(day_of(row["window_start"]), day_of(row["window_end"])),
            verdict=verdict, verdict_label=naming.word("decision_verdict", verdict) if verdict else "", sentence=sentence,
            forecast=forecast, judged=self._judged(row, unit), metric=naming.indicator(metric) if metric else "",
            hash=text(row["hash"])[:12], dissents=whole(row["dissents"]), replies=whole(row["replies"]),
            supersedes=text(row["supersedes"]), superseded_by=text(row["superseded_by"]), options=views,
            summary=self._summary(views), effects=tuple(self._effect(one) for one in effects if text(one["role"]) != "metric"),
            due=bool(review and self._as_of and review <= self._as_of and not verdict and status == "signed"),
            rows=self._run.rows("decisions", same(decision=name)),
        )  # fmt: skip

    def _unit(self, indicator: str) -> str:
        declared = self._charter.indicators.get(indicator)
        return (declared.unit or "") if declared else ""

    def _judged(self, row: Row, unit: str) -> str:
        """What came of a decision, in a sentence with the interval, or what could have been seen."""
        speech = self._speech
        verdict = text(row["verdict"])
        if not verdict:
            return ""
        observed = ""
        if number(row["observed"]) is not None:
            observed = _both(
                number(row["observed"]),
                number(row["observed_low"]),
                number(row["observed_high"]),
                unit,
                speech,
            )
        least = number(row["detectable"])
        seen = saying.move(least, unit, speech) if least is not None else "—"
        key = f"judged.{verdict}"
        return speech.say(key, observed=observed or "—", detectable=seen) if speech.knows(key) else observed

    def _moves(self, row: Row) -> str:
        """What an option changes, with names as people read them; its number or its own words where it says nothing else."""
        parts = []
        for move in filter(None, text(row["moves"]).split("; ")):
            name, equals, value = move.partition(" = ")
            held = self._naming.anything(name)
            parts.append(
                f"{held} = {self._speech.number(float(value), 2).rstrip('0').rstrip(',.')}"
                if equals
                else held
            )
        if not parts and text(row["kind"]) == "as_is":
            return self._naming.word("option_kind", "as_is")
        return clean(" · ".join(parts) or text(row["option"]).replace("_", " "))

    def _option(self, row: Row, worst: float, forecasts: list[Row]) -> OptionView:
        speech, naming = self._speech, self._naming
        net = (number(row["net_low"]), number(row["net_median"]), number(row["net_high"]))
        lost = number(row["p_net_negative"])
        dominated = number(row["p_dominated"])
        vetoed = self._veto(text(row["vetoed"]))
        regret = number(row["regret"])
        lines = self._forecasts(forecasts)
        words = []
        if vetoed:
            words.append(speech.say("option.vetoed", veto=vetoed))
        if dominated is not None and dominated >= 0.5:
            words.append(speech.say("option.dominated", p=saying.probability(dominated, speech)))
        elif dominated is not None:
            words.append(speech.say("option.pareto"))
        return OptionView(
            option=text(row["option"]), label=self._moves(row), kind=" + ".join(naming.word("option_kind", part) for part in text(row["kind"]).split("+") if part),
            chosen=bool(row["chosen"]), net=net, said=saying.money(*net, speech), loses=saying.probability(lost, speech), p_net_negative=lost,
            regret=speech.money(regret, "", worst) if regret is not None else "—", wins=number(row["wins_share"]), vetoed=vetoed,
            words=" · ".join(words), dominated=dominated, forecasts=lines[:MOST_FORECASTS], more_forecasts=max(0, len(lines) - MOST_FORECASTS),
        )  # fmt: skip

    def _veto(self, vetoed: str) -> str:
        """The level that an option would cross, in words; it comes as ``indicator:at_least:level``."""
        parts = vetoed.split(":")
        key = f"veto.{parts[1]}" if len(parts) == 3 else ""
        if not self._speech.knows(key):
            return clean(vetoed.replace("_", " "))
        level = number_of(parts[2])
        said = parts[2] if level is None else saying.level(level, self._unit(parts[0]), self._speech)
        return self._speech.say(key, indicator=self._naming.indicator(parts[0]), level=clean(said))

    def _forecasts(self, rows: list[Row]) -> tuple[Forecast, ...]:
        """One line for each function and indicator; teams are left to the table."""
        held: dict[tuple[str, str], dict[str, Row]] = {}
        for row in rows:
            if row["team"] is None:
                held.setdefault((text(row["function"]), text(row["indicator"])), {})[text(row["horizon"])] = (
                    row
                )
        lines = []
        for (function, indicator), by in held.items():
            cells = []
            for name in HORIZONS:
                row = by.get(name, _NONE)
                if number(row.get("median")) is None:
                    cells.append("—")
                    continue
                unit = text(row["unit"]) or self._unit(indicator)
                said = _both(
                    number(row["median"]), number(row["low"]), number(row["high"]), unit, self._speech
                )
                mark = f" {self._speech.say('forecast.extrapolated')}" if row["extrapolated"] else ""
                cells.append(f"{said}{mark}")
            first = next(iter(by.values()))
            lines.append(
                Forecast(
                    self._naming.function(function or None), self._naming.indicator(indicator), indicator, tuple(cells),
                    text(first["grade"]), any(bool(row["extrapolated"]) for row in by.values()),
                )
            )  # fmt: skip
        order = {name: place for place, name in enumerate(self._charter.functions)}
        keys = list(held)
        ranked = sorted(
            range(len(lines)), key=lambda place: (order.get(keys[place][0], len(order)), keys[place])
        )
        return tuple(lines[place] for place in ranked)

    def _summary(self, options: tuple[OptionView, ...]) -> tuple[str, ...]:
        """Pareto, regret, weights and veto in words, without naming a winner for those who decide."""
        speech, naming = self._speech, self._naming
        if not options:
            return ()
        said = []
        free = [one for one in options if not one.vetoed]
        kept = [one for one in free if one.dominated is None or one.dominated < 0.5]
        if kept and len(kept) < len(options):
            said.append(
                speech.many(
                    "options.pareto",
                    len(kept),
                    which=naming.joined(speech.say("quoted", text=one.label) for one in kept),
                )
            )
        winners = sorted(
            (one for one in free if one.wins is not None), key=lambda one: (-(one.wins or 0.0), one.label)
        )
        if winners:
            said.append(
                speech.say(
                    "options.weights",
                    option=speech.say("quoted", text=winners[0].label),
                    share=speech.percent(winners[0].wins, 0),
                )
            )
        vetoed = [one for one in options if one.vetoed]
        said += [
            speech.say("options.veto", option=speech.say("quoted", text=one.label), veto=one.vetoed)
            for one in vetoed
        ]
        return tuple(said)

    def _effect(self, row: Row) -> SideEffect:
        unit = self._unit(text(row["indicator"]))
        verdict = text(row["verdict"])
        said, interval = saying.told(
            number(row["observed"]), number(row["low"]), number(row["high"]), unit, self._speech, signed=True
        )
        return SideEffect(
            label=f"{self._naming.indicator(text(row['indicator']))} · {self._naming.function(row['function'])}",
            role=self._naming.word("effect_role", text(row["role"])), said=said,
            interval=interval,
            verdict=verdict, verdict_label=self._naming.word("effect_verdict", verdict) if verdict else "",
        )  # fmt: skip

    def curves(self, tables: Tables, asked: set[tuple[str, str]]) -> tuple[Curve, ...]:
        """Trade-off curves: those that an open question asks about first, else the first of the table."""
        held: dict[tuple[str, str, str], list[Row]] = {}
        for row in tables.rows("tradeoffs"):
            held.setdefault(
                (text(row["from_indicator"]), text(row["to_indicator"]), text(row["lever"])), []
            ).append(row)
        ordered = sorted(held, key=lambda key: (key[:2] not in asked, list(held).index(key)))
        found = []
        for key in ordered:
            points = _points(held[key])
            if len(points) >= 3:
                found.append(self._curve(key, points))
            if len(found) == MOST_CURVES:
                break
        return tuple(found)

    def _curve(self, key: tuple[str, str, str], points: tuple[Point, ...]) -> Curve:
        first, second, lever = key
        naming, speech = self._naming, self._speech
        one, other = self._charter.indicators.get(first), self._charter.indicators.get(second)
        steered = self._charter.levers.get(lever)
        unit = (steered.unit or "") if steered else ""
        current = next((point for point in points if point.current), None)
        sentence = ""
        if current is not None and current.setting is not None:
            sentence = speech.say(
                "curve.now", lever=naming.lever(lever), setting=saying.level(current.setting, unit, speech),
                first=naming.indicator(first), x=saying.level(current.x, self._unit(first), speech),
                second=naming.indicator(second), y=saying.level(current.y, self._unit(second), speech),
            )  # fmt: skip
        return Curve(
            first, second, naming.indicator(first), naming.indicator(second), self._unit(first), self._unit(second), lever,
            naming.lever(lever), unit, points, one.aim if one else None, other.aim if other else None,
            one.better if one else "higher", other.better if other else "higher", sentence,
            self._run.rows("tradeoffs", same(from_indicator=first, to_indicator=second, lever=lever), "setting"),
        )  # fmt: skip


def _points(rows: list[Row]) -> tuple[Point, ...]:
    found = []
    for row in rows:
        x, y = number(row["from_value"]), number(row["to_value"])
        if x is None or y is None:
            continue
        found.append(
            Point(
                x, y, number(row["to_low"]), number(row["to_high"]), number(row["setting"]), number(row["net"]),
                bool(row["extrapolated"]), bool(row["current"]),
            )
        )  # fmt: skip
    return tuple(
        sorted(found, key=lambda point: (point.setting if point.setting is not None else point.x, point.x))
    )


def _best_first(options: Iterable[Row]) -> list[Row]:
    return sorted(
        options, key=lambda row: (not row["chosen"], -(number(row["net_median"]) or 0.0), text(row["option"]))
    )


def _both(value: float | None, low: float | None, high: float | None, unit: str, speech: Speech) -> str:
    return " ".join(saying.told(value, low, high, unit, speech, signed=True)).strip()


def _headline(questions: list[DecisionView], signed: list[DecisionView], speech: Speech) -> str:
    parts = []
    judged = [view for view in signed if view.verdict]
    if judged:
        last = judged[0]
        parts.append(
            speech.say("arbitration.headline.judged", option=last.option, verdict=last.verdict_label)
        )
    due = sum(view.due for view in signed)
    if due:
        parts.append(speech.many("arbitration.headline.due", due))
    if questions:
        parts.append(speech.many("arbitration.headline.open", len(questions)))
    return " ".join(parts)


def _calibration(tables: Tables, speech: Speech) -> tuple[str, tuple[tuple[str, float], ...]]:
    row = next(iter(tables.rows("calibration", 1)), None)
    judged = whole(row["judged"]) if row is not None else 0
    if row is None or not judged:
        return "", ()
    interval = saying.bracket(number(row["cover_low"]), number(row["cover_high"]), "share", speech)
    said = speech.many(
        "calibration.sentence", judged, inside=whole(row["inside90"]), coverage=speech.percent(number(row["coverage"]), 0),
        interval=interval, right=whole(row["sign_right"]),
    )  # fmt: skip
    figures = tuple(
        (name, value)
        for name in (
            "decisions",
            "judged",
            "inside90",
            "coverage",
            "cover_low",
            "cover_high",
            "sign_right",
            "bias",
        )
        if (value := number(row[name])) is not None
    )
    return said, figures


def day_of(value: object) -> date | None:
    """The day of a date, an instant or a text; null where it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def number_of(written: str) -> float | None:
    """A number that was written as text."""
    try:
        return number(float(written))
    except ValueError:
        return None
