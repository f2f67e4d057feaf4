"""The steps of the journeys, in order: what a plan shows before it runs is what runs."""

from collections.abc import Collection
from dataclasses import fields

from portance.charter import Charter
from portance.charter.formula import names_in
from portance.charter.journey_type import BREAK_KINDS
from portance.engine import Step
from portance.journeys import breaking, clocking, counting, crossing, cutting
from portance.journeys.break_ import Break
from portance.journeys.columns import Columns
from portance.journeys.seam import Seam
from portance.journeys.timing import Timing


def steps(
    charter: Charter,
    columns: Columns,
    as_of_us: int,
    period: tuple[int, int] | None,
    booleans: Collection[str],
) -> tuple[Step, ...]:
    """Every step from ``interactions`` to the tables of journeys and the counts behind their rates.

    ``booleans`` are the promises whose measure says yes or no rather than how much.
    """
    extras = added(charter, columns)
    listed = breaking.kinds(charter, as_of_us)
    names = breaking.looked_up(charter)
    costs = {
        kind: counting.cents(money.value) if (money := counting.cost_of(charter, kind)) else None
        for kind in BREAK_KINDS
    }
    calendar = charter.breaks.long_wait.calendar
    made = [cutting.placing(charter, name, columns, extras, period) for name in charter.journeys]
    made += [cutting.placed(charter), cutting.journey_interactions(charter, extras)]
    if calendar:
        made.append(crossing.business_waits(calendar))
    if "repeat_contact" in names:
        made.append(breaking.repeats(charter))
    if "asked_again" in names:
        made.append(breaking.asked(charter))
    made += [
        clocking.timing(charter, name, columns, as_of_us, boolean=name in booleans)
        for name in charter.promises
    ]
    made.append(clocking.timed(charter))
    made.append(breaking.broken(charter, listed, names, costs))
    if names:
        made.append(breaking.marked(names))
    made.append(crossing.crossed(charter, breaking.break_kinds(listed, names), marked=bool(names)))
    made += [
        _shown("breaks", "broken", Break),
        _shown("seams", "crossed", Seam),
        _shown("clocks", "timed", Timing),
    ]
    made += [cutting.journeys(charter, crossing.SEAM), cutting.directly_follows()]
    made += counting.steps(charter, listed, names, as_of_us)
    made += counting.blind_spots(charter, columns)
    return tuple(made)


def added(charter: Charter, columns: Columns) -> tuple[cutting.Extra, ...]:
    """The columns that the charter's formulas add to every interaction, read where all its columns are at hand."""
    extras = {
        f"segment_{name}": f"cast({columns.scalar(segment.by)} as varchar)"
        for name, segment in charter.segments.items()
    }
    if charter.sampling:
        extras["weight"] = f"({columns.scalar(charter.sampling.weight)}) * 1e0"
    for name, promise in charter.promises.items():
        if promise.void_when:
            extras[f"void_{name}"] = f"coalesce({columns.scalar(promise.void_when)}, false)"
        if promise.measure:
            extras |= {f"given_{column}": columns.named(column) for column in names_in(promise.measure)}
    for kind in BREAK_KINDS:
        rule = charter.breaks.rule(kind)
        if rule.when and not rule.off:
            extras[f"when_{kind}"] = f"coalesce({columns.scalar(rule.when)}, false)"
    return tuple(extras.items())


def _shown(name: str, source: str, value: type[Break] | type[Seam] | type[Timing]) -> Step:
    """The columns of a table that others read, in the order in which its value tells them."""
    return Step(
        name=name,
        sql=f"select {', '.join(field.name for field in fields(value))} from {source}",
        reads=(source,),
        note=(value.__doc__ or "").partition("\n")[0],
        keep=False,
    )
