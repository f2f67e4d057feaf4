"""Which indicators work against each other: one sentence each, what weakens it, what it costs, what cannot be seen."""

from collections.abc import Iterable
from dataclasses import dataclass

from portance.charter import Charter
from portance.views.alignment import saying
from portance.views.figure import Rows, same
from portance.views.naming import Naming
from portance.views.reading import Row, Tables, names, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

MOST_CARDS = 4
MOST_ARROWS = 12
MOST_LISTED = 6
MOST_ROWS = 80
SURE = frozenset({"A", "B"})
_PROBABLE = "C"
_TELLING = 0.05
"""A plain correlation nearer to nothing than this tells no story."""


@dataclass(frozen=True, slots=True)
class Check:
    """One attempt to refute a conflict: what was tried, what came out, whether the conflict held (none: told only)."""

    name: str
    label: str
    result: str
    held: bool | None


@dataclass(frozen=True, slots=True)
class ConflictView:
    """One ordered pair of indicators, from the one that improves to the one that moves with it.

    ``strength`` is the effect in standard deviations of the second, negative where it harms. ``sentence`` carries a
    causal verb at grades A and B only; ``weakened`` tells in words what refutes or weakens it.
    """

    from_indicator: str
    to_indicator: str
    from_label: str
    to_label: str
    from_function: str
    to_function: str
    owners: tuple[str, ...]
    kind: str
    verdict: str
    verdict_label: str
    grade: str
    grade_label: str
    strength: float
    low: float | None
    high: float | None
    sentence: str
    effect: str
    interval: str
    native: tuple[float, float | None, float | None] | None
    native_unit: str
    money: str
    net: tuple[float | None, float | None, float | None]
    p_net_negative: float | None
    loses: str
    severity: str
    lever: str
    lag: str
    sample: str
    checks: tuple[Check, ...]
    weakened: tuple[str, ...]
    refuted: tuple[str, ...]
    simpson: str
    invisible: str
    test: str
    reason: str
    rows: Rows

    @property
    def harms(self) -> bool:
        """Whether the second indicator loses by the first one's gain."""
        return self.verdict == "conflict"


@dataclass(frozen=True, slots=True)
class TargetSet:
    """Targets that cannot be met together with the declared levers, in one sentence, with where each stands."""

    number: int
    sentence: str
    probability: float | None
    indicators: tuple[str, ...]
    lines: tuple[tuple[str, str, str, str, str], ...]
    """(indicator, target, current, best alone, best together)."""
    rows: Rows


@dataclass(frozen=True, slots=True)
class NetworkArrow:
    """One arrow of the drawing: between two indicators, how strong, how sure, and its figure."""

    from_indicator: str
    to_indicator: str
    harms: bool
    grade: str
    strength: float
    said: str
    title: str


