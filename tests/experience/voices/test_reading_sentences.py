"""Whose words are read, in which language, cut where, and what they say."""

import socket

import numpy as np
import pytest

from portance.charter.declared import Text
from portance.charter.voices import Irritant, Voices, Words
from portance.experience.voices import recognising
from portance.experience.voices.copying import copies, prints, together
from portance.experience.voices.cutting import cut
from portance.experience.voices.judging import KINDS, POLARITIES, Reader
from portance.experience.voices.lexicon import pattern
from portance.experience.voices.recognising import recognise
from portance.experience.voices.taxonomy import STARTER, irritants
from portance.experience.voices.turning import Turns
from portance.experience.voices.words import into_words

READER = Reader(irritants(Voices()))


# ---- turns


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Client : je veux partir Agent Karine : Bonjour Client : merci", "je veux partir\nmerci"),
        ("Agent: Bonjour\nCustomer: lost parcel\nAgent: ok", "lost parcel"),
        ("[10:32] Conseiller : oui\n[10:33] Client : non", "non"),
        ("Conseillère : Bonjour, je suis Rose. Comment puis-je vous aider ?", ""),
        ("Service client : nul. Prix : correct", "Service client : nul. Prix : correct"),
        ("Un client : pas content", "Un client : pas content"),
        ("J'attends.\nLe 12 mars 2024 à 10h, Service a écrit :\n> bonjour", "J'attends.\n"),
        ("> déjà dit\nEt moi je dis non", "Et moi je dis non"),
    ],
)
def test_only_the_customers_turns_are_read(text, read):
    assert Turns().read([text]) == [read]


def test_a_company_has_its_own_marks():
    turns = Turns(["Voyageur :"], ["Chef de bord"])
    assert turns.turns("Chef de bord : billet ?\nVoyageur : le voilà") == "le voilà"


# ---- language


def test_languages_are_told_apart_and_a_short_text_is_taken_for_what_is_declared():
    texts = [
        "Mon colis n'est toujours pas arrivé et personne ne répond",
        "My parcel has not arrived and nobody answers",
        "Muy mala experiencia con el servicio de atención al cliente, nunca más",
        "ok",
        "👍",
    ]
    assert recognise(texts, [None, None, None, "en-GB", None]) == ["fr", "en", "other", "en", "fr"]


def test_telling_languages_opens_no_connection(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    recognising._model.cache_clear()
    assert recognise(
        ["Sehr schlechter Kundendienst, ich warte seit drei Wochen auf eine Antwort"], [None]
    ) == ["other"]


# ---- sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("M. Durand est venu. Il a payé 12.50 euros... Rien", ["M. Durand est venu.", "Il a payé 12.50 euros...", "Rien"]),
        ("Vraiment ! Et puis ? Bon", ["Vraiment !", "Et puis ?", "Bon"]),
        ("nul 😡 je pars", ["nul 😡", "je pars"]),
        ("pas de point du tout", ["pas de point du tout"]),
        ("Prix nul.Service nul", ["Prix nul.", "Service nul"]),
        ("- lent\n- cher", ["- lent", "cher"]),
        ("voir etc. pour e.g. this one", ["voir etc. pour e.g. this one"]),
        ("", []),
        ("   \n ", []),
    ],
)  # fmt: skip
def test_texts_are_cut_into_sentences(text, sentences):
    assert cut([text]) == [sentences]


def test_a_text_without_end_is_cut_where_it_turns():
    text = " ".join(
        ["j'ai attendu dans cette boutique pendant une heure entière sans que personne vienne"] * 4
    )
    found = cut([f"{text} mais la vendeuse a fini par venir me voir et elle a tout réglé {text} en plus le prix avait encore augmenté depuis la semaine passée"])[0]  # fmt: skip
    assert len(found) == 3
    assert found[1].startswith("mais la vendeuse")


# ---- what they say


def judged(text: str, language: str = "fr", reader: Reader = READER) -> tuple[set[str], str, str]:
    told = reader.judge([text], [language])
    return {reader.names[one] for one in told.irritants[0]}, POLARITIES[told.polarity[0]], KINDS[told.kind[0]]


@pytest.mark.parametrize(
    ("text", "language", "irritant"),
    [
        ("Toujours pas de réponse à mes mails", "fr", "no_answer"),
        ("Deux heures d’attente au téléphone", "fr", "long_wait"),
        ("J'ai dû tout réexpliquer", "fr", "asked_again"),
        ("On me renvoie d'un service à l'autre", "fr", "transferred"),
        ("Prélevé deux fois ce mois-ci", "fr", "billing"),
        ("Remboursement jamais reçu", "fr", "refund"),
        ("Produit reçu cassé", "fr", "damaged"),
        ("Colis perdu", "fr", "lost"),
        ("Le site ne marche pas", "fr", "website"),
        ("Impossible de me connecter, mot de passe refusé", "fr", "access"),
        ("Le chatbot tourne en rond", "fr", "bot_dead_end"),
        ("Promesse non tenue", "fr", "promise"),
        ("Des frais cachés partout", "fr", "hidden_fees"),
        ("Impossible de joindre un humain", "fr", "no_human"),
        ("I was on hold for two hours", "en", "long_wait"),
        ("They lost my luggage", "en", "lost"),
        ("Still waiting for my refund, no reply", "en", "no_answer"),
        ("Your agent was rude and hung up", "en", "treatment"),
        ("Flight cancelled again", "en", "cancellation"),
        ("Hidden fees everywhere", "en", "hidden_fees"),
    ],
)
def test_irritants_are_known_by_their_words(text, language, irritant):
    found, polarity, kind = judged(text, language)
    assert irritant in found
    assert (polarity, kind) == ("negative", "complaint")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Aucune attente au téléphone, parfait", "fr"),
        ("Pas de retard, très bien", "fr"),
        ("Sans aucun frais caché, merci bravo", "fr"),
        ("No delay, great flight", "en"),
        ("Never had to wait, excellent", "en"),
    ],
)
def test_what_is_denied_is_no_irritant(text, language):
    found, polarity, kind = judged(text, language)
    assert (found, polarity, kind) == (set(), "positive", "praise")


