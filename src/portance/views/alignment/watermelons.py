"""Everything is green and the customer loses: how often, whether the scoreboard sees it, which indicators are gamed."""

from dataclasses import dataclass

from portance.charter import Charter
from portance.views.alignment import saying
from portance.views.figure import Figure, Rows, same, shown_for
from portance.views.naming import Naming, everyone
from portance.views.reading import Row, Tables, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

MOST_SCOPES = 8
MOST_INDICATORS = 12
_BLIND, _DIM, _CLEAR = 0.55, 0.65, 0.75


@dataclass(frozen=True, slots=True)
class Watermelon:
    """How often the customer loses where every indicator of a scope meets its target."""

    scope: str
    label: str
    sentence: str
    rate: Figure
    lift: Figure
    lift_said: str
    auc: Figure
    sees: str
    green: int | None
    lost: int | None
    reason: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class Worth:
    """What one indicator adds to what the scoreboard sees of customers."""

    indicator: str
    label: str
    function: str
    gain: Figure
    auc: Figure
    figure: tuple[str, str]
    said: str


@dataclass(frozen=True, slots=True)
class Gaming:
    """An indicator that may be met by other means than serving customers."""

    indicator: str
    function: str
    kind: str
    verdict: str
    sentence: str
    grade: str
    grade_label: str


@dataclass(frozen=True, slots=True)
class Watermelons:
    """The section. ``main`` is the whole company's scope, or the first one told."""

    state: str
    headline: str
    main: Watermelon | None
    others: tuple[Watermelon, ...]
    worth: tuple[Worth, ...]
    gaming: tuple[Gaming, ...]
    gaming_unseen: int
    gaming_clear: int
    rows: Rows
    customers: Rows
    customer_count: int


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Watermelons:
    """The section from ``watermelons``, ``scoreboard`` and ``gaming``."""
    told = [_watermelon(row, run, naming, speech) for row in tables.rows("watermelons")]
    known = [one for one in told if one.rate.known]
    main = next(
        (one for one in known if everyone(one.scope) or one.scope == "company"), known[0] if known else None
    )
    scope = main.scope if main else None
    gaming = [_gaming(row, naming, speech) for row in tables.rows("gaming")]
    return Watermelons(
        state="found" if main or gaming else "none" if told or (charter.indicators and tables.has("watermelons")) else "empty",
        headline=main.sentence if main else "",
        main=main,
        others=tuple(one for one in told if one is not main)[:MOST_SCOPES],
        worth=tuple(_worth(row, naming, speech) for row in _worthiest(tables, scope)),
        gaming=tuple(one for one in gaming if one.verdict == "found"),
        gaming_unseen=sum(one.verdict == "not_detectable" for one in gaming),
        gaming_clear=sum(one.verdict == "not_found" for one in gaming),
        rows=run.rows("watermelons"),
        customers=run.rows(
            "watermelon_customers", same(scope=scope) if scope else "", "period_start DESC, person_id"
        ),
        customer_count=(main.lost or 0) if main and "watermelon_customers" in run.tables else 0,
    )  # fmt: skip


def scope_label(scope: str, naming: Naming, speech: Speech) -> str:
    """Whose indicators: the whole company, ``function:NAME`` or ``journey:NAME``."""
    if everyone(scope) or scope == "company":
        return speech.say("scope.company")
    kind, _, name = scope.partition(":")
    if kind == "journey" and name:
        return naming.journey(name)
    return naming.anything(name if kind == "function" and name else scope)


