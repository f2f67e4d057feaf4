"""The same steps seen from both sides: what the customer lives, what the employees who serve it live, and what is said of it."""

from dataclasses import dataclass, replace
from datetime import date

from portance.charter import Charter
from portance.views.alignment import saying
from portance.views.figure import Figure, Rows, Shown, same
from portance.views.naming import Naming, everyone
from portance.views.people import stall
from portance.views.people.stall import Stall
from portance.views.people.told import Grid, Said, hidden, level, move
from portance.views.reading import Row, Tables, names, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

MOST_PANELS = 3
MOST_STEPS = 10
_ORDER = (
    "effort_steps", "effort_tools", "effort_rekeying", "effort_waits", "effort_minutes", "balance", "autonomy",
)  # fmt: skip
_COUNTED = frozenset({"effort_steps", "effort_tools", "effort_rekeying", "effort_waits", "effort_minutes"})
"""Measures of effort that each side counts in its own word."""
_NATIVE = {"times": "", "answer": ""}


@dataclass(frozen=True, slots=True)
class MirrorStep:
    """One step of one journey, in one measure: what the customer lives and what the employees do."""

    step: str
    label: str
    function: str
    customer: Said
    employee: Said
    balance: Said
    state: str
    state_label: str
    employees: int | None
    reason: str
    margin: Said
    """What is left between the lower of both levels and what is intended: below zero it stalls."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """The steps of one journey in one measure, drawn on both sides of one axis."""

    journey: str
    journey_label: str
    measure: str
    label: str
    steps: tuple[MirrorStep, ...]
    rows: Rows

    @property
    def drawable(self) -> bool:
        """Whether a step is known on both sides."""
        return any(step.customer.ends and step.employee.ends for step in self.steps)


@dataclass(frozen=True, slots=True)
class Ambition:
    """What the company says that it wants, and which of owner, budget, standard and action is missing."""

    subject: str
    label: str
    missing: tuple[str, ...]
    sentence: str

    def has(self, what: str) -> bool:
        """Whether one of the four stands behind it."""
        return what not in self.missing


@dataclass(frozen=True, slots=True)
class Distance:
    """What is said, believed or predicted, beside what is lived."""

    part: str
    subject: str
    label: str
    said: Said
    lived: Said
    gap: Said
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A delivered tool: who uses it, who works around it, who still uses it a month on, each as it may be told; ``reason`` and ``kept_reason`` are codes."""

    tool: str
    since: date | None
    entitled: int | None
    share: Said
    workarounds: Said
    kept: Said
    employees: int | None
    followed: int | None
    on_time: bool | None
    reason: str
    kept_reason: str


@dataclass(frozen=True, slots=True)
class Sides:
    """The section. ``locked`` until employees' representatives were consulted; ``opens`` is the day, where it is known."""

    state: str
    headline: str
    locked: bool
    locked_said: str
    panels: tuple[Mirror, ...]
    table: Grid | None
    thrust: tuple[str, ...]
    stall: Stall | None
    adoption: Grid | None
    tools: tuple[Tool, ...]
    simplified: tuple[str, ...]
    ambitions: tuple[Ambition, ...]
    ambition_sentence: str
    distances: tuple[Distance, ...]
    figures: Grid | None
    floor: int
    rows: Rows
    reality_rows: Rows


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming, speech: Speech) -> Sides:
    """The section from ``symmetry``, ``thrust``, ``stall``, ``adoption``, ``simplified``, ``artificial_reality`` and ``employee_figures``."""
    make = _Maker(charter, run, naming, speech)
    today = run.generated_at.date()
    locked = charter.employees is not None and not charter.employees.unlocked(today)
    rows = [] if locked else tables.rows("symmetry")
    panels = make.panels(rows)
    reality = tables.rows("artificial_reality")
    ambitions = tuple(
        make.ambition(row)
        for row in reality
        if text(row["part"]) == "action" and not everyone(row["subject"])
    )
    distances = tuple(
        one
        for row in reality
        if text(row["part"]) != "action"
        and not (locked and text(row["part"]) in ("perception", "prediction"))
        if (one := make.distance(row)).said.known or one.lived.known
    )
    thrust = () if locked else tuple(make.thrust(tables.rows("thrust")))
    foreseen = None if locked else stall.build(tables.rows("stall"), run, naming, speech)
    delivered = [] if locked else tables.rows("adoption")
    adoption = make.adoption(delivered)
    simplified = (
        ()
        if locked
        else tuple(
            make.simplified(row)
            for row in tables.rows("simplified")
            if text(row["verdict"]) not in ("", "not_detectable")
        )
    )
    figures = None if locked else make.figures(tables.rows("employee_figures"))
    anything = panels or ambitions or distances or thrust or foreseen or adoption or simplified or figures
    told = make.table(rows)
    return Sides(
        state="found" if anything or locked or told else "none" if charter.employees is not None and tables.has("symmetry") else "empty",
        headline=_headline(panels, ambitions, speech),
        locked=locked,
        locked_said=_locked(charter, today, speech) if locked else "",
        panels=tuple(one for one in panels if one.drawable)[:MOST_PANELS],
        table=told, thrust=thrust, stall=foreseen, adoption=adoption, tools=tuple(make.tool(row) for row in delivered), simplified=simplified, ambitions=ambitions,
        ambition_sentence=_ambitions(ambitions, speech), distances=distances, figures=figures,
        floor=charter.employees.floor if charter.employees else 10,
        rows=run.rows("symmetry", "", "journey_type, measure, step"),
        reality_rows=run.rows("artificial_reality", "", "part, subject"),
    )  # fmt: skip


