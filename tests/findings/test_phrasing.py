"""Figures as sentences tell them: a unit in words once, a sign with each number."""

import pytest

from portance.findings.phrasing import measured, number, percent


def counted(value, language):
    return f"{number(value, language)} contacts"


@pytest.mark.parametrize(
    ("value", "language", "told"),
    [
        (4, "fr", "4 contacts (2,5 à 6,1)"), (4, "en", "4 contacts (2.5 to 6.1)"),
        (None, "fr", "de 2,5 à 6,1 contacts"), (None, "en", "2.5 to 6.1 contacts"),
    ],
)  # fmt: skip
def test_a_unit_in_words_is_said_once(value, language, told):
    assert measured(value, 2.5, 6.1, counted, language) == told


def test_a_sign_stays_with_its_number_and_units_that_differ_are_all_said():
    assert measured(0.35, 0.32, 0.38, percent, "en") == "35% (32% to 38%)"

    def lasting(value, language):
        return f"{value} min" if value < 60 else f"{value / 60} h"

    assert measured(50, 40, 90, lasting, "en") == "50 min (40 min to 1.5 h)"
