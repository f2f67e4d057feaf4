"""Each desk as a queue: who answers, how long it takes, how long customers are ready to wait, what of it is declared, measured, assumed."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from portance.charter import Charter
from portance.charter.calendar import DAYS
from portance.charter.machines import Desk
from portance.estimation import Estimate, by_person, ratio
from portance.estimation.abandoning import Patience, patience_of
from portance.estimation.chatting import ChatDesk
from portance.estimation.queueing import Waiting, erlang_a, erlang_c
from portance.estimation.slowing import Attention, attention_of
from portance.journeys import opening
from portance.orchestration.dosage.contacts import Booleans, Contacts
from portance.orchestration.dosage.records import Row

FEWEST = 30
"""Fewer contacts at a desk, or abandonments, and nothing is measured on them."""
Told = Literal["declared", "measured", "assumed"]
Fit = Literal["fits", "longer", "shorter", "not_detectable", "not_measured"]
"""Whether a measured wait is one that the queue predicts."""
TIMES = 2.0
"""How many times shorter or longer than predicted a measured wait may be: a queue in balance knows no hours of peak."""
SECONDS = 10.0
"""So many seconds apart never count, whatever the ratio: nobody at a desk would see them."""
_SOONEST = 0.05
_HOUR_S = 3600.0
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Served:
    """A desk as a queue, in seconds; ``duration_s`` is that of a conversation with the others beside it.

    ``chat`` where conversations held at once slow each other down. Where they do not, they are as many places: how many end
    in a time then depends on nothing but how many are held, so the formula with those places is exact.
    """

    agents: int
    duration_s: float
    patience_s: float | None
    concurrency: int
    within_s: float
    chat: ChatDesk | None = None

    @property
    def model(self) -> str:
        """erlang_c, erlang_a, chat (as many places) or chat_simulated."""
        if self.concurrency > 1:
            return "chat" if self.chat is None else "chat_simulated"
        return "erlang_c" if self.patience_s is None else "erlang_a"

    @property
    def most(self) -> float:
        """The load that fills the desk, in erlangs."""
        return float(self.agents * self.concurrency) if self.chat is None else self.chat.most

    def load(self, per_hour: float) -> float:
        """The load of so many arrivals an hour, in erlangs; of conversations alone with their agent where they slow each other down."""
        return per_hour / _HOUR_S * (self.duration_s if self.chat is None else self.chat.duration)

    def waiting(self, per_hour: float) -> Waiting:
        """The wait at so many arrivals an hour."""
        if self.chat is not None:
            return self.chat.waiting(per_hour / _HOUR_S, patience=self.patience_s, within=self.within_s)
        load, places = self.load(per_hour), self.agents * self.concurrency
        if self.patience_s is None:
            return erlang_c(load, places, duration=self.duration_s, within=self.within_s)
        return erlang_a(
            load, places, patience=self.patience_s, duration=self.duration_s, within=self.within_s
        )


@dataclass(frozen=True, slots=True)
class Queue:
    """What is known of one desk: its contacts (``at``), its hours of opening, its arrivals an hour, and where each figure comes from.

    ``served`` is None where ``reason`` says what is missing.
    """

    desk: str
    at: Booleans
    hours: float
    arrivals: float
    served: Served | None
    reason: str | None
    handled: int = 0
    handling_from: Told | None = None
    attention: Attention | None = None
    attention_from: Told | None = None
    patience: Patience | None = None
    patience_from: Told | None = None
    waited: Estimate | None = None
    """The mean wait measured, in seconds of opening, of all who came and whose wait is known."""


def queues(charter: Charter, contacts: Contacts, *, as_of_us: int, seed: int) -> list[Queue]:
    """Each declared desk as a queue."""
    return [
        _queue(charter, name, desk, contacts, as_of_us=as_of_us, seed=seed)
        for name, desk in charter.desks.items()
    ]


def _queue(charter: Charter, name: str, desk: Desk, contacts: Contacts, *, as_of_us: int, seed: int) -> Queue:
    at = _at(contacts, desk)
    hours = opened_hours(charter, contacts, desk, at, as_of_us)
    arrivals = float(at.sum()) / hours if hours > 0 else 0.0
    measured = contacts.duration_s[at & (contacts.outcome != "abandoned") & (contacts.duration_s > 0)]
    if hours <= 0 or (desk.handling is None and len(measured) < FEWEST):
        return Queue(name, at, hours, arrivals, None, "no_contact" if hours <= 0 else "no_handling_time")
    duration = desk.handling / 1e6 if desk.handling is not None else float(measured.mean())
    known = at & np.isfinite(contacts.wait_s)
    gone = known & (contacts.outcome == "abandoned")
    patience, mean = None, desk.patience / 1e6 if desk.patience else None
    if gone.sum() >= FEWEST:
        patience = patience_of(contacts.wait_s[known], gone[known])
        mean = mean or (patience.mean if patience else None)
    agents = max(round(desk.agents), 1)
    attention, needed, from_ = _attention(contacts, desk, at, agents, seed)
    chat = None
    if needed * desk.concurrency > 1:
        simulated = ChatDesk.simulated(
            agents, concurrency=desk.concurrency, attention=needed, duration=duration, seed=seed
        )
        chat = simulated.measured(duration, arrivals / _HOUR_S, patience=mean)
    reasons = ["within_20_s_for_want_of_a_standard"] if desk.within is None else []
    if from_ == "assumed":
        reasons.append("conversations_not_seen_to_slow_each_other")
    return Queue(
        name, at, hours, arrivals,
        Served(agents, duration, mean, desk.concurrency, desk.within / 1e6 if desk.within is not None else 20.0, chat),
        ",".join(reasons) or None, handled=len(measured), handling_from="declared" if desk.handling is not None else "measured",
        attention=attention, attention_from=from_, patience=patience,
        patience_from="declared" if desk.patience else "measured" if patience else None,
        waited=_waited(charter, desk, contacts, known, seed),
    )  # fmt: skip


def _waited(charter: Charter, desk: Desk, contacts: Contacts, known: Booleans, seed: int) -> Estimate | None:
    """The mean wait, as :class:`Waiting` counts it: of all who come, those who gave up for as long as they waited.

    Its interval is by day: those who wait in one queue wait together; None below five days. Only time of opening counts, as in the queue.
    """
    if known.sum() < FEWEST:
        return None
    start = contacts.t_us[known].astype(np.float64)
    calendar = charter.calendars.get(desk.calendar) if desk.calendar else None
    end = start + contacts.wait_s[known] * 1e6
    spent = opening.between(calendar, charter.company.timezone, start, end) / 1e6
    days = np.unique(contacts.day[known], return_inverse=True)[1]
    found = ratio(by_person(days, spent, np.ones(len(spent))), seed=seed, n=len(spent), proportion=False)
    # What may be told of few persons is not the question: days stand in their place here.
    return None if found.ci_low is None else replace(found, value=float(spent.mean()))


def fit(predicted: float | None, waited: Estimate | None) -> Fit:
    """Whether the whole interval of the measured wait lies within the tolerance around the predicted one, beyond it, or neither.

    ``predicted`` is None where the wait has no end.
    """
    if waited is None or waited.ci_low is None or waited.ci_high is None:
        return "not_measured"
    if predicted is None:
        return "shorter"
    least = min(predicted / TIMES, predicted - SECONDS)
    most = max(predicted * TIMES, predicted + SECONDS)
    if waited.ci_low > most:
        return "longer"
    if waited.ci_high < least:
        return "shorter"
    return "fits" if least <= waited.ci_low and waited.ci_high <= most else "not_detectable"


def _attention(
    contacts: Contacts, desk: Desk, at: Booleans, agents: int, seed: int
) -> tuple[Attention | None, float, Told | None]:
    """What is measured of a conversation's share of a person, the share to go by, and where that comes from; no slowing down unless it is told or seen."""
    alone = 1 / desk.concurrency
    if desk.concurrency == 1:
        return None, alone, None
    held = at & (contacts.outcome != "abandoned") & (contacts.duration_s > 0)
    began = (contacts.t_us[held] - contacts.t_us.min()) / 1e6 + np.nan_to_num(contacts.wait_s[held])
    found = attention_of(
        began, began + contacts.duration_s[held], agents=agents, concurrency=desk.concurrency, blocks=contacts.day[held], seed=seed
    )  # fmt: skip
    if desk.attention is not None:
        return found, max(desk.attention, alone), "declared"
    if found is not None and found.low > alone:
        return found, found.value, "measured"
    return found, alone, "assumed"


