"""The words by which headers and values tell what they are, in English, French and what systems export."""

from portance.charter.source import Outcome

CASE = frozenset({
    "case", "caseid", "ticket", "incident", "number", "numero", "num", "order", "orderid", "commande", "dossier", "demande", "request",
    "claim", "sinistre", "reclamation", "complaint", "session", "trace", "process", "lead", "mql", "deal", "folder", "dispute", "litige",
    "booking", "reservation", "visit", "visite", "shipment", "colis", "parcel", "intervention", "subscription", "abonnement", "application",
})  # fmt: skip
PERSON = frozenset({
    "customer", "customerid", "client", "clientid", "account", "compte", "caller", "appelant", "user", "usager", "utilisateur", "email", "mail",
    "courriel", "phone", "telephone", "tel", "mobile", "msisdn", "person", "personne", "adherent", "assure", "abonne", "subscriber", "member",
    "membre", "patient", "buyer", "acheteur", "guest", "citizen", "citoyen", "passenger", "passager", "household", "foyer", "contract",
    "contrat", "policy", "police", "loyalty", "fidelite", "payer", "debtor", "debiteur", "consumer", "siret", "visitor", "visiteur",
})  # fmt: skip
AUTHOR = frozenset({
    "author", "auteur", "auteure", "reviewer", "username", "handle", "pseudo", "pseudonyme", "nickname", "screenname", "respondent", "repondant",
})  # fmt: skip
"""Who wrote: a customer where the rows are reviews or answers, a colleague where they are tickets."""
PUBLISHED = ("avis", "review", "tweet", "publi", "trustpilot", "forum")
"""Beginnings of words that say that a text may have been written for everyone to read."""
IDENTIFYING = frozenset(
    {
        "id",
        "ids",
        "no",
        "num",
        "number",
        "numero",
        "nr",
        "code",
        "ref",
        "reference",
        "key",
        "uid",
        "uuid",
        "guid",
        "hash",
        "email",
        "mail",
        "courriel",
        "phone",
        "telephone",
        "tel",
        "mobile",
        "unique",
    }
)
NOT_IDENTIFYING = frozenset({
    "type", "segment", "name", "nom", "prenom", "state", "city", "ville", "zip", "postal", "postcode", "prefix", "country", "pays", "region",
    "category", "categorie", "status", "statut", "group", "team", "equipe", "gender", "age", "language", "langue", "tier", "level", "count",
    "nb", "comment", "commentaire", "note", "score", "rating", "date", "manager", "rep", "satisfaction", "since", "value", "amount",
    "service", "support", "departement", "department", "wait", "channel", "canal", "reason", "motif", "feedback", "verbatim",
})  # fmt: skip
ACTIVITY = frozenset(
    {
        "activity",
        "activite",
        "event",
        "evenement",
        "action",
        "step",
        "etape",
        "operation",
        "task",
        "tache",
        "stage",
        "phase",
        "transition",
    }
)
STATUS = frozenset({"status", "statut", "state", "etat"})
FUNCTION = frozenset(
    {
        "function",
        "fonction",
        "department",
        "departement",
        "dept",
        "division",
        "direction",
        "domain",
        "domaine",
        "organization",
        "organisation",
        "entity",
        "entite",
        "metier",
        "pole",
        "bu",
    }
)
SERVICE = frozenset({"service", "unit", "unite", "org", "role"})
TEAM = frozenset(
    {
        "group",
        "groupe",
        "team",
        "equipe",
        "queue",
        "squad",
        "desk",
        "cell",
        "cellule",
        "plateau",
        "skill",
        "workgroup",
    }
)
AGENT = frozenset({
    "agent", "assigned", "assignee", "resource", "ressource", "handler", "operator", "operateur", "conseiller", "employee", "employe",
    "rep", "technician", "technicien", "gestionnaire", "advisor", "vendeur", "resolver", "owner", "sr", "sdr",
})  # fmt: skip
PLACE = frozenset(
    {
        "country",
        "pays",
        "city",
        "ville",
        "state",
        "region",
        "zip",
        "postal",
        "location",
        "lieu",
        "site",
        "address",
        "adresse",
        "prefix",
    }
)
CHANNEL = frozenset({"channel", "canal", "media", "medium", "device", "contacttype", "touchpoint"})
DURATION = frozenset({"duration", "duree", "handling", "aht", "talk", "traitement", "dmt"})
WAIT = frozenset({"wait", "waiting", "waited", "attente", "hold", "ring", "asa"})
COST = frozenset({"cost", "cout"})
RATING = frozenset(
    {
        "rating",
        "score",
        "note",
        "satisfaction",
        "csat",
        "nps",
        "ces",
        "stars",
        "etoiles",
        "mark",
        "recommend",
        "recommandation",
        "effort",
    }
)
NPS = frozenset({"nps", "recommend", "recommandation"})
EFFORT = frozenset({"ces", "effort"})
VERBATIM = frozenset(
    {
        "comment",
        "comments",
        "commentaire",
        "commentaires",
        "verbatim",
        "message",
        "text",
        "texte",
        "feedback",
        "avis",
        "remarque",
        "body",
    }
)
OUTCOME = (
    frozenset({"outcome", "result", "resultat", "resolution", "disposition", "issue", "transition"}) | STATUS
)
INITIATOR = frozenset({"initiated", "initiator", "initiateur", "direction", "sens", "origin", "origine"})
ACTOR = frozenset({"actor", "acteur", "handled"})
INTENT = frozenset(
    {
        "intent",
        "intention",
        "reason",
        "motif",
        "subject",
        "sujet",
        "topic",
        "theme",
        "cause",
        "category",
        "categorie",
    }
)
LANGUAGE = frozenset({"language", "langue", "lang", "locale"})
DUE = (
    "estimat",
    "due",
    "deadline",
    "limit",
    "prevu",
    "echeance",
    "promis",
    "expected",
    "target",
    "planned",
    "plan",
    "attendu",
    "theorique",
    "souhait",
    "eta",
    "sla",
    "commit",
)
"""Beginnings of words: dates that were announced or required, not lived."""
NOT_LIVED = frozenset(
    {
        "birth",
        "naissance",
        "born",
        "dob",
        "expiry",
        "expiration",
        "extract",
        "extraction",
        "export",
        "imported",
        "loaded",
        "snapshot",
        "ingested",
    }
)
"""Dates that are nobody's interaction."""
WHEN = frozenset(
    {
        "date",
        "time",
        "timestamp",
        "datetime",
        "at",
        "on",
        "le",
        "day",
        "jour",
        "heure",
        "horodatage",
        "ts",
        "utc",
        "local",
        "dt",
        "the",
        "of",
        "de",
        "du",
        "la",
        "d",
        "l",
    }
)
"""Words that say that something is a time, not which one."""
CHANGED = frozenset(
    {"updated", "event", "changed", "modified", "start", "started", "debut", "timestamp", "occurred"}
)
ANSWERED = frozenset(
    {
        "answer",
        "answered",
        "submitted",
        "submission",
        "response",
        "responded",
        "reponse",
        "repondu",
        "completed",
        "review",
        "reviewed",
    }
)
KEPT = frozenset({"sla", "kept", "ontime", "respecte", "tenu", "tenue", "met", "otif"})
MISSED = frozenset({"breach", "breached", "late", "retard", "missed", "hors", "depasse"})
SEGMENT = frozenset(
    {
        "state",
        "region",
        "segment",
        "country",
        "pays",
        "category",
        "categorie",
        "product",
        "produit",
        "type",
        "priority",
        "priorite",
        "impact",
        "tier",
        "plan",
        "origin",
        "origine",
        "offer",
        "offre",
        "brand",
        "marque",
        "gamme",
    }
)

