"""What the dose of human and machine amounts to: machines that keep without settling, who does better, doses that saturate, who is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from portance.charter import Charter
from portance.charter.declared import Language
from portance.findings.finding import Finding, Grade
from portance.findings.phrasing import count, measured, number, percent, replied, said, sql_text

Row = dict[str, Any]
MOST_EFFECTS = 3
MOST_LEFT_OUT = 2
MOST_PHONED = 2
_MUCH_KEPT = 0.10
_GAIN = 0.01
_ALL = "all"
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Dosed:
    """The rows of dosage, as plain rows; an absent table has none."""

    machines: Sequence[Row] = ()
    dosage: Sequence[Row] = ()
    dose_curve: Sequence[Row] = ()
    left_out: Sequence[Row] = ()
    phoned_for: Sequence[Row] = ()
    remaining: Sequence[Row] = ()


def dosed(charter: Charter, results: Dosed) -> Iterator[Finding]:
    """Every candidate, unranked; nothing where nothing is proven."""
    yield from _machines(charter, results.machines)
    yield from _effects(results.dosage)
    yield from _curves(charter, results.dose_curve)
    yield from _left_out(results.left_out)
    yield from _phoned(charter, results.phoned_for)
    yield from _stale(charter, results.remaining)


def _machine(charter: Charter, name: str, language: Language) -> str:
    declared = charter.machines.get(name)
    told = declared.name.in_(language) if declared and declared.name else charter.label(name, language)
    return f"« {told} »" if language == "fr" else f"“{told}”"


def _quoted(text: str, language: Language) -> str:
    told = text.replace("_", " ")
    return f"« {told} »" if language == "fr" else f"“{told}”"


def _points(value: float, language: Language) -> str:
    return f"{number(value * 100, language)} points"


def _machines(charter: Charter, rows: Sequence[Row]) -> Iterator[Finding]:
    for row in rows:
        name, verdict = row["machine"], row["verdict"]
        if row["shown"] != "point" or verdict not in ("withdraw", "repair", "keep"):
            continue
        false_low = row["false_containment_low"] or 0.0
        if (
            verdict == "repair"
            and false_low < _MUCH_KEPT
            and "human_settles_more" not in (row["reason"] or "")
        ):
            continue
        declared = charter.machines.get(name)
        owners = (declared.function,) if declared else ()
        grade: Grade = row["grade"] or "C"

        def title(language: Language) -> str:
            which = _machine(charter, name, language)
            if language == "fr":
                return {"withdraw": f"{which} : à retirer", "repair": f"{which} : à réparer"}.get(
                    verdict, f"{which} donne satisfaction"
                )
            return {"withdraw": f"{which}: to be withdrawn", "repair": f"{which}: to be repaired"}.get(
                verdict, f"{which} does its part"
            )

        def text(language: Language) -> str:
            which = _machine(charter, name, language)
            solved = _share(row, "resolved", language)
            kept = _share(row, "false_containment", language)
            more = _more(row, grade, language)
            if language == "fr":
                return f"{which} règle {solved} de ses sessions et en garde {kept} sans les régler : le client revient pour la même chose.{more}"
            return f"{which} settles {solved} of its sessions and keeps {kept} without settling them: the customer comes back for the same.{more}"

        yield Finding(
            key=f"machine:{name}", kind="machine", title=said(title), text=said(text), value=row["false_containment"],
            ci_low=row["false_containment_low"], ci_high=row["false_containment_high"], unit="share", n=row["sessions"],
            grade=grade, owners=owners, people=round((row["false_containment"] or 0.0) * row["persons"]),
            people_low=false_low * row["persons"] if verdict != "keep" else 0.0, promise=row["promise"], rows_table="machines",
            rows_filter=f"machine {sql_text(name)}", method="dosage", **replied(charter, owners),
        )  # fmt: skip


def _share(row: Row, name: str, language: Language) -> str:
    return measured(row[name], row[f"{name}_low"], row[f"{name}_high"], percent, language)


def _more(row: Row, grade: Grade, language: Language) -> str:
    """What a human settles more, at equal cases, with the raw difference where that says the reverse."""
    if row["effect"] is None or row["ci_low"] is None or row["ci_low"] <= 0 <= row["ci_high"]:
        return ""
    least, most = sorted(abs(row[name]) for name in ("ci_low", "ci_high"))
    size = measured(abs(row["effect"]), least, most, _points, language)
    more = row["effect"] > 0
    turned = row["raw"] is not None and row["raw"] * row["effect"] < 0
    if language == "fr":
        verb = "règle" if grade in ("A", "B") else "règle probablement"
        tail = (
            " La comparaison brute dit l’inverse, parce que les cas les plus durs vont aux humains."
            if turned and more
            else ""
        )
        return (
            f" À cas comparables, un humain en {verb} {'plus' if more else 'moins'} : {size} d’écart.{tail}"
        )
    verb = "settles" if grade in ("A", "B") else "probably settles"
    tail = (
        " The plain comparison says the reverse, because the harder cases go to humans."
        if turned and more
        else ""
    )
    return (
        f" For cases that compare, a human {verb} {'more' if more else 'fewer'} of them: {size} apart.{tail}"
    )


_OUTCOMES: dict[str, tuple[str, str]] = {
    "resolved": ("la part réglée", "the share settled"), "repeat": ("la part qui revient", "the share that comes back"),
    "effort": ("l’effort du client", "the customer’s effort"), "satisfaction": ("la note donnée", "the rating given"),
    "lost": ("la part de clients perdus", "the share of customers lost"),
}  # fmt: skip
_SHARES = frozenset({"resolved", "repeat", "lost"})


def _effects(rows: Sequence[Row]) -> Iterator[Finding]:
    proven = [
        row
        for row in rows
        if row["verdict"] in ("human", "machine") and row["compared"] == "human_machine" and row["outcome"] in ("resolved", "lost")
        and row["effect"] is not None and row["intent"] != _ALL and row["segment"] == _ALL
    ]  # fmt: skip
    proven.sort(
        key=lambda row: (
            -min(abs(row["ci_low"]), abs(row["ci_high"])) * row["n"],
            row["intent"],
            row["outcome"],
        )
    )
    for row in proven[:MOST_EFFECTS]:
        side: Literal["human", "machine"] = row["verdict"]
        ends = sorted(abs(row[name]) for name in ("ci_low", "ci_high"))

        def title(language: Language) -> str:
            intent = _quoted(row["intent"], language)
            if language == "fr":
                return f"Pour {intent}, {'un humain' if side == 'human' else 'la machine'} fait mieux"
            return f"For {intent}, {'a human' if side == 'human' else 'the machine'} does better"

        def text(language: Language) -> str:
            outcome = _OUTCOMES[row["outcome"]][0 if language == "fr" else 1]
            size = measured(abs(row["effect"]), ends[0], ends[1], _points, language)
            raw = number(row["raw"] * 100, language) if row["raw"] is not None else "—"
            sure = row["grade"] in ("A", "B")
            up = row["effect"] > 0
            intent = _quoted(row["intent"], language)
            if language == "fr":
                verb = (
                    ("augmente" if up else "diminue")
                    if sure
                    else ("augmente probablement" if up else "diminue probablement")
                )
                return f"{intent} : à cas comparables, un humain d’emblée {verb} {outcome} de {size}, sur {count(row['n'], language)} demandes. Écart brut : {raw} points."
            verb = (
                ("raises" if up else "lowers") if sure else ("probably raises" if up else "probably lowers")
            )
            return f"{intent}: where cases compare, a human at once {verb} {outcome} by {size}, over {count(row['n'], language)} requests. Plain difference: {raw} points."

        yield Finding(
            key=f"dosage:{row['intent']}:{row['outcome']}", kind="dosage", title=said(title), text=said(text), value=row["effect"],
            ci_low=row["ci_low"], ci_high=row["ci_high"], unit="share", n=row["n"], grade=row["grade"], owners=(),
            people=round(abs(row["effect"]) * row["persons"]), people_low=ends[0] * row["persons"], rows_table="dosage",
            rows_filter=f"intent {sql_text(row['intent'])} and outcome {sql_text(row['outcome'])}", method="dosage",
        )  # fmt: skip


def _curves(charter: Charter, rows: Sequence[Row]) -> Iterator[Finding]:
    """A desk where fewer humans would settle more, or more would, by an interval that leaves no doubt and a wait not refuted."""
    for desk in dict.fromkeys(row["desk"] for row in rows):
        mine = [
            row for row in rows if row["desk"] == desk and row["intent"] == _ALL and row["value"] is not None
        ]
        now = next((row for row in mine if row["current"]), None)
        best = next((row for row in mine if row["best"]), None)
        if now is None or best is None or best["value"] - now["value"] < _GAIN:
            continue
        if now["fit"] in ("longer", "shorter"):
            # The measured wait refutes the curve: what it would advise holds for another desk.
            continue
        # Both doses are read with the same effect, so their ends compare end by end.
        gains = sorted((best["value_low"] - now["value_low"], best["value_high"] - now["value_high"]))
        if gains[0] <= 0 or best["wait_s"] is None:
            continue
        declared = charter.desks[desk]
        owners = (declared.function,)

        def title(language: Language) -> str:
            name = declared.name.in_(language) if declared.name else desk.replace("_", " ")
            more = best["dose"] > now["dose"]
            if language == "fr":
                return f"{name} : {'plus' if more else 'moins'} d’humain réglerait davantage"
            return f"{name}: {'more' if more else 'fewer'} humans would settle more"

        def text(language: Language) -> str:
            gain = measured(best["value"] - now["value"], gains[0], gains[1], _points, language)
            waits = [_wait(row["wait_s"], language) for row in (now, best)]
            doses = [percent(row["dose"], language) for row in (now, best)]
            if language == "fr":
                return f"De {doses[0]} à {doses[1]} d’humain, à effectif égal : probablement {gain} réglés en plus, et une attente moyenne prévue qui passe de {waits[0]} à {waits[1]}. Le calcul prend l’effet moyen pour tous les cas."
            return f"From {doses[0]} to {doses[1]} human, with the same people: probably {gain} more settled, and a predicted mean wait that goes from {waits[0]} to {waits[1]}. The same mean effect is taken for all cases."

        yield Finding(
            key=f"dose:{desk}", kind="dosage", title=said(title), text=said(text), value=best["value"] - now["value"], ci_low=gains[0],
            ci_high=gains[1], unit="share", n=0, grade="C", owners=owners, people=0, people_low=0.0, rows_table="dose_curve",
            rows_filter=f"desk {sql_text(desk)} and intent = 'all'", method="dosage", **replied(charter, owners),
        )  # fmt: skip


def _wait(seconds: float | None, language: Language) -> str:
    if seconds is None:
        return "sans fin" if language == "fr" else "no end"
    if seconds < _MINUTE_S:
        return f"{number(round(seconds), language)} s"
    return f"{number(seconds / _MINUTE_S, language)} min"


def _left_out(rows: Sequence[Row]) -> Iterator[Finding]:
    proven = [row for row in rows if row["verdict"] == "left_out" and row["share"] is not None]
    for row in sorted(
        proven, key=lambda row: (-row["share_low"] * row["persons"], row["intent"], row["segment"])
    )[:MOST_LEFT_OUT]:
        segment = row["segment"].partition("=")[2]

        def title(language: Language) -> str:
            group, intent = _quoted(segment, language), _quoted(row["intent"], language)
            return f"{group} laissés dehors : {intent}" if language == "fr" else f"{group} left out: {intent}"

        def text(language: Language) -> str:
            mine = measured(row["share"], row["share_low"], row["share_high"], percent, language)
            others = measured(row["others"], row["others_low"], row["others_high"], percent, language)
            intent, group = _quoted(row["intent"], language), _quoted(segment, language)
            if language == "fr":
                return f"{intent} ne passe que par une machine. Parmi les clients {group} qui l’ont essayée, {mine} n’y arrivent jamais, contre {others} des autres."
            return f"{intent} goes through a machine only. Of the {group} customers who tried it, {mine} never succeed, against {others} of the others."

        yield Finding(
            key=f"left_out:{row['intent']}:{row['segment']}", kind="dosage", title=said(title), text=said(text), value=row["share"],
            ci_low=row["share_low"], ci_high=row["share_high"], unit="share", n=row["persons"], grade="D", owners=(),
            people=round(row["share"] * row["persons"]), people_low=row["share_low"] * row["persons"], rows_table="left_out",
            rows_filter=f"intent {sql_text(row['intent'])} and segment {sql_text(row['segment'])}", method="dosage",
        )  # fmt: skip


def _phoned(charter: Charter, rows: Sequence[Row]) -> Iterator[Finding]:
    for row in [row for row in rows if row["shown"] == "point" and row["hours_per_week"]][:MOST_PHONED]:
        owners = (row["function"],) if row["function"] else ()

        def title(language: Language) -> str:
            intent = _quoted(row["intent"], language)
            return (
                f"On appelle pour {intent}, faute de le trouver ailleurs"
                if language == "fr"
                else f"People phone for {intent}: it is nowhere else"
            )

        def text(language: Language) -> str:
            settled = measured(row["resolved"], row["resolved_low"], row["resolved_high"], percent, language)
            contacts, hours = count(row["contacts"], language), number(row["hours_per_week"], language)
            where = charter.label(row["channel"], language)
            if language == "fr":
                return f"{contacts} contacts par le seul canal {where}, brefs ({_wait(row['duration_s'], language)} pour un sur deux) et réglés à {settled} : {hours} heures de réponse par semaine. Une information publiée pourrait y suffire ; les données ne disent pas qui s’en passerait."
            return f"{contacts} contacts by {where} alone, short ({_wait(row['duration_s'], language)} for one in two) and {settled} settled: {hours} hours of answering a week. Published information might do; the data do not say who would do without."

        yield Finding(
            key=f"phoned_for:{row['intent']}", kind="dosage", title=said(title), text=said(text), value=row["hours_per_week"], ci_low=None,
            ci_high=None, unit="hours", n=row["contacts"], grade="D", owners=owners, people=row["persons"], people_low=float(row["persons"]),
            rows_table="phoned_for", rows_filter=f"intent {sql_text(row['intent'])}", method="dosage", **replied(charter, owners),
        )  # fmt: skip


def _stale(charter: Charter, rows: Sequence[Row]) -> Iterator[Finding]:
    for row in rows:
        if not row["stale"] or row["difference"] is None or row["difference_low"] <= 0:
            continue
        owners = (row["function"],)

        def title(language: Language) -> str:
            who = charter.label(row["function"], language)
            return (
                f"{who} : une cible de durée d’avant l’automatisation"
                if language == "fr"
                else f"{who}: a handling-time target from before the automation"
            )

        def text(language: Language) -> str:
            longer = measured(
                row["difference"], row["difference_low"], row["difference_high"], _wait, language
            )
            change = charter.changes[row["change"]]
            name = change.name.in_(language) if change.name else row["change"].replace("_", " ")
            target = _wait(row["target"], language)
            if language == "fr":
                return f"Depuis {_quoted(name, language)}, les contacts qui restent aux humains durent {longer} de plus. La cible ({target}) date d’avant, ou n’est pas datée."
            return f"Since {_quoted(name, language)}, the contacts left to humans last {longer} longer. The target ({target}) is from before, or carries no date."

        yield Finding(
            key=f"stale:{row['change']}:{row['function']}", kind="dosage", title=said(title), text=said(text), value=row["difference"],
            ci_low=row["difference_low"], ci_high=row["difference_high"], unit="seconds", n=row["contacts"], grade="D", owners=owners,
            people=row["persons"], people_low=0.0, rows_table="remaining",
            rows_filter=f"change {sql_text(row['change'])} and function {sql_text(row['function'])}", method="dosage", **replied(charter, owners),
        )  # fmt: skip
