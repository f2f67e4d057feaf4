"""An identifier: what a value of one type is compared by, which values mean nobody, and how many persons it may tie."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from portance.charter import Charter

DEFAULT_CAP = 3
"""Persons that a phone, an address or a device may tie before it is taken for a shared one."""

_PHONE = re.compile(r"phone|mobile|msisdn|(^|_)(tel|gsm|fax)(_|$)")
_SHARED = re.compile(
    r"phone|mobile|msisdn|(^|_)(tel|gsm|fax|ip|ipv4|ipv6|imei|mac)(_|$)|mail|courriel|device|cookie|browser|visitor"
    r"|address|adresse"
)
_SEPARATORS = r"[\s.\-/()\x{00A0}\x{202F}]"
_ABROAD = "^00([1-9])"

_NOBODY = (
    "", "-", "--", "---", "?", "??", "???", ".", "_", "/", "*", "null", "(null)", "<null>", r"\n", "none", "(none)", "nil", "void", "undefined",
    "nan", "#n/a", "n/a", "na", "n.a.", "nc", "n.c.", "n/c", "-1", "0.0", "[object object]", "anonymous", "anonyme", "unknown", "inconnu",
    "inconnue", "guest", "test", "not available", "not provided", "not set", "(not set)", "non renseigné", "non renseignée",
    "non communiqué", "sans objet", "123456789", "0123456789", "1234567890", "ffffffff-ffff-ffff-ffff-ffffffffffff",
)  # fmt: skip
"""Texts, in lower case, that systems write where they know nobody."""

_RUN = "|".join(f"{digit}{{6,}}" for digit in "123456789")
_NOBODY_PATTERNS = (
    r"^[0\-]*0[0\-]*$",  # 0, 00000000, the all-zero UUID
    rf"^(?:{_RUN})$",  # 999999; shorter ones are numbers that customers really have
    r"^(?:null|none|undefined|nan|na|n/a|unknown|anonymous|anonyme|inconnu|\[object object\])@",
    r"^(?:test|tests|tester|testing)(?:[0-9]*|[+._\-].*)@",
    r"^(?:no|not|do|ne)[\-_.]?(?:reply|not[\-_.]?reply|pas[\-_.]?repondre)(?:[+._\-].*)?@",
    r"^(?:noreply|donotreply|nepasrepondre|mailer-daemon|postmaster)@",
    r"@(?:null|none|localhost|undefined|(?:.+\.)?example(?:\.[a-z]{2,3})?|.+\.(?:invalid|test|example))$",
)
_NOBODY_PHONES = (
    r"^\+?\d{0,4}0{7,}$",  # +33 6 00 00 00 00
    r"^\+?\d{0,3}(?:" + "|".join(f"{digit}{{8,}}" for digit in "123456789") + r")$",
    r"^\+?\D*$",  # nothing left to dial
)


@dataclass(frozen=True, slots=True)
class IdentifierType:
    """How the values of one type of identifier are read: ``cap`` is ``None`` where any number of persons may be tied."""

    name: str
    cap: int | None = None
    is_phone: bool = False
    ignored: tuple[str, ...] = ()

    def compared(self, given: pa.Array) -> pa.Array:
        """The texts by which values are the same identifier: outer spaces, the case of e-mails, the gaps of phone numbers do not count."""
        values = pc.utf8_trim_whitespace(given)
        if not pc.all(pc.string_is_ascii(values), min_count=0).as_py():
            values = pc.utf8_normalize(values, form="NFC")
        if self.is_phone:
            dialled = pc.replace_substring_regex(values, _SEPARATORS, "")
            values = pc.replace_substring_regex(dialled, _ABROAD, r"+\1")
        return pc.if_else(pc.match_substring(values, "@"), pc.utf8_lower(values), values)

    def nobody(self, compared: pa.Array) -> npt.NDArray[np.bool_]:
        """Which of the compared texts mean nobody, by the well-known list and by the charter's own."""
        values = pc.utf8_lower(compared)
        found = pc.is_in(values, pa.array(_NOBODY))
        patterns = [
            *_NOBODY_PATTERNS,
            *(_NOBODY_PHONES if self.is_phone else ()),
            *(self._pattern(text) for text in self.ignored),
        ]
        for pattern in patterns:
            found = pc.or_(found, pc.match_substring_regex(values, pattern))
        return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)

    def _pattern(self, text: str) -> str:
        """A value of the charter's ``ignore``, where ``*`` stands for any text, read as the values are."""
        parts = [re.escape(str(self._bare(part)).lower()) if part else "" for part in text.strip().split("*")]
        return "(?s)^" + ".*".join(parts) + "$"

    def _bare(self, text: str) -> Any:
        if not self.is_phone:
            return text
        dialled = pc.replace_substring_regex(pa.array([text]), _SEPARATORS, "")
        return pc.replace_substring_regex(dialled, _ABROAD, r"+\1")[0].as_py()


def identifier_types(names: list[str], charter: Charter) -> tuple[IdentifierType, ...]:
    """The types in the order in which they connect: those without a cap first, then as declared, then by name.

    The order is the charter's and never the data's, so that the order of arrival changes nothing.
    """
    declared = list(charter.identifiers)
    types = []
    for name in names:
        own = charter.identifiers.get(name)
        cap = own.cap if own else None
        if cap is None and _SHARED.search(name.lower()):
            cap = DEFAULT_CAP
        types.append(IdentifierType(name, cap, bool(_PHONE.search(name.lower())), own.ignore if own else ()))

    def order(type_: IdentifierType) -> tuple[bool, int, str]:
        place = declared.index(type_.name) if type_.name in declared else len(declared)
        return type_.cap is not None, place, type_.name

    return tuple(sorted(types, key=order))


def case_like(charter: Charter) -> frozenset[str]:
    """The types that number a customer's affairs (orders, tickets) rather than the customer: they also key a case."""
    found = set()
    for source in charter.sources.values():
        cases = source.case or {}
        found |= {
            name for name, text in source.identifiers.items() if name in cases or text in cases.values()
        }
    return frozenset(found)
