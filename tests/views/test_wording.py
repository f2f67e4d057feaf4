"""Both languages are there, with the same placeholders and the typography of each."""

import ast
import re
import string
from pathlib import Path

import pytest
import shown_company

from portance.charter.journey_type import BREAK_KINDS
from portance.views.naming import Naming
from portance.views.speech import Speech
from portance.views.wording import WORDS

SOURCES = Path(__file__).parents[2] / "src/portance"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_say_the_same_things(key):
    french, english = WORDS[key]
    assert french.strip()
    assert english.strip()
    assert placeholders(french) == placeholders(english)
    assert french.count("|") == english.count("|") <= 1
    for text in (french, english):
        halves = text.split("|")
        assert len({frozenset(placeholders(half)) for half in halves}) == 1


@pytest.mark.parametrize("key", sorted(WORDS))
def test_french_keeps_its_marks_with_their_word(key):
    french, english = WORDS[key]
    assert not re.search(r" [;:!?%»]|« ", french), "a plain space before a mark: it could start a line"
    assert "'" not in french
    assert "'" not in english
    assert not re.search(r"\s[;:!?%]", english)


def test_no_word_is_asked_for_that_does_not_exist():
    asked = set()
    for path in [
        *SOURCES.glob("views/**/*.py"),
        *SOURCES.glob("report/**/*.py"),
        *SOURCES.glob("report/templates/*.html"),
    ]:
        asked |= set(re.findall(r"""(?:say|many)\(\s*["']([a-z_0-9.]+)["']\s*[,)]""", path.read_text()))
    assert asked
    assert asked <= set(WORDS)


def test_every_kind_of_break_has_its_word_and_its_meaning():
    for kind in BREAK_KINDS:
        assert f"break.{kind}" in WORDS
        assert f"break_means.{kind}" in WORDS


def test_no_word_is_left_unused():
    text = "\n".join(
        path.read_text()
        for path in [
            *SOURCES.glob("views/**/*.py"),
            *SOURCES.glob("report/**/*.py"),
            *SOURCES.glob("report/templates/*.html"),
        ]
        if path.name not in ("wording.py", "words_of_alignment.py", "words_of_people.py")
    )
    families = set(re.findall(r"""["']([a-z_]+)\.(?:\{|["'] ?~)""", text)) | set(
        re.findall(r"""word\(\s*["']([a-z_]+)["']""", text)
    )
    families |= {"col", "term", "term_text", "sheet", "told", "sentence", "reason"}
    unused = [
        key
        for key in WORDS
        if not key.endswith(".case")
        and f'"{key}"' not in text
        and f"'{key}'" not in text
        and key.split(".")[0] not in families
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("fr", 0, "0 client"),
        ("fr", 1, "1 client"),
        ("fr", 2, "2 clients"),
        ("en", 0, "0 customers"),
        ("en", 1, "1 customer"),
    ],
)
def test_plurals_follow_the_language(language, count, said):
    assert Speech(language).many("people", count) == said


def test_without_persons_cases_are_counted_and_never_customers():
    speech = Speech("fr", cases=True)
    assert speech.many("people", 2) == "2 dossiers"
    assert speech.among(0.2)[0] == "un dossier sur cinq"
    for key in WORDS:
        if key.endswith(".case") and key != "by.case":
            assert key.removesuffix(".case") in WORDS
            assert placeholders(WORDS[key][0]) == placeholders(WORDS[key.removesuffix(".case")][0])
            assert "client" not in WORDS[key][0]


def told_of_refusals():
    """What intake says of a refused row, with a name in the place of what it puts in: expected and remedy."""
    tree = ast.parse((SOURCES / "intake/mapping.py").read_text(encoding="utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "check":
            for given in call.args[-2:]:
                if isinstance(given, ast.Constant):
                    yield given.value
                elif isinstance(given, ast.JoinedStr):
                    yield "".join(
                        part.value if isinstance(part, ast.Constant) else "XY" for part in given.values
                    )
    yield from (
        "a number of seconds, or h:mm:ss", "a number", "a time that exists, in ISO 8601 or as the other rows write it", "a time written %d/%m/%Y or %Y",
        "a row of 12 cells, in UTF-8", "a JSON object", "Mend the row where it was exported, or give the separator and the encoding of the file.",
    )  # fmt: skip


def test_whatever_is_said_of_a_refused_row_is_french_in_a_french_report():
    told = list(told_of_refusals())
    assert len(told) > 25
    french = Naming(shown_company.charter(), Speech("fr", "EUR", "Europe/Paris"))
    english = Naming(shown_company.charter(), Speech("en", "EUR", "Europe/Paris"))
    for text in told:
        said = french.refused(text).replace("coalesce(column, '')", "")
        assert said != text
        assert not re.search(r"\b(the|Mend|Give|or|a time|column|row|cell|showed|number)\b", said), said
        assert not re.search(r" [;:!?%»]|« ", said.replace(" %d", "").replace(" %Y", "")), said
        assert english.refused(text) == text
