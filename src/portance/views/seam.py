"""One broken seam, told as a picture: two functions, one customer, what was lost between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pyarrow as pa

from portance.charter import Charter
from portance.views.naming import Naming
from portance.views.reading import Row, Tables, instant, names, number, text, whole
from portance.views.speech import Speech


@dataclass(frozen=True, slots=True)
class SeamView:
    """One real seam that broke, without who it was; ``among`` says how many who take this passage meet the same."""

    first: str
    second: str
    first_channel: str
    second_channel: str
    left_at: datetime | None
    reached_at: datetime | None
    elapsed_ms: float | None
    breaks: tuple[str, ...]
    among: str
    speech: Speech


def build(charter: Charter, tables: Mapping[str, pa.Table], language: Literal["fr", "en"]) -> SeamView | None:
    """The seam of the passage that loses most customers which broke in most ways; ``None`` where none broke."""
    held = Tables(tables)
    speech = Speech(language, charter.company.currency, charter.company.timezone)
    naming = Naming(charter, speech)
    broken = [
        row
        for row in held.rows("seams", 20_000)
        if row["broken"] and row["from_function"] != row["to_function"]
    ]
    broken = [row for row in broken if row["from_function"] is not None and row["to_function"] is not None]
    if not broken:
        return None
    passages = {_ends(row): row for row in held.rows("passages")}

    def worth(row: Row) -> tuple[int, int, float, str]:
        passage = passages.get(_ends(row))
        return (
            -whole(passage["people_broken"]) if passage else 0,
            -len(names(row["break_kinds"])),
            -(number(row["elapsed_ms"]) or 0.0),
            text(row["journey_id"]),
        )

    row = min(broken, key=worth)
    passage = passages.get(_ends(row))
    among = ""
    if passage and whole(passage["people"]) and passage["shown"] in (None, "point"):
        said, plural = speech.among(whole(passage["people_broken"]) / whole(passage["people"]))
        among = speech.say("seam.share_many" if plural else "seam.share", among=said)
    return SeamView(
        first=naming.function(row["from_function"]),
        second=naming.function(row["to_function"]),
        first_channel=naming.function(row["from_channel"]) if row["from_channel"] else "",
        second_channel=naming.function(row["to_channel"]) if row["to_channel"] else "",
        left_at=instant(row["left_us"]),
        reached_at=instant(row["reached_us"]),
        elapsed_ms=number(row["elapsed_ms"]),
        breaks=naming.breaks(row["break_kinds"]),
        among=among,
        speech=speech,
    )


def _ends(row: Row) -> tuple[str, str, str]:
    return text(row["journey_type"]), text(row["from_function"]), text(row["to_function"])
