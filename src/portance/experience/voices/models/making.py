"""Which reader a charter asks for."""

from portance.experience.voices.models.analyst import Analyst


def make(encoder: str = "words", seed: int = 0) -> Analyst:
    """The reader of the base (``words``), or the one with the encoder of the extra (``verbatim``).

    Raises :class:`portance.errors.UnavailableError`, with what to install, where the extra is not there.
    """
    from portance.experience.voices.models.classical import Classical  # scikit-learn takes a second to import

    if encoder == "words":
        return Classical(seed=seed)
    if encoder != "verbatim":
        raise ValueError(f"given encoder {encoder!r}, expected 'words' or 'verbatim'")
    from portance.experience.voices.models.encoder import shared

    meaning = shared()
    return Classical(name=meaning.name, dense=(meaning,), seed=seed)
