"""Commands about the policy of take-overs: learn it from labelled conversations, replay it on past ones."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import click

from portance.cli.telling import LANGUAGE, told

_CONVERSATIONS = click.argument("conversations", type=click.Path(path_type=Path, dir_okay=False))
_CHARTER = click.option("--charter", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Keep it beside this charter, for the report of its next scan.")  # fmt: skip
_FILE = Path("policy.json")


class _Figure(Protocol):
    @property
    def value(self) -> float | None: ...
    @property
    def ci_low(self) -> float | None: ...
    @property
    def ci_high(self) -> float | None: ...
    @property
    def n(self) -> int: ...


@click.group()
def takeover() -> None:
    """When a human should take over from the machine: a policy, learnt and replayed before anyone turns it on."""


@takeover.command(name="learn", short_help="Learn a policy from labelled conversations.")
@_CONVERSATIONS
@_CHARTER
@click.option("--policy", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Where to write it, as JSON.  [default: policy.json, nowhere with --charter]")  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the parts held out.")
@told
def learn_policy(conversations: Path, charter: Path | None, policy: Path | None, seed: int) -> None:
    """Learn from CONVERSATIONS, one row per turn: conversation, turn, role, text or words, label."""
    from portance.workspace import learn_takeover, open_workspace

    if charter is None:
        policy = policy or _FILE
        with _bar() as progress:
            learnt = learn_takeover(conversations, policy, seed=seed, progress=progress)
    else:
        with open_workspace(charter) as workspace, _bar() as progress:
            learnt = workspace.learn_takeover(conversations, policy, seed=seed, progress=progress)
    done = learnt.measured
    click.echo(
        f"{done.conversations:,} conversations, {done.turns:,} turns; {learnt.asked:,} labelled for a human."
    )
    click.echo(
        f"On conversations held out: F1 {done.f1:.3f} (precision {done.precision:.3f}, recall {done.recall:.3f}); "
        f"golden transfer within 1, 2, 3 turns: {done.gt1:.3f}, {done.gt2:.3f}, {done.gt3:.3f}."
    )
    if policy is not None:
        click.echo(f"Wrote {policy}.")
    if charter is not None:
        click.echo(f"Kept beside {charter}: the next scan tells of it.")
    where = f"--policy {policy}" if charter is None else f"--charter {charter}"
    click.echo(f"Before anyone turns it on: portance takeover replay PAST {where}")


@takeover.command(name="replay", short_help="Tell what a policy would have done on past conversations.")
@_CONVERSATIONS
@_CHARTER
@click.option("--policy", type=click.Path(path_type=Path, dir_okay=False), default=None, help="The policy to replay.  [default: policy.json; with --charter, the one that it keeps]")  # fmt: skip
@click.option("--language", type=LANGUAGE, default="en", show_default=True, help="Language of the sentences.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of the resampling behind intervals."
)
@told
def replay_policy(
    conversations: Path, charter: Path | None, policy: Path | None, language: str, seed: int
) -> None:
    """Replay a policy turn by turn on CONVERSATIONS: nothing is handed to anyone."""
    from portance.workspace import open_workspace, replay_takeover

    if charter is None:
        with _bar() as progress:
            done = replay_takeover(policy or _FILE, conversations, seed=seed, progress=progress)
    else:
        with open_workspace(charter) as workspace, _bar() as progress:
            done = workspace.replay_takeover(conversations, policy, seed=seed, progress=progress)
    french = language == "fr"
    said = _FRENCH if french else _ENGLISH
    click.echo(said["head"].format(conversations=done.conversations, turns=done.turns))
    if done.seen:
        click.echo(said["seen"].format(seen=done.seen))
    for name, percent in _LINES:
        figure: _Figure | None = getattr(done, name)
        if figure is not None and figure.value is not None:
            click.echo(f"  {said[name]}{said['colon']}{_told(figure, percent=percent, french=french)}")
        elif name in done.reasons:
            click.echo(f"  {said[name]}{said['colon']}{said['unknown']} ({said[done.reasons[name]]})")
    if done.load is not None:
        click.echo(said["load"].format(mean=done.load.per_hour, most=done.load.busiest))


_LINES = (
    ("handed", True), ("turn", False), ("into", True), ("solved_anyway", True), ("spared", True), ("sooner", False), ("f1", False),
    ("gt1", False), ("gt2", False), ("gt3", False),
)  # fmt: skip
_ENGLISH = {
    "head": "{conversations:,} conversations, {turns:,} turns.",
    "seen": "{seen:,} of them were learnt from: on those the policy flatters itself.",
    "handed": "handed over",
    "turn": "at turn (median)",
    "into": "how far into the conversation (median)",
    "solved_anyway": "of these, settled by the machine all the same",
    "spared": "of those that went to a human or stayed unsettled, handed over",
    "sooner": "turns before the human came (median)",
    "f1": "F1 against the labels",
    "gt1": "golden transfer within 1 turn",
    "gt2": "within 2 turns",
    "gt3": "within 3 turns",
    "load": "  for people: {mean:.1f} take-overs an hour, {most} in the busiest",
    "unknown": "the file does not tell",
    "colon": ": ",
    "no_outcome": "no column says how conversations ended",
    "nobody_needed_a_human": "in no conversation did the customer need a human",
    "no_labels": "not every turn is labelled",
    "no_human_came": "in no conversation did a human come",
}
_FRENCH = {
    "head": "{conversations} conversations, {turns} tours.",
    "seen": "{seen} d’entre elles ont servi à apprendre : la politique s’y flatte.",
    "handed": "confiées à un conseiller",
    "turn": "au tour (médiane)",
    "into": "part de la conversation écoulée (médiane)",
    "solved_anyway": "parmi elles, réglées quand même par la machine",
    "spared": "parmi celles qui sont allées à un conseiller ou sont restées sans solution, confiées",
    "sooner": "tours avant l’arrivée du conseiller (médiane)",
    "f1": "F1 face aux étiquettes",
    "gt1": "passage de relais à 1 tour près",
    "gt2": "à 2 tours près",
    "gt3": "à 3 tours près",
    "load": "  pour les conseillers : {mean:.1f} reprises par heure, {most} dans la plus chargée",
    "unknown": "le fichier ne le dit pas",
    "colon": "\u00a0: ",
    "no_outcome": "aucune colonne ne dit comment les conversations ont fini",
    "nobody_needed_a_human": "dans aucune conversation le client n’a eu besoin d’un humain",
    "no_labels": "tous les tours ne sont pas étiquetés",
    "no_human_came": "dans aucune conversation un humain n’est venu",
}


def _told(figure: _Figure, *, percent: bool, french: bool) -> str:
    def number(value: float | None) -> str:
        text = "?" if value is None else f"{value * 100:.1f} %" if percent else f"{value:.2f}"
        return text.replace(".", ",") if french else text

    to, then = ("à", "\u202f; ") if french else ("to", "; ")
    return (
        f"{number(figure.value)} ({number(figure.ci_low)} {to} {number(figure.ci_high)}{then}n = {figure.n})"
    )


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None] | None]:
    from portance.cli.showing import progress_bar

    with progress_bar(shown=True) as progress:
        yield None if progress is None else lambda what, number, of: progress("takeover", what, number, of)
