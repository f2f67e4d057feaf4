"""What customers wrote, from the store of verbatims: the latest version of each interaction of a live receipt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from portance.charter import Charter
from portance.engine import Engine
from portance.errors import CharterError, Problem
from portance.experience.voices.folding import listed
from portance.store.state import State

_WRITTEN = "voices_written"
_LIKE_A_NAME = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*(?:[ .,]+[^\W\d_]+(?:['’\-][^\W\d_]+)*\.?){0,3}")
_NO_NAMES = listed(
    "agent agents bot robot chatbot system systeme système unknown inconnu none null na auto automate automatique admin service client support team equipe équipe desk machine human humain assistant conseiller conseillere conseillère"
)
_MOST_NAMES = 20_000


@dataclass(frozen=True, slots=True)
class Written:
    """Texts as customers wrote them, in order of time: never published, never logged, masked before anything reads them."""

    interactions: list[str]
    persons: list[str | None]
    sources: list[str]
    languages: list[str | None]
    instants: list[int]
    texts: list[str]


def written(engine: Engine, state: State) -> Written:
    """Every text of a live receipt whose interaction is in the table ``interactions``, in its latest version."""
    paths = [
        path for one in state.manifest.receipts() if one.live and (path := state.verbatims(one.id)).exists()
    ]
    columns = engine.columns_or_none("interactions")
    if not paths or columns is None:
        return Written([], [], [], [], [], [])
    engine.parquet(_WRITTEN, paths)
    version = "i.version = w.version" if "version" in columns else "true"
    language = "coalesce(w.language, i.language)" if "language" in columns else "w.language"
    rows: pa.Table = engine.arrow(
        f"select i.interaction_id, i.person_id, i.source, {language} as language, i.t_us, w.text from {_WRITTEN} w "
        f"join interactions i on i.interaction_id = w.interaction_id and {version} where w.text is not null "
        "qualify row_number() over (partition by w.interaction_id order by w.version desc, w.text) = 1 "
        "order by i.t_us, i.interaction_id"
    )
    engine.drop(_WRITTEN)
    return Written(*(rows[name].to_pylist() for name in ("interaction_id", "person_id", "source", "language", "t_us", "text")))  # fmt: skip


def names(charter: Charter, engine: Engine) -> tuple[str, ...]:
    """The names to hide: of the file that the charter gives, and of who handled interactions where that looks like a name."""
    found = set(_listed(charter))
    if "agent" in (engine.columns_or_none("interactions") or {}):
        told = engine.rows(
            f"select distinct agent from interactions where agent is not null order by agent limit {_MOST_NAMES}"
        )
        found.update(name for (name,) in told if looks_like_a_name(str(name)))
    return tuple(sorted(found))


def looks_like_a_name(text: str) -> bool:
    """Whether what stands for an agent reads as a person's name, and not as a pseudonym or a role."""
    plain = text.strip()
    if not 3 <= len(plain) <= 60 or not _LIKE_A_NAME.fullmatch(plain):
        return False
    parts = [part.lower() for part in re.split(r"[ .,]+", plain) if part]
    return not any(part in _NO_NAMES for part in parts) and any(len(part) > 2 for part in parts)


def _listed(charter: Charter) -> Sequence[str]:
    if charter.voices.names is None:
        return ()
    path = Path(charter.voices.names)
    path = path if path.is_absolute() else charter.folder / path
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CharterError(
            [
                Problem(
                    charter.path, 0, "voices.names", f"{charter.voices.names} ({type(error).__name__})",
                    "a text file with one name on each line, in UTF-8",
                    "Give its path from the charter's folder, or leave the line out: without it, names of agents are found by their surroundings only.",
                )
            ]
        ) from error  # fmt: skip
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
