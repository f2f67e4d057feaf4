"""The tables of alignment: indicators in conflict, scoreboards, responsibility, incentives, changes and decisions."""

from portance.publication.table import Column, ResultTable

_TEXT, _INT, _REAL, _BOOL, _DAY, _AT = (
    "VARCHAR",
    "BIGINT",
    "DOUBLE",
    "BOOLEAN",
    "DATE",
    "TIMESTAMP WITH TIME ZONE",
)


def _table(name: str, note: str, order: str, *columns: Column) -> ResultTable:
    """A table that is published as the stage made it."""
    written = ", ".join(f'"{column.name}"' for column in columns)
    return ResultTable(name, note, (name,), f"select {written} from {name}", columns, order)


CONFLICTS = _table(
    "conflicts",
    "Conflicts between indicators: one row per ordered pair and kind of evidence.",
    "from_indicator, to_indicator, kind",
    Column("from_indicator", _TEXT, "The indicator that is improved."),
    Column("to_indicator", _TEXT, "The indicator that may pay for it."),
    Column("from_function", _TEXT, "The function that owns the first."),
    Column("to_function", _TEXT, "The function that owns the second."),
    Column(
        "kind",
        _TEXT,
        "empirical (from readings), structural (opposed by a declared lever), indirect (by a chain of declared effects) or mechanical (built from the same sums).",
    ),
    Column(
        "effect",
        _REAL,
        "Change of to_indicator in its own weekly standard deviations within a unit, for one such deviation of improvement of from_indicator; below zero harms. For structural rows the opposition index, -1 to 1.",
    ),
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end of the 95 % interval."),
    Column("q", _REAL, "False discovery rate at which it would be told (Benjamini and Hochberg)."),
    Column("grade", _TEXT, "Evidence, A to E; see the method of conflicts."),
    Column("verdict", _TEXT, "conflict, synergy, no_effect or not_detectable."),
    Column(
        "net_low",
        _REAL,
        "Lower end of the 90 % interval of the net effect in money over a year; empty where no worth is declared.",
    ),
    Column("net_median", _REAL, "Its median."),
    Column("net_high", _REAL, "Its upper end."),
    Column("p_net_negative", _REAL, "Probability that the net is below zero."),
    Column("effect_native", _REAL, "The same effect in to_indicator's unit."),
    Column("native_low", _REAL, "Its lower end."),
    Column("native_high", _REAL, "Its upper end."),
    Column("native_unit", _TEXT, "The unit of to_indicator."),
    Column("per", _REAL, "The improvement of from_indicator that it is told for, in its unit."),
    Column("per_unit", _TEXT, "The unit of from_indicator."),
    Column(
        "design",
        _TEXT,
        "lever (recorded changes of a lever), panel (readings alone), declared or construction.",
    ),
    Column("lever", _TEXT, "The lever that moved from_indicator."),
    Column("lag_periods", _INT, "Periods over which the effect is followed."),
    Column("units", _INT, "Units in the panel."),
    Column("periods", _INT, "Periods in the panel."),
    Column("observations", _INT, "Readings used."),
    Column(
        "smallest_detectable",
        _REAL,
        "The smallest effect that would have been seen four times out of five, in the unit of effect.",
    ),
    Column("smallest_of_interest", _REAL, "The smallest effect that matters, in the unit of effect."),
    Column("between", _REAL, "The slope between units: for comparison, never evidence."),
    Column("within", _REAL, "The slope within units."),
    Column("pooled", _REAL, "The slope over all readings together."),
    Column(
        "robustness",
        _REAL,
        "Robustness value: the share of what is left unexplained that a hidden cause would have to explain, of both sides, to bring the effect to zero.",
    ),
    Column(
        "bias_bound",
        _REAL,
        "The bias that a hidden cause as strong as the strongest measured condition could bring.",
    ),
    Column(
        "placebo_lead_p", _REAL, "p-value of a test that the future explains the past; small is a warning."
    ),
    Column("placebo_outcome_p", _REAL, "p-value of a test on an outcome that cannot be affected."),
    Column("sign_stability", _REAL, "Share of the estimates that keep their sign when one unit is left out."),
    Column("refuted", _TEXT, "The refutations that it did not pass, separated by commas."),
    Column("reason", _TEXT, "Why nothing can be told, as a code."),
    Column("path", _TEXT, "The chain of levers and indicators of an indirect conflict."),
    Column(
        "severity", _INT, "0; 1 where one bonus pays both; 2 where the bonuses of two functions pay them."
    ),
)

