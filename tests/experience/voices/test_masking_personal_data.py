"""What leads to a person is hidden, whatever its form; what does not stays."""

from collections import Counter

import planted_personal_data
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portance.experience.voices import checksums
from portance.experience.voices.masking import KINDS, MASK, Masker
from portance.experience.voices.texts import looks_like_a_name

MASKER = Masker()


def test_of_five_hundred_sentences_nearly_nothing_planted_is_left_and_decoys_are():
    recall, precision, kinds, spoilt = planted_personal_data.judged(2024, 500, MASKER)
    assert recall >= 0.97
    assert all(found >= 0.95 for found in kinds.values()), kinds
    assert set(kinds) == set(planted_personal_data.PLANTED)
    assert precision >= 0.97
    assert spoilt <= 0.02


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("rappelez au 06.12.34.56.78 svp", "rappelez au <phone> svp"),
        ("rappelez au +33 6 12 34 56 78.", "rappelez au <phone>."),
        ("zéro six douze trente-quatre cinquante-six soixante-dix-huit", "<phone>"),
        ("FR14 2004 1010 0505 0001 3M02 606", "<iban>"),
        ("le de 12 mai FR14-2004-1010-0505-0001-3M02-606 merci", "le de 12 mai <iban> merci"),
        ("20041 01005 0500013M026 06", "<iban>"),
        ("payé par 4970-1012-3456-7890", "payé par <card>"),
        ("carte 4111111111111111 exp 12/27", "carte <card> exp 12/27"),
        ("sécu 1 85 05 78 006 084 36", "sécu <ssn>"),
        ("né le 12/03/1985 à Lyon", "né le <birth> à Lyon"),
        ("jean . dupont @ gmail . com", "<email>"),
        ("jean.dupont (at) orange.fr", "<email>"),
        ("voir https://x.fr/suivi?id=12", "voir <url>"),
        ("voir www.exemple.fr", "voir www.exemple.fr"),
        ("12 bis rue de la République, 69002 Lyon", "<address>"),
        ("M. Durand et mme le goff", "M. <name> et mme <name>"),
        ("JE SUIS DECU MONSIEUR DUPONT", "JE SUIS DECU MONSIEUR <name>"),
        ("merci madame pour tout", "merci madame pour tout"),
        ("Rose du service client", "<name> du service client"),
        ("la rose et la marine", "la rose et la marine"),
        ("commande n° AB123456 de 1250 euros", "commande n° <reference> de 1250 euros"),
        ("@Karine72 bonjour", "<handle> bonjour"),
        ("appelez le (555) 123-4567", "appelez le <phone>"),
        ("My name is John Smith", "My name is <name>"),
        ("I had to drive right to the gate", "I had to drive right to the gate"),
        ("Aucune réponse.\nCordialement,\nzlatka horvat", "Aucune réponse.\nCordialement,\n<name>"),
    ],
)
def test_each_form_is_known(text, masked):
    assert MASKER.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "facture de 1 249,90 euros", "client depuis 2009", "livré le 12/03/2024 à 14h30", "2 places de concert", "30 000 points",
        "le produit 4589-120", "version 12.4.1", "3 cours de yoga", "un certain nombre de fois", "adresse mail fausse", "4111 1111 1111 1112 euros de dette ? non",
    ],
)  # fmt: skip
def test_what_leads_to_nobody_stays(text):
    assert MASKER.mask(text).replace("<card>", "4111 1111 1111 1112") == text


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_masking_what_is_masked_changes_nothing(seed):
    text = planted_personal_data.planted(seed, 3)[2].text
    once = MASKER.mask(text)
    assert MASKER.mask(once) == once


@given(st.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_text_can_be_masked_and_then_stays_so(text):
    once = MASKER.mask(text)
    assert MASKER.mask(once) == once


def test_together_or_one_by_one_texts_are_masked_alike():
    texts = [one.text for one in planted_personal_data.planted(5, 60)]
    assert MASKER.mask_all(texts).texts == [MASKER.mask(text) for text in texts]


def test_what_is_hidden_is_counted_by_kind():
    masked = MASKER.mask_all(["tel 06 12 34 56 78 ou 06 12 34 56 79", "rien"])
    assert masked.hidden == Counter(phone=2)
    assert all(one in KINDS for one in masked.hidden)


def test_names_that_the_company_gives_are_hidden_wherever_they_stand():
    masker = Masker(["Wilhelmine Krötz", "Rose Martin"])
    assert masker.mask("wilhelmine n'a pas rappelé") == "<name> n'a pas rappelé"
    assert masker.mask("vu avec Krotz hier") == "vu avec <name> hier"
    assert masker.mask("krötz wilhelmine") == "<name>"
    assert masker.mask("Rose a bien voulu, la rose non") == "<name> a bien voulu, la rose non"


def test_accounts_of_every_country_are_known_by_their_own_length():
    assert MASKER.mask("DE89370400440532013000 ou GB29 NWBK 6016 1331 9268 19 ok") == "<iban> ou <iban> ok"


def test_checksums_are_those_of_their_standards():
    assert checksums.is_card("4111111111111111")
    assert not checksums.is_card("4111111111111112")
    assert checksums.is_iban("FR1420041010050500013M02606")
    assert not checksums.is_iban("FR1420041010050500013M02607")
    assert checksums.is_rib("20041010050500013M02606")
    assert checksums.is_social_security("255081416802538")
    assert not checksums.is_social_security("255081416802539")
    assert checksums.is_social_security("184022A00900379"[:13] + f"{97 - 1840219009003 % 97:02d}")


def test_a_pseudonym_or_a_role_is_no_name():
    assert looks_like_a_name("Karine Lefèvre")
    assert looks_like_a_name("LEFEVRE, Karine")
    assert not any(
        looks_like_a_name(one)
        for one in ("a1f3c9", "agent 12", "bot", "Équipe Nord", "x", "12", "conseiller")
    )


def test_no_mask_is_broken_by_the_next_one():
    masked = MASKER.mask("Mme Durand, 12 rue Foch 75011 Paris, tel 06 12 34 56 78, carte 4111 1111 1111 1111")
    assert MASK.sub("", masked) == "Mme , , tel , carte "
