"""How well the models read texts, on two sets of real texts with gold labels, against the plain model that they must beat.

    python bench/gates/texts.py reasons|tone|notes|languages|curve|speed --data FOLDER [--cache FOLDER] [--base|--extra] [--encoder verbatim|e5] [--near] [--floor] [--cuts N] [--repeats N]

FOLDER holds airline_tweets/tweets.parquet and assurance_fr/avis.parquet. Five stratified folds of a seed that no reader was
chosen with, the same for each further cut; texts that are identical once normalised count once. ``--near`` also keeps texts that are nearly so in one fold.
``--base`` leaves the encoder out, ``--extra`` the base; ``--cache`` keeps meanings; ``--floor`` fits the plain model too (notes always do).
How sure annotators were weighs tweets to learn from, never those that readers are judged on.
"""

import argparse
import html
import os
import re
import sys
import time
import unicodedata
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import numpy as np
import pyarrow.parquet as pq
from learning_curve import curve
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from portance.experience.voices.models.analyst import given
from portance.experience.voices.models.classical import Classical
from portance.experience.voices.models.encoder import Encoder
from portance.experience.voices.models.polarity import POLARITIES, Polarity, toned

NEAR = 0.8
"""Texts whose pieces of words are so alike (cosine) are kept in one fold."""
DRAWS = 2_000
SEED = 20261123
LEAST_TRUST = 0.3
"""What is added to an annotator's confidence, 0 to 1."""


def normal(text):
    text = html.unescape(unicodedata.normalize("NFKC", text)).casefold()
    text = re.sub(r"@\w+", " ", re.sub(r"https?://\S+", " ", text))
    return " ".join(re.findall(r"\w+", text))


def distinct(rows, text):
    """Rows whose normalised text was not there before."""
    seen, kept = set(), []
    for row in rows:
        same = normal(row[text])
        if same and same not in seen:
            seen.add(same)
            kept.append(row)
    return kept


def folds(texts, labels, near, seed=SEED):
    """Five stratified folds, near-duplicates together where ``near``: the tested places of each."""
    if not near:
        return [
            tested for _, tested in StratifiedKFold(5, shuffle=True, random_state=seed).split(texts, labels)
        ]
    made = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(4, 5), max_df=0.2, min_df=2, dtype=np.float32
    ).fit_transform([normal(text) for text in texts])
    alike = made @ made.T
    alike.data[alike.data < NEAR] = 0
    alike.eliminate_zeros()
    together = connected_components(alike, directed=False)[1]
    split = StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(texts, labels, together)
    return [tested for _, tested in split]


def floor(texts, labels, tested, balanced):
    """What anybody writes in ten minutes: TF-IDF of words and pieces of words, logistic regression."""
    learning = np.setdiff1d(np.arange(len(texts)), tested)
    parts = [
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
    ]
    rows = sparse.hstack([one.fit_transform([texts[i] for i in learning]) for one in parts]).tocsr()
    new = sparse.hstack([one.transform([texts[i] for i in tested]) for one in parts]).tocsr()
    model = LogisticRegression(class_weight="balanced" if balanced else None, max_iter=1000)
    return model.fit(rows, np.array(labels)[learning]).predict(new)


class Cached:
    """An encoder whose meanings are kept in a folder between runs."""

    def __init__(self, name, folder):
        self.name = name
        self.file = Path(folder) / f"{name}.npz" if folder else None
        self.known = {}
        if self.file and self.file.exists():
            kept = np.load(self.file)
            self.known = dict(zip(kept["texts"].tolist(), kept["meanings"], strict=True))
        self.encoder = Encoder(name, known=self.known)

    def keep(self):
        if self.file and self.known:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(
                self.file, texts=np.array(list(self.known)), meanings=np.array(list(self.known.values()))
            )


def said(model, texts, languages):
    return [next(iter(one)) for one in given(model, model.predict(texts, languages))]


