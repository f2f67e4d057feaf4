"""A hundred thousand verbatims treated by the base, beside scikit-learn's own vectoriser and linear model on the same texts.

Usage: python bench/gates/verbatims.py FOLDER [TEXTS]. FOLDER holds airline_tweets/tweets.parquet and
assurance_fr/avis.parquet: real texts, resampled with words dropped, swapped and mixed so that they are not all copies.

Both run in this process on one thread, one after the other. Treated means everything: customers' turns, masking, language,
sentences, irritants, polarity, suggestions, copies, and the three tables. The reference is fit and predict of
TfidfVectorizer with a linear model on the raw texts: ``SGDClassifier``, the fastest one, and ``LogisticRegression``.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"

import random
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

pa.set_cpu_count(1)
ALLOWED, MEMORY_MB = 3.0, 2_000


def texts(folder: Path, count: int) -> tuple[list[str], list[str]]:
    """Texts in both languages and a label for each."""
    tweets = pq.read_table(folder / "airline_tweets" / "tweets.parquet")
    reviews = pq.read_table(folder / "assurance_fr" / "avis.parquet")
    chance = random.Random(11)
    pools = (
        [text.split(" ") for text in tweets["text"].to_pylist()],
        [text.split(" ") for text in reviews["avis"].to_pylist()],
    )
    labels = (
        [f"{reason or tone}" for reason, tone in zip(tweets["negativereason"].to_pylist(), tweets["airline_sentiment"].to_pylist(), strict=True)],
        [f"note {note}" for note in reviews["note"].to_pylist()],
    )  # fmt: skip
    made, given = [], []
    for _ in range(count):
        side = int(chance.random() < 0.5)
        one, other = chance.randrange(len(pools[side])), chance.choice(pools[side])
        words = [word for word in pools[side][one] if chance.random() > 0.1]
        start = chance.randrange(len(other))
        made.append(" ".join([*words, *other[start : start + 8]]))
        given.append(labels[side][one])
    return made, given


def treated(written: list[str]) -> tuple[float, dict[str, pa.Table]]:
    """Seconds of the processor that the base takes, and its tables."""
    from portance.charter import Charter
    from portance.experience.voices import hearing, records
    from portance.experience.voices.masking import Masker
    from portance.experience.voices.texts import Written
    from portance.experience.voices.turning import Turns

    charter = Charter.model_validate(
        {
            "portance": 1, "company": {"name": "Bench", "currency": "EUR", "timezone": "Europe/Paris", "language": "fr"},
            "functions": {"service": {}}, "sources": {"mails": {"read": "mails.csv", "interactions": [{"activity": "mail", "at": "at"}]}},
            "journeys": {"all": {"by": "case"}}, "voices": {},
        }
    )  # fmt: skip
    count = len(written)
    seen = Written(
        [f"i{number}" for number in range(count)], [f"p{number // 2}" for number in range(count)], ["mails"] * count, [None] * count,
        list(range(count)), written,
    )  # fmt: skip

    def tell(_: str, number: int, total: int) -> None:
        print(f"\r  treated {number}/{total}", end="", file=sys.stderr)

    begun = time.process_time()
    heard = hearing.treat(seen, charter, Turns(), Masker(["Karine Lefèvre", "Rose Marchand"]), tell)
    tables = records.tables(heard, charter)
    print(file=sys.stderr)
    return time.process_time() - begun, tables


def reference(written: list[str], labels: list[str], model: Callable[[], object]) -> float:
    """Seconds of the processor that scikit-learn takes to learn and to tell."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    begun = time.process_time()
    vectoriser, linear = TfidfVectorizer(), model()
    linear.fit(vectoriser.fit_transform(written), labels)  # type: ignore[attr-defined]
    linear.predict(vectoriser.transform(written))  # type: ignore[attr-defined]
    return time.process_time() - begun


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    written, labels = texts(folder, count)
    print(f"{count} texts, {sum(map(len, written)) / 1e6:.1f} million characters")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    seconds, tables = treated(written)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    from sklearn.linear_model import LogisticRegression, SGDClassifier

    warnings.simplefilter("ignore")
    for name, model in (("SGDClassifier", SGDClassifier), ("LogisticRegression", LogisticRegression)):
        other = reference(written, labels, model)
        ratio = seconds / other
        print(
            f"base {seconds:6.1f} s   TfidfVectorizer + {name:18} {other:6.1f} s   ratio {ratio:.2f}  "
            f"{'holds' if ratio < ALLOWED else 'FAILS'} (under {ALLOWED})"
        )
    print(
        f"memory {memory:.0f} MB ({before:.0f} MB before)  {'holds' if memory < MEMORY_MB else 'FAILS'} (under {MEMORY_MB})"
    )
    print(
        f"rows of voices {tables['voices'].num_rows}, copies {sum(tables['voice_counts']['copies'].to_pylist())}"
    )


if __name__ == "__main__":
    main()
