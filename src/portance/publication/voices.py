"""The tables of voices: what customers write, sentence by sentence, without the text; a few masked examples; counts."""

from portance.publication.table import Column, as_made

_TEXT, _INT, _REAL, _BOOL = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"


VOICES = as_made(
    "voices",
    "What customers write: one row per sentence and irritant in it, without the text.",
    "interaction_id, sentence, irritant",
    Column("interaction_id", _TEXT, "The interaction with which the customer wrote."),
    Column("person_id", _TEXT, "The customer; empty where nobody is known."),
    Column("sentence", _INT, "The sentence of the text, from 0."),
    Column("language", _TEXT, "fr, en, or other."),
    Column("treated", _BOOL, "Whether the text was read: French and English are; nothing is said of others."),
    Column("kind", _TEXT, "complaint, praise, suggestion or neutral."),
    Column("irritant", _TEXT, "The irritant; empty where none was found. Complaints and suggestions have one, several or none."),
    Column("polarity", _TEXT, "negative, neutral or positive, of the customer's words alone."),
    Column("score", _REAL, "How sure: 1 by a person, the model's probability, or how strongly words speak (0 to 1; no probability)."),
    Column("given_by", _TEXT, "Who says so: person, model, or words."),
    Column("model", _TEXT, "The model, where one says so."),
    Column("copy_of", _TEXT, "The earlier interaction whose text this one says again: count it once."),
    Column("public", _BOOL, "Whether the source is of public reviews: they tell which irritants exist, never levels."),
    Column("source", _TEXT, "The source."),
)  # fmt: skip

VOICE_EXAMPLES = as_made(
    "voice_examples",
    "Masked sentences of irritants that enough persons write about; none holds a mask, a digit, or a word written only once.",
    "irritant, language, kind, text",
    Column("irritant", _TEXT, "The irritant."),
    Column("language", _TEXT, "fr or en."),
    Column("kind", _TEXT, "complaint or suggestion."),
    Column("text", _TEXT, "The sentence, personal data masked."),
    Column("persons", _INT, "Persons who write of it in this language: ten or more, as the charter asks."),
)

VOICE_COUNTS = as_made(
    "voice_counts",
    "How many texts were read, in which languages, and how many personal data were masked in them.",
    "source, language",
    Column("source", _TEXT, "The source."),
    Column("language", _TEXT, "fr, en, or other."),
    Column("verbatims", _INT, "Texts."),
    Column("treated", _INT, "Those that were read."),
    Column("sentences", _INT, "Their sentences."),
    Column("copies", _INT, "Texts that say again what an earlier one said."),
    Column("masked", _INT, "Personal data masked."),
    Column("kinds", _TEXT, "The same by kind, as JSON."),
    Column("public", _BOOL, "Whether the source is of public reviews."),
    Column("labels", _INT, "Sentences of which a person said what they hold."),
)

VOICE_TABLES = (VOICES, VOICE_EXAMPLES, VOICE_COUNTS)
"""The tables of voices."""