def crossed(  # noqa: PLR0917  what is read, how it is cut, by whom
    texts, language, labels, split, make, trust=None
):
    """The label that each text gets from a model that never saw it."""
    guess = np.array([""] * len(texts), dtype=object)
    for tested in split:
        learning = np.setdiff1d(np.arange(len(texts)), tested)
        model = make()
        known = [labels[i] for i in learning]
        weights = None if trust is None else [trust[i] for i in learning]
        some = [texts[i] for i in learning], [language] * len(learning)
        new = [texts[i] for i in tested], [language] * len(tested)
        if isinstance(model, Polarity):
            model.fit(*some, known, weights=weights)
            guess[tested] = model.say(*new)
        else:
            model.fit(*some, [frozenset((one,)) for one in known], weights=weights)
            guess[tested] = said(model, *new)
    return guess


def told(name, labels, guess, split, began, *, gate=None):
    labels = np.array(labels, dtype=object)
    macro = f1_score(labels, guess, average="macro")
    each = [f1_score(labels[tested], guess[tested], average="macro") for tested in split]
    verdict = "" if gate is None else f"  gate {gate:.3f} {'held' if macro >= gate else 'MISSED'}"
    _, low, high = difference(labels, guess)
    print(
        f"{name:34s} macro {macro:.4f} ({low:.4f} to {high:.4f})  micro {(labels == guess).mean():.4f}"
        f"  mean of folds {np.mean(each):.4f}  {time.time() - began:5.0f} s{verdict}",
        flush=True,
    )
    return macro


def difference(labels, first, second=None, seed=0):
    """First (less second) in mean F1, and its 95 % interval by a (paired) bootstrap over texts.

    Several cuts into folds may be given for each; their mean is then what is told, and drawn for the same texts at once.
    """
    names = sorted(set(labels))
    truth = np.array([names.index(x) for x in labels])
    ones, twos = (
        [] if some is None else [np.array([names.index(x) for x in each]) for each in np.atleast_2d(some)]
        for some in (first, second)
    )
    rng = np.random.default_rng(seed)

    def macro(rows, guesses):
        found = [0.0] if not guesses else []
        for guess in guesses:
            pairs = np.bincount(truth[rows] * len(names) + guess[rows], minlength=len(names) ** 2)
            pairs = pairs.reshape(len(names), -1)
            found.append((2 * pairs.diagonal() / np.maximum(pairs.sum(0) + pairs.sum(1), 1)).mean())
        return np.mean(found)

    drawn = [rng.integers(0, len(truth), len(truth)) for _ in range(DRAWS)]
    gains = [macro(rows, ones) - macro(rows, twos) for rows in drawn]
    every = np.arange(len(truth))
    return macro(every, ones) - macro(every, twos), *np.quantile(gains, (0.025, 0.975))


def tweets(data, what):
    """Distinct tweets that have ``what``, its labels, and how much each is trusted."""
    rows = pq.read_table(data / "airline_tweets" / "tweets.parquet").to_pylist()
    rows = distinct([row for row in rows if row[what]], "text")
    sure = [row[f"{what}_confidence"] for row in rows]
    return (
        [row["text"] for row in rows],
        [row[what] for row in rows],
        [LEAST_TRUST + (0.5 if one is None else one) for one in sure],
    )


def cuts_of(asked, texts, labels, several):
    """Cuts into folds: the first of ``SEED``, the others of seeds that follow."""
    return [folds(texts, labels, asked.near, SEED + 1_000 * i) for i in range(asked.cuts or several)]


def over(name, labels, cuts, read, gate=None):
    """What ``read`` says of each text, cut by cut: told for the first cut, and for all together."""
    began = time.time()
    guesses = [read(cuts[0])]
    told(name, labels, guesses[0], cuts[0], began, gate=gate)
    guesses += [read(cut) for cut in cuts[1:]]
    if len(cuts) > 1:
        mean, low, high = difference(labels, guesses)
        verdict = "" if gate is None else f"  gate {gate:.3f} {'held' if mean >= gate else 'MISSED'}"
        print(f"    over {len(cuts)} cuts: macro {mean:.4f} ({low:.4f} to {high:.4f}){verdict}", flush=True)
    return guesses


def plain(texts, labels, balanced):
    """The plain model, cut by cut."""

    def read(cut):
        guess = np.array([""] * len(texts), dtype=object)
        for tested in cut:
            guess[tested] = floor(texts, labels, tested, balanced)
        return guess

    return read


