"""Figures that others published come out of our own functions."""

from pathlib import Path

import numpy as np
import pytest

from portance.alignment.conflicts.bounding import e_value, partial_r2, robustness_value
from portance.alignment.conflicts.correcting import benjamini_hochberg, benjamini_yekutieli, bonferroni, holm
from portance.alignment.conflicts.regressing import regressed
from portance.estimation.queueing import erlang_b, erlang_c

DATA = Path(__file__).parent / "data"
"""Grunfeld (1958), ten firms, and the NSW experiment (LaLonde 1986; Dehejia & Wahba 1999): both in the public domain."""


def _rows(name: str) -> list[list[str]]:
    return [line.split(",") for line in (DATA / name).read_text().splitlines()[1:]]


def test_darfur_needs_a_confounder_of_14_percent() -> None:
    # Cinelli & Hazlett 2020, table 1: estimate .0973, error .0233, 783 degrees of freedom
    t = 4.184
    assert pytest.approx(t, abs=0.01) == 0.0973 / 0.0233
    assert partial_r2(t, 783) == pytest.approx(0.0219, abs=5e-5)
    assert robustness_value(t, 783) == pytest.approx(0.1388, abs=5e-5)
    assert robustness_value(t, 783, alpha=0.05) == pytest.approx(0.0763, abs=1e-4)  # t itself is rounded


def test_an_effect_within_chance_needs_no_confounder_at_all() -> None:
    assert robustness_value(1.5, 783, alpha=0.05) == 0


def test_e_values_of_the_paper() -> None:
    assert e_value(3.9) == pytest.approx(7.26, abs=5e-3)
    assert e_value(1.8) == pytest.approx(3.00, abs=5e-3)
    assert e_value(1 / 3.9) == pytest.approx(e_value(3.9))


def test_fifteen_p_values_of_benjamini_and_hochberg() -> None:
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    assert (benjamini_hochberg(p) <= 0.05).sum() == 4
    for stricter in (bonferroni, holm, benjamini_yekutieli):
        assert (stricter(p) <= 0.05).sum() == 3


def test_a_question_that_was_not_asked_does_not_count() -> None:
    alone = benjamini_hochberg([0.01, 0.04])
    assert benjamini_hochberg([0.01, np.nan, 0.04])[[0, 2]] == pytest.approx(alone)
    assert benjamini_hochberg([0.01, 0.04], [1.0, 1.0]) == pytest.approx(alone)
    assert benjamini_hochberg([0.01, 0.04], [1.0, 0.25])[0] < alone[0]


def test_grunfeld_with_firm_effects() -> None:
    rows = _rows("grunfeld.csv")
    numbers = np.array([[float(cell) for cell in row[2:]] for row in rows]).reshape(10, 20, 3)
    ((_, fit),) = regressed(numbers[:, :, :1], numbers[:, :, 1:], periods=False)
    assert fit.df == 188
    assert fit.coefficients[:, 0] == pytest.approx([0.1101, 0.3101], abs=5e-5)
    assert fit.classical[:, 0] == pytest.approx([0.0119, 0.0174], abs=5e-5)


def test_lalonde_experiment() -> None:
    numbers = np.array([[float(cell) for cell in row] for row in _rows("lalonde.csv")])
    treat, earned = numbers[:, None, :1], numbers[:, None, 1:]
    assert (len(numbers), int(treat.sum())) == (445, 185)
    ((_, fit),) = regressed(earned, treat, units=False)
    assert fit.coefficients[0, 0] == pytest.approx(1794.34, abs=5e-3)
    assert fit.classical[0, 0] == pytest.approx(632.85, abs=5e-3)
    # each row its own cluster: the sandwich is HC1
    assert np.sqrt((fit.sandwich[:, 0, 0] ** 2).sum()) == pytest.approx(670.8, abs=0.05)


def test_erlang_c_for_a_large_and_a_small_team() -> None:
    large = erlang_c(48, 55, duration=240, within=15)  # 360 calls in half an hour, 240 s each
    assert (round(large.waits, 4), round(large.mean_wait, 2), round(large.served_within, 3)) == (
        0.2387,
        8.18,
        0.846,
    )
    small = erlang_c(10, 14, duration=180, within=20)  # 100 calls in half an hour, 180 s each
    assert (round(small.waits, 4), round(small.mean_wait, 2), round(small.served_within, 3)) == (
        0.1741,
        7.84,
        0.888,
    )


def test_erlang_at_its_edges() -> None:
    assert erlang_c(5, 5).mean_wait == np.inf
    assert erlang_b(0, 0) == 1
    assert erlang_b(2, 1) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="not negative"):
        erlang_b(-1, 2)
