"""The sweep and the regression equal plain least squares on dummy variables, whatever readings are missing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.alignment.conflicts.absorbing import Absorber
from portance.alignment.conflicts.regressing import regressed


def _panel(*, holes: bool) -> tuple[np.ndarray, np.ndarray]:
    """The panel that pyfixest 0.60.0 was given: feols("y ~ a + b | u + t", vcov={"CRV1": "u"})."""
    rng = np.random.default_rng(7)
    units, periods = 9, 14
    a = rng.standard_normal((units, periods)) + rng.standard_normal((units, 1))
    b = 0.5 * a + rng.standard_normal((units, periods)) + rng.standard_normal((1, periods))
    y = -0.4 * a + 0.3 * b + rng.standard_normal((units, periods)) * np.linspace(0.5, 2, units)[:, None]
    x = np.stack([a, b], axis=2)
    if holes:
        y[rng.random((units, periods)) < 0.2] = np.nan
        x[rng.random((units, periods, 2)) < 0.05] = np.nan
    return y, x


@pytest.mark.parametrize(
    ("holes", "estimates", "errors", "readings"),
    [
        (False, [-0.421784189933, 0.174359198417], [0.126713495516, 0.039889879263], 126),
        (True, [-0.531514046431, 0.194729288825], [0.092550663473, 0.101822261393], 100),
    ],
)
def test_estimates_and_errors_are_those_of_pyfixest(
    holes: bool, estimates: list[float], errors: list[float], readings: int
) -> None:
    y, x = _panel(holes=holes)
    ((_, fit),) = regressed(y[:, :, None], x)
    assert fit.df == readings - 2 - 9 - 13
    assert fit.coefficients[:, 0] == pytest.approx(estimates, abs=1e-11)
    # it sweeps by iteration, to a relative 1e-8
    assert np.sqrt((fit.sandwich[:, :, 0] ** 2).sum(axis=0)) == pytest.approx(errors, rel=1e-8)


def _by_dummies(y: np.ndarray, x: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Least squares on unit and period dummies, as a textbook has it."""
    units, periods = y.shape
    unit, period = np.nonzero(present)
    design = np.column_stack([x[present], np.eye(units)[unit], np.eye(periods)[period]])
    return np.linalg.lstsq(design, y[present], rcond=None)[0][: x.shape[2]]


@settings(max_examples=20, deadline=None)
@given(st.integers(4, 9), st.integers(4, 9), st.integers(1, 2), st.floats(0, 0.35), st.integers(0, 10_000))
def test_estimates_and_jackknife_are_those_of_dummy_variables(
    units: int, periods: int, columns: int, missing: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((units, periods, columns)) + rng.standard_normal((units, 1, 1))
    y = x.sum(axis=2) + rng.standard_normal((units, periods)) + rng.standard_normal((1, periods))
    present = rng.random((units, periods)) >= missing
    present[:, :2] = present[:2, :] = True  # so that all can be told apart, with any one unit left out too
    present[:, 2] = True
    y = np.where(present, y, np.nan)
    ((_, fit),) = regressed(y[:, :, None], x)
    assert fit.coefficients[:, 0] == pytest.approx(_by_dummies(y, x, present), abs=1e-7)
    lost = []
    for unit in range(units):
        others = present.copy()
        others[unit] = False
        lost.append(fit.coefficients[:, 0] - _by_dummies(y, x, others))
    wanted = np.array(lost) - np.mean(lost, axis=0)
    assert fit.parts[:, :, 0] == pytest.approx(wanted * np.sqrt((units - 1) / units), abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(
    st.integers(3, 8),
    st.integers(3, 8),
    st.floats(0, 0.6),
    st.tuples(st.booleans(), st.booleans()),
    st.integers(0, 10_000),
)
def test_what_is_swept_is_orthogonal_to_every_effect(
    units: int, periods: int, missing: float, effects: tuple[bool, bool], seed: int
) -> None:
    by_unit, by_period = effects
    rng = np.random.default_rng(seed)
    present = rng.random((units, periods)) >= missing
    columns = rng.standard_normal((units, periods, 2))
    columns[~present] = np.nan
    absorber = Absorber(present, units=by_unit, periods=by_period)
    swept = absorber.swept(columns)
    assert not swept[~present].any()
    if by_unit:
        assert swept.sum(axis=1) == pytest.approx(0, abs=1e-8)
    if by_period:
        assert swept.sum(axis=0) == pytest.approx(0, abs=1e-8)
    unit, period = np.nonzero(present)
    dummies = [np.eye(units)[unit]] * by_unit + [np.eye(periods)[period]] * by_period
    design = np.concatenate([np.zeros((len(unit), 1)), *dummies], axis=1)
    assert absorber.effects == (np.linalg.matrix_rank(design) if len(unit) else 0)


def test_a_column_that_is_a_sum_of_others_is_left_out() -> None:
    y, x = _panel(holes=False)
    ((_, fit),) = regressed(y[:, :, None], np.concatenate([x, x.sum(axis=2, keepdims=True)], axis=2))
    assert fit.kept.tolist() == [True, True, False]
    assert np.isnan(fit.coefficients[2, 0])


def test_outcomes_read_at_the_same_places_share_a_fit() -> None:
    y, x = _panel(holes=False)
    other = y.copy()
    other[0, 0] = np.nan
    fits = regressed(np.stack([y, other, 2 * y], axis=2), x)
    assert [places.tolist() for places, _ in fits] == [[0, 2], [1]]
    assert fits[0][1].coefficients[:, 1] == pytest.approx(2 * fits[0][1].coefficients[:, 0])
