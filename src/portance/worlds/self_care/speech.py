"""What customers of Hélienne write, with what they should rather not have written."""

import random
from collections.abc import Sequence

SAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "bot_dead_end": {
        "fr": (
            "Impossible de parler à un humain, le robot tourne en rond.",
            "Votre assistant ne comprend rien et ne propose jamais de conseiller.",
            "J’ai demandé un conseiller trois fois, le chatbot m’a renvoyé au début.",
            "Aucun moyen de joindre une vraie personne.",
        ),
        "en": (
            "The chatbot goes round in circles and I could not reach a human.",
            "I asked for a real person three times, the bot just started again.",
        ),
    },
    "asked_again": {
        "fr": (
            "J’ai dû tout réexpliquer au conseiller.",
            "On me redemande à chaque fois mon numéro et mon problème.",
            "Il a fallu répéter toute mon histoire depuis le début.",
        ),
        "en": ("I had to explain everything again.", "They asked me for the same details twice."),
    },
    "long_wait": {
        "fr": (
            "Beaucoup trop d’attente au téléphone.",
            "Vingt minutes d’attente avant d’avoir quelqu’un.",
            "L’attente est interminable.",
        ),
        "en": ("I waited far too long on the phone.", "Endless waiting time before anyone picked up."),
    },
    "unresolved": {
        "fr": (
            "Mon problème n’est toujours pas résolu.",
            "J’ai dû rappeler plusieurs fois pour la même chose.",
            "Toujours pas de solution après plusieurs appels.",
        ),
        "en": ("My problem is still not solved.", "I had to call back several times for the same thing."),
    },
    "billing": {
        "fr": (
            "Ma facture est fausse.",
            "On m’a prélevé deux fois ce mois-ci.",
            "Le montant de la facture ne correspond pas au devis.",
        ),
        "en": ("My bill is wrong.", "I was charged twice this month."),
    },
}
PRAISE = {
    "fr": (
        "Très bien, merci.",
        "Conseiller aimable et efficace.",
        "Rapide et clair, rien à dire.",
        "Parfait.",
    ),
    "en": ("Very good, thank you.", "Fast and clear.", "Friendly and efficient."),
}
IDEAS = {
    "fr": (
        "Il faudrait pouvoir être rappelé à l’heure de son choix.",
        "Vous devriez afficher les horaires de l’agence sur le site.",
        "Ce serait bien de recevoir un message quand le dossier avance.",
    ),
    "en": ("You should offer a call back.", "It would be great to see the opening hours on the site."),
}
_SIGNED = (
    "Rappelez-moi au {phone}.", "Écrivez-moi à {mail}.", "J’ai eu {agent} au téléphone.", "Mon IBAN est {iban}.",
)  # fmt: skip
_AGENTS = ("Karine Delmas", "Mehdi Benali", "Sophie Laurent", "Thomas Girard", "Inès Moreau")


def comment(chance: random.Random, irritants: Sequence[str]) -> tuple[str, str]:
    """What one who answers writes, and in which language."""
    language = "en" if chance.random() < 0.12 else "fr"
    said = [chance.choice(SAYS[name][language]) for name in irritants if chance.random() < 0.8]
    if not said:
        said = [chance.choice(PRAISE[language])]
    if chance.random() < 0.08:
        said.append(chance.choice(IDEAS[language]))
    if chance.random() < 0.06:
        said.append(
            chance.choice(_SIGNED).format(
                phone=f"06 {chance.randrange(10, 99)} {chance.randrange(10, 99)} {chance.randrange(10, 99)} {chance.randrange(10, 99)}",
                mail=f"client{chance.randrange(1000)}@example.org", agent=chance.choice(_AGENTS), iban="FR76 3000 6000 0112 3456 7890 189",
            )
        )  # fmt: skip
    return " ".join(said), language


def names() -> tuple[str, ...]:
    """The agents' names, which the company hides."""
    return _AGENTS
