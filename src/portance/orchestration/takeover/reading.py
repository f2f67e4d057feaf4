"""Reading conversations from a table, with every fault told by its row and its remedy."""

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from portance.errors import ExtractError
from portance.orchestration.takeover.conversation import Conversation, Turn, Words

CUSTOMER = frozenset({"customer", "client", "user", "visitor"})
MACHINE = frozenset({"machine", "bot", "assistant", "chatbot"})
HUMAN = frozenset({"human", "agent", "adviser", "advisor", "conseiller"})
_NEEDED = ("conversation", "turn", "role")
_SAID = ("words", "text")
_WORD = re.compile(r"#+|[^\W\d_]+(?:['’][^\W\d_]+)?|[?!]")
_ADDRESS = re.compile(r"\S+@\S+|\bhttps?://\S+|\bwww\.\S+")
_NUMBERS = re.compile(r"\w*\d\w*")
_YES = {
    "1": True,
    "0": False,
    "true": True,
    "false": False,
    "yes": True,
    "no": False,
    "oui": True,
    "non": False,
}


def read(
    table: pa.Table, *, file: Path = Path("conversations"), labelled: bool = False
) -> tuple[Conversation, ...]:
    """The conversations of a table with one row per turn, in order of their first row.

    Columns: ``conversation``; ``turn`` (a whole number: the order); ``role`` (customer, machine or human); ``words`` (a list of ids, or ids
    separated by spaces) or ``text``; ``label`` (1: a human should take over); and, where there are such, ``sentiment``, ``at``
    (an instant, or seconds) and ``solved``. An :class:`ExtractError` tells the first row that cannot be read.
    """
    columns = _columns(table, file, labelled=labelled)
    rows: dict[str, list[tuple[int, int, Turn]]] = {}
    solved: dict[str, bool] = {}
    values = {key: table.column(name).to_pylist() for key, name in columns.items()}
    given = values.pop("said")
    if columns["said"].strip().lower() == "words":
        said = [_words(value, _Fault(file, place)) for place, value in enumerate(given, 1)]
    else:
        said = _texts(given, file)
    for place in range(table.num_rows):
        fault = _Fault(file, place + 1)
        row = {key: column[place] for key, column in values.items()}
        name = row["conversation"]
        if name is None or str(name).strip() == "":
            raise fault(
                "conversation",
                name,
                "the name of a conversation",
                "Give each turn the name of its conversation.",
            )
        turn = _turn_number(row["turn"], fault)
        role = str(row["role"]).strip().lower()
        if role not in CUSTOMER | MACHINE | HUMAN:
            raise fault("role", row["role"], "customer, machine or human", "Write who speaks in that turn.")
        label = _flag(row.get("label"), "label", fault)
        if labelled and label is None:
            raise fault("label", None, "1 where a human should take over, else 0", "Label every turn of a conversation that is learnt from, or leave the conversation out.")  # fmt: skip
        customer = role in CUSTOMER
        made = Turn(
            customer=customer, words=said[place], human=role in HUMAN,
            sentiment=_number(row.get("sentiment"), "sentiment", fault) if customer else None, label=label,
            at=_instant(row.get("at"), fault),
        )  # fmt: skip
        rows.setdefault(str(name), []).append((turn, place + 1, made))
        settled = _flag(row.get("solved"), "solved", fault)
        if settled is not None and solved.setdefault(str(name), settled) != settled:
            raise fault(
                "solved", row["solved"], "one answer for the whole conversation", "Say once whether the matter was settled."
            )  # fmt: skip
    return tuple(_assembled(rows, solved, file))


