"""How each figure is made, in one short paragraph each, and the words that the report uses."""

from dataclasses import dataclass

from portance.views.speech import Speech

METHODS = (
    "findings", "journeys", "breaks", "intervals", "promises-and-gaps", "voices", "irritants", "silent-majority", "restraint", "symmetry",
    "artificial-reality", "dosage", "answering", "takeover", "retention", "conflicts", "structure", "watermelon", "responsibility",
    "arbitration", "incentives", "initiatives", "money", "identity", "intake", "blind-spots", "changes",
)  # fmt: skip
"""The anchors of the methods, in the order in which a reader meets them."""
TERMS = (
    "function", "interaction", "person", "journey", "seam", "passage", "break", "promise", "facet", "gap", "indicator", "lever",
    "conflict", "watermelon", "scoreboard", "responsibility", "decision", "finding", "irritant",
    "non_response", "false_containment", "takeover", "held", "blind_spot", "refusal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its anchor in the page, its name, its paragraph."""

    anchor: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Methods:
    """The methods, and the words with their definitions."""

    methods: tuple[Method, ...]
    terms: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]


def build(speech: Speech, kinds: tuple[str, ...]) -> Methods:
    """The methods and words in one language; ``kinds`` are the kinds of break to define."""
    return Methods(
        methods=tuple(
            Method(f"method-{name}", speech.say(f"method.{name}"), speech.say(f"method_text.{name}"))
            for name in METHODS
        ),
        terms=tuple((speech.say(f"term.{name}"), speech.say(f"term_text.{name}")) for name in TERMS),
        kinds=tuple((speech.say(f"break.{kind}"), speech.say(f"break_means.{kind}")) for kind in kinds),
    )
