"""What several files share: the cases that run through them, the look-ups that tell more, the customers behind both."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from portance.charter.naming import slug
from portance.intake import words as vocabulary
from portance.intake.parts import Table, has, identifies, instants, is_unique, read_table, repeats, usable
from portance.intake.profiling import NOTHING, Column, Profile, contained


class Linked:
    """All the files, and what they share: cases, look-ups, types of identifiers."""

    def __init__(self, found: Sequence[Profile], language: str, folder: Path) -> None:
        self.language, self.folder = language, folder
        self.tables: list[Table] = []
        taken: set[str] = set()
        for profile in found:
            stem = profile.path.name.split(".")[0]
            name = slug(f"{stem} {profile.sheet}" if profile.sheet else stem, "source")
            self.tables.append(read_table(profile, _fresh(name, taken)))
        self.live = [table for table in self.tables if table.role in ("log", "record", "list")]
        self.live.sort(key=lambda table: _start(table.times))
        self.types: dict[tuple[int, str], str] = {}
        self._link()

    def say(self, fr: str, en: str) -> str:
        """A comment in the language of the charter."""
        return fr if self.language == "fr" else en

    # -- what they share

    def _link(self) -> None:
        """Cases, look-ups and types of identifiers."""
        for table in self.live:
            self._choose_case(table)
        for table in self.tables:
            if table.role in ("lookup", "left"):
                self._look_up(table)
        for table in self.live:
            for column in table.persons:
                self.types[id(table), column.header] = self._type(table, column)

    def _choose_case(self, table: Table) -> None:
        """A record's case is the column that most other files with times hold; else its own unique one."""
        if table.role == "log":
            table.case_name = self._key_name(table)
            return
        best: tuple[float, int, Column] | None = None
        for column in table.columns:
            if (
                column.is_time
                or column.kind not in ("integer", "text")
                or not usable(column)
                or column.filled < 0.5 * table.profile.rows
            ):
                continue
            sharing = [
                other for other in self.live if other is not table and self._shares(table, column, other)
            ]
            score = (
                len(sharing)
                + (0.6 if has(column, vocabulary.CASE) else 0)
                - (0.9 if has(column, vocabulary.PERSON) else 0)
            )
            if sharing and score > 0.5 and (best is None or score > best[0]):
                best = (score, column.place, column)
        if best:
            table.key = best[2]
        elif table.role == "record" or (
            table.unique is not None and not any(repeats(person) > 1.02 for person in table.persons)
        ):
            table.key = table.unique
        if table.key is not None:
            table.persons = [column for column in table.persons if column is not table.key]
            table.parts = {part: column for part, column in table.parts.items() if column is not table.key}
            table.case_name = self._key_name(table)

    def _shares(self, table: Table, column: Column, other: Table) -> bool:
        """Whether a column stands in another file too, where it is a key, or is one here."""
        twin = self._twin(column, other)
        if twin is None:
            return False
        return any(_keyed(owner, part) for owner, part in ((table, column), (other, twin)))

    def _twin(self, column: Column, other: Table) -> Column | None:
        """The column of another file that holds the same values: by name, or by its values where they are telling."""
        same = [
            twin for twin in other.columns if twin.words == column.words and not twin.is_time and usable(twin)
        ]
        if same and (contained(column, same[0]) > 0.02 or contained(same[0], column) > 0.02):
            return same[0]
        if column.kind != "text" or column.distinct < 5 or column.mean_length < 4:
            return None
        best = max(
            (
                (contained(column, twin), -twin.place, twin)
                for twin in other.columns
                if twin.kind == "text" and usable(twin)
            ),
            default=None,
        )
        return best[2] if best and best[0] >= 0.5 else None

    def _key_name(self, table: Table) -> str:
        """The name of a case: the same for all the files that share it."""
        key = table.key
        assert key is not None  # noqa: S101 called for tables that have one
        for other in self.live:
            if other is not table and other.case_name and other.key is not None:
                twin = self._twin(key, other)
                if twin is not None and twin.header == other.key.header:
                    return other.case_name
        if key.header.lower() == "case:concept:name":
            return "case_id"
        plain = [
            word
            for word in key.words
            if word not in vocabulary.IDENTIFYING or (word in vocabulary.CASE and len(key.words) == 1)
        ]
        return slug(" ".join(plain) or key.header, "case")

    def _type(self, table: Table, column: Column) -> str:
        for (owner, header), known in self.types.items():
            other = next(candidate for candidate in self.live if id(candidate) == owner)
            if other is table:
                continue
            twin = self._twin(column, other)
            if twin is not None and twin.header == header:
                return known
        if has(column, ("email", "mail", "courriel")):
            return "email"
        if has(column, ("phone", "telephone", "tel", "mobile", "msisdn")):
            return "phone"
        plain = [word for word in column.words if word not in vocabulary.IDENTIFYING - {"unique"}]
        wanted = slug(" ".join(plain) or column.header, "identifier")
        mine = {known for (owner, _), known in self.types.items() if owner == id(table)}
        return slug(column.header, "identifier") if wanted in mine else wanted

    def _look_up(self, table: Table) -> None:
        """A file without times tells more of the rows of another, where it has one row for each."""
        joined = False
        for other in self.live:
            for column in table.columns:
                if not _keyed(table, column) or column.is_time:
                    continue
                here = self._twin(column, other)
                if here is None or contained(here, column) < 0.3:
                    continue
                taken = self._taken(table, column, other)
                if taken:
                    other.lookups.append((table, here, column, taken))
                joined = True
                break
        if joined:
            table.role = "lookup"
            return
        shared = next(
            (
                (column, other)
                for other in self.live
                for column in table.columns
                if other.key is not None and self._twin(other.key, table) is column
            ),
            None,
        )
        table.role = "left"
        if shared:
            column, other = shared
            more = column.filled - column.distinct
            due = [item.header for item in table.due]
            dated = (
                self.say(f" {listed(due)} a l'air d'une échéance.", f" {listed(due)} looks like a deadline.")
                if due
                else ""
            )
            table.notes.append(self.say(
                f"aucune colonne ne dit quand quelque chose s'est passé, et {integer(more, self.language)} lignes de plus que de valeurs de {column.header} : fichier laissé de côté.{dated}",
                f"no column says when something happened, and {integer(more, self.language)} more rows than {column.header} values: left aside.{dated}",
            ))  # fmt: skip
        else:
            table.notes.append(self.say(
                "ni date ni clé commune avec les autres fichiers : laissé de côté.", "no date and no key shared with the other files: left aside.",
            ))  # fmt: skip

    def _taken(self, table: Table, key: Column, other: Table) -> list[Column]:
        names = {column.header for column in other.columns} | {
            column.header for _, _, _, taken in other.lookups for column in taken
        }
        free = [
            column
            for column in table.columns
            if column is not key and usable(column) and column.header not in names and not column.is_time
        ]
        persons = [column for column in free if identifies(column)]
        traits = [column for column in free if column not in persons and is_trait(column)]
        traits.sort(key=lambda column: (not has(column, vocabulary.SEGMENT), column.distinct, column.place))
        return [*persons[:2], *traits[:3]]


def _start(times: Sequence[Column]) -> float:
    """When the first step of a file usually is: files are told in this order."""
    known = instants(times[0])[instants(times[0]) != NOTHING]
    return float(np.median(known)) if known.size else float("inf")


def _keyed(table: Table, column: Column) -> bool:
    return is_unique(column, table.profile) or (table.role == "log" and column is table.key)


def is_trait(column: Column) -> bool:
    low = column.kind == "text" and 2 <= column.distinct <= 60 and column.mean_length <= 40
    counted = column.kind == "integer" and 2 <= column.distinct <= 12
    return (low or counted) and column.distinct * 2 <= max(4, column.filled)


def _fresh(name: str, taken: set[str]) -> str:
    plain, number = name, 2
    while name in taken:
        name, number = f"{plain}_{number}", number + 1
    taken.add(name)
    return name


def listed(names: Sequence[str], most: int = 8) -> str:
    shown = [name if len(name) <= 40 else name[:39] + "…" for name in names[:most]]
    return ", ".join(shown) + (", …" if len(names) > most else "")


def integer(value: int, language: str) -> str:
    return f"{value:,}".replace(",", "\u202f" if language == "fr" else ",")