def _locked(charter: Charter, today: date, speech: Speech) -> str:
    consulted = charter.employees.consulted if charter.employees else None
    if consulted is not None and consulted > today:
        return speech.say("mirror.locked_until", day=speech.day(consulted))
    return speech.say("mirror.locked", code="{code}")


def _headline(panels: tuple[Mirror, ...], ambitions: tuple[Ambition, ...], speech: Speech) -> str:
    """The step at which the two sides lie the farthest apart, where that is established."""
    best: tuple[int, float, str] | None = None
    for panel in panels:
        if panel.measure not in _COUNTED:
            continue
        for step in panel.steps:
            customer, employee = step.customer.point, step.employee.point
            if step.state != "customer_only" or customer is None or employee is None or employee <= customer:
                continue
            rank = _ORDER.index(panel.measure), -employee / max(customer, 0.5)
            if best is None or rank < best[:2]:
                said = speech.say(
                    "mirror.headline",
                    step=step.label,
                    customer=step.customer.text,
                    employee=step.employee.text,
                )
                best = (*rank, said)
    if best:
        return best[2]
    return _ambitions(ambitions, speech) if any(one.missing for one in ambitions) else ""


def _counted(measure: str, side: str, value: float, speech: Speech) -> str:
    """So many screens, so many clicks: each side in its own word."""
    digits = 0 if value >= 10 or abs(value - round(value)) < 0.05 else 1
    own = f"effort.{measure}_{side}"
    return speech.many_amount(own if speech.knows(own) else f"effort.{measure}", round(value, digits), digits)


def _ambitions(ambitions: tuple[Ambition, ...], speech: Speech) -> str:
    if not ambitions:
        return ""
    lacking = sum(bool(one.missing) for one in ambitions)
    return speech.many("ambitions.sentence", lacking, of=len(ambitions))