TESTS_TO_RUN = _table(
    "tests_to_run",
    "Where nothing can be seen: the test that would show it.",
    "from_indicator, to_indicator",
    Column("from_indicator", _TEXT, "The indicator that would be improved."),
    Column("to_indicator", _TEXT, "The indicator that may pay for it."),
    Column("lever", _TEXT, "The lever to move, in units drawn by lot."),
    Column("units", _INT, "How many units, half of them moved."),
    Column("periods", _INT, "For how many periods."),
    Column("period_kind", _TEXT, "day, week, month or quarter."),
    Column("change", _REAL, "By how much to move the lever, in its unit."),
    Column("power", _REAL, "Probability of seeing the smallest effect that matters."),
    Column("smallest_effect", _REAL, "The effect that it would show, in standard deviations."),
    Column("feasible", _BOOL, "Whether the company has so many units and the lever so much range."),
    Column("reason", _TEXT, "Why not, as a code."),
)

TARGET_SETS = _table(
    "target_sets",
    "Targets tested together: which can all be met with the declared levers, and the smallest set that cannot.",
    "set_number, indicator",
    Column("set_number", _INT, "The set."),
    Column("indicator", _TEXT, "The indicator."),
    Column("function", _TEXT, "Its function."),
    Column("target", _REAL, "Its target."),
    Column("current", _REAL, "Where it stands."),
    Column("reachable", _REAL, "The best that it can reach alone."),
    Column("together", _REAL, "Where it stands in the best compromise of the set."),
    Column("probability", _REAL, "Probability that the set cannot be met, over the ranges of the effects."),
    Column("feasible", _BOOL, "Whether all targets of the set can be met together."),
)

LEVER_RESPONSES = _table(
    "lever_responses",
    "What a lever does to an indicator in the long run, as measured.",
    "lever, indicator, horizon_periods",
    Column("lever", _TEXT, "The lever."),
    Column("indicator", _TEXT, "The indicator."),
    Column("horizon_periods", _INT, "Periods after the change."),
    Column("effect", _REAL, "Change of the indicator for one unit more of the lever."),
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end of the 95 % interval."),
    Column("df", _REAL, "Degrees of freedom of the interval."),
    Column("grade", _TEXT, "Evidence, A to E."),
    Column("design", _TEXT, "lever or panel."),
    Column("low", _REAL, "The lowest setting seen."),
    Column("high", _REAL, "The highest setting seen."),
)

WATERMELONS = _table(
    "watermelons",
    "Green outside, red inside: how often customers lose where every indicator is met.",
    "scope, unit",
    Column("scope", _TEXT, "company, function:<name> or journey:<type>."),
    Column("unit", _TEXT, "What is counted, and on which units and periods indicators were met."),
    Column("green", _INT, "Cases where every indicator was met."),
    Column("lost", _INT, "Of these, the cases in which the customer lost."),
    Column("rate", _REAL, "lost over green."),
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end of the 95 % interval."),
    Column(
        "lift",
        _REAL,
        "The rate over the rate where not every indicator was met; near 1, the targets tell nothing.",
    ),
    Column("lift_low", _REAL, "Lower end."),
    Column("lift_high", _REAL, "Upper end."),
    Column(
        "auc",
        _REAL,
        "How well the share of indicators met tells the customers who do not lose: 0.5 is blind, 1 is perfect.",
    ),
    Column("auc_low", _REAL, "Lower end."),
    Column("auc_high", _REAL, "Upper end."),
    Column("n", _INT, "Cases judged."),
    Column("persons", _INT, "Persons behind it."),
    Column("shown", _TEXT, "What may be shown: point, interval or suppressed."),
    Column("reason", _TEXT, "Why nothing can be told, as a code."),
)

