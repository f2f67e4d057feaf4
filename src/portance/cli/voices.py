"""Commands about what customers write: teach Portance to read it, an hour at a time."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portance.cli.telling import LANGUAGE, SPOILED, told

if TYPE_CHECKING:
    from portance.workspace import Kind, Labelling, Polarity, Question

_MOST_SHOWN = 24
_LETTERS = ("s", "p", "n")
_STOP = ("q", "quit")


@click.group()
def voices() -> None:
    """What customers write, and how it is read."""


@voices.command(short_help="Label sentences, by turns by lot and in doubt; stop and come back at any time.")
@click.argument("charter", type=click.Path(path_type=Path))
@click.option(
    "--most",
    type=click.IntRange(min=0),
    default=None,
    help="Stop after so many sentences; 0 only tells how far it is.",
)
@click.option(
    "--language", type=LANGUAGE, default=None, help="Language of what is printed; the charter's where absent."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the order among equals.")
@told
def label(charter: Path, most: int | None, language: str | None, seed: int) -> None:
    """Go through the masked sentences of CHARTER; from fifty labels on, a model learns from them at each scan."""
    from portance.cli.showing import progress_bar
    from portance.workspace import open_workspace

    with open_workspace(charter) as workspace:
        with progress_bar(shown=True) as progress:
            labelling = workspace.labelling(seed=seed, progress=progress)
        asked = _Asking(labelling, workspace.irritant_labels, language or workspace.charter.company.language)
        asked.go(most)


class _Asking:
    """The dialogue with one person."""

    def __init__(self, labelling: "Labelling", names: Any, language: str) -> None:
        self._labelling, self._say = labelling, _FRENCH if language == "fr" else _ENGLISH
        self._codes = list(labelling.irritants)
        self._names: dict[str, str] = names(language)

    def go(self, most: int | None) -> None:
        """Ask until the person stops, ``most`` sentences are done, or none is left."""
        say, done = self._say, 0
        self._list()
        click.echo(say["keys"])
        question = self._next()
        while question is not None and (most is None or done < most):
            self._show(question)
            answer = (
                click.prompt(say["prompt"], default="", show_default=False, prompt_suffix=say["colon"])
                .strip()
                .lower()
            )
            if answer in _STOP:
                break
            if answer == "?":
                self._list()
                click.echo(say["keys"])
                continue
            if answer == "u":
                back = self._labelling.undo()
                click.echo(say["undone"] if back is not None else say["nothing"])
                done = max(0, done - 1)
                question = back or self._next()
                continue
            if answer == "x":
                self._labelling.skip(question)
                question = self._next()
                continue
            if not self._given(question, answer):
                click.echo(say["unclear"].format(most=len(self._codes)))
                continue
            done += 1
            question = self._next()
        if question is None:
            click.echo(say["empty"] if not self._labelling.progress.labelled else say["all"])
        self._tell()

    def _next(self) -> "Question | None":
        found = self._labelling.next(1)
        return found[0] if found else None

    def _show(self, question: "Question") -> None:
        thought = ", ".join(self._names.get(one, one) for one in question.irritants) or self._say["none"]
        at = self._labelling.progress
        of = max(
            at.labelled + 1, min(at.hour, at.labelled + at.left)
        )  # what there is, where an hour needs more
        click.echo(f"\n[{at.labelled + 1}/{of}] {question.text}")
        who, kind, polarity = (
            self._say[key] for key in (question.given_by, question.kind, question.polarity)
        )
        click.echo(
            f"   {self._say['thought'].format(who=who)} {thought}{self._say['then']}{kind}, {polarity}"
        )

    def _given(self, question: "Question", answer: str) -> bool:
        """Keep an answer: empty agrees; numbers are irritants, ``0`` none; ``s`` a suggestion, ``p`` praise, ``n`` neither."""
        if answer == "":
            self._labelling.give(question, question.irritants, question.polarity, question.kind)
            return True
        parts = answer.replace(",", " ").split()
        kinds = [part for part in parts if part in _LETTERS]
        numbers = [part for part in parts if part not in _LETTERS]
        if len(kinds) > 1 or not all(part.isdecimal() and int(part) <= len(self._codes) for part in numbers):
            return False
        irritants = [self._codes[int(part) - 1] for part in numbers if int(part)]
        kind, polarity = _KINDS[kinds[0] if kinds else "complaint" if irritants else "n"]
        self._labelling.give(question, irritants, polarity, kind)
        return True

    def _list(self) -> None:
        for number, code in enumerate(self._codes[:_MOST_SHOWN], 1):
            click.echo(f"  {number:>2}  {self._names.get(code, code)}")
        for number, code in enumerate(self._codes[_MOST_SHOWN:], _MOST_SHOWN + 1):
            click.echo(f"  {number:>2}  {code}")

    def _tell(self) -> None:
        at = self._labelling.progress
        click.echo(self._say["told"].format(labelled=at.labelled, skipped=at.skipped, left=at.left))
        if at.spoiled:
            click.echo(self._say["spoiled"].format(lines=at.spoiled))
        click.echo(
            self._say["learns" if at.labelled >= at.enough else "more"].format(
                missing=at.enough - at.labelled
            )
        )


_KINDS: "dict[str, tuple[Kind, Polarity]]" = {
    "s": ("suggestion", "neutral"),
    "p": ("praise", "positive"),
    "n": ("neutral", "neutral"),
    "complaint": ("complaint", "negative"),
}
_ENGLISH: dict[str, str] = {
    "keys": "Numbers: irritants (several: 3 7), 0 none · s suggestion, p praise, n neither · Enter agree · x pass · u undo · ? list · q stop",
    "prompt": "  label", "colon": ": ", "then": "; ", "undone": "Taken back.", "nothing": "Nothing to take back.",
    "unclear": "Numbers from 0 to {most}, and at most one of s, p, n. '?' lists them.",
    "all": "Every sentence is labelled or passed over.", "empty": "Nothing to label: no source gives a verbatim in French or English.",
    "none": "no irritant", "thought": "{who} so far:", "words": "words", "model": "the model", "person": "a person",
    "complaint": "complaint", "praise": "praise", "suggestion": "suggestion", "neutral": "neutral", "negative": "negative", "positive": "positive",
    "told": "{labelled} labelled, {skipped} passed over, {left} left. Kept: the same command goes on from here.",
    "spoiled": SPOILED["en"],
    "learns": "At the next scan a model learns from these labels.", "more": "{missing} more and a model learns from them.",
}  # fmt: skip
_FRENCH: dict[str, str] = {
    "keys": "Numéros : irritants (plusieurs : 3 7), 0 aucun · s suggestion, p éloge, n ni l’un ni l’autre · Entrée d’accord · x passer · u annuler · ? liste · q arrêter",
    "prompt": "  étiquette", "colon": "\u00a0: ", "then": "\u202f; ", "undone": "Annulé.", "nothing": "Rien à annuler.",
    "unclear": "Des numéros de 0 à {most}, et au plus une lettre parmi s, p, n. « ? » donne la liste.",
    "all": "Toutes les phrases sont étiquetées ou passées.", "empty": "Rien à étiqueter : aucune source ne donne de texte en français ou en anglais.",
    "none": "aucun irritant", "thought": "{who}, jusqu’ici :", "words": "les mots", "model": "le modèle", "person": "une personne",
    "complaint": "plainte", "praise": "éloge", "suggestion": "suggestion", "neutral": "neutre", "negative": "négatif", "positive": "positif",
    "told": "{labelled} étiquetées, {skipped} passées, {left} restantes. C’est gardé : la même commande reprend ici.",
    "spoiled": SPOILED["fr"],
    "learns": "Au prochain relevé, un modèle apprend de ces étiquettes.", "more": "Encore {missing}, et un modèle en apprend.",
}  # fmt: skip
