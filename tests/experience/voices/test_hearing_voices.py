"""From the store of verbatims to the tables: what is read, what is shown, what persons' labels do."""

import json
import random

import numpy as np
import pytest
from written_company import Wrote, charter, company

from portance.clock import fixed
from portance.errors import CharterError
from portance.experience.voices import learning, records
from portance.experience.voices.hearing import hear, listen
from portance.experience.voices.labelling import Labelling
from portance.experience.voices.labels import Labels, digest
from portance.publication import voices as published
from portance.store.state import State

from datetime import UTC, datetime  # isort: skip

NOON = fixed(datetime(2026, 3, 1, 12, tzinfo=UTC))


def test_voices_say_what_each_sentence_holds_and_no_text(tmp_path):
    wrote = [
        Wrote("Toujours pas de réponse. Mon tel est le 06 12 34 56 78.", "a"),
        Wrote("Great service, thanks!", "b", language="en"),
        Wrote("Sehr schlechter Service, ich bin enttäuscht und komme nie wieder", "c"),
        Wrote("Il faudrait un bouton pour annuler", "d", source="reviews"),
    ]
    engine, state = company(tmp_path, wrote)
    with engine, state:
        found = hear(charter(tmp_path, public=["reviews"]), engine, state)
    rows = found["voices"].to_pylist()
    assert [(row["kind"], row["irritant"], row["treated"]) for row in rows] == [
        ("complaint", "no_answer", True), ("neutral", None, True), ("praise", None, True), (None, None, False),
        ("suggestion", "cancellation", True),
    ]  # fmt: skip
    assert [row["public"] for row in rows] == [False, False, False, False, True]
    assert {row["given_by"] for row in rows if row["treated"]} == {"words"}
    assert not any("06 12" in str(value) or "phone" in str(value) for row in rows for value in row.values())
    counts = {(row["source"], row["language"]): row for row in found["voice_counts"].to_pylist()}
    assert json.loads(counts["mails", "fr"]["kinds"]) == {"phone": 1}
    assert counts["mails", "other"]["treated"] == 0
    assert sum(row["verbatims"] for row in counts.values()) == 4


def test_published_columns_are_those_that_are_made(tmp_path):
    engine, state = company(tmp_path, [])
    with engine, state:
        found = hear(charter(tmp_path), engine, state)
    tables = {table.name: [column.name for column in table.columns] for table in published.VOICE_TABLES}
    assert tables == {name: table.column_names for name, table in found.items()}
    assert all(table.num_rows == 0 for table in found.values())


def test_only_the_latest_version_of_a_live_receipt_is_read(tmp_path):
    wrote = [Wrote("Colis perdu", "a", version=1, latest=2), Wrote("Colis cassé", "b", version=2, latest=2)]
    engine, state = company(tmp_path, wrote)
    with engine, state:
        found = hear(charter(tmp_path), engine, state)["voices"].to_pylist()
    assert [(row["person_id"], row["irritant"]) for row in found] == [("b", "damaged")]
    engine, state = company(tmp_path / "undone", [Wrote("Colis perdu", "a")], live=False)
    with engine, state:
        assert hear(charter(tmp_path / "undone"), engine, state)["voices"].num_rows == 0


def test_names_of_who_handled_and_of_the_list_are_hidden(tmp_path):
    (tmp_path / "names.txt").write_text("# staff\nZdravka Petrova\n", encoding="utf-8")
    wrote = [
        Wrote("vu hier par Wilhelmine puis zdravka", "a", agent="Wilhelmine Krötz"),
        Wrote("ok", "b", agent="a1b2c3"),
    ]
    engine, state = company(tmp_path, wrote)
    with engine, state:
        heard = listen(charter(tmp_path, names="names.txt"), engine, state)
        assert heard.sentences.texts[0] == "vu hier par <name> puis <name>"
        with pytest.raises(CharterError, match=r"absent\.txt"):
            listen(charter(tmp_path, names="absent.txt"), engine, state)


def test_examples_show_only_what_enough_persons_say_and_nothing_rare(tmp_path):
    wrote = [
        Wrote(f"Le colis est arrivé cassé {'hier' if number % 2 else 'encore'}", f"p{number}")
        for number in range(9)
    ]
    wrote += [
        Wrote("Le colis de Mme Durand est arrivé cassé", "p9"),
        Wrote("Colis cassé près du moulin de Zanzibar", "p10"),
    ]
    engine, state = company(tmp_path, wrote)
    with engine, state:
        shown = hear(charter(tmp_path), engine, state)["voice_examples"].to_pylist()
        strict = hear(charter(tmp_path, fewest=12), engine, state)["voice_examples"]
    assert {row["irritant"] for row in shown} == {"damaged"}
    assert {row["text"] for row in shown} == {
        "Le colis est arrivé cassé hier",
        "Le colis est arrivé cassé encore",
    }
    assert strict.num_rows == 0