WATERMELON_CUSTOMERS = _table(
    "watermelon_customers",
    "The customers who lost while every indicator was met.",
    "scope, period_start, journey_id",
    Column("scope", _TEXT, "The scope."),
    Column("person_id", _TEXT, "The customer."),
    Column("journey_id", _TEXT, "The journey."),
    Column("unit", _TEXT, "The unit, where its floor holds."),
    Column("period_start", _DAY, "The period."),
    Column("outcome", _TEXT, "How the customer lost."),
)

SCOREBOARD = _table(
    "scoreboard",
    "What each indicator brings to a scoreboard.",
    "scope, indicator",
    Column("scope", _TEXT, "The scope."),
    Column("indicator", _TEXT, "The indicator."),
    Column("function", _TEXT, "Its function."),
    Column("auc", _REAL, "How well it alone tells the customers who do not lose."),
    Column("auc_low", _REAL, "Lower end."),
    Column("auc_high", _REAL, "Upper end."),
    Column("auc_without", _REAL, "The scoreboard's without it."),
    Column("gain", _REAL, "What it brings."),
    Column("gain_low", _REAL, "Lower end."),
    Column("gain_high", _REAL, "Upper end."),
    Column("n", _INT, "Cases judged."),
)

GAMING = _table(
    "gaming",
    "Signs that a target is met for itself, over teams together.",
    "indicator, kind",
    Column("indicator", _TEXT, "The indicator."),
    Column("function", _TEXT, "Its function."),
    Column(
        "kind",
        _TEXT,
        "bunching (readings crowd just inside the target), decoupling (the outcome follows the indicator less since the target) or reclassification.",
    ),
    Column("estimate", _REAL, "Excess share inside the target, or change of slope."),
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end of the 95 % interval."),
    Column("p", _REAL, "p-value."),
    Column("q", _REAL, "False discovery rate."),
    Column("n", _INT, "Readings."),
    Column("outcome", _TEXT, "The customers' outcome that it was held against."),
    Column("verdict", _TEXT, "found, not_found or not_detectable."),
    Column("grade", _TEXT, "Evidence, A to E."),
    Column("reason", _TEXT, "Why nothing can be told, as a code."),
)

RESPONSIBILITY = _table(
    "responsibility",
    "Who is held to own what: by those who were asked, by what is declared, by what is observed.",
    "subject, from_function, to_function",
    Column("subject", _TEXT, "What was asked about."),
    Column("from_function", _TEXT, "The function of those who answered."),
    Column("to_function", _TEXT, "The function that they name; itself where both are the same."),
    Column(
        "perceived_low", _REAL, "Share that names it; the least that it can be where cells are not published."
    ),
    Column("perceived_high", _REAL, "The most that it can be."),
    Column("declared", _REAL, "Its share of what the charter declares."),
    Column("custody", _REAL, "Its share of the time in which it held customers' journeys."),
    Column("breaks", _REAL, "Its share of breaks that start with it."),
    Column("shapley", _REAL, "Its share of the customers' loss, by Shapley value."),
    Column("perceived_ci_low", _REAL, "Lower end of the 95 % interval, by respondent."),
    Column("perceived_ci_high", _REAL, "Upper end."),
    Column("respondents", _INT, "Respondents; empty for published tables."),
    Column("shown", _TEXT, "What may be shown: fewer than ten respondents are not."),
)

RESPONSIBILITY_MEASURES = _table(
    "responsibility_measures",
    "How concentrated, how agreed, how self-centred the answers are.",
    "subject, measure, function",
    Column("subject", _TEXT, "What was asked about."),
    Column(
        "measure",
        _TEXT,
        "ego_inflation, concentration, entropy, jsd, total_variation, kendall_w or agreement_observed; custody, breaks and shapley with their intervals, and shapley_reference.",
    ),
    Column("function", _TEXT, "The function, where it is about one."),
    Column("low", _REAL, "The measure; the least that it can be where cells are not published."),
    Column("high", _REAL, "The most that it can be."),
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end."),
    Column("n", _INT, "Respondents."),
)

OWNED_SEAMS = _table(
    "owned_seams",
    "Passages between functions, and who answers for them.",
    "journey_type, from_function, to_function",
    Column("journey_type", _TEXT, "The type of journey."),
    Column("from_function", _TEXT, "One side."),
    Column("to_function", _TEXT, "The other."),
    Column("seams", _INT, "Seams."),
    Column("people_broken", _INT, "Customers who met a break there."),
    Column(
        "owners", _TEXT, "The functions that declare a promise or an indicator over it, separated by commas."
    ),
    Column("claims", _INT, "How many."),
    Column("state", _TEXT, "orphan, contested or owned."),
    Column("loss", _REAL, "What its breaks cost, in money where values are declared."),
    Column("loss_low", _REAL, "Lower end."),
    Column("loss_high", _REAL, "Upper end."),
)

