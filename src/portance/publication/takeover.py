"""The tables of take-over and answering: hand-overs, the policy, answer times, continuity, coded reasons."""

from portance.publication.table import Column, ResultTable, as_made

_TEXT, _INT, _REAL, _BOOL = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"
_SHOWN = Column(
    "shown", _TEXT, "What may be shown: point (30 persons or more), interval (5 to 29), suppressed (fewer)."
)


def _figure(name: str, note: str) -> tuple[Column, Column, Column]:
    """A figure with the ends of its 95 % interval by person."""
    return (
        Column(name, _REAL, note),
        Column(f"{name}_low", _REAL, "Lower end of its 95 % interval, by person."),
        Column(f"{name}_high", _REAL, "Upper end."),
    )


TAKEOVERS = as_made(
    "takeovers",
    "How machines hand over to humans: one row per machine, and one per machine and function that received from it.",
    "machine, function, to_function",
    Column("machine", _TEXT, "The machine, as the charter names it; empty where it names none."),
    Column("function", _TEXT, "The function whose machine it is."),
    Column("to_function", _TEXT, "The function that received; empty for the machine as a whole."),
    Column("handovers", _INT, "Sessions that a human followed, or that the machine passed on."),
    *_figure("asked_again", "Share of hand-overs, where it is known, whose customer had to say again what had been said."),
    *_figure("wait_s", "Median seconds from the machine passing on to a human answering (Kaplan-Meier: who gave up counts)."),
    *_figure("solved", "Share of hand-overs after which the customer did not come back for the same reason."),
    *_figure("trapped", "Share of sessions whose customer asked for a human and reached none in time."),
    *_figure("premature", "At most this share of early hand-overs would have been settled by the machine; an estimate."),
    *_figure("late", "Share of hand-overs after an earlier session that failed, or after an unusually long one."),
    *_figure("reachable", "Share of sessions in need of a human (asked, passed on, not settled) from which one was reached in time."),
    Column("persons", _INT, "Persons behind the row."),
    _SHOWN,
    Column("reason", _TEXT, "Why a figure is missing, or on what it rests, separated by commas."),
    Column("sessions", _INT, "Sessions of customers with the machine."),
    Column("asked", _INT, "Sessions in which the customer asked for a human, old enough to be judged."),
    Column("unanswered", _INT, "Sessions passed on that no human took in time."),
    *_figure("waited_long", "Share of those passed on who waited longer than the charter allows."),
    *_figure("reached", "Share of all sessions from which a human was reached in time."),
    *_figure("reach_s", "Median seconds to reach a human, for those in need of one."),
    Column("path", _BOOL, "Whether the charter declares a way to a human in it."),
    Column("people_again", _INT, "Persons who had to say again what had been said."),
    Column("people_trapped", _INT, "Persons who asked for a human and reached none in time."),
    Column("people_long", _INT, "Persons who waited longer than the charter allows."),
)  # fmt: skip

ANSWER_TIMES = as_made(
    "answer_times",
    "How soon people answer: one row per declared desk, then per function and channel whose waits are known.",
    "desk, function, channel",
    Column("desk", _TEXT, "The desk; empty where the charter declares none."),
    Column("channel", _TEXT, "Its channel."),
    Column("function", _TEXT, "Its function."),
    Column("answered", _INT, "Contacts that were answered."),
    Column("within_share", _REAL, "Share of all contacts answered within the standard; who gave up was not."),
    Column("low", _REAL, "Lower end of its 95 % interval, by person."),
    Column("high", _REAL, "Upper end."),
    *_figure("median_s", "Median seconds to an answer, those who gave up counted (Kaplan-Meier)."),
    *_figure("p90_s", "Seconds within which nine in ten would be answered."),
    Column("standard_s", _REAL, "The declared standard, in seconds."),
    Column("standard_share", _REAL, "The share of contacts that it is declared for."),
    Column("announced_s", _REAL, "The time that customers are told, in seconds."),
    *_figure("expected_s", "Median of the time that customers say they expect, in seconds."),
    *_figure("gap_s", "Seconds by which the time within which the declared share is answered lies beyond the standard."),
    *_figure("announced_share", "Share of all contacts answered within the time announced."),
    *_figure("expected_share", "Share of all contacts answered within the time expected."),
    *_figure("gave_up", "Share of contacts whose customer gave up."),
    Column("verdict", _TEXT, "kept, missed, not_detectable, no_standard or not_measurable."),
    Column("offered", _INT, "Contacts whose time is known."),
    Column("pending", _INT, "Contacts that nobody has answered yet."),
    Column("unknown", _INT, "Contacts whose time is not known; they are in no figure."),
    Column("persons", _INT, "Persons behind the row."),
    Column("hours", _TEXT, "business (opening hours only) or plain."),
    Column("measured", _TEXT, "wait (as the source told it) or reply (until the function next wrote or called)."),
    _SHOWN,
    Column("reason", _TEXT, "Why figures are missing."),
    Column("people_late", _INT, "Persons with a contact that was answered after the standard, or that they gave up."),
)  # fmt: skip

