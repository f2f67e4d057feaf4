"""The tables about employees beside customers: both sides of each step, what is said against what is lived."""

from portance.publication.table import Column, ResultTable, as_made

_TEXT, _INT, _REAL, _BOOL, _DAY = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE"
_PROTECTED = "null, or why: locked (no consultation dated), too_few, one_person_dominates, differs_by_few, could_be_isolated, told_enough, journal_unreadable, no_data; earlier_figure where an earlier figure stands because a new one would tell of few."


SYMMETRY = as_made(
    "symmetry",
    "Both sides of a step of a journey: what the customer lives there, what those live who serve it. One row per declared task and measure.",
    "task, measure",
    Column("journey_type", _TEXT, "The type of journey."),
    Column("step", _TEXT, "The customer's step: an activity."),
    Column("function", _TEXT, "The function that serves it."),
    Column(
        "measure",
        _TEXT,
        "balance (both levels on 0 to 100), or an effort per step taken: effort_steps, effort_tools, effort_rekeying, effort_waits, effort_minutes, autonomy.",
    ),
    Column(
        "customer",
        _REAL,
        "The customers' side. Levels: the mean of promises kept, occurrences without a break, and ratings. Efforts: times the step is taken per journey, channels, times asked again, minutes of waiting, minutes, share transferred.",
    ),
    Column("customer_low", _REAL, "Lower end of its 95 % interval, by person."),
    Column("customer_high", _REAL, "Upper end."),
    Column(
        "employee",
        _REAL,
        "The employees' side. Levels: the mean of the questions on enablement, workload, autonomy, tools and the experience delivered. Efforts, per step that a customer takes: tools touched with re-keyings and workarounds, tools touched, re-keyings, minutes of waiting for another function, minutes, limits of autonomy met.",
    ),
    Column("employee_low", _REAL, "Lower end of its 95 % interval; it includes the error that protects."),
    Column("employee_high", _REAL, "Upper end."),
    Column("balance", _REAL, "customer less employee."),
    Column("ci_low", _REAL, "Lower end of its 95 % interval."),
    Column("ci_high", _REAL, "Upper end."),
    Column("unit", _TEXT, "points, times or minutes."),
    Column("employees", _INT, "Employees behind it, counted down to a multiple of five."),
    Column("persons", _INT, "Customers behind it."),
    Column(
        "state",
        _TEXT,
        "Who fares well: balanced, customer_only, employee_only, both_low (levels surely below 50) or not_detectable.",
    ),
    Column("shown", _TEXT, "point, interval (fewer than 30 on a side) or suppressed."),
    Column("reason", _TEXT, _PROTECTED),
    Column("task", _TEXT, "The declared task."),
    Column(
        "scale",
        _TEXT,
        "declared: the ends of scales and shares, with what the customers' level is made of; native for efforts. No observed range is used.",
    ),
    Column(
        "ambition",
        _REAL,
        "What is intended for the journey on 0 to 100: the share of journeys on which promises are intended to hold, or points where anchors are declared.",
    ),
    Column(
        "margin",
        _REAL,
        "Stall margin: the lower of both levels less the ambition; below zero it aims higher than it flies.",
    ),
    Column("margin_low", _REAL, "Its lower end."),
    Column("margin_high", _REAL, "Its upper end."),
)
THRUST = as_made(
    "thrust",
    "Whether thrust (employees enabled) comes before lift (journeys without a break) in the company's own teams, or the reverse. One row per lag.",
    "lag_weeks",
    Column("lag_weeks", _INT, "How many weeks before; null in a row that only says why."),
    Column(
        "effect",
        _REAL,
        "Standard deviations of lift that go with one of thrust so many weeks before, within team and period, given the lift of then.",
    ),
    Column("ci_low", _REAL, "Lower end of its 95 % interval, by team."),
    Column("ci_high", _REAL, "Upper end."),
    Column("reverse", _REAL, "The same from lift to thrust."),
    Column("reverse_low", _REAL, "Lower end."),
    Column("reverse_high", _REAL, "Upper end."),
    Column("units", _INT, "Teams."),
    Column("periods", _INT, "Periods."),
    Column("grade", _TEXT, "D: what comes before need not be a cause."),
    Column(
        "verdict",
        _TEXT,
        "thrust_first, lift_first, both or not_detectable; wrong in one company of twenty at most over all lags where neither precedes the other.",
    ),
    Column(
        "reason",
        _TEXT,
        "null, or why nothing was estimated: locked, no_data, too_few_units, too_few_periods, never_varies.",
    ),
    Column("employees", _INT, "Employees behind it, counted down to a multiple of five."),
    Column("smallest_detectable", _REAL, "The smallest effect that would have been seen four times in five."),
)
STALL = as_made(
    "stall",
    "Whether the margin before the stall foretells that teams' journeys will go wrong; an alarm only where it surely does better than persistence. One row per figure, and one per period of the curves.",
    "figure, period",
    Column("figure", _TEXT, "skill (Brier skill score against persistence, out of time), warned (share of falls told ahead in the quarters that are told), lead (mean weeks by which these falls were told ahead, 0 where none was), false_alarms (of stretches of eight weeks of a team without a fall, the share with an alarm), risk (share of the teams that still hold that is told to fall now; only where an alarm is earned), or curve."),
    Column("period", _DAY, "Of a curve: the day from which the eight weeks run."),
    Column("basis", _TEXT, "measured (on what has happened since) or predicted."),
    Column("value", _REAL, "The figure; of a curve, the mean chance of a fall that was told for the teams."),
    Column("low", _REAL, "Lower end of its 95 % interval; of a curve, that of the share that fell."),
    Column("high", _REAL, "Upper end."),
    Column("unit", _TEXT, "score (1 is perfect, 0 no better than persistence), share or weeks."),
    Column("n", _INT, "Falls; of false_alarms, stretches without a fall; null of risk."),
    Column("teams", _INT, "Teams behind it: six at least, of ten employees or more each."),
    Column("employees", _INT, "Employees behind the thrust, counted down to a multiple of five."),
    Column("weeks", _INT, "Weeks of a period."),
    Column("persistence", _REAL, "Of a curve: the mean chance by the level of the day alone."),
    Column("observed", _REAL, "Of a curve: the share of teams that fell within eight weeks; null while they run."),
    Column("verdict", _TEXT, "Of skill: alarm (earned), no_alarm or not_measurable."),
    Column("reason", _TEXT, "Of skill, why it is not measurable: locked, no_data, too_few_falls, too_few_units, too_few_periods, periods_too_long. Of warned, lead and false_alarms, why they are not told: too_few_units, one_team_dominates, told_enough, …; or earlier_figure."),
)  # fmt: skip
ADOPTION = as_made(
    "adoption",
    "Tools that were delivered: who uses them, who works around them.",
    "tool",
    Column("tool", _TEXT, "The tool."),
    Column("since", _DAY, "The day on which it was delivered."),
    Column(
        "entitled", _INT, "How many employees were to use it, as declared; else how many were seen at work."
    ),
    Column("users", _INT, "How many used it, to the nearest five."),
    Column("share", _REAL, "The share of those entitled who used it since."),
    Column("low", _REAL, "Lower end of its 95 % interval."),
    Column("high", _REAL, "Upper end."),
    Column("workarounds", _REAL, "The share of those seen at work who worked around it."),
    Column(
        "on_time",
        _BOOL,
        "Whether it was delivered by the day of the change that it belongs to; null where none is named.",
    ),
    Column("shown", _TEXT, "point, interval or suppressed."),
    Column("reason", _TEXT, _PROTECTED),
    Column("workarounds_low", _REAL, "Lower end."),
    Column("workarounds_high", _REAL, "Upper end."),
    Column("employees", _INT, "Employees seen at work, counted down to a multiple of five."),
    Column(
        "kept",
        _REAL,
        "Of those who began to use it and could be followed so long: the share who used it again between the 30th and the 57th day after.",
    ),
    Column("kept_low", _REAL, "Lower end of its 95 % interval."),
    Column("kept_high", _REAL, "Upper end."),
    Column(
        "followed",
        _INT,
        "Employees whom it speaks of, counted down to a multiple of five: who began later, or was not at work then, is left out.",
    ),
    Column("kept_shown", _TEXT, "What may be shown of it: point, interval or suppressed."),
    Column(
        "kept_reason",
        _TEXT,
        "Why it is missing: none_followed (nobody began long enough ago), too_few, locked, …; or earlier_figure.",
    ),
)
SIMPLIFIED = as_made(
    "simplified",
    "Whose path a dated change made shorter: the customer's, the employee's, both or neither. One row per change and task that it concerns.",
    "change, journey_type, step",
    Column("change", _TEXT, "The change."),
    Column("journey_type", _TEXT, "The type of journey."),
    Column("step", _TEXT, "The customer's step."),
    *(
        Column(f"{side}_{when}{end}", _REAL, f"{what} {when} the change{said}.")
        for side, what in (
            ("customer", "How often a customer takes the step per journey"),
            ("employee", "Tools, re-keyings and workarounds for one such step"),
        )
        for when in ("before", "after")
        for end, said in (("", ""), ("_low", ", lower end"), ("_high", ", upper end"))
    ),
    Column("verdict", _TEXT, "both, customer_only, employee_only, neither or not_detectable."),
    Column(
        "reason",
        _TEXT,
        f"{_PROTECTED} outside_window: the change lies outside the four quarters that are told.",
    ),
    Column("function", _TEXT, "The function that serves the step."),
    Column("employees", _INT, "Employees there before and after, counted down to a multiple of five."),
    Column("persons", _INT, "Customers, of the smaller side."),
    Column("unit", _TEXT, "times."),
)
ARTIFICIAL_REALITY = as_made(
    "artificial_reality",
    "What is said against what is lived. Four parts that are never added up.",
    "part, subject",
    Column(
        "part",
        _TEXT,
        "action (an ambition and what stands behind it), perception (the customer is the priority, against the experience that employees say they deliver), belief (of leaders, against customers) or prediction (of recommendation by employees, against customers).",
    ),
    Column("subject", _TEXT, "The ambition, the belief or the function; all for the whole."),
    Column(
        "said", _REAL, "What is said: 1 for an ambition, the share that agrees, the belief, the prediction."
    ),
    Column("said_low", _REAL, "Lower end of its 95 % interval; null where it is declared."),
    Column("said_high", _REAL, "Upper end."),
    Column(
        "lived",
        _REAL,
        "What is there: 1 where an ambition has an owner, a budget, a measurable standard and an action begun within 90 days; the share satisfied with the experience they deliver; what customers live.",
    ),
    Column("lived_low", _REAL, "Lower end."),
    Column("lived_high", _REAL, "Upper end."),
    Column("gap", _REAL, "said less lived."),
    Column("gap_low", _REAL, "Lower end of its 95 % interval; null for ambitions, which are a census."),
    Column("gap_high", _REAL, "Upper end."),
    Column("missing", _TEXT, "What an ambition lacks, separated by commas: owner, budget, standard, action."),
    Column("n", _INT, "Ambitions, employees (to five) or customers behind it."),
    Column("unit", _TEXT, "share, answer (in the survey's unit) or points."),
    Column("shown", _TEXT, "point, interval or suppressed."),
    Column(
        "reason",
        _TEXT,
        f"within_90_days (its action may still begin), late (a belief entered after its figure could be read), lucid, too_high or too_low (a prediction beyond doubt right or wrong), not_asked; else {_PROTECTED}",
    ),
    Column("function", _TEXT, "The function; null for the whole."),
)
EMPLOYEE_FIGURES = as_made(
    "employee_figures",
    "What HR counts of whole teams, by quarter over all teams of ten or more, and how it goes with what customers live.",
    "figure, period",
    Column("figure", _TEXT, "The figure."),
    Column("means", _TEXT, "absence, turnover, training, vacancies or other."),
    Column("unit", _TEXT, "all: teams are never told one by one."),
    Column("period", _DAY, "First day of the quarter; null in the row of the association."),
    Column(
        "value", _REAL, "Its mean over teams by their size, with an error that protects; exact for posts."
    ),
    Column(
        "customer_measure",
        _TEXT,
        "journeys_without_break: the share of a team's journeys that went on without a break.",
    ),
    Column(
        "association",
        _REAL,
        "Standard deviations of the customers' measure that go with one of the figure, within team and four weeks. An association, grade D.",
    ),
    Column("low", _REAL, "Lower end: of the association at 95 %, of a value what the error leaves open."),
    Column("high", _REAL, "Upper end."),
    Column("n", _INT, "Employees in these teams, to five."),
    Column("shown", _TEXT, "point or suppressed."),
    Column("reason", _TEXT, f"{_PROTECTED} Also too_few_units, too_few_periods, never_varies."),
)
EMPLOYEE_TABLES: tuple[ResultTable, ...] = (
    SYMMETRY,
    THRUST,
    STALL,
    ADOPTION,
    SIMPLIFIED,
    ARTIFICIAL_REALITY,
    EMPLOYEE_FIGURES,
)
