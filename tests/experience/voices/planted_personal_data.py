"""French sentences in which personal data of every kind are planted, and decoys that are none; drawn from a seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PLANTED = ("name", "card", "iban", "ssn", "phone", "email", "url", "address", "birth", "reference")
_FIRST = (
    "Karine", "Rose", "Marine", "Pierre", "Jean-Luc", "Zoé", "Mohamed", "Claire", "Aurore", "Violette", "Fatou", "Kévin", "Anne-Sophie",
    "Iris", "Olivier", "Constance", "Yann", "Prudence", "Hélène", "Bastien", "Zlatka", "Ousmane", "Wiktoria", "Thibaud", "Ngoc",
)  # fmt: skip
_LAST = (
    "Durand", "Lefèvre", "Le Goff", "de La Tour", "N'Guyen", "Petit", "Blanc", "Traoré", "Benali", "Müller", "O'Connor", "Roux",
    "Da Silva", "Kowalczyk", "Marchand", "Boulanger", "Abdelkader", "Lemaître-Vidal", "Charpentier", "Rivière",
)  # fmt: skip
_STREETS = (
    "rue de la République", "avenue du Général Leclerc", "bd Voltaire", "impasse des Lilas", "allée Jean Moulin", "chemin du Moulin Vert",
    "place de la Mairie", "quai Saint-Antoine", "rue Victor Hugo", "cours Lafayette", "route de Vienne", "avenue Foch",
)  # fmt: skip
_TOWNS = (
    "69002 Lyon",
    "75011 Paris",
    "13001 Marseille",
    "35000 Rennes",
    "59 800 Lille",
    "33000 Bordeaux cedex",
    "06000 Nice",
    "44000 nantes",
)
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A sentence, and the personal data in it: (kind, as written). ``decoys`` must stay."""

    text: str
    data: tuple[tuple[str, str], ...]
    decoys: tuple[str, ...]


def card(chance: random.Random) -> str:
    digits = chance.choice(("4970", "4111", "5131", "5355", "3782")) + "".join(
        str(chance.randrange(10)) for _ in range(11)
    )
    digits = digits[:14] if digits.startswith("3") else digits
    total = sum(
        (value * 2 - 9 if value > 4 else value * 2) if place % 2 == 0 else value
        for place, value in enumerate(int(one) for one in reversed(digits))
    )
    digits += str(-total % 10)
    if len(digits) == 15:
        return chance.choice((digits, f"{digits[:4]} {digits[4:10]} {digits[10:]}"))
    return chance.choice(("", " ", "-", ".", "\u00a0")).join(digits[at : at + 4] for at in range(0, 16, 4))


def iban(chance: random.Random) -> str:
    bank, branch = chance.randrange(10000, 99999), chance.randrange(100000)
    account = "".join(
        chance.choice("0123456789" if chance.random() < 0.9 else "ABCDEFGHKLM") for _ in range(11)
    )
    letters = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
    key = 97 - (89 * bank + 15 * branch + 3 * int(account.translate(letters))) % 97
    rib = f"{bank:05d}{branch:05d}{account}{key:02d}"
    if chance.random() < 0.2:
        return f"{rib[:5]} {rib[5:10]} {rib[10:21]} {rib[21:]}"
    whole = "".join(str(int(one, 36)) for one in rib + "FR00")
    made = f"FR{98 - int(whole) % 97:02d}{rib}"
    spaced = " ".join(made[at : at + 4] for at in range(0, 27, 4))
    return chance.choice((made, spaced, spaced.lower(), spaced.replace(" ", "-"), made.lower()))


def ssn(chance: random.Random) -> str:
    body = f"{chance.choice('12')}{chance.randrange(30, 99):02d}{chance.randrange(1, 13):02d}{chance.choice(('75', '69', '13', '2A', '2B', '97'))}{chance.randrange(1, 999):03d}{chance.randrange(1, 999):03d}"
    key = 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97
    if chance.random() < 0.5:
        return f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]} {key:02d}"
    return f"{body}{key:02d}"


def phone(chance: random.Random) -> str:
    pairs = [f"{chance.randrange(100):02d}" for _ in range(4)]
    first = chance.choice("123456779")
    local = f"0{first}"
    return chance.choice(
        (
            f"{local}.{'.'.join(pairs)}", f"{local} {' '.join(pairs)}", local + "".join(pairs), f"+33 {first} {' '.join(pairs)}",
            f"+33{first}{''.join(pairs)}", f"0033{first}{''.join(pairs)}", f"{local}-{'-'.join(pairs)}", f"{local}/{'/'.join(pairs)}",
            f"+33 (0){first} {' '.join(pairs)}", f"{local}{pairs[0]} {pairs[1]}{pairs[2]} {pairs[3]}", "zéro six douze trente-quatre cinquante-six soixante-dix-huit",
        )
    )  # fmt: skip


