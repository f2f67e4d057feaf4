"""The entry: answer times, continuity of the adviser, and coded reasons held against texts."""

import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.orchestration.answering import coding, following, waiting


def answer(charter: Charter, engine: Engine, as_of_us: int, seed: int) -> dict[str, pa.Table]:
    """The tables ``answer_times``, ``continuity`` and ``contact_reasons``, by name."""
    return {
        "answer_times": waiting.answer_times(charter, engine, as_of_us, seed),
        "continuity": following.continuity(charter, engine, as_of_us, seed),
        "contact_reasons": coding.contact_reasons(charter, engine, seed),
    }
