"""The sheets of alignment in the workbook: whole tables, each only where the run built it."""

from collections.abc import Mapping

import pyarrow as pa

from portance.charter import Charter
from portance.views.alignment.decisions import day_of
from portance.views.alignment.watermelons import scope_label
from portance.views.figure import shown_for
from portance.views.naming import Naming
from portance.views.reading import Row, names, number, text, whole
from portance.views.run import RunFacts
from portance.views.sheets import Cell, Kind, Maker, Sheet
from portance.views.speech import Speech, clean


def build(
    charter: Charter, tables: Mapping[str, pa.Table], run: RunFacts, speech: Speech
) -> tuple[Sheet, ...]:
    """Conflicts, watermelons, responsibility, brakes, decisions, incentives: those whose tables have rows."""
    make = Maker(charter, tables, run, Naming(charter, speech), speech)
    makers = (
        ("conflicts", _conflicts), ("watermelons", _watermelons), ("responsibility", _responsibility),
        ("brakes", _brakes), ("decisions", _decisions), ("incentives", _incentives),
    )  # fmt: skip
    return tuple(one(make) for table, one in makers if table in tables and tables[table].num_rows)


def _conflicts(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        return (
            naming.indicator(text(held["from_indicator"])), naming.function(held["from_function"]), naming.indicator(text(held["to_indicator"])),
            naming.function(held["to_function"]), naming.word("conflict_kind", text(held["kind"])), naming.word("conflict_verdict", text(held["verdict"])),
            text(held["grade"]), number(held["per"]), text(held["per_unit"]), number(held["effect_native"]), number(held["native_low"]), number(held["native_high"]),
            text(held["native_unit"]), number(held["effect"]), number(held["ci_low"]), number(held["ci_high"]), number(held["net_median"]), number(held["net_low"]),
            number(held["net_high"]), number(held["p_net_negative"]), number(held["smallest_detectable"]), number(held["observations"]),
            ", ".join(naming.word("refuted", code) for code in names(held["refuted"])), naming.reason(held["reason"]),
        )  # fmt: skip

    return make.sheet(
        "conflicts", "conflicts",
        [("improves", "text"), ("from_function", "text"), ("moves", "text"), ("to_function", "text"), ("conflict_kind", "text"), ("verdict", "text"),
         ("grade", "text"), ("for_a_move", "number"), ("per_unit", "text"), ("effect_native", "number"), ("native_low", "number"), ("native_high", "number"),
         ("unit", "text"), ("effect_sd", "number"), ("low", "number"), ("high", "number"), ("net", "money"), ("net_low", "money"),
         ("net_high", "money"), ("p_loss", "share"), ("least", "number"), ("observations", "count"), ("weakened", "long"), ("reason", "long")],
        row,
    )  # fmt: skip


def _watermelons(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        people, value = number(held["persons"]), number(held["rate"])
        shown = shown_for(None if people is None else round(people), value, held["shown"])
        told, point = shown in ("point", "interval"), shown == "point"
        return (
            scope_label(text(held["scope"]), naming, make.speech),
            whole(held["green"]) if told else None, whole(held["lost"]) if point else None, value if point else None,
            *(number(held[name]) if told else None for name in ("ci_low", "ci_high")), number(held["lift"]) if point else None,
            *(number(held[name]) if told else None for name in ("lift_low", "lift_high")), number(held["auc"]) if point else None,
            *(number(held[name]) if told else None for name in ("auc_low", "auc_high")), number(held["persons"]) if told else None,
            make.speech.say(f"told.{shown}"), naming.reason(held["reason"]),
        )  # fmt: skip

    return make.sheet(
        "watermelons", "watermelons",
        [("scope", "text"), ("green", "count"), ("lost", "count"), ("watermelon", "share"), ("low", "share"), ("high", "share"), ("lift", "number"),
         ("lift_low", "number"), ("lift_high", "number"), ("auc", "number"), ("auc_low", "number"), ("auc_high", "number"), ("people", "count"),
         ("told", "text"), ("reason", "long")],
        row,
    )  # fmt: skip


def _responsibility(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        few = text(held["shown"]) == "suppressed"
        bounds = (None, None, None, None) if few else tuple(
            number(held[name]) for name in ("perceived_low", "perceived_high", "perceived_ci_low", "perceived_ci_high")
        )  # fmt: skip
        return (
            clean(text(held["subject"])), naming.function(held["from_function"]), naming.function(held["to_function"]), *bounds,
            *(number(held[name]) for name in ("declared", "custody", "breaks", "shapley")), None if few else number(held["respondents"]),
        )  # fmt: skip

    return make.sheet(
        "responsibility", "responsibility",
        [("subject", "text"), ("who_answers", "text"), ("who_named", "text"), ("bound_low", "share"), ("bound_high", "share"), ("low", "share"),
         ("high", "share"), ("declared", "share"), ("custody", "share"), ("breaks", "share"), ("shapley", "share"), ("respondents", "count")],
        row,
    )  # fmt: skip


def _brakes(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        kind: Kind = "share" if text(held["unit"]) == "share" else "number"
        shown, value, low, high = make.told(held, "value", held["persons"])
        trend = text(held["trend"])
        return (
            naming.word("brake", text(held["brake"])), naming.word("brake_measure", text(held["measure"])),
            naming.journey(held["journey_type"]) if held["journey_type"] else "", text(held["period"]), Cell(value, kind), Cell(low, kind),
            Cell(high, kind), text(held["unit"]), number(held["n"]), make.speech.say(f"told.{shown}"),
            naming.word("trend", trend) if trend else "", naming.reason(held["reason"]),
        )  # fmt: skip

    return make.sheet(
        "brakes", "brakes",
        [("brake", "text"), ("measure", "text"), ("journey", "text"), ("period", "text"), ("value", "number"), ("low", "number"), ("high", "number"),
         ("unit", "text"), ("observations", "count"), ("told", "text"), ("trend", "text"), ("reason", "long")],
        row,
    )  # fmt: skip


def _decisions(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        verdict = text(held["verdict"])
        return (
            clean(text(held["question"])), clean(text(held["option"])), naming.word("decision_status", text(held["status"])), day_of(held["opened_at"]),
            day_of(held["signed_at"]), clean(text(held["signed_by"])), naming.indicator(text(held["metric"])) if held["metric"] else "",
            number(held["forecast"]), number(held["forecast_low"]), number(held["forecast_high"]), number(held["net_median"]), number(held["net_low"]),
            number(held["net_high"]), day_of(held["review_date"]), naming.word("decision_verdict", verdict) if verdict else "",
            number(held["observed"]), number(held["observed_low"]), number(held["observed_high"]), text(held["hash"]),
        )  # fmt: skip

    return make.sheet(
        "decisions", "decisions",
        [("question", "long"), ("option", "long"), ("status", "text"), ("opened", "instant"), ("signed", "instant"), ("signed_by", "text"), ("metric", "text"),
         ("forecast", "number"), ("forecast_low", "number"), ("forecast_high", "number"), ("net", "money"), ("net_low", "money"), ("net_high", "money"),
         ("review", "instant"), ("verdict", "text"), ("observed", "number"), ("observed_low", "number"), ("observed_high", "number"), ("digest", "text")],
        row,
    )  # fmt: skip


def _incentives(make: Maker) -> Sheet:
    naming = make.naming

    def row(held: Row) -> tuple[object, ...]:
        return (
            naming.scorecard(text(held["scorecard"])), naming.function(held["function"]), naming.word("severity", text(held["severity"])),
            naming.word("lint_rule", text(held["rule"])), ", ".join(naming.indicator(name) for name in names(held["indicators"])),
            number(held["value"]), number(held["bound"]),
        )  # fmt: skip

    return make.sheet(
        "incentives", "incentives",
        [("scorecard", "text"), ("function", "text"), ("severity", "text"), ("rule", "text"), ("indicator", "long"), ("value", "number"), ("reference", "number")],
        row,
    )  # fmt: skip
