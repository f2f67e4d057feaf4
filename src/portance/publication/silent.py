"""The tables of the silent majority and of restraint: what all customers would answer, and how often they are addressed."""

from portance.publication.table import Column, ResultTable, as_made

_TEXT, _INT, _REAL, _BOOL, _DAY = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE"


SILENT = as_made(
    "silent",
    "What all customers would answer to a question, those who never answered included: one row per question and segment.",
    "question, segment",
    Column("question", _TEXT, "The survey, by its name in the charter."),
    Column("segment", _TEXT, "all, or segment=value."),
    Column(
        "estimate",
        _REAL,
        "The figure of all journeys, answered or not, if answering depends on what is known of them.",
    ),
    Column("ci_low", _REAL, "Lower end of its 95 % interval, by person."),
    Column("ci_high", _REAL, "Upper end."),
    Column(
        "band_low", _REAL, "Lower end if the silent differ from answering customers of the same description."
    ),
    Column("band_high", _REAL, "Upper end."),
    Column(
        "flips_at",
        _REAL,
        "The difference of the silent, in the figure's unit, at which the verdict no longer holds.",
    ),
    Column("answers", _INT, "Journeys that were answered about."),
    Column("asked", _INT, "Journeys that were asked about; all where no asking is recorded."),
    Column("people", _INT, "Persons."),
    Column("naive", _REAL, "The figure of those who answered."),
    Column("naive_low", _REAL, "Lower end of its 95 % interval."),
    Column("naive_high", _REAL, "Upper end."),
    Column("rate", _REAL, "Answers over asked."),
    Column(
        "r_indicator",
        _REAL,
        "How much answers look like a draw by lot: 1 - 2 SD of the probability to answer.",
    ),
    Column(
        "bias_bound",
        _REAL,
        "The most that what is known of customers can have moved the figure of those who answered.",
    ),
    Column("ece", _REAL, "Calibration error of predicted answers on a later period, range taken as 0 to 1."),
    Column("slope", _REAL, "Slope of later answers on their predictions."),
    Column("calibrated", _BOOL, "Whether predictions pass: ece at most 0.05 and slope from 0.8 to 1.2."),
    Column("follow_up", _INT, "Silent journeys to draw by lot and ask again, for the precision wanted."),
    Column(
        "warning",
        _TEXT,
        "Codes: cannot_be_excluded (always), late_answers_differ, reminded_answers_differ, follow_up_differs.",
    ),
    Column("unit", _TEXT, "share, points (net score) or scale (mean)."),
    Column("target", _REAL, "The declared target."),
    Column("verdict", _TEXT, "met or missed against a target, above or below otherwise; not_detectable."),
    Column(
        "reason",
        _TEXT,
        "Why there is no estimate: no_answers, not_tied, no_journeys, too_recent, few_answers, no_overlap, never_varies.",
    ),
    Column("shown", _TEXT, "point, or suppressed where there is no estimate."),
    Column("journeys", _INT, "Journeys, answered or not."),
    Column(
        "against", _TEXT, "What the verdict is against: target, others (segments), before (thirteen weeks)."
    ),
    Column("delta", _REAL, "The largest difference of the silent that the band allows above."),
    Column(
        "band_from", _TEXT, "assumed (half a standard deviation either way) or follow_up (a draw by lot)."
    ),
    Column("r_low", _REAL, "Lower end of the interval of r_indicator."),
    Column("r_high", _REAL, "Upper end."),
    Column("brier", _REAL, "Brier score of predictions on later answers."),
    Column(
        "predicted", _REAL, "What the silent are predicted to answer: a prediction, only where calibrated."
    ),
    Column("moved", _REAL, "estimate less naive."),
    Column("moved_low", _REAL, "Lower end of its 95 % interval."),
    Column("moved_high", _REAL, "Upper end."),
    Column("late", _REAL, "Latest third of answers less the earliest third, their description held."),
    Column("late_low", _REAL, "Lower end of its 95 % interval."),
    Column("late_high", _REAL, "Upper end."),
    Column("seen", _REAL, "How far silent customers differ by a follow-up drawn by lot."),
    Column("seen_low", _REAL, "Lower end of its 95 % interval."),
    Column("seen_high", _REAL, "Upper end."),
    Column("followed", _INT, "Answers to that follow-up."),
    Column("effective", _REAL, "How many equally weighted answers the weighted ones are worth."),
    Column("function", _TEXT, "The function that asks."),
    Column("better", _TEXT, "higher or lower."),
)

