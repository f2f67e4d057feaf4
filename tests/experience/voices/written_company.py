"""A company whose customers have written: a charter, a state with verbatims, an engine with their interactions."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from portance.charter import Charter
from portance.engine import Engine
from portance.store.manifest import Receipt
from portance.store.state import State


@dataclass(frozen=True)
class Wrote:
    """One text: who, where, what; ``version`` is that of the text, ``latest`` that of the interaction."""

    text: str | None
    person: str | None = None
    source: str = "mails"
    language: str | None = None
    version: int = 1
    latest: int = 1
    agent: str | None = None
    id: str | None = None


def charter(folder: Path, **voices: object) -> Charter:
    written = {
        "portance": 1,
        "company": {"name": "Test", "currency": "EUR", "timezone": "Europe/Paris", "language": "fr"},
        "functions": {"service": {}},
        "sources": {name: {"read": f"{name}.csv", "interactions": [{"activity": "mail", "at": "at"}]} for name in ("mails", "reviews")},
        "journeys": {"all": {"by": "case"}},
        "voices": voices,
    }  # fmt: skip
    return Charter.model_validate(written).model_copy(update={"path": folder / "charter.yaml"})


def company(folder: Path, wrote: list[Wrote], *, live: bool = True) -> tuple[Engine, State]:
    """The engine and the state that hold what was written, one receipt for all."""
    state = State(folder / ".portance")
    engine = Engine(threads=1)
    rows = [
        {
            "interaction_id": one.id or f"i{number:05d}", "version": one.latest, "source": one.source, "person_id": one.person,
            "t_us": number, "language": one.language, "agent": one.agent,
        }
        for number, one in enumerate(wrote)
    ]  # fmt: skip
    distinct = list({row["interaction_id"]: row for row in rows}.values())
    text = pa.string()
    engine.table(
        "interactions",
        pa.Table.from_pylist(
            distinct,
            schema=pa.schema([("interaction_id", text), ("version", pa.int32()), ("source", text), ("person_id", text), ("t_us", pa.int64()), ("language", text), ("agent", text)]),
        ),
    )  # fmt: skip
    texts = pa.Table.from_pylist(
        [
            {"interaction_id": row["interaction_id"], "version": one.version, "language": one.language, "text": one.text}
            for row, one in zip(rows, wrote, strict=True)
            if one.text is not None
        ],
        schema=pa.schema([("interaction_id", text), ("version", pa.int32()), ("language", text), ("text", text)]),
    )  # fmt: skip
    state.keep(state.verbatims("r00000001"), lambda path: pq.write_table(texts, path))
    state.manifest.publish(Receipt("r00000001", "file", "mails", "mails.csv", "x", "m", 0, undone=not live))
    return engine, state