def _watermelon(row: Row, run: RunFacts, naming: Naming, speech: Speech) -> Watermelon:
    scope = text(row["scope"])
    label = scope_label(scope, naming, speech)
    persons = number(row["persons"])
    value = number(row["rate"])
    shown = shown_for(None if persons is None else round(persons), value, row["shown"])
    people = None if persons is None else round(persons)
    rate = Figure(
        value, number(row["ci_low"]), number(row["ci_high"]), "share", whole(row["n"]) or None, people, shown
    )
    lift = Figure(
        number(row["lift"]), number(row["lift_low"]), number(row["lift_high"]), "", None, people, shown
    )
    auc = Figure(number(row["auc"]), number(row["auc_low"]), number(row["auc_high"]), "", None, people, shown)
    if lift.value is None:
        lift_said = ""
    else:
        # One decimal cannot tell 1.04 from 1: an interval that holds 1 is said to be no difference.
        low, high = (
            lift.low if lift.low is not None else lift.value,
            lift.high if lift.high is not None else lift.value,
        )
        key = "lift.same" if low <= 1 <= high else "lift.less" if high < 1 else "lift.more"
        times, interval = saying.told(lift.value, lift.low, lift.high, "", speech)
        lift_said = speech.say(key, times=times, interval=interval)
    sentence = ""
    if rate.shown == "point" and value is not None:
        sentence = speech.say("watermelon.sentence", times=speech.times(value))
    elif rate.known:
        sentence = speech.say("watermelon.sentence_interval", interval=speech.interval(rate))
    return Watermelon(
        scope=scope, label=label, sentence=sentence, rate=rate, lift=lift, lift_said=lift_said, auc=auc, sees=_sees(auc, speech),
        green=whole(row["green"]) if rate.known else None, lost=whole(row["lost"]) if rate.shown == "point" else None,
        reason=naming.reason(row["reason"]), rows=run.rows("watermelons", same(scope=scope)),
    )  # fmt: skip


def _sees(auc: Figure, speech: Speech) -> str:
    """The validity of a scoreboard in words: the chance that the greener of two cases is the one that was not lost."""
    if auc.value is None or not auc.known:
        return ""
    low = auc.low if auc.low is not None else auc.value
    high = auc.high if auc.high is not None else auc.value
    if high < 0.5:
        key = "sees.wrong"
    elif low <= 0.5 <= high:
        key = "sees.nothing"
    elif auc.value < _BLIND:
        key = "sees.hardly"
    else:
        key = "sees.little" if auc.value < _DIM else "sees.partly" if auc.value < _CLEAR else "sees.well"
    return speech.say(key)


def _worthiest(tables: Tables, scope: str | None) -> list[Row]:
    rows = tables.rows("scoreboard")
    mine = [row for row in rows if scope is None or text(row["scope"]) == scope] or rows
    return sorted(mine, key=lambda row: (-(number(row["gain"]) or 0.0), text(row["indicator"])))[
        :MOST_INDICATORS
    ]


def _worth(row: Row, naming: Naming, speech: Speech) -> Worth:
    gain = Figure(
        number(row["gain"]), number(row["gain_low"]), number(row["gain_high"]), "", whole(row["n"]) or None
    )
    low, high = gain.low, gain.high
    if gain.value is None:
        key = "worth.unknown"
    elif low is not None and low > 0:
        key = "worth.helps"
    elif high is not None and high < 0:
        key = "worth.harms"
    else:
        key = "worth.nothing"
    return Worth(
        text(row["indicator"]), naming.indicator(text(row["indicator"])), naming.function(text(row["function"]) or None), gain,
        Figure(number(row["auc"]), number(row["auc_low"]), number(row["auc_high"]), ""),
        saying.told(gain.value, gain.low, gain.high, "", speech), speech.say(key),
    )  # fmt: skip


def _gaming(row: Row, naming: Naming, speech: Speech) -> Gaming:
    kind = text(row["kind"])
    label = naming.indicator(text(row["indicator"]))
    estimate = number(row["estimate"])
    figure = ""
    if estimate is not None:
        figure = f"{saying.minus(speech.number(estimate, 2))} {saying.bracket(number(row['ci_low']), number(row['ci_high']), '', speech, estimate)}".strip()
    key = f"gaming.{kind}"
    sentence = (
        speech.say(key, indicator=label, figure=figure or "—")
        if speech.knows(key)
        else f"{label} — {naming.word('gaming_kind', kind)} {figure}"
    )
    return Gaming(
        text(row["indicator"]), naming.function(text(row["function"]) or None), kind, text(row["verdict"]), sentence,
        text(row["grade"]), naming.word("grade", text(row["grade"])),
    )  # fmt: skip