def _columns(table: pa.Table, file: Path, *, labelled: bool) -> dict[str, str]:
    names = {name.strip().lower(): name for name in table.column_names}
    if len(names) < len(table.column_names):
        raise ExtractError(
            file,
            f"the columns {', '.join(table.column_names)}",
            "each name once",
            "Rename or leave out the second of them.",
        )
    needed = (*_NEEDED, "label") if labelled else _NEEDED
    missing = [name for name in needed if name not in names]
    if not any(name in names for name in _SAID):
        missing.append("words (or text)")
    if missing:
        raise ExtractError(
            file, f"the columns {', '.join(table.column_names) or 'none'}", f"also {', '.join(missing)}",
            "One row per turn: conversation, turn, role, text or words, and label to learn from.",
        )  # fmt: skip
    if not table.num_rows:
        raise ExtractError(file, "no row", "at least one turn", "Check the extract that made it.")
    found = {name: names[name] for name in needed}
    found |= {name: names[name] for name in ("label", "sentiment", "at", "solved") if name in names}
    found["said"] = names["words"] if "words" in names else names["text"]
    return found


class _Fault:
    """Makes the error of one row."""

    def __init__(self, file: Path, row: int) -> None:
        self._file, self._row = file, row

    def __call__(self, column: str, given: object, expected: str, remedy: str) -> ExtractError:
        told = "nothing" if given is None else repr(given)[:80]
        return ExtractError(self._file, f"row {self._row}, column {column}: {told}", expected, remedy)


def _turn_number(value: Any, fault: _Fault) -> int:
    try:
        number = float(value)
        if number == int(number):
            return int(number)
    except (TypeError, ValueError, OverflowError):
        pass
    raise fault("turn", value, "a whole number", "Number the turns of each conversation in their order.")


def _flag(value: Any, column: str, fault: _Fault) -> bool | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    key = str(value).strip().lower().removesuffix(".0")
    if key == "":
        return None
    if key not in _YES:
        raise fault(column, value, "1 or 0", "Write 1 for yes and 0 for no.")
    return _YES[key]


def _number(value: Any, column: str, fault: _Fault) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise fault(column, value, "a number, or nothing", "Leave it empty where it is not known.") from None
    return number if math.isfinite(number) else None


def _instant(value: Any, fault: _Fault) -> float | None:
    return float(value.timestamp()) if hasattr(value, "timestamp") else _number(value, "at", fault)


def _words(value: Any, fault: _Fault) -> Words:
    if value is None:
        return ()
    given: Sequence[Any] = value.split() if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or any(
        word is None or isinstance(word, list | dict) for word in given
    ):
        raise fault(
            "words",
            value,
            "a list of ids, or ids separated by spaces",
            "Put readable texts in the column text.",
        )
    return tuple(str(word) for word in given)


def words_of(texts: Sequence[str]) -> list[Words]:
    """The words of readable texts: personal data hidden first, then lower case.

    What was hidden, addresses and whatever holds a digit become a sign, so that nothing of it is ever learnt.
    """
    from portance.experience.voices.masking import MASK, Masker

    masked = Masker().mask_all(texts).texts
    return [
        tuple(_WORD.findall(_NUMBERS.sub("#", _ADDRESS.sub(" # ", MASK.sub(" # ", text))).lower()))
        for text in masked
    ]


def _texts(values: Sequence[Any], file: Path) -> list[Words]:
    for place, value in enumerate(values, 1):
        if value is not None and not isinstance(value, str):
            raise _Fault(file, place)("text", value, "a text", "Put lists of word ids in the column words.")
    return words_of([value or "" for value in values])


def _assembled(
    rows: dict[str, list[tuple[int, int, Turn]]], solved: dict[str, bool], file: Path
) -> Iterator[Conversation]:
    key: Callable[[tuple[int, int, Turn]], int] = lambda told: told[0]  # noqa: E731 - a key of one use
    for name, turns in rows.items():
        turns.sort(key=key)
        for before, after in itertools.pairwise(turns):
            if before[0] == after[0]:
                raise _Fault(file, after[1])(
                    "turn", after[0], f"a number of its own (row {before[1]} of {name!r} has it too)", "Number the turns in their order."
                )  # fmt: skip
        yield Conversation(name, tuple(turn for _, _, turn in turns), solved.get(name))
