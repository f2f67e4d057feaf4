"""The commands of arbitration: ask, add options, record answers, sign, review."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from portance.cli.telling import INVALID, LANGUAGE, told
from portance.errors import PortanceError

if TYPE_CHECKING:
    from portance.cli.deciding_showing import Shown
    from portance.workspace import Workspace

CHARTER = click.argument("charter", type=click.Path(path_type=Path))
DECISION = click.argument("decision", metavar="ID")
DAY = click.DateTime(["%Y-%m-%d"])


def _language(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--language",
        type=LANGUAGE,
        default=None,
        help="Language of what is printed; the charter's where absent.",
    )(command)


@contextmanager
def _opened(
    charter: Path, language: str | None, *, teams: bool = False
) -> "Iterator[tuple[Workspace, Shown]]":
    from portance.cli.deciding_showing import Shown
    from portance.workspace import open_workspace

    with open_workspace(charter) as workspace:
        yield workspace, Shown(workspace.charter, language or workspace.charter.company.language, teams=teams)


@click.group()
def decide() -> None:
    """Lay a conflict open, decide, and lock what was announced."""


@decide.command("open", short_help="Open a question, from a conflict or free.")
@CHARTER
@click.option("--question", required=True, help="What is to be decided, in one sentence.")
@click.option("--from", "from_indicator", default=None, help="One indicator of the conflict.")
@click.option("--to", "to_indicator", default=None, help="The other one.")
@click.option(
    "--veto",
    "vetoes",
    multiple=True,
    help="INDICATOR:at_least:LEVEL or INDICATOR:at_most:LEVEL; may be repeated.",
)
@_language
@told
def open_question(
    charter: Path, question: str, from_indicator: str | None, to_indicator: str | None, vetoes: tuple[str, ...],
    language: str | None,
) -> None:  # fmt: skip
    """Open a question of CHARTER on what the last scan measured."""
    with _opened(charter, language) as (workspace, shown):
        name = workspace.decisions.open(
            question, from_indicator=from_indicator, to_indicator=to_indicator, vetoes=vetoes
        )
    click.echo(shown.say("opened", id=name, charter=charter))


@decide.command(short_help="Add an option to an open question, and simulate it.")
@CHARTER
@DECISION
@click.option("--lever", "levers", multiple=True, help="NAME=VALUE: set a lever; may be repeated.")
@click.option("--target", "targets", multiple=True, help="NAME=VALUE: move the target of an indicator.")
@click.option(
    "--weight", "weights", multiple=True, help="NAME=VALUE: weigh a function or an indicator otherwise."
)
@click.option("--drop", "drops", multiple=True, help="NAME: an indicator that no longer steers anyone.")
@click.option("--redesign", default=None, help="What is redesigned, in a few words.")
@click.option(
    "--effect", "effects", multiple=True, help="INDICATOR=LOW:HIGH: what the redesign is declared to change."
)
@click.option("--teams", is_flag=True, help="Also what each team gains and loses.")
@_language
@told
def options(
    charter: Path, decision: str, teams: bool, levers: tuple[str, ...], targets: tuple[str, ...], weights: tuple[str, ...],
    drops: tuple[str, ...], redesign: str | None, effects: tuple[str, ...], language: str | None,
) -> None:  # fmt: skip
    """Add one option, all its moves together, to the question ID of CHARTER, and tell what it would do."""
    with _opened(charter, language, teams=teams) as (workspace, shown):
        added = workspace.decisions.propose(
            decision,
            levers=levers,
            targets=targets,
            weights=weights,
            drops=drops,
            redesign=redesign,
            effects=effects,
        )
        dossier = workspace.decisions.dossier(decision)
    click.echo(shown.say("option_added", number=added.option.number, id=decision))
    shown.option(dossier, added.option.number)


@decide.command(short_help="Record what a function answers.")
@CHARTER
@DECISION
@click.option("--function", required=True)
@click.option("--text", required=True, help="What it says.")
@click.option("--dissent", is_flag=True, help="It does not agree.")
@_language
@told
def reply(
    charter: Path, decision: str, function: str, text: str, dissent: bool, language: str | None
) -> None:
    """Record the answer of a function to the question ID of CHARTER."""
    with _opened(charter, language) as (workspace, shown):
        workspace.decisions.reply(decision, function, text, dissent=dissent)
    click.echo(shown.say("dissented" if dissent else "replied", function=shown.function(function)))


@decide.command(short_help="Record that a function was asked and did not answer.")
@CHARTER
@DECISION
@click.option("--function", required=True)
@_language
@told
def asked(charter: Path, decision: str, function: str, language: str | None) -> None:
    """Record that a function was asked about the question ID of CHARTER, without a reply."""
    with _opened(charter, language) as (workspace, shown):
        workspace.decisions.asked(decision, function)
    click.echo(shown.say("asked", function=shown.function(function)))


@decide.command(short_help="Show a decision: options, answers, what was locked.")
@CHARTER
@DECISION
@click.option("--teams", is_flag=True, help="Also what each team gains and loses.")
@_language
@told
def show(charter: Path, decision: str, teams: bool, language: str | None) -> None:
    """Show the decision ID of CHARTER."""
    with _opened(charter, language, teams=teams) as (workspace, shown):
        dossier = workspace.decisions.dossier(decision)
    shown.dossier(dossier)


@decide.command("list", short_help="List the decisions.")
@CHARTER
@_language
@told
def list_decisions(charter: Path, language: str | None) -> None:
    """List the decisions of CHARTER, the earliest first."""
    with _opened(charter, language) as (workspace, shown):
        dossiers, calibration = workspace.decisions.all(), workspace.decisions.calibration()
    if not dossiers:
        click.echo(shown.say("none"))
    for dossier in dossiers:
        shown.line(dossier)
    if calibration.judged:
        click.echo(
            shown.say(
                "calibration",
                inside=calibration.inside90,
                judged=calibration.judged,
                right=calibration.sign_right,
            )
        )


@decide.command(short_help="Sign an option: it is locked, with what was announced.")
@CHARTER
@DECISION
@click.option(
    "--option", type=int, required=True, help="The number of the option; 0 leaves everything as it is."
)
@click.option("--by", required=True, help="Who decides.")
@click.option("--review", "review_date", type=DAY, required=True, help="The day on which it is judged.")
@click.option("--metric", required=True, help="The indicator by which it is judged.")
@click.option(
    "--since", type=DAY, default=None, help="The day from which it is in force; today where absent."
)
@click.option(
    "--window",
    type=(DAY, DAY),
    default=None,
    help="First and last day judged; to the day before the review where absent.",
)
@click.option("--estimator", type=click.Choice(["its", "did", "staggered"]), default="its", show_default=True)
@click.option(
    "--smallest", type=float, default=None, help="The smallest effect that counts, in the metric's unit."
)
@click.option(
    "--guardrail", "guardrails", multiple=True, help="INDICATOR:at_least:LEVEL or INDICATOR:at_most:LEVEL."
)
@click.option(
    "--unit",
    "units",
    multiple=True,
    help="NAME=DATE: a unit that changes, and when; else read from the lever.",
)
@click.option(
    "--expects",
    type=click.Choice(["up", "down"]),
    default=None,
    help="Which way the metric will move, where nothing was measured.",
)
@click.option("--stop", "stop_rule", default="", help="What would stop it before.")
@click.option("--seen", is_flag=True, help="The signer has seen dissents, limits and extrapolations.")
@_language
@told
def sign(
    charter: Path, decision: str, option: int, by: str, review_date: datetime, metric: str, since: datetime | None,
    window: tuple[datetime, datetime] | None, estimator: Literal["its", "did", "staggered"], smallest: float | None,
    guardrails: tuple[str, ...], units: tuple[str, ...], expects: Literal["up", "down"] | None, stop_rule: str, seen: bool,
    language: str | None,
) -> None:  # fmt: skip
    """Sign an option of the question ID of CHARTER. It can only be superseded afterwards."""
    changed = dict(_dated(unit) for unit in units)
    with _opened(charter, language) as (workspace, shown):
        locked = workspace.decisions.sign(
            decision, option, by=by, review_date=review_date.date(), metric=metric,
            since=since.date() if since else None,
            window=(window[0].date(), window[1].date()) if window else None, estimator=estimator,
            smallest_effect=smallest, guardrails=guardrails, changed=changed, expects=expects, stop_rule=stop_rule,
            seen=seen,
        )  # fmt: skip
    click.echo(shown.say("signed", id=decision, hash=locked, review=shown.day(review_date.date())))


@decide.command(short_help="Open the question that will take a signed decision's place.")
@CHARTER
@DECISION
@click.option("--question", default=None, help="The new question; the same where absent.")
@_language
@told
def supersede(charter: Path, decision: str, question: str | None, language: str | None) -> None:
    """Open, on what was measured since, the question that will supersede the decision ID of CHARTER."""
    with _opened(charter, language) as (workspace, shown):
        name = workspace.decisions.supersede(decision, question)
    click.echo(shown.say("superseding", new=name, old=decision))


@decide.command(short_help="Close an open question without deciding.")
@CHARTER
@DECISION
@click.option("--reason", default="")
@_language
@told
def withdraw(charter: Path, decision: str, reason: str, language: str | None) -> None:
    """Withdraw the open question ID of CHARTER."""
    with _opened(charter, language) as (workspace, shown):
        workspace.decisions.withdraw(decision, reason)
    click.echo(shown.say("withdrawn", id=decision))


@decide.command(short_help="Write what is kept of decisions, as JSON.")
@CHARTER
@click.argument("decision", metavar="[ID]", required=False)
@told
def export(charter: Path, decision: str | None) -> None:
    """Write everything kept of the decision ID of CHARTER, or of all, as JSON: a copy against which to verify."""
    with _opened(charter, None) as (workspace, _):
        told_all = workspace.decisions.export(decision)
    click.echo(json.dumps(told_all, ensure_ascii=False, indent=2))


@decide.command(short_help="Recompute every hash of the journal.")
@CHARTER
@_language
@told
def verify(charter: Path, language: str | None) -> None:
    """Verify that no entry of the journal of CHARTER was changed; exit 1 if one was."""
    with _opened(charter, language) as (workspace, shown):
        found = workspace.decisions.verify()
        count = len(workspace.decisions.export()["entries"]) if not found else 0
    for one in found:
        what = shown.say(f"tampered.{one.what}")
        click.echo(shown.say("tampered", number=one.number, id=one.decision, kind=one.kind, what=what))
    if found:
        raise click.exceptions.Exit(INVALID)
    click.echo(shown.say("intact", count=count))


@click.command(short_help="Judge the decisions whose review date has come.")
@CHARTER
@click.argument("decision", metavar="[ID]", required=False)
@_language
@told
def review(charter: Path, decision: str | None, language: str | None) -> None:
    """Judge the decision ID of CHARTER, or every one that is due, on the readings of the last scan."""
    with _opened(charter, language) as (workspace, shown):
        names = [decision] if decision else [one.decision for one in workspace.decisions.due()]
        for name in names:
            found = workspace.decisions.review(name)
            shown.review(name, found)
    if not names:
        click.echo(shown.say("nothing_due"))


def _dated(text: str) -> tuple[str, date]:
    name, _, day = text.rpartition("=")
    try:
        found = date.fromisoformat(day.strip())
    except ValueError:
        found = None
    if not name.strip() or found is None:
        raise PortanceError(
            f"a unit and its day read NAME=DATE, given {text!r}: write for example north=2026-04-06."
        )
    return name.strip(), found
