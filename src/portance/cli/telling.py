"""How a command ends: what Portance has to say instead of a traceback, and its exit code."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from portance.errors import CharterError, PortanceError

P = ParamSpec("P")
R = TypeVar("R")

LANGUAGE = click.Choice(["fr", "en"])
INVALID = 1
SPOILED = {
    "fr": "Lignes illisibles dans labels.jsonl\u00a0: {lines}. Leurs étiquettes ne comptent pas\u202f; elles sont laissées telles quelles.",
    "en": "Lines of labels.jsonl that cannot be read: {lines}. Their labels do not count; they are left as they are.",
}  # fmt: skip
"""What is said of labels that a crash or a hand has spoilt."""


def told(command: Callable[P, R]) -> Callable[P, R]:
    """Print what Portance has to say instead of a traceback, and exit with 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except PortanceError as error:
            click.echo(_headed(error), err=True)
            sys.exit(INVALID)
        except KeyboardInterrupt:
            click.echo("\nStopped. What was received is kept; run the same command again to go on.", err=True)
            sys.exit(130)

    return run


def _headed(error: PortanceError) -> str:
    return str(error) if isinstance(error, CharterError) else f"portance: {error}"
