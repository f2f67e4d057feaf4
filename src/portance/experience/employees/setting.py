"""What every comparison of employees and customers is made in."""

from dataclasses import dataclass
from datetime import date

from portance.charter import Charter
from portance.charter.employees import Employees
from portance.engine import Engine
from portance.experience.employees.facts import Window
from portance.experience.employees.protecting import Protected


@dataclass(frozen=True, slots=True)
class Setting:
    """The charter, the customers' tables, the door to employees' figures, and the days that are told of."""

    charter: Charter
    employees: Employees
    engine: Engine
    door: Protected
    window: Window
    as_of_us: int
    today: date
    seed: int