def email(chance: random.Random) -> str:
    first, last = _plain(chance.choice(_FIRST)), _plain(chance.choice(_LAST))
    host = chance.choice(("gmail.com", "orange.fr", "laposte.net", "free.fr", "entreprise-martin.co.uk"))
    return chance.choice((f"{first}.{last}@{host}", f"{first}{chance.randrange(99)}@{host}", f"{last}_{first} @ gmail.com", f"{first}.{last} (at) {host}", f"{first}.{last}@{host}".upper()))  # fmt: skip


def url(chance: random.Random) -> str:
    return chance.choice(
        ("https://suivi.exemple.fr/colis?id={}", "www.exemple.fr/client/{}", "http://exx.pl/{}x")
    ).format(chance.randrange(10**6, 10**7))


def address(chance: random.Random) -> str:
    number = f"{chance.randrange(1, 180)}{chance.choice(('', '', ' bis', ' ter', 'B'))}"
    return f"{number}{chance.choice((' ', ', '))}{chance.choice(_STREETS)}{chance.choice((', ', ' '))}{chance.choice(_TOWNS)}"


def birth(chance: random.Random) -> str:
    day, month, year = chance.randrange(1, 29), chance.randrange(1, 13), chance.randrange(1940, 2005)
    return chance.choice(
        (
            f"{day:02d}/{month:02d}/{year}",
            f"{day} {_MONTHS[month - 1]} {year}",
            f"{day:02d}.{month:02d}.{year % 100:02d}",
            f"{day:02d}-{month:02d}-{year}",
        )
    )


def reference(chance: random.Random) -> str:
    return chance.choice(
        (
            f"{chance.randrange(10**7, 10**8)}",
            f"AB{chance.randrange(10**5, 10**6)}",
            f"2024-{chance.randrange(10**4, 10**5)}-X",
            f"CMD{chance.randrange(10**6, 10**7)}",
        )
    )


def name(chance: random.Random) -> str:
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    return chance.choice((first, f"{first} {last}", f"{first} {last.upper()}", f"{first[0]}. {last}"))


_DRAWN: dict[str, Callable[[random.Random], str]] = {
    "card": card, "iban": iban, "ssn": ssn, "phone": phone, "email": email, "url": url, "address": address, "birth": birth, "reference": reference,
}  # fmt: skip
_SAID: dict[str, tuple[str, ...]] = {
    "card": ("Ma carte {} a été débitée deux fois de 45,90 euros", "j'ai payé avec la {} et rien reçu", "numéro de carte : {}, merci de rembourser 120 €"),
    "iban": ("Voici mon IBAN {} pour le remboursement", "mon rib : {} merci", "virement à faire sur {} svp, 350 euros"),
    "ssn": ("Mon numéro de sécu est le {}", "N° de sécurité sociale {} et toujours pas remboursé", "je suis assuré sous le {} depuis 2019"),
    "phone": ("Rappelez-moi au {}", "mon portable {} ne capte pas", "personne ne m'a rappelé au {} en 3 semaines", "tel: {}", "Je suis joignable au {} après 18h"),
    "email": ("Écrivez-moi à {}", "mon mail {} est bon pourtant", "contact : {}"),
    "url": ("Le lien {} ne marche pas", "j'ai cliqué sur {} sans résultat"),
    "address": ("J'habite {} et le livreur n'est jamais passé", "livraison prévue au {} le 12 mars", "adresse : {}", "Le colis devait arriver {} avant 18h"),
    "birth": ("Je suis née le {} et on me refuse", "né le {}, client depuis 12 ans", "date de naissance : {}", "Ma date de naissance est le {}"),
    "reference": ("Commande n° {} jamais livrée", "mon dossier {} est bloqué", "contrat numéro {} résilié sans raison", "réf. {} : aucune nouvelle", "ma facture n°{} est fausse de 30 euros"),
}  # fmt: skip
_NAMED = (
    ("Bonjour, je suis {} et je suis très déçu", "name"), ("Mme {} m'a raccroché au nez", "last"), ("J'ai eu {} au téléphone pendant 40 minutes", "name"),
    ("votre conseillère {} ne sait pas répondre", "first"), ("Merci à monsieur {} pour son aide", "last"), ("Aucune réponse.\nCordialement,\n{}", "name"),
    ("je m'appelle {} et j'attends depuis 2 mois", "lower"), ("mme {} devait me rappeler", "lowerlast"), ("M. {} a refusé ma demande", "last"),
    ("J'ai parlé à {} du service client", "name"), ("Cordialement, {}", "lower"), ("Une certaine {} m'a promis 50 euros", "first"), ("{} du service client a été nulle", "given"),
)  # fmt: skip
_DECOYS = (
    "j'ai payé 1 249,90 euros", "client depuis 2009", "le modèle 4589-120 est cassé", "30 000 points perdus", "livré le 12/03/2024", "à 14h30 précises",
    "un produit à 12 345 678 exemplaires", "la rose est fanée", "le parc de la marine est fermé", "une pierre dans le carton", "2 places de concert annulées",
    "vol de 18h45", "taille 42", "10 cours de yoga", "plus de 15 jours de retard", "article 450 du contrat", "la prudence est de mise", "24 heures sur 24, 7 jours sur 7",
    "en 2023 j'avais payé 980 euros", "3 rues plus loin", "le 15 janvier 2024 rien", "version 12.4.1 de l'appli", "il manque 2 000 000 de pixels",
)  # fmt: skip