SILENT_COMPARISONS = as_made(
    "silent_comparisons",
    "Differences of the figure of all customers: each segment against the others, and the last thirteen weeks against those before.",
    "question, segment, against",
    Column("question", _TEXT, "The survey."),
    Column("segment", _TEXT, "all, or segment=value."),
    Column("against", _TEXT, "others or before."),
    Column("difference", _REAL, "Its figure less the other."),
    Column("ci_low", _REAL, "Lower end of the 95 % interval, by person."),
    Column("ci_high", _REAL, "Upper end."),
    Column("q", _REAL, "False discovery rate over the segments of the question; p against the time before."),
    Column("flips_at", _REAL, "The difference of its silent alone at which the verdict no longer holds."),
    Column("delta", _REAL, "The largest difference that the band allows."),
    Column("verdict", _TEXT, "above, below or not_detectable."),
    Column("unit", _TEXT, "share, points or scale."),
    Column("reason", _TEXT, "Why there is no difference."),
)

RESTRAINT = as_made(
    "restraint",
    "How many answers each question still needs, on its last thirteen weeks.",
    "question",
    Column("question", _TEXT, "The survey."),
    Column("function", _TEXT, "The function that asks."),
    Column("answers", _INT, "Answers of the last thirteen weeks."),
    Column("asked", _INT, "Journeys asked about in that time."),
    Column("precision", _REAL, "Half-width of the 95 % interval now, of sampling alone."),
    Column("wanted", _REAL, "Half-width wanted: declared, else a twentieth of the range."),
    Column("needed", _INT, "Answers that it takes."),
    Column("stop", _BOOL, "Whether there are enough: more of the same would make nobody surer."),
    Column("per_week", _REAL, "Answers per week over the last eight."),
    Column("weeks_to_go", _REAL, "Weeks until there are enough at that pace."),
    Column(
        "reason", _TEXT, "enough, more_needed, few_answers, never_varies, no_answers, not_tied, no_journeys."
    ),
    Column("unit", _TEXT, "share, points or scale: the unit of precision."),
    Column("journeys", _INT, "Journeys of that time: the population of the finite correction."),
    Column("design", _REAL, "How much repeated answers of the same persons widen the variance."),
    Column("spared", _INT, "Askings of that time that the precision wanted did not need."),
)

PRESSURE = as_made(
    "pressure",
    "Contact pressure (what asks or sells, as declared) and response rate by month: of all functions (empty), then of each.",
    "function nulls first, period",
    Column("function", _TEXT, "The function that addressed or asked; empty for all."),
    Column("period", _DAY, "First day of the local month."),
    Column("persons", _INT, "Persons addressed."),
    Column(
        "contacts",
        _INT,
        "Contacts that ask or sell: the activities of `pressure`, and the askings of surveys.",
    ),
    Column("per_person", _REAL, "Contacts over persons."),
    Column(
        "over",
        _INT,
        "Persons to whom it sent a contact beyond the limit, the contacts of all functions counted.",
    ),
    Column("over_share", _REAL, "over over persons."),
    Column("over_low", _REAL, "Lower end of its 95 % interval."),
    Column("over_high", _REAL, "Upper end."),
    Column("asked", _INT, "Journeys asked about, long enough ago to have answered."),
    Column("answers", _INT, "Those that answered."),
    Column("response_rate", _REAL, "answers over asked."),
    Column("rate_low", _REAL, "Lower end of its 95 % interval."),
    Column("rate_high", _REAL, "Upper end."),
    Column("above", _INT, "Contacts beyond the limit."),
    Column("most", _INT, "The limit: contacts in the window."),
    Column("within_days", _REAL, "The window, in days."),
    Column(
        "uncounted",
        _INT,
        "Other contacts that the company initiated, such as a delivery notice or an answer: no pressure.",
    ),
)

PRESSURE_ANSWERS = as_made(
    "pressure_answers",
    "Whether the same persons answer less after having been addressed more: an association within persons.",
    "question",
    Column("question", _TEXT, "The survey."),
    Column("function", _TEXT, "The function that asks."),
    Column(
        "per_contact",
        _REAL,
        "Change of the probability to answer per contact more in the window before, within persons.",
    ),
    Column("ci_low", _REAL, "Lower end of its 95 % interval, by person."),
    Column("ci_high", _REAL, "Upper end."),
    Column("between", _REAL, "The plain slope over all occasions: for comparison, never evidence."),
    Column("persons", _INT, "Persons asked several times under different pressure."),
    Column("occasions", _INT, "Askings."),
    Column("per_month", _REAL, "Change of the response rate per month."),
    Column("month_low", _REAL, "Lower end of its 95 % interval."),
    Column("month_high", _REAL, "Upper end."),
    Column("first_rate", _REAL, "Response rate of the first third of the months."),
    Column("last_rate", _REAL, "Response rate of the last third."),
    Column("grade", _TEXT, "Evidence: D, an association."),
    Column("verdict", _TEXT, "goes_with_fewer, goes_with_more or not_detectable."),
    Column("reason", _TEXT, "few_persons where it cannot be told."),
)

SILENT_TABLES: tuple[ResultTable, ...] = (SILENT, SILENT_COMPARISONS, RESTRAINT, PRESSURE, PRESSURE_ANSWERS)
