"""The customer's turns of a transcript: what anyone else said, or quoted, is never read."""

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_CUSTOMER = (
    "client", "cliente", "customer", "caller", "user", "utilisateur", "utilisatrice", "usager", "visiteur", "visitor", "appelant",
    "appelante", "assuré", "assurée", "abonné", "abonnée", "adhérent", "adhérente", "consumer", "guest", "passenger", "internaute",
)  # fmt: skip
_OTHERS = (
    "agent", "agente", "conseiller", "conseillère", "téléconseiller", "téléconseillère", "télé-conseiller", "advisor", "adviser",
    "representative", "rep", "operator", "opérateur", "opératrice", "bot", "chatbot", "voicebot", "callbot", "assistant", "assistante", "assistant virtuel",
    "virtual assistant", "support agent", "service client", "customer service", "support", "system", "système", "svi", "ivr", "gestionnaire", "employé", "employée",
    "technicien", "technicienne", "vendeur", "vendeuse", "réponse", "response",
)  # fmt: skip
_QUOTED = re.compile(
    r"(?im)^[ \t]*(?:(?:le|on)\b[^\n]{5,120}\b(?:a [ée]crit|wrote)[ \t]*:|-{2,}[ \t]*(?:original message|message d['’]origine|message original|message transf[ée]r[ée]|forwarded message)|(?:de|from)[ \t]*:[^\n]*@[^\n]*\n[ \t]*(?:envoy[ée]|sent|date|[àa]|to)[ \t]*:)"
)
_QUOTES = r"(?i)a [ée]crit\s*:|wrote\s*:|original message|message d['’]origine|message original|message transf|forwarded message|(de|from)\s*:.*@"
_REPLY = re.compile(r"(?m)^[ \t]*>[^\n]*\n?")


class Turns:
    """Reads the customer's turns; ``customer`` and ``others`` are a company's own marks, beside the usual ones."""

    def __init__(self, customer: Sequence[str] = (), others: Sequence[str] = ()) -> None:
        own = [_bare(mark) for mark in customer if _bare(mark)]
        foreign = [_bare(mark) for mark in others if _bare(mark)]
        self._mine = frozenset(own) | (frozenset(_CUSTOMER) - frozenset(foreign))
        marks = sorted({*self._mine, *foreign, *_OTHERS}, key=lambda mark: (-len(mark), mark))
        self._own_others = frozenset(foreign)
        written = "|".join(re.escape(mark).replace(r"\ ", r"\s+") for mark in marks)
        clock = r"(?:[\[(]?\d{1,2}[:h]\d{2}(?::\d{2})?[\])]?\s*[-–]?\s*)?"
        self._mark = re.compile(
            rf"(?im)(?:^[ \t]*|(?<=[.!?…|\])>\"»])[ \t]*|(?<=\s)(?=[A-ZÀ-Ý\[]))[\[(*]{{0,2}}{clock}[\[(*]{{0,2}}(?P<who>{written})"
            rf"(?:[ \t]+\(?[^\W\d_][\w'’\-.]{{0,20}}\)?|[ \t]*\d{{1,3}})?[ \t]*[\])*]{{0,2}}(?:[ \t]*:|[ \t]+>)[ \t*]*"
        )
        self._may_hold = rf"(?i)({written.replace(chr(92) + '-', '-')})[^\n]{{0,26}}[:>]"

    def read(self, texts: Sequence[str]) -> list[str]:
        """What the customer wrote of each text; a text that is no transcript stays as it is."""
        made = list(texts)
        column = pa.array(made, pa.large_string())
        for place in pc.indices_nonzero(pc.match_substring_regex(column, _QUOTES)).to_pylist():
            quoted = _QUOTED.search(made[place])
            if quoted is not None and made[place][: quoted.start()].strip():
                made[place] = made[place][: quoted.start()]
        for place in pc.indices_nonzero(pc.match_substring_regex(column, r"(?m)^[ \t]*>")).to_pylist():
            made[place] = _REPLY.sub("", made[place])
        for place in pc.indices_nonzero(pc.match_substring_regex(column, self._may_hold)).to_pylist():
            made[place] = self.turns(made[place])
        return made

    def turns(self, text: str) -> str:
        """The customer's turns of one text, a line each; the whole text where it is no transcript.

        It is one when a customer's turn is opened in it, or when someone else's opens it. What stands before the first mark
        is nobody's.
        """
        marks = [
            (match.start(), match.end(), re.sub(r"\s+", " ", match["who"].lower()))
            for match in self._mark.finditer(text)
        ]
        if not marks:
            return text
        mine = [who in self._mine for _, _, who in marks]
        opened = not text[: marks[0][0]].strip() and (
            len(marks) > 1 or marks[0][2] not in _LABELS or marks[0][2] in self._own_others
        )
        if not any(mine) and not (opened and self._speaks(marks)):
            return text
        if any(mine) and all(mine) and len(marks) == 1 and text[: marks[0][0]].strip():
            return text
        ends = [start for start, _, _ in marks[1:]] + [len(text)]
        said = [
            text[end:stop].strip()
            for (_, end, _), stop, customer in zip(marks, ends, mine, strict=True)
            if customer
        ]
        return "\n".join(one for one in said if one)

    def _speaks(self, marks: Sequence[tuple[int, int, str]]) -> bool:
        """Whether marks of others are turns: « Service client : déplorable » in a review is none."""
        return any(who not in _LABELS or who in self._own_others for _, _, who in marks)


_LABELS = frozenset(("service client", "customer service", "support", "réponse", "response", "gestionnaire", "system", "système", "rep", "agent", "conseiller", "assistant", "vendeur", "technicien")) - {"agent", "conseiller", "assistant"}  # fmt: skip
"""Marks that reviews use as headings."""


def _bare(mark: str) -> str:
    return mark.strip().rstrip(":>").strip().lower()
