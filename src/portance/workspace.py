"""The only place where the stages meet.

A :class:`Workspace` opens what a charter names; :meth:`Workspace.scan` runs the stages in order and gives a
:class:`Scan`, from which views are read and tables are published.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.json as pa_json
import pyarrow.parquet as pq

from portance.alignment.arbitration.deciding import Decisions
from portance.alignment.stage import Alignment
from portance.charter import Charter, read
from portance.clock import Clock, now
from portance.engine import Engine, StepRun, open_engine
from portance.errors import CharterError, ExtractError, PortanceError, Problem
from portance.experience.stage import Experience
from portance.experience.voices import taxonomy
from portance.experience.voices.labelling import Labelling, Question
from portance.experience.voices.labels import Kind, Labels, Polarity
from portance.findings import Finding, Findings
from portance.identity.stage import Identity
from portance.intake import guessing, starting
from portance.intake.stage import Intake
from portance.journeys import describing
from portance.journeys.stage import Journeys
from portance.orchestration.stage import Orchestration
from portance.orchestration.takeover import keeping
from portance.orchestration.takeover.learning import learn
from portance.orchestration.takeover.policy import Policy
from portance.orchestration.takeover.replaying import Replay, replay
from portance.publication import publish
from portance.store.state import State
from portance.version import __version__

__all__ = [
    "STAGES", "Changed", "Drafted", "Kind", "Labelling", "Period", "Planned", "Polarity", "Question", "Scan", "ScanProgress", "Stage", "Workspace",
    "draft", "learn_takeover", "open_workspace", "replay_takeover",
]  # fmt: skip

Verdict = Literal["new", "gone", "better", "worse", "same"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the flow: its name, and what it does in one line of each language."""

    name: str
    does_fr: str
    does_en: str


STAGES: tuple[Stage, ...] = (
    Stage("intake", "reçoit les interactions de chaque silo", "takes in the interactions of every silo"),
    Stage("identity", "reconnaît chaque client", "knows each customer as one person"),
    Stage("journeys", "reconstitue les parcours, leurs coutures et leurs ruptures", "rebuilds journeys, seams and breaks"),
    Stage("experience", "compare les quatre expériences, écoute ceux qui parlent et ceux qui se taisent", "measures the four experiences, hears those who speak and those who do not"),
    Stage("alignment", "confronte les indicateurs, les responsabilités et les incitations", "holds indicators, responsibilities and incentives against each other"),
    Stage("orchestration", "pèse l’humain et la machine", "weighs human against machine"),
    Stage("findings", "dit ce que cela signifie", "tells what it amounts to"),
)  # fmt: skip
"""The flow, as data: documentation, progress and plan read it here."""

ScanProgress = Callable[[str, str, int, int], None]
"""Called with the stage, what it is doing, its number from 1 and how many there are."""


