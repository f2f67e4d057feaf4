"""The tables of retention and irritants: what keeps customers from staying, and what each irritant costs."""

from portance.publication.table import Column, as_made

_TEXT, _INT, _REAL, _BOOL = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"


RETENTION = as_made(
    "retention",
    "What breaks and broken promises do to staying: one row per exposure and reason of leaving.",
    "exposure, reason",
    Column(
        "exposure",
        _TEXT,
        "A kind of break; promise:<name>, broken; gap:<name>, missed by twice its limit or more; any_break; repeated_breaks, three or more within the recent periods. a+b: those that mostly fall on the same customers and periods, told as one.",
    ),
    Column("journey_type", _TEXT, "Empty: exposures count on all types of journey."),
    Column(
        "reason",
        _TEXT,
        "all departures; chosen and not_chosen by the customer; a reason as recorded; free and held: all departures of those for whom leaving is easy, or hard.",
    ),
    Column(
        "hazard_ratio",
        _REAL,
        "The hazard of leaving within about three months of the exposure, over that without it.",
    ),
    Column("ci_low", _REAL, "Lower end of its 95 % interval."),
    Column("ci_high", _REAL, "Upper end of its 95 % interval."),
    Column(
        "lost_per_100",
        _REAL,
        "Of a hundred exposed customers, how many more leave within the horizon than had they not been exposed.",
    ),
    Column("lost_low", _REAL, "Lower end of its 95 % interval."),
    Column("lost_high", _REAL, "Upper end of its 95 % interval."),
    Column("exposed", _INT, "Customers exposed while they could leave."),
    Column("persons", _INT, "Customers followed."),
    Column("departures", _INT, "Departures among them, for the reason."),
    Column(
        "grade",
        _TEXT,
        "Evidence: C at best; D where a test did not pass or nothing can be told; E without a figure.",
    ),
    Column("verdict", _TEXT, "more_leave, fewer_leave or not_detectable, while the exposure is recent."),
    Column("design", _TEXT, "adjusted_hazard; none where nothing could be estimated."),
    Column("reason_null", _TEXT, "Why there is no figure, or no verdict, as a code."),
    Column(
        "q", _REAL, "False discovery rate at which it would be told (Benjamini and Hochberg), over exposures."
    ),
    Column(
        "smallest_detectable",
        _REAL,
        "The departures per 100, while the exposure is recent, that would have been seen four times out of five.",
    ),
    Column(
        "failed",
        _TEXT,
        "Tests not passed: future_exposure, just_before_leaving, only_just_before, any_contact; separated by commas.",
    ),
    Column("exposed_departures", _INT, "Departures within the recent periods of an exposure."),
    Column("sampled", _INT, "One customer in so many was followed."),
    Column(
        "soon_per_100",
        _REAL,
        "Of a hundred exposed customers, how many more leave while the exposure is recent than had they not been exposed: what the verdict is of.",
    ),
    Column("soon_low", _REAL, "Lower end of its 95 % interval."),
    Column("soon_high", _REAL, "Upper end of its 95 % interval."),
    Column("soon_periods", _INT, "For how many periods (weeks or months) an exposure is recent."),
    Column(
        "whole",
        _BOOL,
        "Whether the whole horizon is told too: the interval of lost_per_100 leaves out zero.",
    ),
)

RETENTION_CURVE = as_made(
    "retention_curve",
    "How many are still there so many months on, and how many have left for each reason.",
    '"group", reason, month',
    Column(
        "group",
        _TEXT,
        "all, from the first interaction; free, held, exposed:<exposure> and not_exposed:<exposure>, from three months after it, among those still there.",
    ),
    Column("month", _INT, "Months since the start of the curve."),
    Column("at_risk", _INT, "Customers still followed."),
    Column("staying", _REAL, "The share still there (Kaplan and Meier); empty below 30 customers at risk."),
    Column("low", _REAL, "Lower end of its 95 % interval."),
    Column("high", _REAL, "Upper end of its 95 % interval."),
    Column("reason", _TEXT, "Empty: any. Else the reason that left counts."),
    Column("left", _REAL, "The share that has left for that reason (Aalen and Johansen)."),
    Column("left_low", _REAL, "Lower end of its 95 % interval."),
    Column("left_high", _REAL, "Upper end of its 95 % interval."),
)