class _Maker:
    def __init__(self, charter: Charter, run: RunFacts, naming: Naming, speech: Speech) -> None:
        self._charter, self._run, self._naming, self._speech = charter, run, naming, speech

    def panels(self, rows: list[Row]) -> tuple[Mirror, ...]:
        grouped: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            grouped.setdefault((text(row["journey_type"]), text(row["measure"])), []).append(row)
        order = {name: place for place, name in enumerate(_ORDER)}
        found = [
            self._panel(journey, measure, held)
            for (journey, measure), held in grouped.items()
            if measure in order
        ]
        # The journey with the most steps known on both sides first, then effort in the order in which it is told.
        known = {one.journey: 0 for one in found}
        for one in found:
            known[one.journey] += sum(bool(step.customer.ends and step.employee.ends) for step in one.steps)
        return tuple(sorted(found, key=lambda one: (-known[one.journey], one.journey, order[one.measure])))

    def _panel(self, journey: str, measure: str, rows: list[Row]) -> Mirror:
        tasks: dict[str, int] = {}
        for row in rows:
            tasks[text(row["step"])] = tasks.get(text(row["step"]), 0) + 1
        steps = tuple(self._step(row, named=tasks[text(row["step"])] > 1) for row in rows)
        steps = tuple(step for step in steps if step.customer.ends or step.employee.ends or step.reason)
        return Mirror(
            journey, self._naming.journey(journey) if journey else "—", measure, self._naming.word("mirror_measure", measure),
            steps[:MOST_STEPS], self._run.rows("symmetry", same(journey_type=journey or None, measure=measure)),
        )  # fmt: skip

    def _side(self, row: Row, side: str, unit: str) -> Said:
        """One side of a step. A floor that is not reached hides the employees' side, never the customers'."""
        shown: Shown = "suppressed" if self._few(row) and side == "employee" else "point"
        value = number(row[side])
        few = number(row["persons"]) if side == "customer" else None
        if few is not None and few < 5:
            shown = "suppressed"
        elif value is None and shown != "suppressed":
            shown = "missing"
        elif text(row["shown"]) == "interval" and shown == "point":
            shown = "interval"
        persons = row["persons"] if side == "customer" else row["employees"]
        figure = Figure(
            value, number(row[f"{side}_low"]), number(row[f"{side}_high"]), unit, None,
            None if number(persons) is None else whole(persons), shown,
        )  # fmt: skip
        if side == "employee" and shown == "suppressed":
            floor = self._charter.employees.floor if self._charter.employees else 10
            return hidden(figure, self._speech.say("mirror.too_few", n=floor))
        told = level(figure, self._speech)
        if text(row["measure"]) in _COUNTED and shown == "point" and value is not None:
            return replace(told, text=_counted(text(row["measure"]), side, value, self._speech))
        return told

    def _few(self, row: Row) -> bool:
        """Whether too few employees stand behind a row: as the stage says, and once more by the charter's floor."""
        count = number(row["employees"])
        floor = self._charter.employees.floor if self._charter.employees else 10
        return text(row["shown"]) == "suppressed" or (count is not None and count < floor)

    def _step(self, row: Row, *, named: bool = False) -> MirrorStep:
        unit = _NATIVE.get(text(row["unit"]), text(row["unit"]))
        few = self._few(row)
        balance = Figure(
            number(row["balance"]), number(row["ci_low"]), number(row["ci_high"]), unit, None, None,
            "suppressed" if few else "missing" if row["balance"] is None else "point",
        )  # fmt: skip
        state = "" if few else text(row["state"])
        step = text(row["step"])
        task = text(row["task"])
        label = self._naming.step(step, task)
        # Several tasks can serve one step: each then bears its name.
        if named and task and label == self._naming.step(step):
            label = f"{label} ({self._naming.of_employees(task)})"
        margin = Figure(
            number(row["margin"]), number(row["margin_low"]), number(row["margin_high"]), unit, None, None,
            "suppressed" if few else "missing" if row["margin"] is None else "point",
        )  # fmt: skip
        return MirrorStep(
            step, label, self._naming.function(text(row["function"]) or None),
            self._side(row, "customer", unit), self._side(row, "employee", unit),
            hidden(balance, "—") if few else move(balance, self._speech), state,
            self._naming.word("mirror_state", state) if state else "",
            None if row["employees"] is None or few else whole(row["employees"]), self._naming.reason(row["reason"]),
            hidden(margin, "—") if few else move(margin, self._speech),
        )  # fmt: skip

    def table(self, rows: list[Row]) -> Grid | None:
        if not rows:
            return None
        lines = []
        for row in rows:
            step = self._step(row)
            lines.append(
                (
                    step.label, self._naming.word("mirror_measure", text(row["measure"])), step.customer, step.employee,
                    step.balance, step.state_label or step.reason or "—",
                )
            )  # fmt: skip
        return Grid(
            self._speech.say("mirror.table"),
            tuple(self._speech.say(f"col.{name}") for name in ("step_name", "measure", "customer_side", "employee_side", "balance", "state")),
            tuple(lines), self._run.rows("symmetry", "", "journey_type, measure, step"), numeric=frozenset({2, 3, 4}),
        )  # fmt: skip

    def thrust(self, rows: list[Row]) -> list[str]:
        """What the company's own panel tells of which comes first; one sentence for each verdict."""
        told: dict[str, str] = {}
        for row in rows:
            verdict = text(row["verdict"])
            key = f"thrust.{verdict}"
            if not self._speech.knows(key) or verdict in told or number(row["effect"]) is None:
                continue
            said = saying.told(
                number(row["effect"]),
                number(row["ci_low"]),
                number(row["ci_high"]),
                "",
                self._speech,
                signed=True,
            )
            back = saying.told(
                number(row["reverse"]),
                number(row["reverse_low"]),
                number(row["reverse_high"]),
                "",
                self._speech,
                signed=True,
            )
            units = self._speech.many("units.team", whole(row["units"]))
            weeks = self._speech.many("periods.week", whole(row["periods"]))
            told[verdict] = self._speech.say(
                key, effect=" ".join(part for part in said if part), reverse=" ".join(part for part in back if part),
                lag=self._speech.many("thrust.lag", whole(row["lag_weeks"])), sample=f"{units} × {weeks}",
            )  # fmt: skip
        if len(told) > 1:
            told.pop("not_detectable", None)
        reason = next((self._naming.reason(row["reason"]) for row in rows if row["reason"]), "")
        if not told and reason:
            return [self._speech.say("thrust.unknown", reason=reason)]
        return list(told.values())

    def adoption(self, rows: list[Row]) -> Grid | None:
        if not rows:
            return None
        say, speech = self._speech.say, self._speech
        lines: list[tuple[Said | str, ...]] = []
        for row in rows:
            few = text(row["shown"]) == "suppressed"
            share = self._floored(row, "share", "share", "low", "high")
            late = row["on_time"]
            since = row["since"]
            lines.append(
                (
                    self._naming.of_employees(text(row["tool"])), speech.day(since) if isinstance(since, date) else text(since) or "—",
                    speech.number(number(row["entitled"])), "—" if few else speech.number(number(row["users"])), share,
                    self._kept(row),
                    self._floored(row, "workarounds", "share", "workarounds_low", "workarounds_high"),
                    "—" if late is None else say("adoption.on_time" if late is True else "adoption.late"),
                )
            )  # fmt: skip
        return Grid(
            say("adoption"), tuple(say(f"col.{name}") for name in ("tool", "since", "entitled", "users", "adopted", "kept", "workarounds", "delivered")),
            tuple(lines), self._run.rows("adoption"), numeric=frozenset({2, 3, 4, 5, 6}),
        )  # fmt: skip

    def tool(self, row: Row) -> Tool:
        def count(name: str, shown: str) -> int | None:
            return None if row[name] is None or text(row[shown]) == "suppressed" else whole(row[name])

        return Tool(
            text(row["tool"]), row["since"] if isinstance(row["since"], date) else None, None if row["entitled"] is None else whole(row["entitled"]),
            self._floored(row, "share", "share", "low", "high"), self._floored(row, "workarounds", "share", "workarounds_low", "workarounds_high"),
            self._floored(row, "kept", "share", "kept_low", "kept_high", "kept_shown"), count("employees", "shown"), count("followed", "kept_shown"),
            row["on_time"] if isinstance(row["on_time"], bool) else None, text(row["reason"]), text(row["kept_reason"]),
        )  # fmt: skip

    def _kept(self, row: Row) -> Said | str:
        """Who still uses a tool a month on, and of how many that speaks; why not, where it cannot be told yet."""
        if text(row["kept_shown"]) == "suppressed" and row["kept_reason"] not in ("too_few", None):
            return self._naming.reason(row["kept_reason"])
        told = self._floored(row, "kept", "share", "kept_low", "kept_high", "kept_shown")
        followed = whole(row["followed"])
        if not told.known or not followed:
            return told
        return replace(told, interval=", ".join(part for part in (told.interval, self._speech.say("adoption.followed", n=self._speech.number(followed))) if part))  # fmt: skip

    def _floored(self, row: Row, name: str, unit: str, low: str, high: str, told: str = "shown") -> Said:  # noqa: PLR0917  six names of columns
        few = text(row[told]) == "suppressed"
        value = number(row[name])
        shown: Shown = (
            "suppressed"
            if few
            else "interval"
            if row[told] == "interval"
            else "missing"
            if value is None
            else "point"
        )
        figure = Figure(value, number(row[low]), number(row[high]), unit, None, None, shown)
        if few:
            floor = self._charter.employees.floor if self._charter.employees else 10
            return hidden(figure, self._speech.say("mirror.too_few", n=floor))
        return level(figure, self._speech)

    def _association(self, row: Row) -> str:
        """A correlation and its interval, to two decimals."""
        found = [number(row[name]) for name in ("association", "low", "high")]
        if found[0] is None:
            return "—"
        said = [
            saying.minus(self._speech.number(round(value, 2) + 0.0, 2))
            for value in found
            if value is not None
        ]
        if len(said) < 3:
            return said[0]
        return f"{said[0]} {self._speech.say('interval.brackets', low=said[1], high=said[2])}"

    def simplified(self, row: Row) -> str:
        speech, naming = self._speech, self._naming
        verdict = text(row["verdict"])

        def side(name: str) -> str:
            before, after = number(row[f"{name}_before"]), number(row[f"{name}_after"])
            if before is None or after is None:
                return "—"
            digits = saying.decimals([before, after])
            return speech.say(
                "simplified.side", before=speech.number(before, digits), after=speech.number(after, digits)
            )

        key = f"simplified.{verdict}"
        return speech.say(
            key if speech.knows(key) else "simplified.other",
            change=naming.change(text(row["change"])), step=naming.step(text(row["step"])), customer=side("customer"),
            employee=side("employee"),
        )  # fmt: skip

    def ambition(self, row: Row) -> Ambition:
        subject = text(row["subject"])
        missing = tuple(
            code for code in ("owner", "budget", "standard", "action") if code in names(row["missing"])
        )
        told = (
            self._naming.joined(self._speech.say(f"ambition.no_{code}") for code in missing)
            if missing
            else ""
        )
        said = (
            self._speech.say("ambition.lacks", what=told) if missing else self._speech.say("ambition.whole")
        )
        return Ambition(subject, self._naming.ambition(subject), missing, said)

    def distance(self, row: Row) -> Distance:
        part, subject, unit = text(row["part"]), text(row["subject"]), text(row["unit"])
        unit = _NATIVE.get(unit, unit)
        few = text(row["shown"]) == "suppressed"

        def side(name: str) -> Said:
            value = number(row[name])
            shown: Shown = "suppressed" if few else "missing" if value is None else "point"
            figure = Figure(
                value,
                number(row[f"{name}_low"]),
                number(row[f"{name}_high"]),
                unit,
                whole(row["n"]),
                None,
                shown,
            )
            return level(figure, self._speech)

        gap = Figure(
            number(row["gap"]), number(row["gap_low"]), number(row["gap_high"]), unit, whole(row["n"]), None,
            "suppressed" if few else "missing" if row["gap"] is None else "point",
        )  # fmt: skip
        said, lived = side("said"), side("lived")
        if part == "belief":
            label = self._naming.ambition(subject)
        else:
            what = (
                self._speech.say(f"distance_of.{part}") if self._speech.knows(f"distance_of.{part}") else ""
            )
            label = " · ".join(
                one for one in (what, "" if everyone(subject) else self._naming.function(subject)) if one
            )
        key = f"distance.{part}"
        sentence = ""
        if said.known and lived.known and self._speech.knows(key):
            sentence = self._speech.say(key, subject=label, said=said.text, lived=lived.text)
            if part != "belief" and not everyone(subject):
                sentence = self._speech.say(
                    "distance.of", function=self._naming.function(subject), sentence=sentence
                )
        return Distance(
            part,
            subject,
            label,
            said,
            lived,
            move(gap, self._speech),
            sentence,
            self._naming.reason(row["reason"]),
        )

    def figures(self, rows: list[Row]) -> Grid | None:
        """The latest value of each figure over all teams, beside what customers live."""
        latest: dict[str, Row] = {}
        linked: dict[str, Row] = {}
        for row in sorted(rows, key=lambda row: str(row["period"] or "")):
            if row["association"] is not None:
                linked[text(row["figure"])] = row
            if row["period"] is not None:
                latest[text(row["figure"])] = row
        latest |= {name: row for name, row in linked.items() if name not in latest}
        if not latest:
            return None
        say = self._speech.say
        lines: list[tuple[Said | str, ...]] = []
        for name, row in sorted(latest.items()):
            declared = self._charter.employees.figures.get(name) if self._charter.employees else None
            unit = (declared.unit or "") if declared else ""
            few = text(row["shown"]) == "suppressed"
            other = linked.get(name, row)
            shut = text(other["shown"]) == "suppressed"
            period = row["period"]
            lines.append(
                (
                    self._naming.of_employees(name), self._naming.word("figure_means", text(row["means"])),
                    self._speech.month(period.isoformat()) if isinstance(period, date) else "—",
                    "—" if few else saying.level(number(row["value"]), unit, self._speech),
                    self._naming.word("customer_measure", text(other["customer_measure"])) if other["customer_measure"] else "—",
                    "—" if shut else self._association(other), "—" if few else self._speech.number(number(row["n"])),
                )
            )  # fmt: skip
        return Grid(
            say("employee_figures"), tuple(say(f"col.{name}") for name in ("figure", "figure_means", "quarter", "value", "customer_measure", "association", "employees")),
            tuple(lines), self._run.rows("employee_figures", "", "figure, period"), numeric=frozenset({3, 5, 6}),
        )  # fmt: skip