@dataclass(frozen=True, slots=True)
class Period:
    """Which journeys a scan speaks of: those that start from ``start`` (included) to ``end`` (excluded), local days."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One step that a scan will run: its stage, its name, what a row of it is, what it reads."""

    stage: str
    name: str
    note: str
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a finding since the previous scan."""

    key: str
    title_fr: str
    title_en: str
    unit: str
    before: float | None
    after: float | None
    verdict: Verdict


class Scan:
    """The results of one run of the stages, still open in the engine; publish them or read them, then close."""

    def __init__(
        self, *, charter: Charter, engine: Engine, findings: tuple[Finding, ...], run_id: str, generated_at: datetime,
        as_of: datetime, period: tuple[datetime | None, datetime | None], changes: tuple[Changed, ...], previous: str | None,
        engine_name: str, seed: int, inputs_digest: str, spoiled_labels: int, remember: Callable[[], None],
    ) -> None:  # fmt: skip
        self.charter, self._engine, self.findings = charter, engine, findings
        self.run_id, self.generated_at, self.as_of, self.period = run_id, generated_at, as_of, period
        self.changes, self.previous, self.engine_name, self.seed = changes, previous, engine_name, seed
        self.inputs_digest, self.spoiled_labels, self._remember = inputs_digest, spoiled_labels, remember

    def table(
        self, name: str, *, most: int | None = None, where: str | None = None, order: str | None = None
    ) -> pa.Table | None:
        """A table of the engine, or ``None`` where this scan did not build it. ``where`` is written by Portance only."""
        if self._engine.columns_or_none(name) is None:
            return None
        sql = f"select * from {name}"
        sql += f" where {where}" if where else ""
        sql += f" order by {order}" if order else ""
        return self._engine.arrow(sql + (f" limit {most}" if most else ""))

    def count(self, name: str) -> int:
        """How many rows a table has; 0 where it was not built."""
        return self._engine.count(name) if self._engine.columns_or_none(name) else 0

    @property
    def trace(self) -> tuple[StepRun, ...]:
        """What each step took."""
        return tuple(self._engine.trace)

    def publish(self, folder: Path, language: str) -> dict[str, int]:
        """Write the published tables to ``folder`` as Parquet and tell the rows of each."""
        return publish(self._engine, folder, language)

    def remember(self) -> None:
        """Remember that it was delivered: the next scan is compared with the last one of which this was said."""
        self._remember()


class Workspace:
    """A charter, its kept state, and an engine to work in. Use it as a context manager."""

    def __init__(
        self, charter: Charter, *, engine: str = "duckdb", memory: str | None = None, threads: int | None = None,
        clock: Clock = now, state: Path | None = None,
    ) -> None:  # fmt: skip
        self.charter, self._clock, self._engine_name = charter, clock, engine
        self._engine = open_engine(engine, memory=memory, threads=threads)
        try:
            self.state = State(state or charter.folder / ".portance")
        except BaseException:
            self._engine.close()
            raise
        self.intake = Intake(charter, self.state, self._engine, clock)
        self.identity = Identity(charter, self._engine, self.state.folder / "identity")
        self.journeys = Journeys(charter, self._engine)
        self.experience = Experience(charter, self._engine, clock)
        self.alignment = Alignment(charter, self._engine, self.state, clock)
        self.orchestration = Orchestration(charter, self._engine, self.state)
        self.findings = Findings(charter, self._engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the engine's folder and the lock back."""
        self.alignment.close()
        self._engine.close()
        self.state.close()

    @property
    def decisions(self) -> Decisions:
        """Arbitrations, on what the last scan left: open, simulate, reply, sign, review."""
        return self.alignment.decisions

    def labelling(self, *, seed: int = 0, progress: ScanProgress | None = None) -> Labelling:
        """The sentences that customers wrote, masked, for a person to label: by turns one by lot and one in doubt."""

        def tell(stage: str) -> Callable[[str, int, int], None] | None:
            return None if progress is None else lambda what, number, of: progress(stage, what, number, of)

        self.intake.receive(progress=tell("intake"))
        self.intake.tables()
        self.identity.resolve(progress=tell("identity"))
        return self.experience.labelling(self.state, seed, tell("experience"))

    def learn_takeover(
        self, conversations: Path, policy: Path | None = None, *, seed: int = 0, progress: Callable[[str, int, int], None] | None = None
    ) -> Policy:  # fmt: skip
        """Learn from labelled conversations when a human should take over, and keep it for the report (also as ``policy``).

        Nothing is turned on.
        """
        learnt = learn(_turns(conversations), seed, progress, file=conversations)
        if policy is not None:
            _written(policy, learnt)
        keeping.keep_policy(self.state, learnt, self._clock())
        return learnt

    def replay_takeover(
        self, conversations: Path, policy: Path | None = None, *, seed: int = 0, progress: Callable[[str, int, int], None] | None = None
    ) -> Replay:  # fmt: skip
        """What the policy kept would have done on past conversations, kept for the report; ``policy``: a file to keep in its place."""
        held = _policy(policy or self.state.policy)
        done = replay(held, _turns(conversations), seed=seed, file=conversations, progress=progress)
        keeping.keep_replay(self.state, held, done, self._clock())
        return done

    def irritant_labels(self, language: str) -> dict[str, str]:
        """What a person reads for each irritant."""
        found = taxonomy.irritants(self.charter.voices).items()
        return {code: one.name.in_(language) if one.name else code.replace("_", " ") for code, one in found}

    def plan(self) -> tuple[Planned, ...]:
        """The steps that a scan will run, in order, without running any."""
        found = [
            Planned("intake", f"read {name}", f"{len(source.interactions) or 1} entries", source.paths)
            for name, source in self.charter.sources.items()
        ]
        found.append(Planned("identity", "interactions", "One interaction with its person.", ("accepted",)))
        for stage, steps in (
            ("journeys", self.journeys.steps(0, None)),
            ("experience", self.experience.steps(0)),
        ):
            found += [Planned(stage, step.name, step.note, step.reads) for step in steps]
        for stage, parts in (
            ("experience", self.experience.plan()),
            ("alignment", self.alignment.plan()),
            ("orchestration", self.orchestration.plan()),
        ):
            found += [Planned(stage, name, note, reads) for name, note, reads in parts]
        found.append(
            Planned("findings", "findings", "One finding, ranked.", ("passages", "break_rates", "gaps"))
        )
        return tuple(found)

    def scan(self, *, period: Period = Period(), seed: int = 0, progress: ScanProgress | None = None) -> Scan:
        """Run every stage on what the sources hold now."""

        def tell(stage: str) -> Callable[[str, int, int], None] | None:
            return None if progress is None else lambda what, number, of: progress(stage, what, number, of)

        self.intake.receive(progress=tell("intake"))
        self.intake.tables()
        self.identity.resolve(progress=tell("identity"))
        as_of_us = self._as_of_us()
        span = self._span_us(period, as_of_us)
        self.journeys.build(as_of_us, span, progress=tell("journeys"))
        describing.describe(self.charter, self._engine, seed)
        self.experience.measure(as_of_us, seed=seed, progress=tell("experience"))
        self.experience.listen(as_of_us, self.state, seed=seed, progress=tell("experience"))
        valued = self.experience.valued()
        run_id = self._run_id(as_of_us, span, seed)
        self.alignment.align(
            as_of_us,
            run_id,
            scans=_delivered(self._kept()),
            seed=seed,
            progress=tell("alignment"),
            valued=valued,
        )
        self.orchestration.orchestrate(as_of_us, seed=seed, progress=tell("orchestration"))
        if progress:
            progress("findings", "findings", 1, 1)
        found = self.findings.find(valued)
        previous, changes = self._since(run_id, found)
        self._remember(run_id, found, delivered=False)
        low, high = self._engine.rows("select min(started_us), max(ended_us) from journeys")[0]
        return Scan(
            charter=self.charter, engine=self._engine, findings=found, run_id=run_id, generated_at=self._clock(),
            as_of=_instant(as_of_us), period=(None if low is None else _instant(low), None if high is None else _instant(high)),
            changes=changes, previous=previous, engine_name=self._engine_name, seed=seed,
            inputs_digest=hashlib.sha256(json.dumps(self._received()).encode()).hexdigest(),
            spoiled_labels=Labels(self.state.labels).spoiled,
            remember=lambda: self._remember(run_id, found, delivered=True),
        )  # fmt: skip

    # ---- time

    def _as_of_us(self) -> int:
        declared = self.charter.as_of
        zone = ZoneInfo(self.charter.company.timezone)
        if isinstance(declared, datetime):
            return _us(declared if declared.tzinfo else declared.replace(tzinfo=zone))
        if declared is not None:
            return _us(datetime.combine(declared + timedelta(days=1), time(), zone)) - 1
        latest = self._engine.rows("select max(t_us) from accepted")[0][0]
        if latest is None:
            raise CharterError(
                [
                    Problem(
                        self.charter.path, 0, "sources", "no interaction that could be accepted", "at least one",
                        "Run portance check: it says why rows are refused.",
                    )
                ]
            )  # fmt: skip
        return int(latest)

    def _span_us(self, period: Period, as_of_us: int) -> tuple[int, int] | None:
        if period.start is None and period.end is None:
            return None
        zone = ZoneInfo(self.charter.company.timezone)
        start = _us(datetime.combine(period.start, time(), zone)) if period.start else 0
        end = _us(datetime.combine(period.end, time(), zone)) if period.end else as_of_us + 1
        if start >= end:
            raise PortanceError(
                f"the period is empty: given from {period.start} to {period.end}, expected an earlier day first."
            )
        return start, end

    # ---- what became of the findings

    def _run_id(self, as_of_us: int, span: tuple[int, int] | None, seed: int) -> str:
        receipts = self._engine.rows(
            "select receipt, accepted from receipts where not undone order by receipt"
        )
        facts = json.dumps([__version__, self.charter.digest, receipts, as_of_us, span, seed])
        return hashlib.sha256(facts.encode()).hexdigest()[:16]

    def _received(self) -> list[tuple[Any, ...]]:
        return self._engine.rows("select receipt, accepted from receipts where not undone order by receipt")

    def _kept(self) -> list[dict[str, Any]]:
        """The earlier scans that are remembered, the oldest first; none where what is kept cannot be read."""
        file = self.state.folder / _SCANS
        try:
            kept: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        except (ValueError, OSError):
            return []
        return kept

    def _since(self, run_id: str, found: tuple[Finding, ...]) -> tuple[str | None, tuple[Changed, ...]]:
        """Compare with the last other run that was delivered: what nobody could read is no news to hold against."""
        before = next((run for run in reversed(_delivered(self._kept())) if run["run_id"] != run_id), None)
        if before is None:
            return None, ()
        return str(before["run_id"]), tuple(_changes(before["findings"], found))

    def _remember(self, run_id: str, found: tuple[Finding, ...], *, delivered: bool) -> None:
        """Keep a run for the next ones, those delivered at the end.

        One that was not is kept too: who believes what holds its figures for known, since somebody may have read them.
        """
        kept = self._kept()
        if not delivered and any(run["run_id"] == run_id for run in kept):
            return
        mine = {
            "run_id": run_id,
            "at": self._clock().isoformat(),
            "delivered": delivered,
            "findings": {finding.key: _remembered(finding) for finding in found},
        }
        others = [run for run in kept if run["run_id"] != run_id]
        told, untold = _delivered(others), [run for run in others if not _is_delivered(run)]
        (told if delivered else untold).append(mine)
        runs = [*untold[-_RUNS_KEPT:], *told[-_RUNS_KEPT:]]
        text = json.dumps(runs, ensure_ascii=False)
        self.state.keep(self.state.folder / _SCANS, lambda partial: _write(partial, text))


