"""Responses seen together: most levers do little to most indicators, so what one cell says is read in that light.

The law of all responses of a company, in standard deviations of the indicator for the whole range of the lever, is
fitted as a mixture of normal laws around nothing, from narrow to wide (adaptive shrinkage, Stephens 2017,
Biostatistics 18:275-294). Each draw of a cell is then moved as its posterior says: a response that is small for its
doubt is taken for mostly noise, a clear one hardly moves. What two cells share of their doubt they keep.
"""

import numpy as np
import numpy.typing as npt
from scipy import special

from portance.alignment.conflicts.responses import Responses

Floats = npt.NDArray[np.float64]

WIDTHS = np.array([0.03, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0])
"""Spreads of the mixture's laws; the narrowest is what nobody would notice."""
_PRIOR = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5])
"""Cells that the fit starts from, so that a company with two levers is not read from them alone."""
_WHOLE = 4.0
"""How many cells the mixture of all cells counts for in that of one."""
_ROUNDS = 200


def shares(estimates: Floats, errors: Floats) -> Floats:
    """How much of the mixture each width makes, by expectation and maximisation; it adds up to 1."""
    share: Floats = _PRIOR / _PRIOR.sum()
    known = np.isfinite(estimates) & np.isfinite(errors) & (errors > 0)
    if not known.any():
        return share
    logs = _likelihood(estimates[known], errors[known])
    for _ in range(_ROUNDS):
        weights = np.log(share)[None, :] + logs
        weights = np.exp(weights - special.logsumexp(weights, axis=1, keepdims=True))
        share = (weights.sum(axis=0) + _PRIOR) / (len(logs) + _PRIOR.sum())
    return share


def local_shares(estimates: Floats, errors: Floats) -> Floats:
    """The mixture of each cell, shape (levers, indicators, widths).

    That of all cells, and what the other cells of the same lever and of the same indicator say: some indicators answer
    every lever, others only their own.
    """
    whole = shares(estimates.ravel(), errors.ravel())
    known = np.isfinite(estimates) & np.isfinite(errors) & (errors > 0)
    likely = np.zeros((*estimates.shape, len(WIDTHS)))
    logs = np.log(whole) + _likelihood(estimates[known], errors[known])
    likely[known] = np.exp(logs - special.logsumexp(logs, axis=1, keepdims=True))
    beside = likely.sum(axis=0, keepdims=True) + likely.sum(axis=1, keepdims=True) - 2 * likely
    found = _WHOLE * whole + beside
    return np.asarray(found / found.sum(axis=2, keepdims=True), dtype=np.float64)


def shrunk(responses: Responses, drawn: Floats, generator: np.random.Generator) -> Floats:
    """The draws (n, horizons, levers, indicators) as the mixture moves them; NaN stays."""
    if not drawn.size:
        return drawn
    width = (responses.high - responses.low)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = width / responses.spread[None, :]
        wide = np.sqrt(np.where(responses.df > 2, responses.df / np.maximum(responses.df - 2, 1e-9), 3.0))
        estimates, errors = responses.effect * scale, responses.error * wide * scale
    share = np.log(local_shares(estimates[-1], errors[-1]))
    chosen = generator.uniform(size=(drawn.shape[0], *drawn.shape[2:]))
    found = drawn.copy()
    for horizon in range(drawn.shape[1]):
        cells = np.argwhere(np.isfinite(estimates[horizon]) & (errors[horizon] > 0) & np.isfinite(scale))
        for lever, indicator in cells:
            estimate, error = estimates[horizon, lever, indicator], errors[horizon, lever, indicator]
            logs = share[lever, indicator] + _likelihood(np.array([estimate]), np.array([error]))[0]
            weights = np.cumsum(np.exp(logs - special.logsumexp(logs)))
            place = np.searchsorted(weights, chosen[:, lever, indicator]).clip(max=len(WIDTHS) - 1)
            kept = WIDTHS[place] ** 2 / (WIDTHS[place] ** 2 + error**2)
            apart = drawn[:, horizon, lever, indicator] - responses.effect[horizon, lever, indicator]
            noise = apart * scale[lever, indicator]
            found[:, horizon, lever, indicator] = (kept * estimate + np.sqrt(kept) * noise) / scale[
                lever, indicator
            ]
    return found


def _likelihood(estimates: Floats, errors: Floats) -> Floats:
    """Logarithm of the density of each estimate under each width, shape (estimates, widths)."""
    spread = WIDTHS[None, :] ** 2 + errors[:, None] ** 2
    logs: Floats = -0.5 * (np.log(spread) + estimates[:, None] ** 2 / spread)
    return logs