BRAKES = _table(
    "brakes",
    "The three brakes: scattered responsibilities, decisions far from the ground, indicators that oppose each other.",
    "brake, measure, journey_type, period",
    Column("brake", _TEXT, "scattered, far or opposed."),
    Column("measure", _TEXT, "The measure; each is defined in the method of brakes."),
    Column("journey_type", _TEXT, "The type of journey, where it is about one."),
    Column("period", _TEXT, "all, or a month."),
    Column("value", _REAL, "The measure."),
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end of the 95 % interval."),
    Column("unit", _TEXT, "Its unit."),
    Column("n", _INT, "Cases."),
    Column("persons", _INT, "Persons."),
    Column("shown", _TEXT, "point, interval or suppressed."),
    Column("reason", _TEXT, "Why nothing can be told, as a code."),
    Column("slope", _REAL, "Its trend, a month."),
    Column("slope_low", _REAL, "Lower end."),
    Column("slope_high", _REAL, "Upper end."),
    Column("trend", _TEXT, "up, down, flat or not_detectable."),
)

FUNCTION_EFFECTS = _table(
    "function_effects",
    "For every function: what it does to customers and to the others, and theirs to it.",
    "function, direction, through, item, other",
    Column("function", _TEXT, "The function."),
    Column("direction", _TEXT, "does or receives."),
    Column("other", _TEXT, "The other function; empty where it is customers."),
    Column("through", _TEXT, "conflict, seam, promise, custody, lever or indicator."),
    Column("item", _TEXT, "Which one."),
    Column("value", _REAL, "The figure."),
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end of the 95 % interval."),
    Column("unit", _TEXT, "Its unit."),
    Column("grade", _TEXT, "Evidence, A to E."),
    Column("verdict", _TEXT, "The verdict, where there is one."),
    Column("people", _INT, "People concerned."),
    Column("money", _REAL, "Money, where values are declared."),
)

INCENTIVES = _table(
    "incentives",
    "What a reading of the scorecards finds.",
    "scorecard, rule",
    Column("scorecard", _TEXT, "The scorecard."),
    Column("function", _TEXT, "Whose bonus it is."),
    Column("rule", _TEXT, "The rule; each is explained in the method of incentives."),
    Column("severity", _TEXT, "high, medium or low."),
    Column("indicators", _TEXT, "The indicators concerned, separated by commas."),
    Column("value", _REAL, "What was found."),
    Column("bound", _REAL, "The limit of the rule."),
    Column("detail", _TEXT, "More, as JSON."),
)

INCENTIVE_ANGLES = _table(
    "incentive_angles",
    "The angle between what is paid and what customers value.",
    "scorecard",
    Column("scorecard", _TEXT, "The scorecard."),
    Column("function", _TEXT, "Whose bonus it is."),
    Column("cosine", _REAL, "1: paid as customers value; 0: unrelated; -1: against."),
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end of the 95 % interval."),
    Column("degrees", _REAL, "The angle."),
    Column("terms", _INT, "Levers that it is told from."),
    Column("grade", _TEXT, "Evidence, A to E."),
    Column("reason", _TEXT, "Why it cannot be told, as a code."),
)

CHANGES = _table(
    "changes",
    "Dated changes, and breaks per passage before and after.",
    "change, journey_type, from_function, to_function, kind",
    Column("change", _TEXT, "The change."),
    Column("function", _TEXT, "The function that it concerns."),
    Column("journey_type", _TEXT, "The type of journey."),
    Column("from_function", _TEXT, "One side of the passage."),
    Column("to_function", _TEXT, "The other."),
    Column("kind", _TEXT, "The kind of break, or all."),
    Column("since", _DAY, "When it took effect."),
    Column("before", _REAL, "Share of broken seams before."),
    Column("after", _REAL, "After."),
    Column("difference", _REAL, "The difference that is left once the trend before is taken off."),
    Column("ci_low", _REAL, "Lower end of the 95 % interval."),
    Column("ci_high", _REAL, "Upper end of the 95 % interval."),
    Column("n_before", _INT, "Periods before."),
    Column("n_after", _INT, "Periods after."),
    Column("grade", _TEXT, "Evidence, A to E."),
    Column("verdict", _TEXT, "gone, reduced, moved, accelerated, unchanged or not_detectable."),
    Column("moved_to", _TEXT, "Where it rose instead."),
    Column("reason", _TEXT, "Why nothing can be told, as a code."),
)