def reasons(asked, cache):
    texts, labels, trust = tweets(asked.data, "negativereason")
    cuts = cuts_of(asked, texts, labels, 1)
    print(f"negative reasons, {len(texts)} distinct texts, {len(set(labels))} classes, near {asked.near}")
    if not asked.extra:
        over("base", labels, cuts, lambda cut: crossed(texts, "en", labels, cut, Classical, trust), 0.58)
    if cache:

        def make():
            return Classical(name=cache.name, dense=(cache.encoder,))

        over(
            f"extra {cache.name}",
            labels,
            cuts,
            lambda cut: crossed(texts, "en", labels, cut, make, trust),
            0.62,
        )
    for name, balanced in (("floor", False), ("floor, balanced", True)) if asked.floor else ():
        over(name, labels, cuts, plain(texts, labels, balanced))


def tone(asked, cache):
    texts, labels, trust = tweets(asked.data, "airline_sentiment")
    cuts = cuts_of(asked, texts, labels, 1)
    print(f"sentiment of tweets, {len(texts)} distinct texts, 3 classes, near {asked.near}")
    over("lexicon alone, no label", labels, cuts[:1], lambda _: lexicon_alone(texts))
    if asked.floor:
        over("floor, balanced", labels, cuts, plain(texts, labels, balanced=True))
    if not asked.extra:
        over("base", labels, cuts, lambda cut: crossed(texts, "en", labels, cut, Polarity, trust), 0.78)
    if cache:

        def make():
            return Polarity(cache.name, meaning=cache.encoder)

        over(
            f"extra {cache.name}",
            labels,
            cuts,
            lambda cut: crossed(texts, "en", labels, cut, make, trust),
            0.78,
        )


def lexicon_alone(texts):
    return np.array([POLARITIES[i] for i in toned(texts).argmax(axis=1)], dtype=object)


def reviews(asked):
    data = asked.data
    rows = pq.read_table(data / "assurance_fr" / "avis.parquet").to_pylist()
    rows = distinct([row for row in rows if row["note"] is not None], "avis")
    labels = [POLARITIES[0 if row["note"] <= 2 else 1 if row["note"] == 3 else 2] for row in rows]
    return [row["avis"] for row in rows], [row["avis_en"] for row in rows], labels


def notes(asked, cache):
    """With 1,000 reviews a cut into folds is luck of its own: ten are told together."""
    texts, _, labels = reviews(asked)
    cuts = cuts_of(asked, texts, labels, 10)
    print(f"notes of French reviews, {len(texts)} distinct texts, {[labels.count(x) for x in POLARITIES]}")
    over("lexicon alone, no label", labels, cuts[:1], lambda _: lexicon_alone(texts))
    floors = {
        name: over(name, labels, cuts, plain(texts, labels, balanced))
        for name, balanced in (("floor", False), ("floor, balanced", True))
    }
    models = {"base": Polarity}
    if cache:
        models[f"extra {cache.name}"] = lambda: Polarity(cache.name, meaning=cache.encoder)
    for name, make in models.items():
        found = over(
            name, labels, cuts, lambda cut, make=make: crossed(texts, "fr", labels, cut, make), gate=0.68
        )
        for against, other in floors.items():
            for some in sorted({1, len(cuts)}):
                gain, low, high = difference(labels, found[:some], other[:some])
                print(
                    f"    less {against:16s} {some:2d} cuts {gain:+.4f} ({low:+.4f} to {high:+.4f})",
                    flush=True,
                )


def languages(asked, cache):
    """The same review in French and in English, by a model that learnt from other reviews, in French only."""
    texts, english, labels = reviews(asked)
    split = folds(texts, labels, asked.near)
    print(f"the same review in both languages, {len(texts)} reviews, learnt in French only")
    models = {"base": Polarity}
    if cache:
        models[f"extra {cache.name}"] = lambda: Polarity(cache.name, meaning=cache.encoder)
    for name, make in models.items():
        french, other = (np.array([""] * len(texts), dtype=object) for _ in range(2))
        for tested in split:
            learning = np.setdiff1d(np.arange(len(texts)), tested)
            model = make()
            model.fit([texts[i] for i in learning], ["fr"] * len(learning), [labels[i] for i in learning])
            french[tested] = model.say([texts[i] for i in tested], ["fr"] * len(tested))
            other[tested] = model.say([english[i] for i in tested], ["en"] * len(tested))
        same = (french == other).mean()
        half = 1.96 * np.sqrt(same * (1 - same) / len(texts))
        print(
            f"{name:34s} same label {same:.4f} (+/-{half:.3f})  macro French {f1_score(labels, french, average='macro'):.4f}"
            f"  English {f1_score(labels, other, average='macro'):.4f}  gate 0.85 {'held' if same >= 0.85 else 'MISSED'}",
            flush=True,
        )


