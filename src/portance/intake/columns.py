"""What the intake gives: the columns of its tables, in order, with their types."""

from dataclasses import dataclass

Typed = tuple[tuple[str, str], ...]

INTERACTION: Typed = (
    ("t_us", "BIGINT"), ("time_quality", "VARCHAR"), ("local_day", "INTEGER"), ("due_us", "BIGINT"),
    ("duration_ms", "BIGINT"), ("wait_ms", "BIGINT"), ("cost_cents", "BIGINT"), ("channel", "VARCHAR"),
    ("function", "VARCHAR"), ("actor", "VARCHAR"), ("team", "VARCHAR"), ("agent", "VARCHAR"),
    ("activity", "VARCHAR"), ("intent", "VARCHAR"), ("case_key", "VARCHAR"), ("case_id", "VARCHAR"),
    ("outcome", "VARCHAR"), ("initiated_by", "VARCHAR"), ("rating", "DOUBLE"), ("rating_scale", "VARCHAR"),
    ("has_verbatim", "BOOLEAN"), ("language", "VARCHAR"), ("asked_again", "BOOLEAN"),
)  # fmt: skip
READING: Typed = (
    ("indicator", "VARCHAR"), ("unit", "VARCHAR"), ("period_start", "DATE"), ("period", "VARCHAR"), ("value", "DOUBLE"),
)  # fmt: skip
RESPONSE: Typed = (
    ("respondent", "VARCHAR"), ("question", "VARCHAR"), ("value", "DOUBLE"), ("t_us", "BIGINT"),
    ("promise", "VARCHAR"), ("facet", "VARCHAR"), ("weight", "DOUBLE"),
)  # fmt: skip
RESPONSIBILITY: Typed = (
    ("respondent", "VARCHAR"), ("subject", "VARCHAR"), ("from_function", "VARCHAR"), ("to_function", "VARCHAR"),
    ("share", "DOUBLE"),
)  # fmt: skip
WORK: Typed = (
    ("employee", "VARCHAR"), ("team", "VARCHAR"), ("function", "VARCHAR"), ("task", "VARCHAR"), ("kind", "VARCHAR"),
    ("tool", "VARCHAR"), ("for_function", "VARCHAR"), ("t_us", "BIGINT"), ("duration_ms", "BIGINT"), ("times", "DOUBLE"),
)  # fmt: skip
EMPLOYEE_ANSWER: Typed = (
    ("employee", "VARCHAR"), ("team", "VARCHAR"), ("function", "VARCHAR"), ("question", "VARCHAR"), ("value", "DOUBLE"),
    ("t_us", "BIGINT"),
)  # fmt: skip
HEAD: Typed = (
    ("interaction_id", "VARCHAR"), ("version", "INTEGER"), ("receipt", "VARCHAR"), ("source", "VARCHAR"),
    ("entry", "SMALLINT"), ("row_number", "BIGINT"),
)  # fmt: skip
"""What every row of record starts with, whatever it tells."""
REFUSAL: Typed = (
    ("source", "VARCHAR"), ("receipt", "VARCHAR"), ("file", "VARCHAR"), ("row_number", "BIGINT"), ("line", "BIGINT"),
    ("entry", "SMALLINT"), ("reason", "VARCHAR"), ("column_name", "VARCHAR"), ("given", "VARCHAR"),
    ("expected", "VARCHAR"), ("remedy", "VARCHAR"),
)  # fmt: skip
RECEIPT: Typed = (
    ("receipt", "VARCHAR"), ("source", "VARCHAR"), ("file", "VARCHAR"), ("received_us", "BIGINT"),
    ("candidates", "BIGINT"), ("accepted", "BIGINT"), ("duplicate", "BIGINT"), ("refused", "BIGINT"),
    ("not_happened", "BIGINT"), ("versions", "BIGINT"), ("folded", "BIGINT"), ("undone", "BOOLEAN"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What the rows of a source are: the table that they fill, its columns, and those that make two rows the same thing."""

    table: str
    columns: Typed
    key: tuple[str, ...]


INTERACTIONS = Kind("accepted", INTERACTION, ("case_id", "activity", "t_us"))
READINGS = Kind("readings", READING, ("indicator", "unit", "period"))
RESPONSES = Kind("responses", RESPONSE, ("respondent", "question", "promise", "facet", "t_us"))
RESPONSIBILITIES = Kind(
    "responsibility_answers", RESPONSIBILITY, ("respondent", "subject", "from_function", "to_function")
)
WORKS = Kind("work_events", WORK, ("employee", "kind", "task", "tool", "t_us"))
EMPLOYEE_ANSWERS = Kind("employee_answers", EMPLOYEE_ANSWER, ("employee", "question", "t_us"))
KINDS = (INTERACTIONS, READINGS, RESPONSES, RESPONSIBILITIES, WORKS, EMPLOYEE_ANSWERS)