def test_copies_are_told_and_the_same_seed_gives_the_same_rows(tmp_path):
    text = "J'attends ma commande depuis trois semaines et personne ne répond"
    engine, state = company(tmp_path, [Wrote(text, "a", id="first"), Wrote(text + " !", "a", id="second")])
    with engine, state:
        once, twice = (hear(charter(tmp_path), engine, state, 3)["voices"] for _ in range(2))
    assert once.equals(twice)
    assert {(row["interaction_id"], row["copy_of"]) for row in once.to_pylist()} == {
        ("first", None),
        ("second", "first"),
    }


def test_an_empty_agent_turn_leaves_no_row_and_still_counts(tmp_path):
    engine, state = company(
        tmp_path, [Wrote("Conseiller : Bonjour, ici Rose", "a"), Wrote("!!!", "b"), Wrote("x" * 50_000, "c")]
    )
    with engine, state:
        found = hear(charter(tmp_path), engine, state)
    assert sum(found["voice_counts"]["verbatims"].to_pylist()) == 3


# ---- labels

FRENCH = {
    "delay": ("Livraison en retard de {} jours", "Toujours pas livré après {} jours"),
    "refund": ("Remboursement refusé après {} appels", "Pas remboursé depuis {} mois"),
    None: ("Très bon service en {} minutes", "Parfait, {} fois merci"),
}


def many(count: int) -> list[Wrote]:
    chance = random.Random(4)
    made = []
    for number in range(count):
        frame = chance.choice(chance.choice(list(FRENCH.values())))
        made.append(Wrote(frame.format(chance.randrange(2, 60)), f"p{number}"))
    return made


def test_each_sentence_comes_once_and_what_was_decided_can_be_taken_back(tmp_path):
    engine, state = company(tmp_path, [*many(80), *(Wrote("ok", f"q{number}") for number in range(50))])
    with engine, state:
        labelling = Labelling.open(charter(tmp_path), engine, state, clock=NOON)
        asked = labelling.next(20)
        assert len({question.digest for question in asked}) == 20
        assert all(len(question.text.split()) > 1 for question in asked)
        labelling.give(asked[0], ["delay"], "negative", "complaint")
        labelling.skip(asked[1])
        again = {question.digest for question in labelling.next(200)}
        assert not again & {asked[0].digest, asked[1].digest}
        assert (labelling.progress.labelled, labelling.progress.skipped) == (1, 1)
        back = labelling.undo()
        assert back is not None
        assert back.digest == asked[1].digest
        assert labelling.undo().digest == asked[0].digest
        assert labelling.undo() is None
        assert labelling.progress.labelled == 0
        with pytest.raises(ValueError, match="no_such"):
            labelling.give(asked[2], ["no_such"], "negative", "complaint")


def test_labels_outlive_the_run_and_a_crash_and_hold_no_text(tmp_path):
    engine, state = company(tmp_path, many(60))
    with engine, state:
        labelling = Labelling.open(charter(tmp_path), engine, state, clock=NOON)
        first, second = labelling.next(2)
        labelling.give(first, ["refund"], "negative", "complaint")
        file = state.labels
    written = file.read_bytes()
    assert all(word not in written.decode().lower() for word in ("livraison", "service", "rembours", "livré"))
    file.write_bytes(
        written + b'{"does": "give", "digest": "' + second.digest.encode()
    )  # the machine stopped here
    with State(tmp_path / ".portance") as state:
        labels = Labels(state.labels)
        assert set(labels.given) == {first.digest}
        labels.skip(second.digest, NOON())
        assert Labels(state.labels).skipped == {second.digest}
        assert set(Labels(state.labels).given) == {first.digest}


def test_a_persons_label_always_wins_and_says_so(tmp_path):
    engine, state = company(
        tmp_path,
        [Wrote("Livraison en retard de 3 jours", "a"), Wrote("Livraison en retard de 3 jours.", "b")],
    )
    with engine, state:
        labelling = Labelling.open(charter(tmp_path), engine, state, clock=NOON)
        (question,) = labelling.next(5)
        assert question.like == 2
        labelling.give(question, ["promise", "delay"], "neutral", "suggestion")
        rows = hear(charter(tmp_path), engine, state)["voices"].to_pylist()
    assert {(row["irritant"], row["polarity"], row["kind"], row["given_by"], row["score"]) for row in rows} == {
        ("promise", "neutral", "suggestion", "person", 1.0), ("delay", "neutral", "suggestion", "person", 1.0),
    }  # fmt: skip


