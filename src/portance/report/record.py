"""report.json: the same report for machines, in both languages, in an order that does not change."""

import json as text_of
import math
from datetime import datetime
from pathlib import Path
from typing import Any

from portance.report import record_of_alignment, record_of_people
from portance.version import __version__
from portance.views.figure import Figure
from portance.views.findings import FindingView
from portance.views.promises import GapTerm, PromiseView
from portance.views.report import Report

SCHEMA = 1


def json(report: Report) -> str:
    """The report as JSON text; ``report.schema.json`` beside this file describes it."""
    return text_of.dumps(record(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of report.json."""
    found: dict[str, Any] = text_of.loads(
        Path(__file__).with_name("report.schema.json").read_text(encoding="utf-8")
    )
    return found


def record(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    run = report.run
    return {
        "portance": __version__,
        "schema": SCHEMA,
        "company": {"name": report.company, "currency": report.currency},
        "period": {
            "from": run.period[0].isoformat() if run.period else None,
            "to": run.period[1].isoformat() if run.period else None,
        },
        "counts": dict(sorted(run.counts.items())),
        "promises": [_promise(promise) for promise in sorted(report.promises, key=lambda held: held.key)],
        "findings": [_finding(finding) for finding in report.findings],
        **record_of_alignment.sections(report.alignment),
        **record_of_people.sections(report.people),
        "tables": {
            name: {"path": table.path, "rows": table.rows} for name, table in sorted(run.tables.items())
        },
        "run": {
            "id": run.run_id,
            "previous": run.previous_run_id,
            "generated_at": _instant(run.generated_at),
            "as_of": _instant(run.as_of),
            "charter": report.charter_digest,
            "inputs": run.inputs_digest,
            "engine": run.engine,
            "seed": run.seed,
            "versions": dict(sorted(run.versions.items())),
        },
    }


def _finding(finding: FindingView) -> dict[str, Any]:
    money = finding.money
    return {
        "rank": finding.rank,
        "key": finding.key,
        "kind": finding.kind,
        "title": {"fr": finding.titles[0], "en": finding.titles[1]},
        "text": {"fr": finding.texts[0], "en": finding.texts[1]},
        **_figure(finding.figure),
        "grade": finding.grade,
        "owners": list(finding.owner_names),
        "people": finding.people,
        "money": None
        if money.value is None
        else {
            "value": _number(money.value),
            "low": _number(money.low),
            "high": _number(money.high),
            "currency": money.currency,
        },
        "from_function": finding.from_function,
        "to_function": finding.to_function,
        "promise": finding.promise,
        "status": "draft" if finding.draft else "replied" if finding.named else "plain",
        "method": finding.method,
        "rows": None
        if finding.rows is None
        else {"table": finding.rows.table, "path": finding.rows.path, "where": finding.rows.where},
    }


def _promise(promise: PromiseView) -> dict[str, Any]:
    kept, broken, pending, void = promise.counts
    terms = (*promise.terms, promise.total) if promise.total else promise.terms
    return {
        "promise": promise.key,
        "says": {"fr": promise.both[0], "en": promise.both[1]},
        "owners": list(promise.owner_names),
        "unit": promise.unit,
        "better": promise.better,
        "kept": kept,
        "broken": broken,
        "pending": pending,
        "void": void,
        "limit_source": promise.limit_source or None,
        "rate": _figure(promise.kept),
        "facets": {mark.facet: _figure(mark.figure) for mark in promise.facets},
        "gaps": {term.gap: _gap(term) for term in terms},
    }


def _gap(term: GapTerm) -> dict[str, Any]:
    return _figure(term.figure) | {"owner": term.owner or None}


def _figure(figure: Figure) -> dict[str, Any]:
    """What may be told of a figure, and no more: the rules of small numbers hold here as on the page."""
    return {
        "value": _number(figure.value) if figure.shown == "point" else None,
        "ci_low": _number(figure.low) if figure.known else None,
        "ci_high": _number(figure.high) if figure.known else None,
        "unit": figure.unit,
        "n": figure.n if figure.known else None,
        "shown": figure.shown,
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