def learning(asked, cache):
    """Negative reasons after so many labelled sentences: a mean over folds, each judged after labelling in the others."""
    texts, names, _ = tweets(asked.data, "negativereason")
    split = folds(texts, names, asked.near, SEED + 9_000)  # a cut on which no way to choose was tried
    labels, spoken = [frozenset((one,)) for one in names], ["en"] * len(names)
    makes = {"base": Classical}
    if cache:
        cache.encoder.encode(texts)
        makes[f"extra {cache.name}"] = lambda: Classical(name=cache.name, dense=(cache.encoder,))
    print("labels chosen  model             macro-F1 (least to most)   micro-F1   labels learnt")
    for name, make in makes.items():
        for active in (False, True):
            runs = [
                curve(
                    make,
                    texts,
                    spoken,
                    labels,
                    [int(one) for one in split[i % len(split)]],
                    active=active,
                    seed=i,
                )
                for i in range(asked.repeats)
            ]
            for points in zip(*runs, strict=True):
                macro, micro = [p.macro for p in points], [p.micro for p in points]
                print(
                    f"{points[0].labels:6d} {points[0].chosen:7s} {name:16s} {np.mean(macro):.3f} ({min(macro):.3f} to {max(macro):.3f})"
                    f"   {np.mean(micro):.3f}   {np.mean([p.known for p in points]):.1f}",
                    flush=True,
                )


def speed(asked, _cache, size=100_000):
    """A fitted base model over 100,000 texts against scikit-learn's own vectorisers and linear model, same process."""
    rows = pq.read_table(asked.data / "airline_tweets" / "tweets.parquet").to_pylist()
    labelled = [row for row in rows if row["negativereason"]][:2_000]
    texts, labels = [row["text"] for row in labelled], [row["negativereason"] for row in labelled]
    many = [f"{rows[i % len(rows)]['text']} {i}" for i in range(size)]
    parts = [
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
    ]
    linear = LogisticRegression(max_iter=1000).fit(
        sparse.hstack([one.fit_transform(texts) for one in parts]).tocsr(), labels
    )
    began = time.time()
    for start in range(0, size, 10_000):
        some = many[start : start + 10_000]
        linear.predict(sparse.hstack([one.transform(some) for one in parts]).tocsr())
    plain = time.time() - began
    model = Classical()
    model.fit(texts, ["en"] * len(texts), [frozenset((one,)) for one in labels])
    began = time.time()
    model.predict(many, ["en"] * size)
    ours = time.time() - began
    print(
        f"{size} texts: scikit-learn {plain:.0f} s, base {ours:.0f} s, {ours / plain:.2f} times, gate 3 {'held' if ours < 3 * plain else 'MISSED'}"
    )


GATES = {
    "reasons": reasons,
    "tone": tone,
    "notes": notes,
    "languages": languages,
    "curve": learning,
    "speed": speed,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gates", nargs="*", help=", ".join(GATES))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--base", action="store_true")
    parser.add_argument("--encoder", choices=("verbatim", "e5"), default="verbatim")
    parser.add_argument("--extra", action="store_true")
    parser.add_argument("--near", action="store_true")
    parser.add_argument("--floor", action="store_true")
    parser.add_argument("--cuts", type=int, help="into folds, told together (1; of the notes 10)")
    parser.add_argument("--repeats", type=int, default=5, help="of the learning curve, on one fold each")
    asked = parser.parse_args()
    cache = None if asked.base else Cached(asked.encoder, asked.cache)
    for name in asked.gates or GATES:
        GATES[name](asked, cache)
        if cache:
            cache.keep()


if __name__ == "__main__":
    main()