_RUNS_KEPT = 20
_SCANS = "scans.json"


def _is_delivered(run: dict[str, Any]) -> bool:
    return bool(run.get("delivered", True))  # what was kept before that was said had been


def _delivered(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [run for run in runs if _is_delivered(run)]


def _remembered(finding: Finding) -> dict[str, Any]:
    return {
        "title_fr": finding.title.in_("fr"), "title_en": finding.title.in_("en"), "unit": finding.unit, "kind": finding.kind,
        "value": finding.value, "ci_low": finding.ci_low, "ci_high": finding.ci_high,
    }  # fmt: skip


def _changes(before: dict[str, dict[str, Any]], found: tuple[Finding, ...]) -> list[Changed]:
    changes = []
    for finding in found:
        old = before.get(finding.key)
        changes.append(
            Changed(
                finding.key, finding.title.in_("fr"), finding.title.in_("en"), finding.unit,
                old["value"] if old else None, finding.value, _verdict(finding, old),
            )
        )  # fmt: skip
    keys = {finding.key for finding in found}
    for key, old in before.items():
        if key not in keys:
            changes.append(
                Changed(key, old["title_fr"], old["title_en"], old["unit"], old["value"], None, "gone")
            )
    return changes


def _verdict(finding: Finding, old: dict[str, Any] | None) -> Verdict:
    """Better or worse only where the two intervals do not meet; figures without interval only where they differ."""
    if old is None:
        return "new"
    if finding.value is None or old["value"] is None or finding.value == old["value"]:
        return "same"
    if None not in (finding.ci_low, finding.ci_high, old["ci_low"], old["ci_high"]):
        low, high = float(finding.ci_low or 0), float(finding.ci_high or 0)
        if low <= old["ci_high"] and high >= old["ci_low"]:
            return "same"
    more = finding.value > old["value"]
    return "better" if more == (finding.kind == "promise") else "worse"


def _us(instant: datetime) -> int:
    delta = instant.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return delta // timedelta(microseconds=1)


def _instant(us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


def open_workspace(
    charter: Path | str, *, engine: str = "duckdb", memory: str | None = None, threads: int | None = None, clock: Clock = now
) -> Workspace:  # fmt: skip
    """The workspace of a charter file; a ``CharterError`` with every problem where it cannot be used."""
    return Workspace(read(Path(charter)), engine=engine, memory=memory, threads=threads, clock=clock)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A charter that was written from a guess: where it is, and the files that it reads."""

    charter: Path
    files: tuple[Path, ...]


def draft(folder: Path, files: Sequence[Path], language: str) -> Drafted:
    """Guess a charter from files (or from a tiny company, without any) and write it; one that is there is never overwritten."""
    guessing.refuse_existing(folder)
    given = tuple(files) or (folder / starting.EXTRACT,)
    guessed = (
        guessing.guess(given, language=language, folder=folder)
        if files
        else starting.start(folder, language=language)
    )
    return Drafted(guessed.write(), given)


def learn_takeover(
    conversations: Path,
    policy: Path,
    *,
    seed: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
) -> Policy:
    """Learn from labelled conversations when a human should take over, and write the policy as JSON to ``policy``."""
    learnt = learn(_turns(conversations), seed, progress, file=conversations)
    _written(policy, learnt)
    return learnt


def _written(file: Path, policy: Policy) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(file, policy.to_json())


def replay_takeover(
    policy: Path,
    conversations: Path,
    *,
    seed: int = 0,
    progress: Callable[[str, int, int], None] | None = None,
) -> Replay:
    """What the policy in a file would have done on past conversations."""
    return replay(_policy(policy), _turns(conversations), seed=seed, file=conversations, progress=progress)


def _policy(file: Path) -> Policy:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExtractError(
            file, f"a file that cannot be read ({error})", "a policy", "Learn one: portance takeover learn."
        ) from error
    return Policy.from_json(text, file=file)


def _turns(file: Path) -> pa.Table:
    """The rows of a file of conversations: Parquet, CSV or JSON Lines."""
    try:
        if file.suffix == ".parquet":
            return pq.read_table(file)
        if file.suffix in (".jsonl", ".ndjson", ".json"):
            return pa_json.read_json(file)
        return pa_csv.read_csv(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise ExtractError(
            file, f"a file that cannot be read ({error})", "turns in Parquet, CSV or JSON Lines", "Name such a file."
        ) from error  # fmt: skip


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