CUSTOMER_VALUE = as_made(
    "customer_value",
    "What a lost customer and a kept promise are worth.",
    "what",
    Column(
        "what",
        _TEXT,
        "lost_customer, or kept_promise:<promise>: what keeping it once is worth over the horizon.",
    ),
    Column("value", _REAL, "In the company's currency."),
    Column("low", _REAL, "Lower end of its range (95 % with the declared range)."),
    Column("high", _REAL, "Upper end."),
    Column(
        "source",
        _TEXT,
        "measured (from the declared margin of a period and how long customers stay) or declared.",
    ),
    Column("n", _INT, "Customers behind it; 0 where it is declared."),
    Column("grade", _TEXT, "Evidence of the departures behind a kept promise."),
    Column("reason", _TEXT, "Why there is no figure, or why it may be nothing, as a code."),
)

IRRITANTS = as_made(
    "irritants",
    "What each irritant costs, ranked by the lower end of the loss.",
    "language, rank, irritant",
    Column("irritant", _TEXT, "The irritant, as the starter list or the charter names it."),
    Column("language", _TEXT, "all; fr and en rows count only."),
    Column("n", _INT, "Texts that carry it, copies counted once."),
    Column("share", _REAL, "Of the texts read, the share that carries it."),
    Column("severity", _REAL, "Points of rating, out of 100, that go with it: above zero is worse."),
    Column("loss_low", _REAL, "Lower end of the 95 % interval of the loss."),
    Column(
        "loss",
        _REAL,
        "What it costs over the extract, in the company's currency: customers lost, contacts and complaints that go with it, at their worth.",
    ),
    Column("loss_high", _REAL, "Upper end."),
    Column(
        "promise",
        _TEXT,
        "The promise it hangs on: declared, or broken clearly more often in the same journeys.",
    ),
    Column(
        "seam",
        _TEXT,
        "The seam it hangs on, from>to: declared, or broken clearly more often in the same journeys.",
    ),
    Column(
        "owners",
        _TEXT,
        "Who owns it: declared, else the promise's owners, else the function that the seam reaches.",
    ),
    Column("persons", _INT, "Customers whose texts carry it."),
    Column("share_low", _REAL, "Lower end of the share's interval, by customer."),
    Column("share_high", _REAL, "Upper end."),
    Column("severity_low", _REAL, "Lower end of severity's interval."),
    Column("severity_high", _REAL, "Upper end."),
    Column(
        "lost",
        _REAL,
        "Change of the chance to lose the customer within lost_days, beside comparable customers who wrote.",
    ),
    Column("lost_low", _REAL, "Lower end."),
    Column("lost_high", _REAL, "Upper end."),
    Column("contacts", _REAL, "How many more contacts within contact_days."),
    Column("contacts_low", _REAL, "Lower end."),
    Column("contacts_high", _REAL, "Upper end."),
    Column("complaints", _REAL, "How many more complaints within contact_days."),
    Column("complaints_low", _REAL, "Lower end."),
    Column("complaints_high", _REAL, "Upper end."),
    Column(
        "grade",
        _TEXT,
        "Evidence: C at best; D where those who carry it already differed before; E without a figure.",
    ),
    Column("rank", _INT, "By the lower end of the loss, from 1; empty where the loss could be nothing."),
    Column("public_only", _BOOL, "Known from public reviews alone: it exists, and nothing more is said."),
    Column("suggestions", _INT, "Texts that suggest something about it, not counted in n."),
    Column("shown", _TEXT, "point, interval or suppressed, by how many customers stand behind it."),
    Column("reason", _TEXT, "Why there is no figure or no rank, as a code."),
    Column("break_kind", _TEXT, "The kind of break that comes clearly more often in the same journeys."),
    Column("lost_days", _INT, "Within how many days of the text a departure counts."),
    Column("contact_days", _INT, "Within how many days of the text contacts and complaints count."),
    Column("value_source", _TEXT, "Where the worth of a lost customer comes from: measured or declared."),
    Column(
        "complaints_from",
        _TEXT,
        "How complaints are known: declared by the charter, or guessed from names of activities and intents; empty where none is.",
    ),
    Column("complaint_names", _TEXT, "The activities and intents that are counted as complaints."),
)

RETENTION_TABLES = (RETENTION, RETENTION_CURVE, CUSTOMER_VALUE, IRRITANTS)
