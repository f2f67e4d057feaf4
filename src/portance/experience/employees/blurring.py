"""A small error, drawn once for each figure and kept, stands between a figure and the answers behind it.

The Laplace mechanism (Dwork, McSherry, Nissim and Smith 2006): whatever one person answered, every figure could have
come out, and the odds of any two answers move by at most ``exp(EPSILON)`` with each figure. It is drawn from a secret
key and from what the figure is made of, so the same question always gets the same answer and asking again tells nothing.
"""

import math

import numpy as np

EPSILON = 0.75
"""How much one figure may tell of one person: odds of answers change by at most e^0.75, about two."""
MOST_FIGURES = 6
"""In so many figures over the same days one person's answers to one question may count: odds of at most e^4.5, about ninety.

With five possible answers held equally likely at first, no answer of a person is then ever held with 99 % certainty.
"""
STEP = 0.005
"""Figures are told in steps of half a hundredth of their range."""
_BITS = 53


def scale(employees: int) -> float:
    """The mean absolute size of the error of a mean over so many persons, as a share of the range."""
    return 1.0 / (EPSILON * employees)


def laplace(drawn: bytes, size: float) -> float:
    """A Laplace error of this mean absolute size, read from bytes that look drawn by lot."""
    whole = int.from_bytes(drawn[:8], "big") >> (64 - _BITS)
    uniform = (whole + 0.5) / 2**_BITS - 0.5
    return -size * math.copysign(1.0, uniform) * math.log1p(-2 * abs(uniform))


def stepped(share: float) -> float:
    """A share on the steps on which figures are told, between 0 and 1.

    The steps also keep what floating point would tell of the error (Mironov 2012).
    """
    return float(np.clip(in_steps(share, STEP), 0.0, 1.0))


def in_steps(value: float, step: float) -> float:
    """A figure to the nearest step."""
    return round(value / step) * step


def nudged(value: float, error_: float, drawn: bytes) -> float:
    """A coefficient over all employees, moved by a tenth of its standard error and told to two decimals."""
    return round(value + laplace(drawn, 0.1 * error_), 2)