OUTCOMES: dict[Outcome, frozenset[str]] = {
    "unresolved": frozenset({"unresolved", "failed", "failure", "echec", "ko", "rejected", "refused", "refuse", "undelivered", "lost", "perdu", "unsolved", "unsuccessful"}),
    "abandoned": frozenset({"abandoned", "abandonne", "abandonnee", "abandon", "raccroche", "dropped", "missed", "cancelled", "canceled", "annule", "annulee", "hangup"}),
    "transferred": frozenset({"transferred", "transfer", "transfere", "transferee", "escalated", "escalade", "redirected", "reassigned"}),
    "resolved": frozenset({"resolved", "solved", "closed", "completed", "complete", "done", "ok", "success", "successful", "delivered", "resolu", "resolue", "clos", "close", "cloture", "cloturee", "traite", "traitee", "termine", "terminee", "livre", "livree", "regle", "reglee", "finished", "won"}),
}  # fmt: skip
"""Looked at in this order; a value with ``not`` or ``non`` before it is unresolved."""
NEGATIONS = frozenset({"not", "non", "un", "pas"})
CUSTOMER = frozenset({"in", "inbound", "entrant", "entrante", "incoming", "customer", "client", "caller"})
COMPANY = frozenset({"out", "outbound", "sortant", "sortante", "outgoing", "company", "agent", "entreprise"})
MACHINE = frozenset(
    {"bot", "machine", "chatbot", "callbot", "ivr", "svi", "auto", "automatic", "automate", "system", "robot"}
)
HUMAN = frozenset({"human", "humain", "agent", "person", "conseiller"})

FUNCTIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("customer_voice", "Écoute client", "Customer voice", ("review", "survey", "rating", "avis", "enquete", "satisf", "nps", "feedback", "verbatim")),
    ("logistics", "Logistique", "Logistics", ("deliver", "ship", "carrier", "livr", "expedi", "transport", "dispatch", "courier", "colis", "parcel")),
    ("finance", "Finance", "Finance", ("approv", "paid", "pay", "paiement", "invoic", "factur", "bill", "refund", "rembours")),
    ("service", "Service client", "Customer service", ("resol", "clos", "clot", "open", "call", "appel", "ticket", "complain", "reclam", "answer", "support", "incident", "assist", "help", "traite", "chat", "email")),
    ("operations", "Opérations", "Operations", ("produc", "prepar", "install", "activ", "repair", "assembl", "pick")),
    ("sales", "Ventes", "Sales", ("purchas", "order", "bought", "achat", "command", "vent", "sale", "sold", "sign", "won", "deal", "quote", "devis", "lead", "contact", "subscri", "souscri", "prospect")),
)  # fmt: skip
"""Which function a step or a file sounds like: name, French, English, beginnings of words; the first that fits."""
