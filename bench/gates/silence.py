"""Do intervals for everybody hold the truth when few answer? Random companies whose silent customers are known.

    python bench/gates/silence.py --worlds 400                 # seeds 0 to 399: those the method was developed on
    python bench/gates/silence.py --worlds 400 --first 100000  # other seeds: the figures quoted

*cover*: 95 % intervals that hold what all customers of this world would have answered, whole and by segment; *naive*: those of
the answers alone; *band*: bands that hold it; *warned*: worlds in which late answers, or a follow-up drawn by lot, show
that silence depends on satisfaction; *refused*: worlds for which no figure is given. Response and answers are curves,
thresholds and products of what is known, which no model was told of; a person's journeys answer alike.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import numpy as np
from scipy import special

KINDS = ("curves", "thresholds", "products", "rare", "satisfaction", "satisfaction_strong", "never", "tiny")
OBSERVED = KINDS[:4]
DEPENDS = KINDS[4:6]
REFUSED = KINDS[6:]


def world(seed, kind, persons=3000):
    """One company: what is known of each journey, what its customer would answer, and who did."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    if kind == "tiny":
        persons = 300
    journeys = 1 + rng.poisson(0.5, persons)
    person = np.repeat(np.arange(persons), journeys)
    n = len(person)
    tenure = rng.gamma(1.5, 2.0, persons)[person]
    segment = rng.integers(0, 3, persons)[person]
    contacts = 1 + rng.poisson(rng.gamma(1.5, 0.8, n))
    wait = np.exp(rng.normal(0.3 * np.log(contacts), 0.8))
    broken = rng.random(n) < special.expit(-1.6 + 0.5 * np.log(wait) + 0.3 * (segment == 2))
    channel = rng.integers(0, 3, n)
    hour = rng.uniform(0, 24, n)
    steep = rng.uniform(0.7, 1.3)
    if kind in ("thresholds", "satisfaction_strong"):
        mood = 0.9 - 1.3 * (wait > 1.5) - 0.9 * broken - 0.6 * (contacts > 3) + 0.5 * (tenure > 4)
        odds = 1.1 * (wait <= 1.5) + 0.8 * (tenure > 4) - 0.7 * (channel == 2) - 0.6 * broken
    elif kind == "products":
        mood = 0.8 - 0.8 * np.log1p(wait) * (1 + 0.7 * broken) + 0.4 * (channel == 1) * np.sqrt(tenure)
        odds = (
            -0.7 * np.log1p(wait) * (1 + broken) + 0.5 * (channel == 1) * (tenure > 2) + 0.4 * (segment == 1)
        )
    else:
        mood = (
            0.9 - 0.9 * np.log1p(wait) - 0.8 * broken + 0.5 * np.sin(1.2 * tenure) - 0.25 * np.sqrt(contacts)
        )
        odds = (
            -0.9 * np.log1p(wait)
            + 0.7 * np.sin(1.2 * tenure + 0.5)
            - 0.5 * broken
            + 0.3 * np.cos(hour / 24 * 2 * np.pi)
        )
    mood = mood + 0.2 * (segment == 0)
    latent = mood + 0.5 * rng.normal(0, 1, persons)[person] + 0.8 * rng.normal(0, 1, n)
    answer = 1.0 + sum(latent > cut for cut in (-1.6, -0.8, 0.0, 0.8))
    slope = {"satisfaction": 0.3, "satisfaction_strong": 0.5 / answer.std()}.get(kind, 0.0)
    told = steep * odds
    odds = steep * odds + slope * (answer - answer.mean()) + 0.4 * rng.normal(0, 1, persons)[person]
    share = {"rare": 0.06, "tiny": 0.2}.get(kind, 0.15)
    low, high = -8.0, 4.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if special.expit(odds + middle).mean() < share else (low, middle)
    e = special.expit(odds + low)
    if kind == "never":
        e = np.where((wait > 2.2) & (rng.random(n) < 0.999), 0.0, e)
    said = rng.random(n) < e
    # reluctance: the less likely an answer was, the later it comes
    delay = rng.exponential(1.0, n) * np.exp(-1.2 * (odds - odds.mean()))
    marks = [segment == 1, segment == 2, channel == 1, channel == 2]
    x = np.column_stack(
        [np.log1p(contacts), np.log(wait), broken, tenure, hour, *marks, rng.normal(size=(n, 2))]
    ).astype(float)
    drawn = np.zeros(n, dtype=bool)
    silent = np.flatnonzero(~said)
    drawn[rng.choice(silent, min(500, len(silent)), replace=False)] = True
    reached = drawn & (rng.random(n) < special.expit(1.0 + slope * (answer - answer.mean())))
    return {
        "e": special.expit(told + low),
        "x": x,
        "answer": answer,
        "said": said,
        "person": person,
        "segment": segment,
        "delay": delay,
        "drawn": drawn,
        "reached": reached,
    }