LOOSE_ENDS = _table(
    "loose_ends",
    "Initiatives, promises and indicators that nothing holds together.",
    "kind, subject",
    Column(
        "kind",
        _TEXT,
        "initiative_without_promise, initiative_without_sponsor, initiative_without_budget, initiatives_overlap, promise_without_indicator or indicator_without_promise.",
    ),
    Column("subject", _TEXT, "Which one."),
    Column("function", _TEXT, "Its function."),
    Column("other", _TEXT, "The other one, where there are two."),
    Column("since", _DAY, "Since when."),
)

DECISIONS = _table(
    "decisions",
    "Arbitrations: what was decided, on what forecast, and what came of it.",
    "decision",
    Column("decision", _TEXT, "Its number."),
    Column("question", _TEXT, "The question."),
    Column("from_indicator", _TEXT, "One indicator of the conflict."),
    Column("to_indicator", _TEXT, "The other."),
    Column("option", _TEXT, "The option chosen."),
    Column("status", _TEXT, "open, signed, withdrawn or superseded."),
    Column("opened_at", _AT, "When it was opened."),
    Column("signed_at", _AT, "When it was signed."),
    Column("signed_by", _TEXT, "Who signed."),
    Column("metric", _TEXT, "The indicator by which it is judged."),
    Column("window_start", _DAY, "First day of the window."),
    Column("window_end", _DAY, "Last day."),
    Column("estimator", _TEXT, "its, did or staggered."),
    Column("smallest_effect", _REAL, "The smallest effect that counts."),
    Column("forecast_low", _REAL, "Lower end of the forecast's 90 % interval."),
    Column("forecast", _REAL, "The forecast."),
    Column("forecast_high", _REAL, "Upper end."),
    Column("net_low", _REAL, "Forecast net, lower end."),
    Column("net_median", _REAL, "Forecast net."),
    Column("net_high", _REAL, "Upper end."),
    Column("review_date", _DAY, "When it is judged."),
    Column("verdict", _TEXT, "confirmed, refuted, undetermined or not_measurable."),
    Column("observed", _REAL, "What was observed."),
    Column("observed_low", _REAL, "Lower end of the 95 % interval."),
    Column("observed_high", _REAL, "Upper end."),
    Column("detectable", _REAL, "The smallest effect that could have been seen."),
    Column("hash", _TEXT, "SHA-256 of what was locked."),
    Column("supersedes", _TEXT, "The decision that it replaces."),
    Column("superseded_by", _TEXT, "The decision that replaces it."),
    Column("dissents", _INT, "Dissents recorded."),
    Column("replies", _INT, "Replies of functions recorded."),
)

DECISION_OPTIONS = _table(
    "decision_options",
    "The options of an arbitration.",
    "decision, option",
    Column("decision", _TEXT, "The decision."),
    Column("option", _TEXT, "The number of the option; 0 is to leave things as they are."),
    Column("moves", _TEXT, "What it changes."),
    Column("chosen", _BOOL, "Whether it was chosen."),
    Column("kind", _TEXT, "lever, target, weight, drop or redesign."),
    Column("net_low", _REAL, "Net over a year, lower end of the 90 % interval."),
    Column("net_median", _REAL, "Median."),
    Column("net_high", _REAL, "Upper end."),
    Column("p_net_negative", _REAL, "Probability that the net is below zero."),
    Column("p_dominated", _REAL, "Probability that another option is better on everything."),
    Column("regret", _REAL, "What could be regretted at most, 19 times out of 20."),
    Column("vetoed", _TEXT, "The thresholds that it breaks, separated by commas."),
    Column("wins_share", _REAL, "Share of all weights under which it wins."),
)