CONTINUITY = as_made(
    "continuity",
    "Whether the same adviser follows a journey, for journeys with two contacts or more; at least five advisers and ten persons.",
    "journey_type",
    Column("journey_type", _TEXT, "The type of journey."),
    Column("journeys", _INT, "Journeys with at least two contacts with an adviser."),
    Column("persons", _INT, "Persons behind them."),
    Column("same_adviser", _REAL, "Share of them with one adviser throughout."),
    Column("low", _REAL, "Lower end of its 95 % interval, by person."),
    Column("high", _REAL, "Upper end."),
    *_figure("advisers", "Mean number of advisers met."),
    *_figure("repeat_same", "Share who came back for the same reason after a contact with the adviser of the contact before."),
    *_figure("repeat_other", "The same, after a contact with another adviser."),
    *_figure("effect", "Difference of both at the same reason (Mantel-Haenszel): an association."),
    Column("contacts", _INT, "Contacts with an adviser in these journeys."),
    Column("grade", _TEXT, "Evidence: always D, an association."),
    Column("verdict", _TEXT, "rarer, more_frequent or not_detectable."),
    _SHOWN,
    Column("reason", _TEXT, "Why figures are missing."),
)  # fmt: skip

CONTACT_REASONS = as_made(
    "contact_reasons",
    "Coded contact reasons held against what customers write: all together, each code, and what is written under it.",
    "coded, text_says",
    Column("coded", _TEXT, "The coded reason; empty for all together."),
    Column("text_says", _TEXT, "The irritant that the text speaks of first; empty for a code as a whole."),
    Column("n", _INT, "Contacts with both a code and a text."),
    Column("share", _REAL, "Of a code: its share of all; of what is written: its share of the code."),
    Column("low", _REAL, "Lower end of its 95 % interval, by person."),
    Column("high", _REAL, "Upper end."),
    *_figure("agreement", "Share of contacts whose text, in the words of the codes, says the same."),
    *_figure("kappa", "Agreement beyond chance (Cohen), for all together."),
    Column("persons", _INT, "Persons behind the row; cells below the floor of texts are left out."),
    Column("other", _BOOL, "Whether the code tells no reason (other, misc)."),
    Column("hides", _BOOL, "Whether most of what is written under the code is about something else."),
    _SHOWN,
    Column("reason", _TEXT, "Why figures are missing."),
)  # fmt: skip

TAKEOVER_POLICY = as_made(
    "takeover_policy",
    "The company's policy of take-overs, which is not turned on, and what its replay on past conversations told: one row per figure; none where no policy is kept.",
    "position",
    Column("part", _TEXT, "learnt (from what), held_out (judged on conversations held out while it learnt), replay (on past conversations) or reason (what spoke first for handing over)."),
    Column("figure", _TEXT, "conversations, turns, asked, seen; f1, precision, recall, gt1, gt2, gt3; handed, turn, into, solved_anyway, spared, sooner; or a family of reasons."),
    Column("basis", _TEXT, "counted; measured (against labels that people gave); or predicted (what the policy would have done)."),
    Column("value", _REAL, "The figure."),
    Column("low", _REAL, "Lower end of its 95 % interval, by conversation."),
    Column("high", _REAL, "Upper end."),
    Column("unit", _TEXT, "count, share, turns, or score (0 to 1)."),
    Column("n", _INT, "Turns or conversations that it is computed on; of a reason, the conversations in which it spoke first."),
    Column("conversations", _INT, "Conversations behind it."),
    Column("shown", _TEXT, "What may be shown: point (30 conversations or more), interval (5 to 29), suppressed (fewer)."),
    Column("at", "TIMESTAMP WITH TIME ZONE", "When it was learnt, or replayed."),
    Column("reason", _TEXT, "Why it is missing."),
    Column("position", _INT, "The order in which figures are told."),
)  # fmt: skip

TAKEOVER_TABLES: tuple[ResultTable, ...] = (
    TAKEOVERS,
    TAKEOVER_POLICY,
    ANSWER_TIMES,
    CONTINUITY,
    CONTACT_REASONS,
)
