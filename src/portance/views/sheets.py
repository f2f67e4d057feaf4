"""The sheets of the workbook: whole tables with typed cells, told by the same rules as the page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from portance.charter import Charter
from portance.views import findings, limits
from portance.views.figure import shown_for
from portance.views.findings import FindingView
from portance.views.naming import Naming
from portance.views.reading import Row, Tables, instant, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import Speech

Kind = Literal["text", "long", "count", "share", "number", "money", "instant"]
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of another kind than its column's: a figure whose unit the row tells."""

    value: object
    kind: Kind


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its heading, the kind of its cells, whether small bars help to compare them."""

    heading: str
    kind: Kind
    bars: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``rows`` makes its rows anew each time; ``total`` is how many the table has in all."""

    name: str
    table: str
    path: str
    columns: tuple[SheetColumn, ...]
    rows: Callable[[], Iterator[tuple[object, ...]]]
    total: int


class Maker:
    """Makes the sheets of one run in one language."""

    def __init__(
        self, charter: Charter, tables: Mapping[str, pa.Table], run: RunFacts, naming: Naming, speech: Speech
    ) -> None:
        self._charter, self._tables, self._run = charter, tables, run
        self.naming, self.speech = naming, speech
        self._held = Tables(tables)
        self._zone = ZoneInfo(charter.company.timezone)

    def sheet(
        self,
        key: str,
        table: str,
        columns: list[tuple[str, Kind]],
        make: Callable[[Row], tuple[object, ...]],
        bars: str = "",
    ) -> Sheet:
        held = self._tables.get(table)
        told = self._run.tables.get(table)

        def rows() -> Iterator[tuple[object, ...]]:
            if held is None:
                return
            for batch in held.to_batches(max_chunksize=_BATCH):
                for row in Tables({"": pa.Table.from_batches([batch])}).rows(""):
                    yield make(row)

        return Sheet(
            name=self.speech.say(f"sheet.{key}"),
            table=table,
            path=told.path if told else f"tables/{table}.parquet",
            columns=tuple(
                SheetColumn(self.speech.say(f"col.{name}"), kind, name == bars) for name, kind in columns
            ),
            rows=rows,
            total=max(held.num_rows if held is not None else 0, told.rows if told else 0),
        )

    def findings(self, views: tuple[FindingView, ...]) -> Sheet:
        columns: list[tuple[str, Kind]] = [
            ("rank", "count"), ("finding", "long"), ("sentence", "long"), ("value", "number"), ("low", "number"), ("high", "number"),
            ("unit", "text"), ("people", "count"), ("money", "money"), ("money_low", "money"), ("money_high", "money"),
            ("evidence", "text"), ("grade", "text"), ("owners", "text"), ("status", "text"), ("reply", "long"),
            ("observations", "count"), ("kind", "text"), ("key", "text"), ("sql", "long"),
        ]  # fmt: skip
        say = self.speech.say

        def rows() -> Iterator[tuple[object, ...]]:
            for view in views:
                kind: Kind = "share" if view.figure.unit == "share" else "number"
                state = (
                    "finding.draft" if view.draft else "finding.replied" if view.named else "finding.plain"
                )
                found, money = view.figure, view.money
                yield (
                    view.rank, view.title, view.text, Cell(found.value if found.shown == "point" else None, kind), Cell(found.low, kind),
                    Cell(found.high, kind), found.unit, view.people, money.value, money.low, money.high, view.grade_label,
                    view.grade, ", ".join(view.owners), say(state), view.reply, found.n, view.kind_label, view.key,
                    view.rows.sql if view.rows else "",
                )  # fmt: skip

        return Sheet(
            say("sheet.findings"), "findings", self._run.rows("findings").path,
            tuple(SheetColumn(say(f"col.{name}"), kind) for name, kind in columns), rows, len(views),
        )  # fmt: skip

    def passages(self) -> Sheet:
        naming = self.naming

        def make(row: Row) -> tuple[object, ...]:
            shown, value, low, high = self.told(row, "rate", row["people"])
            cents = [
                number(row[name]) if shown == "point" else None
                for name in ("cost_cents", "cost_low_cents", "cost_high_cents")
            ]
            told = shown != "suppressed"
            elapsed = number(row["median_elapsed_ms"]) if shown == "point" else None
            return (
                naming.journey(row["journey_type"]), naming.function(row["from_function"]), naming.function(row["to_function"]),
                whole(row["seams"]) if told else None, whole(row["broken"]) if shown == "point" else None,
                whole(row["people"]) if told else None, whole(row["people_broken"]) if shown == "point" else None, value, low, high,
                self.speech.say(f"told.{shown}"), None if elapsed is None else elapsed / 1000,
                *(None if value is None else value / 100 for value in cents),
            )  # fmt: skip

        return self.sheet(
            "passages", "passages",
            [("journey", "text"), ("from", "text"), ("to", "text"), ("seams", "count"), ("broken", "count"), ("people", "count"),
             ("people_broken", "count"), ("broken_rate", "share"), ("low", "share"), ("high", "share"), ("told", "text"),
             ("median_s", "number"), ("money", "money"), ("money_low", "money"), ("money_high", "money")],
            make, bars="broken_rate",
        )  # fmt: skip

    def breaks(self) -> Sheet:
        naming = self.naming

        def make(row: Row) -> tuple[object, ...]:
            off = row["status"] == "off"
            people = row["people"] if whole(row["people"]) else row["at_risk"]
            shown, value, low, high = ("missing", None, None, None) if off else self.told(row, "rate", people)
            counts = (None,) * 4 if off or shown == "suppressed" else (
                whole(row["at_risk"]), whole(row["broken"]), whole(row["people"]), whole(row["censored"]),
            )  # fmt: skip
            return (
                naming.journey(row["journey_type"]), naming.word("break", row["kind"]), *counts, value, low, high,
                naming.word("status", text(row["status"])), "" if off else self.speech.say(f"told.{shown}"), naming.reason(row["reason"]),
            )  # fmt: skip

        return self.sheet(
            "breaks", "break_rates",
            [("journey", "text"), ("kind", "text"), ("at_risk", "count"), ("broken", "count"), ("people", "count"),
             ("censored", "count"), ("rate", "share"), ("low", "share"), ("high", "share"), ("on", "text"), ("told", "text"), ("reason", "long")],
            make, bars="rate",
        )  # fmt: skip

    def promises(self) -> Sheet:
        naming = self.naming

        def make(row: Row) -> tuple[object, ...]:
            shown, value, low, high = self.told(row, "rate", row["persons"])
            told = shown == "point"
            return (
                naming.promise(text(row["promise"])), naming.segment(row["segment"]),
                *(whole(row[name]) if told else None for name in ("kept", "broken", "pending", "void")), value, low, high,
                whole(row["n"]) if told else None, whole(row["persons"]) if told else None, self.speech.say(f"told.{shown}"),
                naming.word("limit", text(row["limit_source"])) if row["limit_source"] else "",
            )  # fmt: skip

        return self.sheet(
            "promises", "promise_rates",
            [("promise", "long"), ("segment", "text"), ("kept", "count"), ("not_kept", "count"), ("pending", "count"), ("void", "count"),
             ("rate", "share"), ("low", "share"), ("high", "share"), ("observations", "count"), ("people", "count"), ("told", "text"), ("source", "long")],
            make, bars="rate",
        )  # fmt: skip

    def gaps(self) -> Sheet:
        naming = self.naming

        def make(row: Row) -> tuple[object, ...]:
            shown, value, low, high = self.told(row, "value", row["persons"])
            kind: Kind = "share" if row["unit"] == "share" or row["scale"] == "conformance" else "number"
            return (
                naming.promise(text(row["promise"])), naming.segment(row["segment"]), naming.word("gap", text(row["gap"])),
                naming.word("scale", text(row["scale"])), Cell(value, kind), Cell(low, kind), Cell(high, kind), text(row["unit"]),
                ", ".join(naming.functions(row["owner"])), number(row["n"]), self.speech.say(f"told.{shown}"), naming.reason(row["reason"]),
            )  # fmt: skip

        return self.sheet(
            "gaps", "gaps",
            [("promise", "long"), ("segment", "text"), ("gap", "text"), ("scale", "text"), ("value", "number"), ("low", "number"),
             ("high", "number"), ("unit", "text"), ("owners", "text"), ("observations", "count"), ("told", "text"), ("reason", "long")],
            make,
        )  # fmt: skip

    def refusals(self) -> Sheet:
        def make(row: Row) -> tuple[object, ...]:
            return (
                self._source(row), text(row["file"]), number(row["row_number"]), number(row["line"]),
                self.naming.word("refused", text(row["reason"])), text(row["column_name"]), text(row["given"]), self.naming.refused(row["expected"]),
                self.naming.refused(row["remedy"]), text(row["receipt"]),
            )  # fmt: skip

        return self.sheet(
            "refusals", "refusals",
            [("source", "text"), ("file", "text"), ("row", "count"), ("line", "count"), ("reason", "text"), ("column", "text"),
             ("given_value", "long"), ("expected", "long"), ("remedy", "long"), ("receipt", "text")],
            make,
        )  # fmt: skip

    def blind(self) -> Sheet:
        def make(row: Row) -> tuple[object, ...]:
            function = self.naming.function(row["function"]) if row["function"] is not None else ""
            return (
                self._source(row), function, self.naming.word("blind", text(row["question"])), whole(row["blind"]),
                whole(row["interactions"]), number(row["share"]),
            )  # fmt: skip

        return self.sheet(
            "blind", "blind_spots",
            [("source", "text"), ("function", "text"), ("what", "long"), ("blind", "count"), ("of", "count"), ("share", "share")],
            make, bars="share",
        )  # fmt: skip

    def receipts(self) -> Sheet:
        def make(row: Row) -> tuple[object, ...]:
            counts = [
                whole(row[name])
                for name in (
                    "candidates",
                    "accepted",
                    "duplicate",
                    "refused",
                    "not_happened",
                    "versions",
                    "folded",
                )
            ]
            good = sum(counts[1:5]) == counts[0]
            state = self.speech.say("receipts.undone") if row["undone"] else ""
            return (
                text(row["receipt"]), self._source(row), text(row["file"]), self._local(row), *counts,
                self.speech.say("check.ok" if good else "check.wrong"), state,
            )  # fmt: skip

        return self.sheet(
            "receipts", "receipts",
            [("receipt", "text"), ("source", "text"), ("file", "text"), ("received", "instant"), ("candidates", "count"), ("accepted", "count"),
             ("duplicate", "count"), ("refused", "count"), ("not_happened", "count"), ("versions", "count"), ("folded", "count"), ("check", "text"), ("status", "text")],
            make,
        )  # fmt: skip

    def _source(self, row: Row) -> str:
        return limits.source_label(self._charter, text(row["source"]), self.speech.language)

    def _local(self, row: Row) -> datetime | None:
        found = instant(row["received_us"] if row["received_us"] is not None else row["received_at"])
        return None if found is None else found.astimezone(self._zone).replace(tzinfo=None)

    def told(
        self, row: Row, column: str, persons: object
    ) -> tuple[str, float | None, float | None, float | None]:
        value, count = number(row[column]), number(persons)
        shown = shown_for(None if count is None else round(count), value, row["shown"])
        low, high = number(row["ci_low"]), number(row["ci_high"])
        if shown in ("suppressed", "missing"):
            return shown, None, None, None
        return shown, value if shown == "point" else None, low, high


def build(
    charter: Charter,
    tables: Mapping[str, pa.Table],
    run: RunFacts,
    views: tuple[findings.FindingView, ...],
    speech: Speech,
) -> tuple[Sheet, ...]:
    """Every sheet; one whose table is absent has no rows."""
    make = Maker(charter, tables, run, Naming(charter, speech), speech)
    return (
        make.findings(views), make.passages(), make.breaks(), make.promises(), make.gaps(), make.refusals(), make.blind(),
        make.receipts(),
    )  # fmt: skip
