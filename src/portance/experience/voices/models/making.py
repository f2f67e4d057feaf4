"""Which reader a charter asks for."""

from portance.experience.voices.models.analyst import Analyst

ENCODERS = ("words", "verbatim", "e5")


def make(encoder: str = "words", seed: int = 0) -> Analyst:
    """The reader of the base (``words``), or one with an encoder beside the words (``verbatim``, ``e5``).

    Raises :class:`portance.errors.UnavailableError`, with what to install, where the encoder is not there.
    """
    from portance.experience.voices.models.classical import Classical  # scikit-learn takes a second to import

    if encoder not in ENCODERS:
        raise ValueError(f"given encoder {encoder!r}, expected one of {', '.join(ENCODERS)}")
    if encoder == "words":
        return Classical(seed=seed)
    from portance.experience.voices.models.encoder import shared

    meaning = shared(encoder)
    return Classical(name=meaning.name, dense=(meaning,), seed=seed)
