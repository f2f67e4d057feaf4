"""A scan as a report: which tables the views read, and the facts of the run."""

from importlib.metadata import version
from typing import Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from portance.version import __version__
from portance.views import report as whole
from portance.views import seam
from portance.views.run import RunFacts, TableFile, Timing
from portance.workspace import Scan

_READ = (
    "findings", "passages", "break_rates", "facets", "gaps", "promise_rates", "promise_trend", "directly_follows", "flows",
    "blind_spots", "receipts", "journey_types", "variants", "sample_interactions",
    "conflicts", "tests_to_run", "target_sets", "watermelons", "scoreboard", "gaming", "responsibility", "responsibility_measures",
    "owned_seams", "brakes", "function_effects", "incentives", "incentive_angles", "changes", "loose_ends", "decisions",
    "decision_options", "decision_forecasts", "decision_effects", "calibration", "tradeoffs",
    "irritants", "voice_examples", "voice_counts", "silent", "restraint", "pressure", "symmetry", "thrust", "stall", "adoption", "simplified",
    "artificial_reality", "employee_figures", "dosage", "containment", "dose_curve", "queues", "machines", "left_out", "phoned_for", "remaining",
    "takeovers", "takeover_policy", "answer_times", "continuity", "contact_reasons", "retention", "retention_curve", "customer_value", "pressure_answers",
)  # fmt: skip
_COUNTED = ("interactions", "persons", "journeys", "seams", "breaks", "refusals")
_TOLD_VERSIONS = ("duckdb", "sqlglot", "numpy", "scipy")
_MOST_REFUSALS = 20_000
_MOST_SEAMS = 20_000
_MOST_SENTENCES = 2_000_000


def tables(scan: Scan) -> dict[str, pa.Table]:
    """The small tables that a report is made of; of refusals the first ones of each source."""
    found = {name: table for name in _READ if (table := scan.table(name)) is not None}
    refusals = scan.table("refusals", most=_MOST_REFUSALS, order="source, receipt, row_number, entry")
    if refusals is not None:
        found["refusals"] = refusals
    voices = scan.table("voices", most=_MOST_SENTENCES)
    if voices is not None:
        # Who labelled is all that the page tells of single sentences.
        found["voices"] = voices.select(
            [name for name in ("given_by", "kind") if name in voices.column_names]
        )
    if scan.previous:
        found["changes_since"] = pa.Table.from_pylist(
            [
                {"key": one.key, "title_fr": one.title_fr, "title_en": one.title_en, "unit": one.unit,
                 "before": one.before, "after": one.after, "verdict": one.verdict}
                for one in scan.changes
            ],
            schema=_CHANGES,
        )  # fmt: skip
    return found


_CHANGES = pa.schema(
    [
        ("key", pa.string()), ("title_fr", pa.string()), ("title_en", pa.string()), ("unit", pa.string()),
        ("before", pa.float64()), ("after", pa.float64()), ("verdict", pa.string()),
    ]
)  # fmt: skip


def facts(scan: Scan, rows: dict[str, int]) -> RunFacts:
    """What the report says of its own making; ``rows`` are those of the published tables."""
    start, end = scan.period
    zone = ZoneInfo(scan.charter.company.timezone)
    return RunFacts(
        run_id=scan.run_id,
        generated_at=scan.generated_at,
        as_of=scan.as_of,
        period=(start.astimezone(zone).date(), end.astimezone(zone).date()) if start and end else None,
        engine=scan.engine_name,
        versions={"portance": __version__} | {name: version(name) for name in _TOLD_VERSIONS},
        timings=tuple(Timing(run.name, run.cpu_s, None if run.rows < 0 else run.rows) for run in scan.trace),
        previous_run_id=scan.previous,
        tables={name: TableFile(f"tables/{name}.parquet", count) for name, count in sorted(rows.items())},
        counts={name: scan.count(name) for name in _COUNTED},
        inputs_digest=scan.inputs_digest,
        seed=scan.seed,
    )


def report(scan: Scan, rows: dict[str, int], language: Literal["fr", "en"]) -> whole.Report:
    """The report of a scan whose tables are published."""
    return whole.build(scan.charter, tables(scan), facts(scan, rows), language)


def broken_seam(scan: Scan, language: Literal["fr", "en"]) -> seam.SeamView | None:
    """One real seam that broke, to be drawn; ``None`` where none did."""
    held = tables(scan)
    seams = scan.table("seams", most=_MOST_SEAMS, where="broken", order="journey_id, seam_position")
    return seam.build(scan.charter, held | ({"seams": seams} if seams is not None else {}), language)
