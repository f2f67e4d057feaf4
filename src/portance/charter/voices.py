"""What a company says of the texts it holds: its irritants, whose turns are read, which names are hidden."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from portance.charter.declared import Declared, Name, Text

FEWEST_PERSONS = 10
"""Fewer persons behind a text are never shown one by one; a charter can only ask for more."""


class Words(Declared):
    """The words and phrases by which an irritant is known, in each language."""

    fr: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Irritant(Declared):
    """Something that customers suffer from and write about; it adds to the starter list, or replaces the one of its name."""

    name: Text | None = None
    words: Words = Words()
    promise: Name | None = None
    seam: tuple[Name, Name] | None = None
    """The functions between which it arises: who held the customer, who receives."""
    owners: tuple[Name, ...] = ()
    off: bool = False
    """Leave the one of this name out."""


class Endpoint(Declared):
    """A language model behind an OpenAI-compatible address; only masked texts are ever sent to it."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://")]
    model: str
    key: str | None = None
    """The environment variable that holds the key; the key itself never stands in a charter."""
    most: Annotated[int, Field(ge=1)] = 1_000
    """How many texts it may be sent in one scan."""


class Voices(Declared):
    """How texts are read."""

    irritants: dict[Name, Irritant] = {}
    customer: tuple[str, ...] = ()
    """Marks that open a customer's turn in a transcript, beside the usual ones."""
    others: tuple[str, ...] = ()
    """Marks that open anyone else's turn."""
    names: str | None = None
    """A text file, one name of an employee on each line, hidden wherever it stands."""
    public: tuple[Name, ...] = ()
    """Sources whose texts are public reviews: read for which irritants exist, never for how many suffer from them."""
    complaints: tuple[str, ...] | None = None
    """The activities or intents by which customers complain; guessed from their names where absent."""
    encoder: Literal["words", "verbatim", "e5"] = "words"
    endpoint: Endpoint | None = None
    fewest: Annotated[int, Field(ge=FEWEST_PERSONS)] = FEWEST_PERSONS