DECISION_FORECASTS = _table(
    "decision_forecasts",
    "What each option is forecast to do, indicator by indicator.",
    "decision, option, indicator, horizon",
    Column("decision", _TEXT, "The decision."),
    Column("option", _TEXT, "The option."),
    Column("indicator", _TEXT, "The indicator."),
    Column("function", _TEXT, "Its function."),
    Column("team", _TEXT, "The team, where its floor holds; empty for all."),
    Column("horizon", _TEXT, "quarter, year or three_years."),
    Column("low", _REAL, "Lower end of the 90 % interval of the change."),
    Column("median", _REAL, "The mean change over the horizon."),
    Column("high", _REAL, "Upper end."),
    Column("unit", _TEXT, "Its unit."),
    Column("money_low", _REAL, "In money, lower end."),
    Column("money", _REAL, "In money."),
    Column("money_high", _REAL, "Upper end."),
    Column("extrapolated", _BOOL, "Whether it lies beyond what was seen."),
    Column("grade", _TEXT, "Evidence, A to E."),
)

DECISION_EFFECTS = _table(
    "decision_effects",
    "What was observed after a decision, indicator by indicator.",
    "decision, indicator",
    Column("decision", _TEXT, "The decision."),
    Column("indicator", _TEXT, "The indicator."),
    Column("function", _TEXT, "Its function."),
    Column("role", _TEXT, "metric, guardrail or other."),
    Column("observed", _REAL, "The change observed; for a guardrail, the level."),
    Column("low", _REAL, "Lower end of the 95 % interval."),
    Column("high", _REAL, "Upper end."),
    Column("verdict", _TEXT, "What it amounts to."),
    Column("grade", _TEXT, "Evidence, A to E."),
)

CALIBRATION = _table(
    "calibration",
    "How past forecasts held.",
    "",
    Column("decisions", _INT, "Signed decisions."),
    Column("judged", _INT, "Judged so far."),
    Column("inside90", _INT, "Whose outcome fell inside the 90 % interval."),
    Column("coverage", _REAL, "inside90 over judged."),
    Column("cover_low", _REAL, "Lower end of the 95 % interval."),
    Column("cover_high", _REAL, "Upper end."),
    Column("sign_right", _INT, "Whose sign was right."),
    Column(
        "bias",
        _REAL,
        "Mean of observed less forecast, in the doubt of both together; below zero, less came than was announced.",
    ),
)

TRADEOFFS = _table(
    "tradeoffs",
    "The trade-off along a lever: where each setting brings both indicators of a conflict.",
    "from_indicator, to_indicator, lever, setting",
    Column("from_indicator", _TEXT, "One indicator."),
    Column("to_indicator", _TEXT, "The other."),
    Column("lever", _TEXT, "The lever."),
    Column("setting", _REAL, "Where it is set."),
    Column("from_value", _REAL, "Where the first indicator would stand."),
    Column("from_low", _REAL, "Lower end of the 90 % interval."),
    Column("from_high", _REAL, "Upper end."),
    Column("to_value", _REAL, "Where the second would stand."),
    Column("to_low", _REAL, "Lower end."),
    Column("to_high", _REAL, "Upper end."),
    Column("net_low", _REAL, "Net over a year, lower end."),
    Column("net", _REAL, "Net over a year, of every indicator that has a worth."),
    Column("net_high", _REAL, "Upper end."),
    Column("extrapolated", _BOOL, "Whether the setting was never seen."),
    Column("current", _BOOL, "Whether it is where the lever stands."),
)

ALIGNMENT_TABLES: tuple[ResultTable, ...] = (
    CONFLICTS, TESTS_TO_RUN, TARGET_SETS, LEVER_RESPONSES, WATERMELONS, WATERMELON_CUSTOMERS, SCOREBOARD, GAMING, RESPONSIBILITY, RESPONSIBILITY_MEASURES, OWNED_SEAMS, BRAKES, FUNCTION_EFFECTS, INCENTIVES, INCENTIVE_ANGLES, CHANGES, LOOSE_ENDS, DECISIONS, DECISION_OPTIONS, DECISION_FORECASTS, DECISION_EFFECTS, CALIBRATION, TRADEOFFS,
)  # fmt: skip