def test_a_denial_that_denies_nothing_leaves_the_complaint():
    assert "delay" in judged("Je n'ai jamais vu un tel retard")[0]
    assert "delay" in judged("Pas seulement en retard")[0]


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Il faudrait pouvoir suivre son colis", "fr", "suggestion"),
        ("Please add a dark mode to the app", "en", "suggestion"),
        ("Vous devriez avoir honte", "fr", "complaint"),
        ("You should be ashamed", "en", "complaint"),
        ("Could you please call me", "en", "neutral"),
        ("Service rapide et efficace", "fr", "praise"),
        ("Je ne suis pas satisfait", "fr", "complaint"),
        ("Pas mal", "fr", "praise"),
        ("Accueil agréable mais service lamentable", "fr", "complaint"),
        ("ok", "fr", "neutral"),
    ],
)
def test_suggestions_stand_apart_from_complaints_and_praise(text, language, kind):
    assert judged(text, language)[2] == kind


def test_a_subject_counts_only_where_a_sentence_complains():
    assert judged("Je suis très content du prix")[0] == set()
    assert judged("Le prix est lamentable")[0] == {"price"}


def test_a_language_that_is_not_treated_says_nothing():
    assert judged("retard honteux, remboursement refusé", "other") == (set(), "neutral", "neutral")


def test_a_company_adds_replaces_and_leaves_out_irritants():
    voices = Voices(
        irritants={
            "price": Irritant(off=True),
            "delay": Irritant(words=Words(fr=("à la bourre",))),
            "kiosk": Irritant(name=Text(fr="Borne", en="Kiosk"), words=Words(fr=("borne en panne", "borne* .. bloqu*"), en=("kiosk",))),
            "billing": Irritant(owners=("service",)),
        }
    )  # fmt: skip
    mine = irritants(voices)
    reader = Reader(mine)
    assert "price" not in mine
    assert judged("Toujours à la bourre", reader=reader)[0] == {"delay"}
    assert "delay" not in judged("Livré en retard", reader=reader)[0]
    assert "kiosk" in judged("Les bornes sont encore bloquées", reader=reader)[0]
    assert mine["billing"].owners == ("service",)
    assert "billing" in judged("Facturé à tort deux fois, facture fausse", reader=reader)[0]


def test_starter_irritants_speak_both_languages_and_every_pattern_can_be_read():
    for name, irritant in irritants(Voices()).items():
        assert irritant.name is not None
        assert irritant.name.fr
        assert irritant.name.en
        for language in ("fr", "en"):
            written = getattr(irritant.words, language)
            assert len(written) >= 6, name
            assert all(pattern(language, one) is not None for one in written)
    assert 15 <= len(STARTER) <= 22


def test_no_irritant_names_or_scores_anyone_of_the_staff():
    found, _, _ = judged("La conseillère <name> était désagréable")
    assert found == {"treatment"}


# ---- copies

LONG = "Bonjour, j'attends ma commande depuis trois semaines et personne ne répond à mes appels ni à mes nombreux messages, je veux être remboursé au plus vite"


def copied(texts: list[str], persons: list[str | None]) -> list[int]:
    words = into_words(texts)
    return copies(prints(words, np.arange(len(texts) + 1)), persons, np.arange(len(texts))).tolist()


def test_the_same_text_of_the_same_person_counts_once():
    assert copied(["colis en retard", "Colis en retard !", "autre"], ["a", "a", "a"]) == [-1, 0, -1]


def test_a_short_text_of_two_people_is_two_complaints():
    assert copied(["colis en retard", "colis en retard"], ["a", "b"]) == [-1, -1]
    assert copied(["colis en retard", "colis en retard"], [None, None]) == [-1, -1]


def test_a_long_text_is_a_copy_whoever_sent_it_even_with_a_word_changed():
    assert copied([LONG, LONG + " merci", "tout autre chose"], ["a", "b", None]) == [-1, 0, -1]
    assert copied([LONG, LONG.replace("vite", "tôt")], [None, None]) == [-1, 0]


def test_originals_are_never_copies_and_texts_without_words_are_nothing():
    found = copied([LONG, LONG + " ok", LONG + " bien", "!!!", "???"], ["a"] * 5)
    assert found == [-1, 0, 0, -1, -1]


def test_pieces_of_texts_compare_as_the_whole_does():
    texts = [LONG, "autre chose", LONG + " merci"]
    parts = [prints(into_words([text]), np.arange(2)) for text in texts]
    assert copies(together(parts), [None] * 3, np.arange(3)).tolist() == [-1, -1, 0]
