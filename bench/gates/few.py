"""Do errors keep their size when a lever moved in few units only? Rejections of a true nil at 5 %.

    python bench/gates/few.py

24 units, 52 weeks, one lasting move at a date of each moved unit's own, readings with memory 0.5. Columns: share rejected with
the units less one as degrees of freedom; with the informed units less one; with one and a half times that (what is used); and the
plain sandwich (CV1) with the units less one, as most packages have it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import numpy as np
from scipy import stats

from portance.alignment.conflicts.absorbing import Absorber
from portance.alignment.conflicts.regressing import degrees, fitted, products


def main(units: int = 24, weeks: int = 52, repeats: int = 400) -> None:
    rng = np.random.default_rng(1)
    absorber = Absorber(np.ones((units, weeks), dtype=bool))
    print(f"{'moved':>5s} {'informed':>8s} {'G-1':>6s} {'G*-1':>6s} {'used':>6s} {'CV1':>6s}")
    for moved in (2, 3, 4, 6, 8, 12, 24):
        shares, informed = [], []
        for _ in range(repeats):
            x = np.zeros((units, weeks, 1))
            for unit in range(moved):
                x[unit, rng.integers(5, weeks - 5) :] = 1
            y = rng.standard_normal((units, weeks, 10))
            for week in range(1, weeks):
                y[:, week] += 0.5 * y[:, week - 1]
            cross = products(absorber, absorber.swept(x), absorber.swept(y))
            fit = fitted(cross)
            t = np.abs(fit.coefficients[0]) / np.sqrt((fit.parts[:, 0] ** 2).sum(axis=0))
            plain = np.abs(fit.coefficients[0]) / np.sqrt((fit.sandwich[:, 0] ** 2).sum(axis=0))
            star = float(fit.informed[0])
            informed.append(star)
            limits = [
                stats.t.ppf(0.975, df) for df in (units - 1, max(star - 1, 1), float(degrees(star, units)))
            ]
            shares.append([*((t > limit).mean() for limit in limits), (plain > limits[0]).mean()])
        print(
            f"{moved:5d} {np.mean(informed):8.1f} "
            + " ".join(f"{share:6.3f}" for share in np.mean(shares, axis=0))
        )


if __name__ == "__main__":
    main()