@dataclass(frozen=True, slots=True)
class NetworkBox:
    """One function of the drawing, with those of its indicators that an arrow touches."""

    function: str
    label: str
    indicators: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Functions and the strongest arrows between their indicators; ``left_out`` arrows are in the table."""

    boxes: tuple[NetworkBox, ...]
    arrows: tuple[NetworkArrow, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Conflicts:
    """The section. ``cards`` are told in full, ``listed`` in one line; ``state`` is empty, none or found."""

    state: str
    headline: str
    cards: tuple[ConflictView, ...]
    listed: tuple[ConflictView, ...]
    structural: tuple[ConflictView, ...]
    unseen: tuple[ConflictView, ...]
    more_unseen: int
    more_structural: int
    synergies: int
    quiet: int
    mechanical: int
    network: Network | None
    targets: tuple[TargetSet, ...]
    all: tuple[ConflictView, ...]
    total: int
    rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Conflicts:
    """The section from ``conflicts``, ``tests_to_run`` and ``target_sets``."""
    tests = {
        (text(row["from_indicator"]), text(row["to_indicator"])): row for row in tables.rows("tests_to_run")
    }
    rows = tables.rows("conflicts")
    make = _Maker(charter, run, naming, speech, tests)
    held = [row for row in rows if text(row["kind"]) == "empirical"]
    by_verdict = {
        verdict: _ordered(row for row in held if text(row["verdict"]) == verdict)
        for verdict in ("conflict", "synergy", "no_effect", "not_detectable")
    }
    conflicts = tuple(make.view(row) for row in by_verdict["conflict"])
    synergies = tuple(make.view(row) for row in by_verdict["synergy"][:MOST_ARROWS])
    proven = {frozenset((view.from_indicator, view.to_indicator)) for view in conflicts}
    declared = [
        row
        for row in _ordered(row for row in rows if text(row["kind"]) in ("structural", "indirect"))
        if text(row["verdict"]) == "conflict"
        and frozenset((text(row["from_indicator"]), text(row["to_indicator"]))) not in proven
    ]
    structural = tuple(make.view(row) for row in _one_way(declared))
    unseen = sorted(
        by_verdict["not_detectable"],
        key=lambda row: (
            (text(row["from_indicator"]), text(row["to_indicator"])) not in tests,
            (tests.get((text(row["from_indicator"]), text(row["to_indicator"]))) or {}).get("feasible")
            is not True,
            text(row["from_indicator"]),
            text(row["to_indicator"]),
        ),
    )
    targets = _targets(charter, tables, run, naming, speech)
    return Conflicts(
        state="found"
        if rows or targets
        else "none"
        if charter.indicators and tables.has("conflicts")
        else "empty",
        headline=_headline(conflicts, structural, targets, len(unseen), speech)
        if rows or targets
        else speech.many("missing.conflicts_some", len(charter.indicators), code="measure:"),
        cards=conflicts[:MOST_CARDS],
        listed=conflicts[MOST_CARDS:],
        structural=structural[:MOST_LISTED],
        unseen=tuple(make.view(row) for row in unseen[:MOST_LISTED]),
        more_unseen=max(0, len(unseen) - MOST_LISTED),
        more_structural=max(0, len(structural) - MOST_LISTED),
        synergies=len(by_verdict["synergy"]),
        quiet=len(by_verdict["no_effect"]),
        mechanical=sum(text(row["kind"]) == "mechanical" for row in rows),
        network=_network(charter, conflicts, synergies, structural, naming),
        targets=targets,
        all=(*conflicts, *synergies, *structural)[:MOST_ROWS],
        total=len(conflicts) + len(by_verdict["synergy"]) + len(structural),
        rows=run.rows("conflicts", "verdict <> 'no_effect'", "grade, p_net_negative DESC"),
    )


def _ordered(rows: Iterable[Row]) -> list[Row]:
    """The surest first, then the costliest, then the strongest, then by name."""
    return sorted(
        rows,
        key=lambda row: (
            text(row["grade"]) or "Z",
            number(row["net_median"]) if number(row["net_median"]) is not None else 0.0,
            -abs(number(row["effect"]) or 0.0),
            text(row["from_indicator"]),
            text(row["to_indicator"]),
        ),
    )


def _one_way(rows: list[Row]) -> list[Row]:
    """Opposition by levers is the same both ways: it is told once."""
    seen: set[frozenset[str]] = set()
    kept = []
    for row in rows:
        pair = frozenset((text(row["from_indicator"]), text(row["to_indicator"])))
        if pair not in seen:
            seen.add(pair)
            kept.append(row)
    return kept


class _Maker:
    def __init__(
        self,
        charter: Charter,
        run: RunFacts,
        naming: Naming,
        speech: Speech,
        tests: dict[tuple[str, str], Row],
    ) -> None:
        self._charter, self._run, self._naming, self._speech = charter, run, naming, speech
        self._tests = tests

    def view(self, row: Row) -> ConflictView:
        naming, speech = self._naming, self._speech
        first, second = text(row["from_indicator"]), text(row["to_indicator"])
        from_function, to_function = text(row["from_function"]), text(row["to_function"])
        grade, verdict = text(row["grade"]), text(row["verdict"])
        strength = number(row["effect"]) or 0.0
        unit = text(row["native_unit"]) or self._unit(second)
        native = _harm(row, strength)
        net = (number(row["net_low"]), number(row["net_median"]), number(row["net_high"]))
        shown = [text(row["lever"])] if row["lever"] else []
        refuted = names(row["refuted"])
        invisible = self._invisible(row, strength, native, unit)
        if native:
            effect, interval = saying.told(*native, unit, speech)
        else:
            effect = saying.deviations(abs(strength), speech)
            interval = saying.bracket(number(row["ci_low"]), number(row["ci_high"]), "", speech)
        return ConflictView(
            from_indicator=first, to_indicator=second, from_label=naming.indicator(first), to_label=naming.indicator(second),
            from_function=from_function, to_function=to_function,
            owners=tuple(dict.fromkeys(naming.function(name) for name in (from_function, to_function) if name)),
            kind=text(row["kind"]), verdict=verdict, verdict_label=naming.word("conflict_verdict", verdict),
            grade=grade, grade_label=naming.word("grade", grade), strength=strength,
            low=number(row["ci_low"]), high=number(row["ci_high"]),
            sentence=self._unseen(row, invisible) if verdict == "not_detectable" and text(row["kind"]) == "empirical" else self._sentence(row, strength, effect, interval),
            effect=effect, interval=interval, native=native, native_unit=unit,
            money=saying.money(*net, speech) if net[1] is not None else "", net=net,
            p_net_negative=number(row["p_net_negative"]),
            loses="" if number(row["p_net_negative"]) is None else speech.say("conflict.p_loss", p=saying.probability(number(row["p_net_negative"]), speech)),
            severity=speech.say(f"conflict.severity.{whole(row['severity'])}") if whole(row["severity"]) in (1, 2) else "",
            lever=naming.joined(naming.lever(name) for name in shown) if shown else "",
            lag=self._lag(row), sample=self._sample(row), checks=self._checks(row, refuted),
            weakened=tuple(naming.word("refuted", code) for code in refuted), refuted=refuted,
            simpson=self._simpson(row, strength), invisible=invisible,
            test=self._test(first, second), reason=naming.reason(row["reason"]),
            rows=self._run.rows("conflicts", same(from_indicator=first, to_indicator=second)),
        )  # fmt: skip

    def _unit(self, indicator: str) -> str:
        declared = self._charter.indicators.get(indicator)
        return (declared.unit or "") if declared else ""

    def _better(self, indicator: str) -> str:
        declared = self._charter.indicators.get(indicator)
        return declared.better if declared else "higher"

    def _sentence(self, row: Row, strength: float, effect: str, interval: str) -> str:
        """What moves when the first indicator improves; how it is said depends on the grade."""
        speech, naming = self._speech, self._naming
        first, second = text(row["from_indicator"]), text(row["to_indicator"])
        labels = {"first": naming.indicator(first), "second": naming.indicator(second)}
        kind = text(row["kind"])
        if kind in ("structural", "indirect"):
            levers = names(row["lever"]) or tuple(text(row["path"]).split(" > ")[:1] if row["path"] else ())
            told = naming.joined(f"«\u00a0{naming.lever(name)}\u00a0»" if speech.language == "fr" else f"“{naming.lever(name)}”" for name in levers) if levers else ""  # fmt: skip
            return speech.say(f"conflict.{kind}.lever" if told else f"conflict.{kind}", **labels, **({"lever": told} if told else {}))  # fmt: skip
        per = number(row["per"])
        way = "up" if self._better(first) == "higher" else "down"
        gains = (strength > 0) == (self._better(second) == "higher")
        size = saying.move(abs(per), text(row["per_unit"]) or self._unit(first), speech) if per else speech.say("conflict.one_sd")  # fmt: skip
        grade = text(row["grade"])
        tone = "sure" if grade in SURE else "probable" if grade == _PROBABLE else "linked"
        moved = "up" if gains else "down"
        said = speech.say(
            f"conflict.{tone}.{way}.{moved}",
            **labels,
            size=size,
            effect=f"{effect} {interval}" if interval else effect,
        )
        return f"{said}."

    def _lag(self, row: Row) -> str:
        lag = number(row["lag_periods"])
        if lag is None or text(row["kind"]) != "empirical":
            return ""
        period = self._period(row)
        return (
            self._speech.many(f"conflict.lag.{period}", lag) if lag else self._speech.say("conflict.lag.none")
        )

    def _period(self, row: Row) -> str:
        declared = self._charter.indicators.get(text(row["from_indicator"]))
        return declared.period_kind if declared else "week"

    def _sample(self, row: Row) -> str:
        units, periods = number(row["units"]), number(row["periods"])
        if units is None or periods is None:
            return ""
        declared = self._charter.indicators.get(text(row["from_indicator"]))
        kind = declared.unit_kind if declared else "team"
        key = f"units.{kind}" if self._speech.knows(f"units.{kind}") else "units.unit"
        return (
            f"{self._speech.many(key, units)} × {self._speech.many(f'periods.{self._period(row)}', periods)}"
        )

    def _checks(self, row: Row, refuted: tuple[str, ...]) -> tuple[Check, ...]:
        speech = self._speech
        found = []

        def add(name: str, result: str, code: str) -> None:
            held = code not in refuted if code else None
            found.append(Check(name, speech.say(f"check.{name}"), result, held))

        if number(row["placebo_lead_p"]) is not None:
            add("lead", saying.p_value(number(row["placebo_lead_p"]), speech), "lead_placebo")
        if number(row["placebo_outcome_p"]) is not None:
            add("outcome", saying.p_value(number(row["placebo_outcome_p"]), speech), "placebo_outcome")
        if number(row["sign_stability"]) is not None:
            add("sign", speech.percent(number(row["sign_stability"]), 0), "sign_stability")
        if number(row["robustness"]) is not None:
            add("robustness", speech.percent(number(row["robustness"]), 0), "")
        if number(row["within"]) is not None:
            told = speech.say("check.simpson_values", within=self._number(row["within"]), between=self._number(row["between"]), pooled=self._number(row["pooled"]))  # fmt: skip
            add("simpson", told, "")
        return tuple(found)

    def _number(self, value: object) -> str:
        found = number(value)
        return "—" if found is None else saying.minus(self._speech.number(found, 2))

    def _simpson(self, row: Row, strength: float) -> str:
        """Where plain correlations would tell another story than the estimate, all three are told."""
        plain = [number(row[name]) for name in ("within", "between", "pooled")]
        if not any(held is not None and held * strength < 0 and abs(held) >= _TELLING for held in plain):
            return ""
        within, between, pooled = (self._number(row[name]) for name in ("within", "between", "pooled"))
        return self._speech.say("conflict.simpson", within=within, between=between, pooled=pooled)

    def _invisible(self, row: Row, strength: float, native: tuple[float, float | None, float | None] | None, unit: str) -> str:  # fmt: skip
        least = number(row["smallest_detectable"])
        if least is None:
            return ""
        said = saying.deviations(least, self._speech)
        if native and strength:
            said = saying.move(abs(native[0] / strength) * least, unit, self._speech)
        return said

    def _unseen(self, row: Row, least: str) -> str:
        """What cannot be seen is said as such, whatever the estimate was."""
        labels = {
            "first": self._naming.indicator(text(row["from_indicator"])),
            "second": self._naming.indicator(text(row["to_indicator"])),
        }
        if least:
            return self._speech.say("conflict.invisible", **labels, least=least)
        return self._speech.say("conflict.invisible_plain", **labels)

    def _test(self, first: str, second: str) -> str:
        row = self._tests.get((first, second))
        if row is None:
            return ""
        speech = self._speech
        if row["feasible"] is False:
            return speech.say("test.infeasible", reason=self._naming.reason(row["reason"]) or "—")
        units, periods = whole(row["units"]), whole(row["periods"])
        declared = self._charter.indicators.get(first)
        kind = declared.unit_kind if declared else "team"
        key = f"units.{kind}" if speech.knows(f"units.{kind}") else "units.unit"
        period = text(row["period_kind"]) or "week"
        lever = self._charter.levers.get(text(row["lever"]))
        change = number(row["change"])
        return speech.say(
            "test.run" if row["lever"] else "test.run_no_lever",
            **(
                {"lever": self._naming.lever(text(row["lever"])), "change": saying.move(abs(change), (lever.unit if lever else "") or "", speech) if change is not None else "—"}
                if row["lever"]
                else {}
            ),
            units=speech.many(key, units),
            periods=speech.many(f"periods.{period}" if speech.knows(f"periods.{period}") else "periods.period", periods),
            effect=saying.deviations(number(row["smallest_effect"]) or 0.0, speech),
            power=speech.percent(number(row["power"]), 0),
        )  # fmt: skip


def _harm(row: Row, strength: float) -> tuple[float, float | None, float | None] | None:
    """The effect in native units with its interval, told in the direction in which it goes: positive, low to high."""
    value = number(row["effect_native"])
    if value is None:
        return None
    low, high = number(row["native_low"]), number(row["native_high"])
    if value < 0 or (value == 0 and strength < 0):
        return -value, None if high is None else -high, None if low is None else -low
    return value, low, high


def _targets(
    charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech
) -> tuple[TargetSet, ...]:
    grouped: dict[int, list[Row]] = {}
    for row in tables.rows("target_sets"):
        if row["feasible"] is not True:
            grouped.setdefault(whole(row["set_number"]), []).append(row)
    found = []
    for order, rows in sorted(grouped.items()):
        lines = []
        for row in rows:
            name = text(row["indicator"])
            declared = charter.indicators.get(name)
            unit = (declared.unit or "") if declared else ""
            target, current, alone, together = (
                saying.level(number(row[key]), unit, speech)
                for key in ("target", "current", "reachable", "together")
            )
            lines.append((naming.indicator(name), target, current, alone, together))
        functions = list(dict.fromkeys(text(row["function"]) for row in rows if row["function"]))
        sure = number(rows[0]["probability"])
        sentence = speech.say(
            "targets.cannot",
            n=_spelled(len(rows), speech),
            who=naming.joined(naming.function(name) for name in functions),
            which=naming.joined(speech.say("quoted", text=line[0]) for line in lines),
        )
        if sure is not None:
            sentence = f"{sentence} {speech.say('targets.probability', p=saying.probability(sure, speech))}"
        found.append(
            TargetSet(
                order, sentence, sure, tuple(text(row["indicator"]) for row in rows), tuple(lines),
                run.rows("target_sets", f"set_number = {order}"),
            )
        )  # fmt: skip
    return tuple(found)


def _spelled(count: int, speech: Speech) -> str:
    return speech.say(f"spelled.{count}") if speech.knows(f"spelled.{count}") else speech.number(count)


def _headline(
    conflicts: tuple[ConflictView, ...], structural: tuple[ConflictView, ...], targets: tuple[TargetSet, ...], unseen: int,
    speech: Speech,
) -> str:  # fmt: skip
    if conflicts:
        firm = [view for view in conflicts if view.grade in SURE or view.grade == _PROBABLE]
        top = (firm or list(conflicts))[0]
        key = "conflicts.headline.one_function" if len(top.owners) < 2 else "conflicts.headline.two_functions"
        return speech.many(
            key, len(conflicts), first=top.from_label, second=top.to_label, spelled=_spelled(len(conflicts), speech),
            **({"owner": top.owners[0] if top.owners else "—"} if len(top.owners) < 2 else {"owner": top.owners[0], "other": top.owners[1]}),
        )  # fmt: skip
    if targets:
        return targets[0].sentence
    if structural:
        return speech.many("conflicts.headline.structural", len(structural))
    return (
        speech.many("conflicts.headline.unseen", unseen) if unseen else speech.say("conflicts.headline.none")
    )


def _network(
    charter: Charter, conflicts: tuple[ConflictView, ...], synergies: tuple[ConflictView, ...],
    structural: tuple[ConflictView, ...], naming: Naming,
) -> Network | None:  # fmt: skip
    """The strongest arrows: conflicts first, then what the levers oppose, then synergies in the room that is left."""
    chosen = list(conflicts[:MOST_ARROWS])
    chosen += structural[: max(0, MOST_ARROWS - len(chosen))]
    chosen += synergies[: max(0, min(4, MOST_ARROWS - len(chosen)))]
    if not chosen:
        return None
    owners: dict[str, str] = {}
    for view in chosen:
        owners.setdefault(view.from_indicator, view.from_function)
        owners.setdefault(view.to_indicator, view.to_function)
    order = {name: place for place, name in enumerate(charter.functions)}
    functions = sorted(set(owners.values()), key=lambda name: (order.get(name, len(order)), name))
    boxes = tuple(
        NetworkBox(
            function,
            naming.function(function),
            tuple((name, naming.indicator(name)) for name, owner in owners.items() if owner == function),
        )
        for function in functions
    )
    arrows = tuple(
        NetworkArrow(
            view.from_indicator, view.to_indicator, view.harms, view.grade, view.strength,
            _short(view, charter) if view.kind == "empirical" else "", view.sentence,
        )
        for view in chosen
    )  # fmt: skip
    return Network(boxes, arrows, len(conflicts) + len(structural) + len(synergies) - len(chosen))


def _short(view: ConflictView, charter: Charter) -> str:
    """The figure that an arrow may carry, with the sign of the move: what goes up may be what harms."""
    if view.native is None or not view.effect:
        return ""
    declared = charter.indicators.get(view.to_indicator)
    rises = (view.strength > 0) == (declared is None or declared.better == "higher")
    return f"{'+' if rises else '−'}{view.effect}"
