"""What a person reads for the names of a charter and of the data."""

import re
from collections.abc import Iterable

from portance.charter import Charter
from portance.charter.journey_type import BREAK_KINDS
from portance.experience.voices.taxonomy import STARTER
from portance.views.reading import names
from portance.views.speech import Speech, clean
from portance.views.wording import REASONS, REFUSALS

OTHERS = "others"
"""The name under which the flow map gathers functions beyond the greatest ones."""
_CODE = re.compile("[a-z]+(_[a-z]+)+")
_REFUSALS = sorted(REFUSALS, key=lambda pair: -len(pair[0]))
_ALL = frozenset({"", "all", "*"})


class Naming:
    """Labels of one charter in one language."""

    def __init__(self, charter: Charter, speech: Speech) -> None:
        self._charter, self._speech = charter, speech

    @property
    def language(self) -> str:
        """The language in which names are read."""
        return self._speech.language

    def function(self, name: str | None) -> str:
        """A function's name, *Others* for the gathered ones, an em dash where there is none."""
        if name == OTHERS and OTHERS not in self._charter.functions:
            return self._speech.say("others")
        return clean(self._charter.label(name, self._speech.language))

    def functions(self, value: object) -> tuple[str, ...]:
        """The names of several functions, given as a list or with commas."""
        return tuple(self.function(name) for name in names(value))

    def journey(self, name: str | None) -> str:
        """A type of journey."""
        return clean(self._charter.journey_label(name, self._speech.language)) if name else "—"

    def promise(self, name: str) -> str:
        """What a promise says."""
        declared = self._charter.promises.get(name)
        return clean(declared.says.in_(self._speech.language) if declared else name.replace("_", " "))

    def indicator(self, name: str | None) -> str:
        """An indicator, as it is quoted in a sentence."""
        return self._declared(self._charter.indicators.get(name or ""), name)

    def lever(self, name: str | None) -> str:
        """A lever."""
        return self._declared(self._charter.levers.get(name or ""), name)

    def change(self, name: str | None) -> str:
        """A dated change or initiative."""
        return self._declared(self._charter.changes.get(name or ""), name)

    def scorecard(self, name: str | None) -> str:
        """What a bonus is paid on."""
        return self._declared(self._charter.scorecards.get(name or ""), name)

    def machine(self, name: str | None) -> str:
        """What customers meet without a person."""
        return self._declared(self._charter.machines.get(name or ""), name)

    def desk(self, name: str | None) -> str:
        """A place where persons answer."""
        return self._declared(self._charter.desks.get(name or ""), name)

    def survey(self, name: str | None) -> str:
        """A question to customers."""
        return self._declared(self._charter.surveys.get(name or ""), name)

    def ambition(self, name: str | None) -> str:
        """What the company says that it wants for its customers; or who believes what, of a belief."""
        declared = self._charter.ambitions.get(name or "")
        if declared:
            return clean(declared.says.in_(self._speech.language))
        belief = self._charter.beliefs.get(name or "")
        if belief is None:
            return self.anything(name)
        about = self.promise(belief.promise) if belief.promise else self.survey(belief.survey)
        return f"{about} ({clean(belief.by)})"

    def of_employees(self, name: str | None) -> str:
        """A tool, a task, a question to employees or a figure that HR keeps."""
        declared = self._charter.employees
        for held in (
            (declared.tools, declared.tasks, declared.questions, declared.figures) if declared else ()
        ):
            if name in held:
                return self._declared(held[name], name)  # type: ignore[index]
        return self._declared(None, name)

    def irritant(self, name: str | None) -> str:
        """What customers suffer from: as the charter names it, else as the starter list does."""
        declared = self._charter.voices.irritants.get(name or "")
        if declared is not None and declared.name is not None:
            return self._declared(declared, name)
        started = STARTER.get(name or "")
        if started is None:
            return self._declared(None, name)
        return clean((started.fr if self._speech.language == "fr" else started.en).replace("'", "’"))

    def exposure(self, name: str) -> str:
        """What a customer lives: a kind of break, or a promise, a gap or an irritant as ``kind:NAME``; two as ``a+b``."""
        parts = sorted(name.split("+"), key=lambda part: ":" in part)
        if len(parts) > 1:
            said = [self.exposure(part) for part in parts]
            return f"{', '.join(said[:-1])}{self._speech.say('exposure.and')}{said[-1]}"
        kind, colon, rest = name.partition(":")
        if not colon:
            if name in ("any_break", "repeated_breaks"):
                return self.word("exposure", name)
            return self.word("break", name) if name in BREAK_KINDS else self.anything(name)
        if kind == "break":
            return self.word("break", rest)
        if kind in ("promise", "gap"):
            return self.word("exposure", kind) + self.quoted(self.promise(rest))
        return self.irritant(rest) if kind == "irritant" else self.anything(rest)

    def quoted(self, said: str) -> str:
        """What is said, between the marks of this language."""
        return f"«\u00a0{said}\u00a0»" if self._speech.language == "fr" else f"“{said}”"

    def step(self, name: str | None, task: str | None = None) -> str:
        """A customer's step: as the charter names the task that serves it, else its activity as it is written."""
        tasks = self._charter.employees.tasks if self._charter.employees else {}
        declared = tasks.get(task or "")
        if declared is not None and declared.name is not None:
            return self._declared(declared, task)
        return clean(name.replace("_", " ")) if name else "—"

    def anything(self, name: str | None) -> str:
        """A name of any kind of declared thing; two names around ``>`` are read apart."""
        if name is None:
            return "—"
        if ">" in name:
            return " → ".join(self.anything(part.strip()) for part in name.split(">"))
        charter = self._charter
        for held in (
            charter.indicators,
            charter.levers,
            charter.changes,
            charter.scorecards,
            charter.journeys,
            charter.machines,
            charter.desks,
            charter.surveys,
        ):
            if name in held:
                return self._declared(held[name], name)
        if name in charter.promises:
            return self.promise(name)
        return self.function(name)

    def _declared(self, declared: object, name: str | None) -> str:
        text = getattr(declared, "name", None)
        if text is not None:
            return clean(str(text.in_(self._speech.language)))
        return clean(name.replace("_", " ")) if name else "—"

    def word(self, family: str, name: str | None) -> str:
        """The word of a closed list (``break``, ``facet``, ``grade``…); a name that is not in it stands for itself."""
        if not name:
            return "—"
        key = f"{family}.{name}"
        if self._speech.knows(key):
            return self._speech.say(key)
        return clean(name.replace("_", " "))

    def breaks(self, kinds: object) -> tuple[str, ...]:
        """The kinds of break, given with commas."""
        return tuple(self.word("break", kind) for kind in names(kinds))

    def reason(self, reason: object) -> str:
        """A reason: a code in our words, else what the stage says, in this language as far as it is known."""
        text = "" if reason is None else str(reason)
        if self._speech.knows(f"reason.{text}"):
            return self._speech.say(f"reason.{text}")
        parts = [part.strip() for part in text.split(",")]
        if len(parts) > 1 and all(
            self._speech.knows(f"reason.{part}") or _CODE.fullmatch(part) for part in parts
        ):
            return ", ".join(dict.fromkeys(self.reason(part) for part in parts))
        if _CODE.fullmatch(text):
            return text.replace("_", " ")
        if self._speech.language == "fr":
            for english, french in REASONS:
                text = text.replace(english, french)
        return clean(text)

    def refused(self, told: object) -> str:
        """What was expected of a refused row, or what to do about it, in this language as far as it is known."""
        text = "" if told is None else str(told)
        if self._speech.language == "fr":
            for english, french in _REFUSALS:
                text = text.replace(english, french)
        return clean(text)

    def segment(self, name: str | None) -> str:
        """A segment; everyone where none is named."""
        if everyone(name):
            return self._speech.say("everyone")
        of, equals, value = str(name).partition("=")
        if not equals:
            return clean(of)
        return clean(
            self._speech.say("segment_of", of=self._declared(self._charter.segments.get(of), of), value=value)
        )

    def joined(self, labels: Iterable[str]) -> str:
        """Labels as a sentence lists them: *a, b and c*."""
        held = list(labels)
        if len(held) < 2:
            return held[0] if held else self._speech.say("nobody")
        return self._speech.say("and", first=", ".join(held[:-1]), last=held[-1])


def everyone(segment: object) -> bool:
    """Whether a segment stands for all customers."""
    return segment is None or str(segment) in _ALL
