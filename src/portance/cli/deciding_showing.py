"""How decisions are printed on a terminal."""

from datetime import date, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from portance.charter import Charter
from portance.cli.deciding_words import knows, say
from portance.views.naming import Naming
from portance.views.speech import Speech

_WIDE = 160
_HORIZONS = ("quarter", "year", "three_years")
_CLEARLY = 0.05
_NEARLY = 0.005


class Shown:
    """Prints decisions of one charter in one language; numbers and names as its reports write them."""

    def __init__(self, charter: Charter, language: str, *, teams: bool = False) -> None:
        self._charter, self._with_teams = charter, teams
        self._language = "fr" if language == "fr" else "en"
        company = charter.company
        self._speech = Speech("fr" if language == "fr" else "en", company.currency, company.timezone)
        self._naming = Naming(charter, self._speech)

    # ---- words

    def say(self, key: str, **given: object) -> str:
        """A sentence."""
        return say(self._language, key, **given)

    def function(self, name: str) -> str:
        """A function as a person reads it."""
        return self._naming.function(name)

    def indicator(self, name: str | None) -> str:
        """An indicator as a person reads it."""
        return self._naming.indicator(name)

    def day(self, day: date | datetime | str) -> str:
        """A day."""
        if isinstance(day, str):
            day = date.fromisoformat(day[:10])
        return day.strftime("%d/%m/%Y" if self._language == "fr" else "%Y-%m-%d")

    def number(self, value: float | None) -> str:
        """A number with three digits that tell."""
        if value is None:
            return "—"
        size = abs(value)
        digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
        return self._speech.number(value, digits)

    def share(self, value: float | None) -> str:
        """A share as a percentage."""
        return self._speech.percent(value, 0)

    def probability(self, value: float) -> str:
        """A probability from draws: none is nil or sure."""
        if value < _NEARLY:
            return f"< {self._speech.percent(0.01, 0)}"
        return f"> {self._speech.percent(0.99, 0)}" if value > 1 - _NEARLY else self._speech.percent(value, 0)

    # ---- a decision

    def line(self, dossier: Any) -> None:
        """One decision in one line, with its verdict."""
        verdict = ""
        if dossier.review is not None:
            verdict = f" · {self.say('verdict.' + dossier.review['verdict'])}"
        head = self.say(
            "head", id=dossier.decision, status=self._status(dossier), day=self.day(dossier.opened_at)
        )
        click.echo(f"{head}{verdict} · {dossier.question}")

    def dossier(self, dossier: Any) -> None:
        """Everything of one decision."""
        click.echo(
            self.say(
                "head", id=dossier.decision, status=self._status(dossier), day=self.day(dossier.opened_at)
            )
        )
        click.echo(dossier.question)
        if dossier.conflict is not None:
            grade = dossier.conflict.get("grade") or self.say("no_grade")
            one, other = (
                self.indicator(dossier.conflict[side]) for side in ("from_indicator", "to_indicator")
            )
            click.echo(self.say("conflict", one=one, other=other, grade=grade))
        for veto in dossier.vetoes:
            click.echo(self.say("veto", limit=self._limit(veto)))
        for told in dossier.options:
            click.echo("")
            self.option(dossier, told.option.number)
        self._flips(dossier)
        if dossier.answers:
            click.echo("")
        for answer in dossier.answers:
            said = self.say(
                f"answer.{answer.kind}",
                function=self.function(answer.function),
                day=self.day(answer.at),
                text=answer.text,
            )
            click.echo(said + (self.say("late") if answer.late else ""))
        if dossier.waiting:
            click.echo(self.say("waiting", names=", ".join(map(self.function, dossier.waiting))))
        if dossier.locked is not None:
            self._locked(dossier)

    def option(self, dossier: Any, number: int) -> None:
        """One option: what it changes, what it would do, and how it compares."""
        told = dossier.option(number)
        moves = ", ".join(self._move(move) for move in told.option.moves) or self.say("as_is")
        click.echo(self.say("option", number=number, moves=moves))
        for code, filled in told.notes:
            click.echo("  " + self.say(f"note.{code}", **self._filled(filled)))
        self._forecasts([row for row in told.forecasts if row.team is None])
        teams = [row for row in told.forecasts if row.team is not None]
        if teams and self._with_teams:
            self._teams(teams)
        elif teams:
            click.echo("  " + self.say("teams_apart", n=len({row.team for row in teams})))
        if number and told.weighed is not None:
            self._weighed(told.weighed)
        if told.unmeetable:
            names = ", ".join(map(self.indicator, told.unmeetable))
            click.echo("  " + self.say("unmeetable", names=names))
        elif told.unmeetable is not None and number:
            click.echo("  " + self.say("meetable"))
        for one, other in told.leaves:
            click.echo("  " + self.say("leaves", one=self.indicator(one), other=self.indicator(other)))
        if told.unmeasured:
            click.echo("  " + self.say("unmeasured", names=", ".join(map(self.indicator, told.unmeasured))))

    def review(self, decision: str, found: Any) -> None:
        """A verdict and what it rests on."""
        reason = (
            f" ({self.say('reason.' + found.reason)})"
            if found.reason and knows(f"reason.{found.reason}")
            else ""
        )
        click.echo(self.say("review", id=decision, verdict=self.say(f"verdict.{found.verdict}") + reason))
        effect = found.effect
        if effect.reason is None:
            click.echo(
                "  "
                + self.say(
                    "observed", observed=self.number(effect.observed), low=self.number(effect.low),
                    high=self.number(effect.high), grade=found.grade,
                )
            )  # fmt: skip
            if found.verdict == "undetermined":
                click.echo("  " + self.say("detectable", detectable=self.number(effect.detectable)))
        for check in found.checks:
            if check.state == "failed":
                detail = f" ({check.detail})" if check.name == "concurrent_change" else ""
                click.echo("  " + self.say("check", name=self.say(f"check.{check.name}"), detail=detail))
        for side in found.sides:
            if side.role == "metric" or (side.role == "other" and side.verdict not in ("harmed", "improved")):
                continue
            verdict = self.say(f"side.{side.verdict}") if knows(f"side.{side.verdict}") else side.verdict
            click.echo(
                "  "
                + self.say(
                    "side", indicator=self.indicator(side.indicator), verdict=verdict, observed=self.number(side.observed),
                    low=self.number(side.low), high=self.number(side.high),
                )
            )  # fmt: skip

    # ---- parts

    def _status(self, dossier: Any) -> str:
        return self.say(f"status.{dossier.status}", by=dossier.superseded_by)

    def _limit(self, veto: Any) -> str:
        return self.say(veto.side, indicator=self.indicator(veto.indicator), level=self.number(veto.level))

    def _move(self, move: Any) -> str:
        names = {
            "lever": self._naming.lever, "target": self.indicator, "drop": self.indicator, "weight": self._weight_of,
        }  # fmt: skip
        name = names[move.kind](move.name) if move.kind in names else move.name
        return self.say(
            f"move.{move.kind}", name=name, value=self.number(move.value), indicator=self.indicator(move.indicator),
            low=self.number(move.low), high=self.number(move.high),
        )  # fmt: skip

    def _weight_of(self, name: str) -> str:
        return self.function(name) if name in self._charter.functions else self.indicator(name)

    def _filled(self, filled: Any) -> dict[str, object]:
        said: dict[str, object] = {}
        for name, value in filled.items():
            if name == "indicator":
                said[name] = self.indicator(value)
            elif name == "lever":
                said[name] = self._naming.lever(value)
            else:
                said[name] = self.number(value)
        return said

    def _forecasts(self, rows: Any) -> None:
        if not rows:
            return
        table = Table(box=None, header_style="bold", pad_edge=True)
        for name in ("indicator", "function", *_HORIZONS, "money", "grade"):
            table.add_column(
                self.say(f"column.{name}"), justify="left" if name in ("indicator", "function") else "right"
            )
        for indicator in dict.fromkeys(row.indicator for row in rows):
            mine = {row.horizon: row for row in rows if row.indicator == indicator}
            year = mine["year"]
            money = "—" if year.money is None else self._money(year)
            table.add_row(
                self.indicator(indicator), self.function(year.function),
                *(self._change(mine[horizon]) for horizon in _HORIZONS), money, year.grade,
            )  # fmt: skip
        self._print(table)
        if any(row.extrapolated for row in rows):
            click.echo("  " + self.say("extrapolated"))

    def _teams(self, rows: Any) -> None:
        table = Table(box=None, header_style="bold", pad_edge=True)
        for name in ("team", "indicator", "year", "money"):
            table.add_column(
                self.say(f"column.{name}"), justify="left" if name in ("team", "indicator") else "right"
            )
        for row in rows:
            if row.horizon == "year":
                money = "—" if row.money is None else self._money(row)
                table.add_row(row.team, self.indicator(row.indicator), self._change(row), money)
        self._print(table)

    def _change(self, row: Any) -> str:
        mark = "*" if row.extrapolated else ""
        if row.unit == "share":  # a change between shares is told in points
            low, median, high = (self._signed(100 * value, 1) for value in (row.low, row.median, row.high))
            return f"{median} pts [{low} ; {high}]{mark}"
        return f"{self._signed(row.median)} [{self._signed(row.low)} ; {self._signed(row.high)}]{mark}"

    def _signed(self, value: float, digits: int | None = None) -> str:
        told = self.number(value) if digits is None else self._speech.number(value, digits)
        return ("+" if value > 0 else "") + told

    def _money(self, row: Any) -> str:
        beside = max(abs(row.money_low), abs(row.money), abs(row.money_high))
        low, middle, high = (
            self._speech.money(value, beside=beside) for value in (row.money_low, row.money, row.money_high)
        )
        return f"{middle} [{low} ; {high}]"

    def _weighed(self, weighed: Any) -> None:
        if weighed.net_median is None:
            click.echo("  " + self.say("no_net"))
        else:
            median, low, high = (
                self._speech.money(value) for value in (weighed.net_median, weighed.net_low, weighed.net_high)
            )
            lost = self.probability(weighed.p_net_negative)
            click.echo("  " + self.say("net", median=median, low=low, high=high, lost=lost))
        if weighed.wins_share is not None:
            click.echo(
                "  "
                + self.say(
                    "compared", wins=self.share(weighed.wins_share), dominated=self.share(weighed.p_dominated)
                )
            )
        if weighed.regret is not None:
            click.echo("  " + self.say("regret", regret=self._speech.money(weighed.regret)))
        for crossed in weighed.crossed:
            if crossed.probability >= _CLEARLY:
                key = "vetoed" if crossed.vetoed else "at_risk"
                click.echo(
                    "  "
                    + self.say(key, limit=self._limit(crossed.veto), share=self.share(crossed.probability))
                )

    def _flips(self, dossier: Any) -> None:
        if dossier.weighing is None or dossier.weighing.leader is None:
            return
        click.echo("")
        functions = [flip for flip in dossier.weighing.flips if flip.of == "function"]
        for flip in functions:
            click.echo(
                self.say(
                    "flip", leader=flip.leader, to=flip.to, criterion=self.function(flip.criterion),
                    at=self.share(flip.flips_at), weight=self.share(flip.weight),
                )
            )  # fmt: skip
        if not functions:
            click.echo(self.say("no_flip", leader=dossier.weighing.leader))

    def _locked(self, dossier: Any) -> None:
        locked = dossier.locked
        click.echo("")
        click.echo(
            self.say(
                "locked", by=locked["decider"], day=self.day(locked["date"]), option=locked["chosen"],
                metric=self.indicator(locked["metric"]), start=self.day(locked["window"]["start"]),
                end=self.day(locked["window"]["end"]), estimator=locked["estimator"],
                smallest=self.number(locked["smallest_effect"]), review=self.day(locked["review_date"]),
            )
        )  # fmt: skip
        forecast = locked["forecast"]
        if forecast is None:
            way = self.say("way.up" if locked["direction"] > 0 else "way.down")
            click.echo(self.say("no_forecast", way=way))
        else:
            median, low, high = (self._signed(forecast[name]) for name in ("median", "low", "high"))
            click.echo(self.say("forecast", median=median, low=low, high=high))
        for one in locked["sacrificed"]:
            click.echo(
                self.say(
                    "sacrificed", indicator=self.indicator(one["indicator"]), function=self.function(one["function"]),
                    median=self._signed(one["median"]),
                )
            )  # fmt: skip
        click.echo(self.say("hash", hash=dossier.hash))
        if dossier.review is not None:
            click.echo(
                self.say(
                    "review", id=dossier.decision, verdict=self.say(f"verdict.{dossier.review['verdict']}")
                )
            )

    def _print(self, table: Table) -> None:
        console = Console(soft_wrap=True)
        if not console.is_terminal:
            console = Console(soft_wrap=True, width=_WIDE)
        console.print(table)
