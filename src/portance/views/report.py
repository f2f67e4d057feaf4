"""The whole report as one value: every section, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from portance.charter import Charter
from portance.charter.journey_type import BREAK_KINDS
from portance.views import cracks, findings, journeys, limits, methods, promises, sheets, since, summary
from portance.views.alignment import section as alignment
from portance.views.alignment import sheets as alignment_sheets
from portance.views.naming import Naming
from portance.views.people import section as people
from portance.views.people import sheets as people_sheets
from portance.views.reading import Tables
from portance.views.run import RunFacts
from portance.views.speech import Speech, clean


@dataclass(frozen=True, slots=True)
class Report:
    """What a scan tells, in one language.

    Figures are numbers until a surface says them through ``speech``. Both languages of the findings are kept.
    """

    company: str
    currency: str
    language: Literal["fr", "en"]
    speech: Speech
    charter_digest: str
    run: RunFacts
    summary: summary.Summary
    cracks: cracks.Cracks
    promises: tuple[promises.PromiseView, ...]
    alignment: alignment.Alignment
    people: people.People
    journeys: tuple[journeys.JourneyTypeView, ...]
    findings: tuple[findings.FindingView, ...]
    limits: limits.Limits
    since: since.Since
    methods: methods.Methods
    sheets: tuple[sheets.Sheet, ...]


def build(
    charter: Charter, tables: Mapping[str, pa.Table], run: RunFacts, language: Literal["fr", "en"]
) -> Report:
    """The report of a run from its tables; a table that is absent reads as empty."""
    held = Tables(tables)
    speech = Speech(
        language, charter.company.currency, charter.company.timezone, cases=run.counts.get("persons") == 0
    )
    naming = Naming(charter, speech)
    where = cracks.build(held, run, naming, charter.company.currency)
    promised = promises.build(charter, held, run, naming, speech)
    found = findings.build(charter, held, run, naming, speech)
    lived = people.build(charter, held, run, naming, speech)
    bounds = limits.build(charter, held, run, naming)
    return Report(
        company=clean(charter.company.name),
        currency=charter.company.currency,
        language=language,
        speech=speech,
        charter_digest=charter.digest,
        run=run,
        summary=summary.build(
            run=run,
            findings=found,
            cracks=where,
            promises=promised,
            limits=bounds,
            heard=lived.voices.headline if lived.voices.listed else "",
            naming=naming,
            speech=speech,
        ),
        cracks=where,
        promises=promised,
        alignment=alignment.build(charter, held, run, naming, speech),
        people=lived,
        journeys=journeys.build(charter, held, run, naming),
        findings=found,
        limits=bounds,
        since=since.build(held, run, naming, speech),
        methods=methods.build(speech, BREAK_KINDS),
        sheets=(
            *sheets.build(charter, tables, run, found, speech),
            *alignment_sheets.build(charter, tables, run, speech),
            *people_sheets.build(charter, tables, run, speech),
        ),
    )
