"""What take-overs and answer times amount to: who stays with a machine, who says it all again, who waits, what codes hide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from portance.charter import Charter
from portance.charter.declared import Language, Text
from portance.findings.finding import Finding
from portance.findings.phrasing import count, measured, number, percent, replied, said, sql_text

Row = dict[str, Any]
TRAPPED_TOLD = 0.05
AGAIN_TOLD = 0.10
WAITED_TOLD = 0.20
"""From these shares on, by the lower end of their interval, hand-overs are told."""
REACHED_ENOUGH = 0.5
"""A declared way to a human that surely leads fewer there than this is told."""
WEAK_CODES = 0.4
"""Codes whose agreement with texts, beyond chance, is surely below this are told (Landis and Koch 1977 call it fair at most)."""
OTHER_TOLD = 0.2
MOST_HIDDEN = 3
_MINUTE_S, _HOUR_S = 60, 3600


@dataclass(frozen=True, slots=True)
class Handed:
    """The rows of ``takeovers``, ``answer_times``, ``continuity`` and ``contact_reasons``; an absent table has none."""

    takeovers: Sequence[Row] = ()
    answer_times: Sequence[Row] = ()
    continuity: Sequence[Row] = ()
    contact_reasons: Sequence[Row] = ()


def hand_over(charter: Charter, results: Handed) -> Iterator[Finding]:
    """Every candidate, unranked; nothing where nothing is proven."""
    for row in results.takeovers:
        if row["shown"] == "point":
            yield from _taken(charter, row)
    for row in results.answer_times:
        if row["shown"] == "point":
            yield from _answered(charter, row)
    yield from _continued(charter, results.continuity)
    yield from _coded(charter, results.contact_reasons)


# ---- words


def _machine(charter: Charter, row: Row, language: Language) -> str:
    declared = charter.machines.get(row["machine"] or "")
    text = (
        declared.name.in_(language)
        if declared and declared.name
        else (row["machine"] or "").replace("_", " ")
    )
    if text:
        return f"« {text} »" if language == "fr" else f"“{text}”"
    where = charter.label(row["function"], language)
    return f"le service automatique de {where}" if language == "fr" else f"the machine of {where}"


def _desk(charter: Charter, row: Row, language: Language) -> str:
    where, by = charter.label(row["function"], language), charter.label(row["channel"], language)
    return f"{where} ({by})"


def _time(seconds: float, language: Language) -> str:
    if seconds < 2 * _MINUTE_S:
        return f"{number(seconds, language)} s"
    if seconds < 2 * _HOUR_S:
        return f"{number(seconds / _MINUTE_S, language)} min"
    return f"{number(seconds / _HOUR_S, language)} h"


def _figure(row: Row, name: str, language: Language) -> str:
    low, high = (
        ("low", "high")
        if name in ("within_share", "same_adviser", "share")
        else (f"{name}_low", f"{name}_high")
    )
    values = (row[name], row[low], row[high])
    fine = all(value is None or value < 0.0995 for value in values)
    return measured(*values, partial(percent, fine=fine), language)


def _reason(charter: Charter, name: str, language: Language) -> str:
    declared = charter.voices.irritants.get(name)
    return declared.name.in_(language) if declared and declared.name else name.replace("_", " ")


def _quoted(text: str, language: Language) -> str:
    return f"« {text} »" if language == "fr" else f"“{text}”"


# ---- take-overs


@dataclass(frozen=True, slots=True)
class _Told:
    """One figure of a row of ``takeovers`` that is worth telling."""

    name: str
    title: Text
    text: Text
    people: int
    n: int


def _taken(charter: Charter, row: Row) -> Iterator[Finding]:
    for told in _takeover_texts(charter, row):
        owners = tuple(dict.fromkeys(name for name in (row["function"], row["to_function"]) if name))
        low, value = row[f"{told.name}_low"], row[told.name]
        yield Finding(
            key=f"takeover:{told.name}:{row['machine']}:{row['function']}>{row['to_function']}", kind="takeover", title=told.title,
            text=told.text, value=value, ci_low=low, ci_high=row[f"{told.name}_high"], unit="share", n=told.n, grade="A", owners=owners,
            people=told.people, people_low=told.people * (min(low / value, 1.0) if value and low is not None else 0.0),
            from_function=row["function"], to_function=row["to_function"], rows_table="takeovers",
            rows_filter=f"machine {sql_text(row['machine'])} and function {sql_text(row['function'])} and to_function {sql_text(row['to_function'])}",
            method="takeover", **replied(charter, owners),
        )  # fmt: skip


def _takeover_texts(charter: Charter, row: Row) -> Iterator[_Told]:
    whole = row["to_function"] is None
    sole = _sure(row, "trapped", TRAPPED_TOLD)
    if whole and sole:
        yield _trapped(charter, row)
    if whole and row["path"] and not sole and _below(row, "reachable", REACHED_ENOUGH):
        yield _unreached(charter, row)
    if not whole and _sure(row, "asked_again", AGAIN_TOLD):
        yield _again(charter, row)
    if not whole and _sure(row, "waited_long", WAITED_TOLD):
        yield _waited(charter, row)


def _sure(row: Row, name: str, least: float) -> bool:
    return row[name] is not None and row[f"{name}_low"] is not None and row[f"{name}_low"] >= least


def _below(row: Row, name: str, most: float) -> bool:
    return row[name] is not None and row[f"{name}_high"] is not None and row[f"{name}_high"] < most


def _trapped(charter: Charter, row: Row) -> _Told:
    within = charter.takeover.within / 1_000_000

    def title(language: Language) -> str:
        name = _machine(charter, row, language)
        return (
            f"Demander un humain à {name} et n’en joindre aucun"
            if language == "fr"
            else f"Asking {name} for a human and reaching none"
        )

    def text(language: Language) -> str:
        name, share = _machine(charter, row, language), _figure(row, "trapped", language)
        asked, limit = count(row["asked"], language), _time(within, language)
        if language == "fr":
            return f"Sur {asked} sessions où le client demande un humain à {name}, {share} restent sans aucun humain joint en {limit}."
        return f"Of {asked} sessions in which the customer asks {name} for a human, {share} reach none within {limit}."

    return _Told("trapped", said(title), said(text), row["people_trapped"] or 0, row["asked"] or 0)


def _unreached(charter: Charter, row: Row) -> _Told:
    within = charter.takeover.within / 1_000_000

    def title(language: Language) -> str:
        name = _machine(charter, row, language)
        return (
            f"L’accès à un humain déclaré dans {name} ne mène guère à lui"
            if language == "fr"
            else f"The way to a human declared in {name} seldom leads there"
        )

    def text(language: Language) -> str:
        share, limit = _figure(row, "reachable", language), _time(within, language)
        if language == "fr":
            return f"Un humain n’est joint en {limit} que dans {share} des sessions qui en appelaient un (demandé, transmis ou non résolu)."
        return f"A human is reached within {limit} in only {share} of the sessions that called for one (asked, passed on or not settled)."

    return _Told("reachable", said(title), said(text), 0, row["sessions"] or 0)


def _again(charter: Charter, row: Row) -> _Told:
    def title(language: Language) -> str:
        name, to = _machine(charter, row, language), charter.label(row["to_function"], language)
        return (
            f"De {name} à {to}, le client recommence"
            if language == "fr"
            else f"From {name} to {to}, customers start again"
        )

    def text(language: Language) -> str:
        share, handed = _figure(row, "asked_again", language), count(row["handovers"], language)
        name, to = _machine(charter, row, language), charter.label(row["to_function"], language)
        if language == "fr":
            return f"Quand un humain de {to} prend le relais de {name}, {share} des clients doivent redire ce qu’ils avaient dit ({handed} reprises)."
        return f"When a human of {to} takes over from {name}, {share} of customers must say again what they had said ({handed} take-overs)."

    return _Told("asked_again", said(title), said(text), row["people_again"] or 0, row["handovers"] or 0)


def _waited(charter: Charter, row: Row) -> _Told:
    allowed = charter.takeover.wait / 1_000_000

    def title(language: Language) -> str:
        name, to = _machine(charter, row, language), charter.label(row["to_function"], language)
        return f"De {name} à {to}, l’attente" if language == "fr" else f"The wait between {name} and {to}"

    def text(language: Language) -> str:
        share, limit = _figure(row, "waited_long", language), _time(allowed, language)
        name = _machine(charter, row, language)
        half = "" if row["wait_s"] is None else _time(row["wait_s"], language)
        if language == "fr":
            rest = f" ; la moitié attend plus de {half}" if half else ""
            return f"Transmis par {name}, {share} des clients attendent un humain plus de {limit}{rest}."
        rest = f"; half wait more than {half}" if half else ""
        return f"Passed on by {name}, {share} of customers wait for a human for more than {limit}{rest}."

    return _Told("waited_long", said(title), said(text), row["people_long"] or 0, row["handovers"] or 0)


# ---- answers


def _answered(charter: Charter, row: Row) -> Iterator[Finding]:
    """One finding per desk: the standard missed, else what is announced, else what is expected."""
    if row["verdict"] == "missed":
        yield _answer(charter, row, "within_share", row["standard_s"])
    elif _below(row, "announced_share", 0.5):
        yield _answer(charter, row, "announced_share", row["announced_s"])
    elif _below(row, "expected_share", 0.5):
        yield _answer(charter, row, "expected_share", row["expected_s"])


def _answer(charter: Charter, row: Row, name: str, seconds: float) -> Finding:
    held = {
        "within_share": ("le délai fixé", "the standard"), "announced_share": ("le délai annoncé aux clients", "the time that customers are told"),
        "expected_share": ("le délai que les clients attendent", "the time that customers expect"),
    }[name]  # fmt: skip

    def title(language: Language) -> str:
        desk = _desk(charter, row, language)
        return f"{desk} : {held[0]} n’est pas tenu" if language == "fr" else f"{desk}: {held[1]} is not met"

    def text(language: Language) -> str:
        desk, share, limit = (
            _desk(charter, row, language),
            _figure(row, name, language),
            _time(seconds, language),
        )
        left = row["gave_up"]
        if language == "fr":
            aim = f", pour {percent(row['standard_share'], language)} visés" if name == "within_share" else ""
            gone = f" {percent(left, language)} ont renoncé." if left else ""
            hours = " (heures ouvrées)" if row["hours"] == "business" else ""
            return f"{desk} répond à {share} des contacts en {limit}{hours}, {held[0]}{aim}.{gone}"
        aim = (
            f", where {percent(row['standard_share'], language)} are aimed at"
            if name == "within_share"
            else ""
        )
        gone = f" {percent(left, language)} gave up." if left else ""
        hours = " (opening hours)" if row["hours"] == "business" else ""
        return f"{desk} answers {share} of contacts within {limit}{hours}, {held[1]}{aim}.{gone}"

    low, high = ("low", "high") if name == "within_share" else (f"{name}_low", f"{name}_high")
    people = row["people_late"] or 0 if name == "within_share" else 0
    missed = 1 - row[name]
    owners = (row["function"],)
    return Finding(
        key=f"answer:{name}:{row['desk']}:{row['function']}:{row['channel']}", kind="answer", title=said(title), text=said(text),
        value=row[name], ci_low=row[low], ci_high=row[high], unit="share", n=row["offered"], grade="A", owners=owners, people=people,
        people_low=people * (min((1 - row[high]) / missed, 1.0) if missed else 0.0), to_function=row["function"], rows_table="answer_times",
        rows_filter=f"desk {sql_text(row['desk'])} and function {sql_text(row['function'])} and channel {sql_text(row['channel'])}",
        method="answering", **replied(charter, owners),
    )  # fmt: skip


def _continued(charter: Charter, rows: Sequence[Row]) -> Iterator[Finding]:
    for row in rows:
        if row["shown"] == "point" and row["verdict"] == "rarer":
            yield _followed(charter, row)


def _followed(charter: Charter, row: Row) -> Finding:
    kind = row["journey_type"]

    def title(language: Language) -> str:
        what = charter.journey_label(kind, language)
        return (
            f"Le même conseiller d’un bout à l’autre ({what})"
            if language == "fr"
            else f"The same adviser throughout ({what})"
        )

    def text(language: Language) -> str:
        same = _figure(row, "same_adviser", language)
        less = measured(-row["effect"], -row["effect_high"], -row["effect_low"], _points, language)
        if language == "fr":
            return f"Un seul conseiller suit {same} des parcours à plusieurs contacts. Retrouver le même va de pair avec {less} points de retours en moins pour le même motif : une association, pas une preuve."
        return f"One adviser follows {same} of journeys with several contacts. Meeting the same one goes with {less} points fewer returns for the same reason: an association, not a proof."

    return Finding(
        key=f"answer:continuity:{kind}", kind="answer", title=said(title), text=said(text), value=row["effect"],
        ci_low=row["effect_low"], ci_high=row["effect_high"], unit="share", n=row["journeys"], grade="D", owners=(), people=0,
        people_low=0.0, rows_table="continuity", rows_filter=f"journey_type {sql_text(kind)}", method="answering",
    )  # fmt: skip


def _points(value: float, language: Language) -> str:
    return number(value * 100, language)


# ---- coded reasons


def _coded(charter: Charter, rows: Sequence[Row]) -> Iterator[Finding]:
    for row in rows:
        whole = row["coded"] is None and row["text_says"] is None
        if (
            whole
            and row["shown"] == "point"
            and row["kappa_high"] is not None
            and row["kappa_high"] < WEAK_CODES
        ):
            yield _weak(row)
        if (
            row["other"]
            and row["text_says"] is None
            and row["shown"] == "point"
            and (row["low"] or 0) >= OTHER_TOLD
        ):
            yield _other(charter, row, rows)
    hidden = [row for row in rows if row["hides"] and not row["other"] and row["shown"] == "point"]
    for row in sorted(hidden, key=lambda row: (-(row["n"] or 0), row["coded"]))[:MOST_HIDDEN]:
        yield _hidden(charter, row)


def _weak(row: Row) -> Finding:
    def title(language: Language) -> str:
        return (
            "Les motifs codés ne disent pas ce que les clients écrivent"
            if language == "fr"
            else "Coded reasons do not say what customers write"
        )

    def text(language: Language) -> str:
        agree = _figure(row, "agreement", language)
        beyond = measured(row["kappa"], row["kappa_low"], row["kappa_high"], _two_decimals, language)
        n = count(row["n"], language)
        if language == "fr":
            return f"Sur {n} contacts avec texte, le motif codé concorde avec le texte pour {agree} ; au-delà du hasard, κ = {beyond}. Tout chiffre par motif codé est à lire avec cette réserve."
        return f"Over {n} contacts with a text, the coded reason agrees with it for {agree}; beyond chance, κ = {beyond}. Any figure by coded reason carries this doubt."

    return Finding(
        key="answer:coded", kind="answer", title=said(title), text=said(text), value=row["kappa"], ci_low=row["kappa_low"],
        ci_high=row["kappa_high"], unit="kappa", n=row["n"], grade="A", owners=(), people=0, people_low=0.0, rows_table="contact_reasons",
        rows_filter="coded is null", method="answering",
    )  # fmt: skip


def _two_decimals(value: float, language: Language) -> str:
    text = f"{value:.2f}"
    return text.replace(".", ",") if language == "fr" else text


def _other(charter: Charter, row: Row, rows: Sequence[Row]) -> Finding:
    below = [
        one
        for one in rows
        if one["coded"] == row["coded"] and one["text_says"] is not None and one["shown"] == "point"
    ]
    first = max(below, key=lambda one: (one["n"] or 0, one["text_says"]), default=None)

    def title(language: Language) -> str:
        name = _quoted(row["coded"], language)
        return f"Ce que cache le motif {name}" if language == "fr" else f"What the code {name} hides"

    def text(language: Language) -> str:
        share, name = _figure(row, "share", language), _quoted(row["coded"], language)
        what = "" if first is None else _quoted(_reason(charter, first["text_says"], language), language)
        part = "" if first is None else _figure(first, "share", language)
        if language == "fr":
            more = f" Les clients y parlent d’abord de {what} ({part})." if what else ""
            return f"{share} des contacts avec texte sont codés {name}.{more}"
        more = f" What customers write there is first about {what} ({part})." if what else ""
        return f"{share} of contacts with a text are coded {name}.{more}"

    return _under(row, title=said(title), text=said(text))


def _hidden(charter: Charter, row: Row) -> Finding:
    def title(language: Language) -> str:
        name, what = (
            _quoted(row["coded"], language),
            _quoted(_reason(charter, row["text_says"], language), language),
        )
        return f"{name} cache {what}" if language == "fr" else f"{name} hides {what}"

    def text(language: Language) -> str:
        name, what = (
            _quoted(row["coded"], language),
            _quoted(_reason(charter, row["text_says"], language), language),
        )
        share = _figure(row, "share", language)
        if language == "fr":
            return f"Sous le motif codé {name}, {share} des textes parlent de {what}, que l’on code d’ordinaire autrement."
        return f"Under the code {name}, {share} of texts are about {what}, which is usually coded otherwise."

    return _under(row, title=said(title), text=said(text))


def _under(row: Row, *, title: Text, text: Text) -> Finding:
    return Finding(
        key=f"answer:coded:{row['coded']}:{row['text_says']}", kind="answer", title=title, text=text, value=row["share"], ci_low=row["low"],
        ci_high=row["high"], unit="share", n=row["n"], grade="A", owners=(), people=row["persons"], people_low=0.0,
        rows_table="contact_reasons", rows_filter=f"coded {sql_text(row['coded'])} and text_says {sql_text(row['text_says'])}",
        method="answering",
    )  # fmt: skip
