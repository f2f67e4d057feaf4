"""pyfixest, one ordered pair after the other: reads a panel (npz), prints estimates, errors and seconds as JSON.

    python pyfixest_pairs.py panel.npz 40

For each pair (a, b): the regression of b on last period's readings of all indicators, unit and period effects, errors clustered by
unit, of which the coefficient of a is kept. Only so many pairs are run, spread evenly; the time is that of the calls alone.
"""

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
import pyfixest

warnings.filterwarnings("ignore")


def main() -> None:
    panel = np.load(sys.argv[1])
    y, x = panel["y"], panel["x"]
    units, periods, many = y.shape
    frame = pd.DataFrame(
        {"unit": np.repeat(np.arange(units), periods), "period": np.tile(np.arange(periods), units)}
    )
    for k in range(many):
        frame[f"y{k}"], frame[f"x{k}"] = y[:, :, k].ravel(), x[:, :, k].ravel()
    pairs = [(a, b) for a in range(many) for b in range(many) if a != b]
    chosen = [pairs[i] for i in np.linspace(0, len(pairs) - 1, min(int(sys.argv[2]), len(pairs))).astype(int)]
    right = " + ".join(f"x{k}" for k in range(many))

    def one(a: int, b: int) -> tuple[float, float]:
        fit = pyfixest.feols(f"y{b} ~ {right} | unit + period", frame, vcov={"CRV1": "unit"})
        return float(fit.coef()[f"x{a}"]), float(fit.se()[f"x{a}"])

    one(*chosen[0])  # compiled on the first call
    start = time.perf_counter()
    told = [(a, b, *one(a, b)) for a, b in chosen]
    print(json.dumps({"seconds": (time.perf_counter() - start) / len(chosen), "pairs": told}))


if __name__ == "__main__":
    main()
