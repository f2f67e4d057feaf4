"""What was refused, what is blind, and the account of every row that came in."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from portance.charter import Charter
from portance.views.figure import Rows, same
from portance.views.naming import Naming
from portance.views.reading import Row, Tables, instant, number, text, whole
from portance.views.run import RunFacts
from portance.views.speech import clean

MOST_GROUPS = 20
MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One refused row, as an example: where it stands and what was given."""

    file: str
    row: int | None
    line: int | None
    given: str


@dataclass(frozen=True, slots=True)
class RefusalGroup:
    """All rows of one source refused for one reason in one column."""

    source: str
    reason: str
    reason_label: str
    column: str
    count: int
    expected: str
    remedy: str
    examples: tuple[RefusedRow, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """What a source cannot tell, for one of its functions or (``function`` empty) for all."""

    source: str
    function: str
    question: str
    label: str
    interactions: int
    blind: int
    share: float
    rows: Rows


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One load: what became of each of its candidates."""

    receipt: str
    source: str
    file: str
    received_at: datetime | None
    candidates: int
    accepted: int
    duplicate: int
    refused: int
    not_happened: int
    versions: int
    undone: bool
    folded: int = 0
    """Accepted rows that a later one of the same file hides under the same id, though they tell different things."""

    @property
    def adds_up(self) -> bool:
        """Whether every candidate is accounted for."""
        return self.accepted + self.duplicate + self.refused + self.not_happened == self.candidates


@dataclass(frozen=True, slots=True)
class Limits:
    """The section on refusals and blind spots. ``refused`` counts them all, ``groups`` shows the greatest.

    ``sampled`` is how many refusals were counted by reason, where that is not all of them; ``looked`` whether the run
    looked for blind spots at all.
    """

    refused: int
    sampled: int | None
    looked: bool
    groups: tuple[RefusalGroup, ...]
    more_groups: int
    blind: tuple[BlindSpot, ...]
    receipts: tuple[ReceiptLine, ...]
    totals: ReceiptLine | None
    refusal_rows: Rows
    blind_rows: Rows
    receipt_rows: Rows

    @property
    def folding(self) -> tuple[str, ...]:
        """The sources whose ids hide rows that tell different things."""
        return tuple(dict.fromkeys(line.source for line in self.receipts if line.folded and not line.undone))

    @property
    def adds_up(self) -> bool:
        """Whether every load is accounted for."""
        return all(receipt.adds_up for receipt in self.receipts)


def build(charter: Charter, tables: Tables, run: RunFacts, naming: Naming) -> Limits:
    """The section from ``refusals``, ``blind_spots`` and ``receipts``."""
    groups = _groups(charter, tables, run, naming)
    receipts = tuple(_receipt(row, charter, naming) for row in tables.rows("receipts"))
    live = [receipt for receipt in receipts if not receipt.undone]
    seen = tables.count("refusals")
    refused = max(seen, run.counts.get("refusals", seen))
    return Limits(
        refused=refused,
        sampled=seen if seen < refused else None,
        looked=tables.has("blind_spots"),
        groups=groups[:MOST_GROUPS],
        more_groups=max(0, len(groups) - MOST_GROUPS),
        blind=_blind(charter, tables, run, naming),
        receipts=receipts,
        totals=_total(live) if live else None,
        refusal_rows=run.rows("refusals"),
        blind_rows=run.rows("blind_spots"),
        receipt_rows=run.rows("receipts"),
    )


def source_label(charter: Charter, name: str, language: str) -> str:
    """What a person reads for a source."""
    source = charter.sources.get(name)
    declared = getattr(source, "name", None)
    return clean(declared.in_(language) if declared else name.replace("_", " "))


def _groups(charter: Charter, tables: Tables, run: RunFacts, naming: Naming) -> tuple[RefusalGroup, ...]:
    keys = ("source", "reason", "column_name")
    examples: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in tables.rows("refusals", 20_000):
        held = examples[tuple(text(row[key]) for key in keys)]
        if len(held) < MOST_EXAMPLES:
            held.append(row)
    groups = []
    for row in tables.tally("refusals", keys):
        key = tuple(text(row[name]) for name in keys)
        seen = examples.get(key, [])
        first: Row = seen[0] if seen else defaultdict(lambda: None)
        groups.append(
            RefusalGroup(
                source=source_label(charter, key[0], naming.language),
                reason=key[1],
                reason_label=naming.word("refused", key[1]),
                column=key[2],
                count=row["rows"],
                expected=naming.refused(first["expected"]),
                remedy=naming.refused(first["remedy"]),
                examples=tuple(_example(row) for row in seen),
                rows=run.rows(
                    "refusals",
                    same(source=row["source"], reason=row["reason"], column_name=row["column_name"]),
                ),
            )
        )
    return tuple(groups)


def _example(row: Row) -> RefusedRow:
    found, line = number(row["row_number"]), number(row["line"])
    given = clean(text(row["given"]))
    return RefusedRow(
        file=clean(text(row["file"])),
        row=None if found is None else int(found),
        line=None if line is None else int(line),
        given=given if len(given) <= 80 else given[:79] + "…",
    )


def _blind(charter: Charter, tables: Tables, run: RunFacts, naming: Naming) -> tuple[BlindSpot, ...]:
    spots = []
    for row in tables.rows("blind_spots"):
        blind, interactions = whole(row["blind"]), whole(row["interactions"])
        if not blind:
            continue
        share = number(row["share"])
        spots.append(
            BlindSpot(
                source=source_label(charter, text(row["source"]), naming.language),
                function=naming.function(row["function"]) if row["function"] is not None else "",
                question=text(row["question"]),
                label=naming.word("blind", text(row["question"])),
                interactions=interactions,
                blind=blind,
                share=share if share is not None else (blind / interactions if interactions else 0.0),
                rows=run.rows(
                    "blind_spots",
                    same(source=row["source"], question=row["question"], function=row["function"]),
                ),
            )
        )
    whole_first = sorted(
        spots, key=lambda spot: (spot.function != "", -spot.blind, spot.source, spot.question)
    )
    return tuple(whole_first[:40])


def _receipt(row: Row, charter: Charter, naming: Naming) -> ReceiptLine:
    return ReceiptLine(
        receipt=text(row["receipt"]),
        source=source_label(charter, text(row["source"]), naming.language),
        file=clean(text(row["file"])),
        received_at=instant(row["received_us"] if row["received_us"] is not None else row["received_at"]),
        candidates=whole(row["candidates"]),
        accepted=whole(row["accepted"]),
        duplicate=whole(row["duplicate"]),
        refused=whole(row["refused"]),
        not_happened=whole(row["not_happened"]),
        versions=whole(row["versions"]),
        undone=bool(row["undone"]),
        folded=whole(row["folded"]),
    )


def _total(receipts: list[ReceiptLine]) -> ReceiptLine:
    def summed(name: str) -> int:
        return sum(getattr(receipt, name) for receipt in receipts)

    return ReceiptLine(
        "", "", "", None,
        summed("candidates"), summed("accepted"), summed("duplicate"), summed("refused"), summed("not_happened"),
        summed("versions"), undone=False, folded=summed("folded"),
    )  # fmt: skip