def planted(seed: int, count: int) -> list[Planted]:
    """Sentences with every kind in turn, a third of them with two, half of them with a decoy."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        kinds = [PLANTED[number % len(PLANTED)]]
        if number % 3 == 0:
            kinds.append(chance.choice([kind for kind in PLANTED if kind != kinds[0]]))
        parts, data = [], []
        for kind in kinds:
            text, datum = _one(chance, kind)
            parts.append(text)
            data.append((kind, datum))
        decoys = [chance.choice(_DECOYS)] if number % 2 else []
        closing = [part for part in parts if "ordialement" in part]
        parts = [part for part in parts if part not in closing] + decoys + closing
        text = ". ".join(parts)
        if number % 11 == 0:
            text = text.replace(".", " ;") if not any("." in datum for _, datum in data) else text
        made.append(Planted(text, tuple(data), tuple(decoys)))
    return made


def _one(chance: random.Random, kind: str) -> tuple[str, str]:
    if kind != "name":
        datum = _DRAWN[kind](chance)
        return chance.choice(_SAID[kind]).format(datum), datum
    frame, form = chance.choice(_NAMED)
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    datum = {
        "name": name(chance), "first": first, "last": last, "lower": f"{first} {last}".lower(), "lowerlast": last.lower(),
        "given": chance.choice(_FIRST[:20]),
    }[form]  # fmt: skip
    return frame.format(datum), datum


def _plain(text: str) -> str:
    return "".join(
        one
        for one in text.lower().replace("é", "e").replace("è", "e").replace("ü", "u").replace("î", "i")
        if one.isascii() and one.isalpha()
    )


def missed(kind: str, datum: str, masked: str) -> bool:
    """Whether enough of a datum is left to find the person: a word of a name, four digits in a row of a number."""
    if kind == "name":
        return any(part.lower() in masked.lower().replace("<name>", " ") for part in _parts(datum))
    if kind in ("email", "url"):
        return (
            datum.lower() in masked.lower()
            or datum.split("@", maxsplit=1)[0].strip().lower() in masked.lower()
        )
    if kind == "address":
        street = datum.split(",")[1].strip() if "," in datum[:8] else datum
        return (
            street[:12].lower() in masked.lower()
            or datum.rsplit(maxsplit=1)[-1].lower() in masked.lower().split()
        )
    if kind == "phone" and datum[0] == "z":
        return "trente-quatre" in masked
    digits = "".join(one for one in datum if one.isdigit())
    left = "".join(one for one in masked if one.isdigit() or one in "<>")
    return any(digits[at : at + 6] in left for at in range(max(1, len(digits) - 5)))


def _parts(datum: str) -> list[str]:
    return [part for part in datum.replace(".", " ").split() if len(part) > 2]


def judged(seed: int, count: int, masker: Any) -> tuple[float, float, dict[str, float], float]:
    """Recall in all, precision (masks beyond what was planted are wrong), recall by kind, share of decoys spoilt."""
    sentences = planted(seed, count)
    masked = masker.mask_all([one.text for one in sentences])
    total = dict.fromkeys(PLANTED, 0)
    lost = dict.fromkeys(PLANTED, 0)
    masks = wrong = decoys = spoilt = 0
    for one, text, counts in zip(sentences, masked.texts, masked.counts, strict=True):
        for kind, datum in one.data:
            total[kind] += 1
            lost[kind] += missed(kind, datum, text)
        found = sum(counts.values())
        masks += found
        wrong += max(0, found - len(one.data))
        decoys += len(one.decoys)
        spoilt += sum(decoy not in text and decoy.replace(".", " ;") not in text for decoy in one.decoys)
    kinds = {kind: 1 - lost[kind] / total[kind] for kind in PLANTED}
    return 1 - sum(lost.values()) / sum(total.values()), 1 - wrong / masks, kinds, spoilt / decoys