def _at(contacts: Contacts, desk: Desk) -> Booleans:
    function = (contacts.function == desk.function) | (contacts.function == "")
    return np.asarray(contacts.human & function & (contacts.channel == desk.channel))


def opened_hours(charter: Charter, contacts: Contacts, desk: Desk, at: Booleans, as_of_us: int) -> float:
    """The hours of opening from the first contact to the end: by the desk's calendar, else the hours of the week that have contacts."""
    if not at.any():
        return 0.0
    first, last = int(contacts.day[at].min()), min(int(contacts.day[at].max()), as_of_us // _DAY_US + 1)
    calendar = charter.calendars.get(desk.calendar) if desk.calendar else None
    days = np.arange(first, last + 1)
    weekday = (days + 3) % 7
    if calendar is not None:
        of_day = np.array([sum(stop - start for start, stop in calendar.opened(day)) / 60 for day in DAYS])
        return float(of_day[weekday].sum())
    slot = ((contacts.day[at] + 3) % 7) * 24 + np.minimum(contacts.hour[at].astype(np.int64), 23)
    counted = np.bincount(slot, minlength=168)
    used = counted >= _SOONEST * counted.max()
    return float(used.reshape(7, 24).sum(axis=1)[weekday].sum())


def told(queue: Queue) -> Row:
    """The row of ``queues``."""
    row: Row = {
        "desk": queue.desk,
        "contacts": int(queue.at.sum()),
        "hours": queue.hours,
        "arrivals": queue.arrivals,
        "reason": queue.reason,
    }
    served, patience, attention = queue.served, queue.patience, queue.attention
    if served is None:
        return row
    row |= {
        "agents": float(served.agents), "concurrency": served.concurrency, "model": served.model, "within_s": served.within_s,
        "handling_s": served.duration_s, "handling_n": queue.handled, "handling_from": queue.handling_from,
        "alone_s": served.chat.duration if served.chat is not None else served.duration_s,
        "attention": served.chat.attention if served.chat is not None else 1 / served.concurrency if served.concurrency > 1 else None,
        "attention_from": queue.attention_from, "patience_s": served.patience_s, "patience_from": queue.patience_from,
    }  # fmt: skip
    if attention is not None:
        row |= {
            "attention_measured": attention.value,
            "attention_low": attention.low,
            "attention_high": attention.high,
            "attention_n": attention.n,
        }
    if patience is not None:
        row |= {
            "patience_measured": patience.mean, "patience_low": patience.low, "patience_high": patience.high, "waited": patience.n, "abandoned": patience.gone,
            "patience_fit": patience.fit,
        }  # fmt: skip
        if patience.worst is not None:
            worst = patience.worst
            row |= {
                "fit_at_s": worst.at, "fit_gone": worst.observed, "fit_low": worst.low, "fit_high": worst.high,
                "fit_exponential": worst.exponential,
            }  # fmt: skip
    return row