class Parrot:
    """A reader that says what it was told to say."""

    name, exclusive = "parrot", False
    thresholds = np.array([0.5])

    def __init__(self) -> None:
        self.classes: tuple[str, ...] = ()

    def fit(self, _texts, _languages, labels) -> None:
        self.classes = tuple(sorted({one for several in labels for one in several}))
        self.thresholds = np.full(len(self.classes), 0.5)
        self.exclusive = all(len(several) == 1 for several in labels)

    def predict(self, texts, _languages):
        assert all("06 12" not in text for text in texts)
        return np.tile(
            [0.9 if one in ("complaint", "refund") else 0.1 for one in self.classes], (len(texts), 1)
        )


def labelled(labels: Labels, heard, count: int) -> None:
    from portance.experience.voices.labels import Label

    seen = set()
    for place, text in enumerate(heard.sentences.texts):
        mark = digest(text)
        if mark in seen or len(seen) == count:
            continue
        seen.add(mark)
        irritant = ("refund",) if "embours" in text else ("delay",) if "ivr" in text else ()
        kind = "complaint" if irritant else "praise"
        labels.give(
            Label(f"i{place}", 0, mark, irritant, "negative" if irritant else "positive", kind, "2026")
        )


def test_from_fifty_labels_the_model_decides_where_no_person_did(tmp_path):
    engine, state = company(tmp_path, [*many(140), Wrote("Appelez le 06 12 34 56 78, retard", "z")])
    with engine, state:
        known = charter(tmp_path)
        heard = listen(known, engine, state)
        few, enough = Labels(tmp_path / "few"), Labels(tmp_path / "enough")
        labelled(few, heard, learning.ENOUGH - 1)
        labelled(enough, heard, learning.ENOUGH)
        below = records.tables(
            learning.learn(listen(known, engine, state), few, known, 0, str, Parrot), known
        )["voices"]
        above = learning.learn(heard, enough, known, 0, str, Parrot)
        voices = records.tables(above, known)["voices"].to_pylist()
    assert "model" not in below["given_by"].to_pylist()
    assert above.model == "parrot"
    by_model = [row for row in voices if row["given_by"] == "model"]
    assert by_model
    assert {(row["irritant"], row["kind"], row["model"]) for row in by_model} == {
        ("refund", "complaint", "parrot")
    }
    assert all(row["model"] is None for row in voices if row["given_by"] != "model")
    assert {row["irritant"] for row in voices if row["given_by"] == "person"} == {"refund", "delay", None}


def test_the_real_model_learns_from_labels(tmp_path):
    engine, state = company(tmp_path, many(100))
    with engine, state:
        known = charter(tmp_path)
        heard = listen(known, engine, state)
        labels = Labels(state.labels)
        labelled(labels, heard, 60)
        rows = hear(known, engine, state)["voices"].to_pylist()
    told = [row for row in rows if row["given_by"] == "model"]
    assert len(told) > 10
    assert {row["irritant"] for row in told} <= {"refund", "delay", None}
    assert all(row["model"] for row in told)
    assert all(0 <= row["score"] <= 1 for row in rows)


def test_an_endpoint_sees_masked_complaints_in_which_nothing_was_found_and_no_more_than_allowed(
    tmp_path, monkeypatch
):
    asked: list[str] = []

    class Spy(Parrot):
        name = "endpoint:spy"

        def __init__(self, *_, labels, masked, **__) -> None:
            super().__init__()
            self.classes, self.thresholds = tuple(sorted(labels)), np.full(len(labels), 0.5)
            self.masked = masked

        def predict(self, texts, _languages):
            asked.extend(texts)
            assert all(self.masked(text) == text for text in texts)
            told = np.full((len(texts), len(self.classes)), 0.1)
            told[:, self.classes.index("billing")] = 0.9
            return told

    monkeypatch.setattr("portance.experience.voices.models.endpoint.Endpoint", Spy)
    wrote = [
        Wrote("Inadmissible, appelez Mme Durand au 06 12 34 56 78", "a"), Wrote("Colis cassé", "b"), Wrote("Parfait", "c"),
        Wrote("Scandaleux, minable", "d"), Wrote("Lamentable, vraiment", "e"),
    ]  # fmt: skip
    engine, state = company(tmp_path, wrote)
    with engine, state:
        known = charter(tmp_path, endpoint={"url": "https://model.example/v1", "model": "m", "most": 2})
        rows = hear(known, engine, state)["voices"].to_pylist()
    assert len(asked) == 2
    assert not any(
        "06 12" in text or "Durand" in text or "cassé" in text or "Parfait" in text for text in asked
    )
    assert [(row["irritant"], row["given_by"], row["model"]) for row in rows if row["model"]] == [
        ("billing", "model", "endpoint:spy")
    ] * 2
