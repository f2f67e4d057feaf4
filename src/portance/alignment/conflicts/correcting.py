"""P-values of many questions asked at once, corrected.

Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57:289-300; Benjamini & Yekutieli (2001), Ann. Stat. 29:1165-1188;
Holm (1979), Scand. J. Stat. 6:65-70. A question without a p-value (NaN) is not counted.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def benjamini_hochberg(p: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Floats:
    """The smallest share of false discoveries at which each would be declared (q-values).

    ``weights``, chosen before looking, say how much of the accepted share each question may use (Genovese, Roeder &
    Wasserman 2006, Biometrika 93:509-524); only their proportions count.
    """
    if weights is not None:
        asked = np.asarray(p, dtype=np.float64)
        given = np.asarray(weights, dtype=np.float64)
        p = (
            asked * np.nanmean(np.where(np.isfinite(asked), given, np.nan)) / given
            if np.isfinite(asked).any()
            else asked
        )
    return _by_rank(p, lambda ordered, rank, size: ordered * size / rank, falling=True)


def benjamini_yekutieli(p: npt.ArrayLike) -> Floats:
    """As :func:`benjamini_hochberg`, whatever the dependence between questions."""

    def corrected(ordered: Floats, rank: Floats, size: int) -> Floats:
        found: Floats = ordered * size / rank * float(np.sum(1 / np.arange(1, size + 1)))
        return found

    return _by_rank(p, corrected, falling=True)


def holm(p: npt.ArrayLike) -> Floats:
    """P-values that hold the probability of a single false discovery (Holm)."""
    return _by_rank(p, lambda ordered, rank, size: ordered * (size - rank + 1), falling=False)


def bonferroni(p: npt.ArrayLike) -> Floats:
    """P-values that hold the probability of a single false discovery (Bonferroni)."""
    return _by_rank(p, lambda ordered, _rank, size: ordered * size, falling=False)


def _by_rank(p: npt.ArrayLike, rule: Callable[[Floats, Floats, int], Floats], *, falling: bool) -> Floats:
    values = np.asarray(p, dtype=np.float64)
    out = np.full(values.shape, np.nan)
    known = np.isfinite(values)
    asked = values[known]
    if not len(asked):
        return out
    order = np.argsort(asked, kind="stable")
    corrected = rule(asked[order], np.arange(1, len(asked) + 1, dtype=np.float64), len(asked))
    corrected = np.minimum.accumulate(corrected[::-1])[::-1] if falling else np.maximum.accumulate(corrected)
    settled = np.empty_like(corrected)
    settled[order] = np.minimum(corrected, 1.0)
    out[known] = settled
    return out
