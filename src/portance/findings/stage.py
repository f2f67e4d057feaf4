"""From the tables of the stages to ranked findings, as values and as the table ``findings``."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.findings.aligning import Aligned, align
from portance.findings.costing_irritants import cost_of_irritants
from portance.findings.detecting import Results, Row, detect
from portance.findings.dosing import Dosed, dosed
from portance.findings.finding import Finding
from portance.findings.handing_over import Handed, hand_over
from portance.findings.listening import listen
from portance.findings.mirroring import Mirrored, mirror
from portance.findings.staying import stay_or_leave

_ABOUT_DATA = frozenset({"missing", "blind", "refused"})
_SCHEMA = pa.schema(
    [
        ("rank", pa.int64()), ("kind", pa.string()), ("key", pa.string()), ("title_fr", pa.string()), ("title_en", pa.string()),
        ("text_fr", pa.string()), ("text_en", pa.string()), ("value", pa.float64()), ("ci_low", pa.float64()),
        ("ci_high", pa.float64()), ("unit", pa.string()), ("n", pa.int64()), ("grade", pa.string()), ("owners", pa.string()),
        ("people", pa.int64()), ("money", pa.float64()), ("money_low", pa.float64()), ("money_high", pa.float64()),
        ("from_function", pa.string()), ("to_function", pa.string()), ("promise", pa.string()), ("status", pa.string()),
        ("reply_fr", pa.string()), ("reply_en", pa.string()), ("rows_table", pa.string()), ("rows_filter", pa.string()),
        ("method", pa.string()),
    ]
)  # fmt: skip


def ranked(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings about customers first, by the people that the lower end of the interval leaves, then by money."""
    return tuple(
        sorted(
            findings,
            key=lambda finding: (finding.kind in _ABOUT_DATA, -finding.people_low, -(finding.money or 0.0), -(finding.value or 0.0), finding.key),
        )
    )  # fmt: skip


class Findings:
    """Reads what the stages made in the engine and tells what it amounts to."""

    def __init__(self, charter: Charter, engine: Engine) -> None:
        self._charter, self._engine = charter, engine

    def find(self, valued: Charter | None = None) -> tuple[Finding, ...]:
        """Every finding, ranked; the table ``findings`` holds the same.

        ``valued`` is the charter with values that the scan has measured in place of declared ones.
        """
        charter, results = valued or self._charter, self._results()
        found = ranked(
            [
                *detect(charter, results), *align(charter, self._aligned(), known=results.known), *self._of_people(charter)
            ]
        )  # fmt: skip
        self._engine.table("findings", _arrow(found))
        return found

    def _rows(self, table: str, sql: str | None = None) -> list[Row]:
        if not self._engine.columns_or_none(table):
            return []
        rows: list[Row] = self._engine.arrow(sql or f"select * from {table}").to_pylist()
        return rows

    def _of_people(self, charter: Charter) -> Iterator[Finding]:
        rows = self._rows
        yield from cost_of_irritants(charter, rows("irritants"))
        yield from listen(
            charter, rows("silent"), rows("restraint"), rows("pressure"), rows("pressure_answers")
        )
        yield from stay_or_leave(charter, rows("retention"), rows("customer_value"))
        yield from mirror(
            charter,
            Mirrored(
                symmetry=rows("symmetry"), thrust=rows("thrust"), adoption=rows("adoption"), simplified=rows("simplified"),
                artificial_reality=rows("artificial_reality"),
            ),
        )  # fmt: skip
        yield from dosed(
            charter,
            Dosed(
                machines=rows("machines"), dosage=rows("dosage"), dose_curve=rows("dose_curve"), left_out=rows("left_out"),
                phoned_for=rows("phoned_for"), remaining=rows("remaining"),
            ),
        )  # fmt: skip
        yield from hand_over(
            charter,
            Handed(
                takeovers=rows("takeovers"), answer_times=rows("answer_times"), continuity=rows("continuity"),
                contact_reasons=rows("contact_reasons"),
            ),
        )  # fmt: skip

    def _aligned(self) -> Aligned:
        return Aligned(
            conflicts=self._rows("conflicts"), target_sets=self._rows("target_sets"), watermelons=self._rows("watermelons"),
            watermelon_people={
                row["scope"]: row["people"]
                for row in self._rows("watermelon_customers", "select scope, count(distinct coalesce(person_id, journey_id)) as people from watermelon_customers group by scope")
            },
            owned_seams=self._rows("owned_seams"), gaming=self._rows("gaming"), changes=self._rows("changes"),
        )  # fmt: skip

    def _results(self) -> Results:
        return Results(
            passages=self._rows("passages"),
            passage_kinds=self._rows(
                "breaks",
                "select journey_type, from_function, to_function, kind, count(distinct coalesce(person_id, journey_id)) as people from breaks group by all",
            ),
            break_rates=self._rows("break_rates"),
            break_kind_costs=self._rows("breaks", "select journey_type, kind, sum(cost_cents)::bigint as cost_cents from breaks where cost_cents is not null group by all"),
            promise_rates=self._rows("promise_rates"),
            promise_people={
                row["promise"]: row["people"]
                for row in self._rows("clocks", "select promise, count(distinct coalesce(person_id, journey_id)) as people from clocks where state = 'broken' group by promise")
            },
            facets=self._rows("facets"),
            gaps=self._rows("gaps"),
            blind_spots=self._rows("blind_spots"),
            receipts=self._rows("receipts"),
            known=bool(self._rows("persons", "select 1 as one from persons limit 1")),
        )  # fmt: skip


def _arrow(findings: tuple[Finding, ...]) -> pa.Table:
    rows: list[dict[str, Any]] = []
    for rank, finding in enumerate(findings, 1):
        row = {name: value for name, value in asdict(finding).items() if name in _SCHEMA.names}
        row |= {
            "rank": rank, "owners": ", ".join(finding.owners), "title_fr": finding.title.in_("fr"), "title_en": finding.title.in_("en"),
            "text_fr": finding.text.in_("fr"), "text_en": finding.text.in_("en"),
            "reply_fr": finding.reply.in_("fr") if finding.reply else None, "reply_en": finding.reply.in_("en") if finding.reply else None,
        }  # fmt: skip
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=_SCHEMA)
