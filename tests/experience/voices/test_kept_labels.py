"""Labels that a crash or a hand has spoilt: each line is read or counted, and no scan stops at one."""

import json
from pathlib import Path

import pytest

from portance.experience.voices.labels import Labels

GOOD = {
    "does": "give", "interaction_id": "i", "sentence": 0, "digest": "d", "irritants": ["late"], "polarity": "negative",
    "kind": "complaint", "at": "2025-01-01T00:00:00+00:00",
}  # fmt: skip


SPOILT: tuple[dict[str, object], ...] = (
    {"digest": 3}, {"does": None, "kind": []}, {"polarity": {}}, {"sentence": float("inf")}, {"sentence": float("nan")}, {"sentence": None},
    {"irritants": "late"}, {"irritants": {"late": 1}}, {"irritants": None},
)  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\x00", b"{", b"[1]", b"null", b"[" * 100_000, json.dumps(GOOD)[:-9].encode(),
        *(json.dumps(GOOD | spoilt).encode() for spoilt in SPOILT),
        b'{"does": "give", "digest": "d"}', b"9" * 5_000,
    ],
)  # fmt: skip
def test_a_line_that_is_no_decision_is_counted_and_hides_no_other(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_bytes(line + b"\n" + json.dumps(GOOD | {"digest": "e"}).encode() + b"\n")
    labels = Labels(file)
    assert (set(labels.given), labels.spoiled) == ({"e"}, 1)