def one(task):
    """What the estimate says of a world, beside its truth."""
    kind, seed = task
    measure = "mean" if seed % 2 else "share"
    from portance.experience.scoring import clustered
    from portance.experience.silent import adjusting, bounding, resisting

    w = world(seed, kind)
    full = (w["answer"] >= 4).astype(float) if measure == "share" else w["answer"]
    ends = (0.0, 1.0) if measure == "share" else (1.0, 5.0)
    said, person, weights = w["said"], w["person"], np.ones(len(full))
    y = np.where(said, full, np.nan)
    start = time.process_time()
    fitted = adjusting.fit(y, said, w["x"], person, seed=seed)
    told = {
        "kind": kind,
        "measure": measure,
        "n": len(full),
        "answers": int(said.sum()),
        "reason": fitted.reason,
    }
    mean = full[said].mean()
    half = 1.96 * clustered((full[said] - mean) / said.sum(), np.unique(person[said], return_inverse=True)[1])
    told["naive"] = abs(mean - full.mean()) <= half
    told["naive_bias"] = mean - full.mean()
    if fitted.reason is None:
        whole = adjusting.figure(y, said, fitted, persons=person, weights=weights)
        told["cover"] = whole.low <= full.mean() <= whole.high
        told["bias"], told["width"] = whole.value - full.mean(), whole.high - whole.low
        parts = [
            adjusting.figure(y, said, fitted, persons=person, weights=weights, mine=w["segment"] == s)
            for s in range(3)
        ]
        told["segments"] = [
            part.low <= full[w["segment"] == s].mean() <= part.high
            for s, part in enumerate(parts)
            if part.reason is None
        ]
        most = bounding.MOST * adjusting.spread_of(y, said, fitted, weights)
        silent = 1 - said.mean()
        band = bounding.band(whole.low, whole.high, silent, least=-most, most=most, ends=ends)
        told["band"] = band.low <= full.mean() <= band.high
        missed = full - fitted.predictions
        known = resisting.held(fitted.propensities[said], fitted.predictions[said])
        told["late"] = resisting.late(
            missed[said], w["delay"][said], known, persons=person[said], weights=weights[said]
        ).shows
        reached = w["reached"]
        expected = (whole.value - said.mean() * mean) / silent
        given, quiet = (
            (full[reached], fitted.predictions[reached], person[reached]),
            fitted.predictions[~said],
        )
        told["follow_up"] = resisting.followed_up(
            *given, silent=quiet, expected=expected, error=whole.error, share=silent
        ).shows
        own = resisting.followed_up(*given, silent=quiet, expected=expected, error=0.0, share=silent)
        reach = (own.high - own.low) / 2 + (1 - reached.sum() / w["drawn"].sum()) * most
        narrow = bounding.band(
            whole.value, whole.value, silent, least=own.value - reach, most=own.value + reach, ends=ends
        )
        told["measured"] = narrow.low <= full.mean() <= narrow.high
        told["measured_width"] = narrow.high - narrow.low
        told["band_width"] = band.high - band.low
    told["seconds"] = time.process_time() - start
    return {key: _plain(value) for key, value in told.items()}


def _plain(value):
    return (
        [bool(one) for one in value]
        if isinstance(value, list)
        else value.item()
        if isinstance(value, np.generic)
        else value
    )


def share(rows, name):
    values = [row[name] for row in rows if name in row]
    return f"{np.mean(values):.3f}" if values else "-"


def shown(rows, kinds):
    print(
        "| worlds | n | answers | cover | segments | naive | naive bias | bias | width | band | its width | with follow-up | its width | late warns | follow-up warns | refused | s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for kind in kinds:
        for measure in ("share", "mean", None):
            mine = [row for row in rows if row["kind"] == kind and measure in (None, row["measure"])]
            if not mine:
                continue
            parts = [flag for row in mine for flag in row.get("segments", ())]
            sizes = f"{np.mean([row['answers'] for row in mine]):.0f} of {np.mean([row['n'] for row in mine]):.0f}"
            named = f"{kind}, {measure}" if measure else f"**{kind}**"
            told = [
                share(mine, name)
                for name in (
                    "naive",
                    "naive_bias",
                    "bias",
                    "width",
                    "band",
                    "band_width",
                    "measured",
                    "measured_width",
                    "late",
                    "follow_up",
                )
            ]
            if measure is None:  # shares and means have no common unit
                told[1:4], told[5], told[7] = ["", "", ""], "", ""
            segments = f"{np.mean(parts):.3f}" if parts else "-"
            refused = f"{np.mean([row['reason'] is not None for row in mine]):.3f}"
            print(
                "| "
                + " | ".join(
                    [
                        named,
                        str(len(mine)),
                        sizes,
                        share(mine, "cover"),
                        segments,
                        *told,
                        refused,
                        share(mine, "seconds"),
                    ]
                )
                + " |"
            )
    print(
        "The truth is what all journeys of the world would answer; even seeds ask for a share, odd ones for a mean."
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kinds", nargs="+", default=list(KINDS))
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--kept", type=Path, help="a file to which each world is added as it ends, and which is resumed"
    )
    given = parser.parse_args()
    tasks = [(kind, given.first + seed) for seed in range(given.worlds) for kind in given.kinds]
    rows = []
    if given.kept and given.kept.exists():
        rows = [json.loads(line) for line in given.kept.read_text().splitlines()]
    done = {(row["kind"], row["seed"]) for row in rows}
    wanted = set(tasks)
    rows = [row for row in rows if (row["kind"], row["seed"]) in wanted]
    with multiprocessing.Pool(given.workers) as pool:
        for row in pool.imap_unordered(one, [task for task in tasks if task not in done], chunksize=2):
            rows.append(row)
            if given.kept:
                with given.kept.open("a") as file:
                    file.write(json.dumps(row) + "\n")
    shown(rows, given.kinds)


if __name__ == "__main__":
    main()
