"""A charter guessed from files: what each is, how they hang together, and every doubt in plain words.

Counted, not learned: the same files give the same charter. The main path is :func:`guess`: profiles, then what each
file is (:func:`read_table`), then what they share (:class:`_Company`), then the charter's values with comments.
"""

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from portance.charter import document, drafting, formula
from portance.charter.charter import Charter
from portance.charter.checking import column_formula
from portance.charter.drafting import ABSENT, Flow, Noted
from portance.charter.naming import slug, words
from portance.engine import Engine, literal
from portance.errors import CharterError, ExtractError, Problem
from portance.intake import reading
from portance.intake import words as vocabulary
from portance.intake.linking import Linked, integer, is_trait, listed
from portance.intake.parts import (
    Table,
    has,
    identifies,
    instants,
    lively,
    outcomes,
    repeats,
    usable,
)
from portance.intake.profiling import (
    NOTHING,
    ROWS,
    Column,
    Profile,
    gaps,
    profiles,
    varies,
)

FILE = "charter.yaml"
_FEW = 12
"""Up to so many functions are declared by name; more are read from the data."""
_MOST_SOURCES = 60
_HOUR_US = 3_600_000_000
_NICE_HOURS = (1, 4, 8, 24, 48, 72, 120, 168, 240, 336, 504, 720, 1440, 2160)
_ZONES = {"fr": "Europe/Paris", "en": "UTC"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A guessed charter: its text, its values, and the folder in which its paths start."""

    folder: Path
    text: str
    values: Mapping[str, Any]

    def check(self) -> Charter:
        """The charter that the text declares; a ``CharterError`` would be a fault of the guess."""
        return document.checked(document.parse(self.text.encode(), self.folder / FILE))

    def write(self) -> Path:
        """Write ``charter.yaml`` and give its path; a ``CharterError`` where one is there already."""
        file = self.folder / FILE
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with file.open("x", encoding="utf-8") as stream:
                stream.write(self.text)
        except FileExistsError:
            raise already_there(file) from None
        return file


def already_there(file: Path) -> CharterError:
    """What tells that a folder holds a charter already."""
    problem = Problem(
        file, 0, "charter", "a charter that is there already", "a folder without one",
        "Choose another folder, or move that file away yourself: it is never overwritten.",
    )  # fmt: skip
    return CharterError([problem])


def refuse_existing(folder: Path) -> None:
    """A ``CharterError`` where the folder holds a charter already."""
    if (folder / FILE).exists():
        raise already_there(folder / FILE)


def guess(files: Sequence[Path], *, language: str, folder: Path, rows: int = ROWS) -> Draft:
    """A draft of the charter for files of any form; ``ExtractError`` where one of them cannot be read at all.

    ``folder`` is where the charter will stand: its paths start there. ``rows`` are looked at in each file.
    """
    if not files:
        raise ExtractError(
            folder,
            "no file",
            "one extract at least",
            "Name the files, or leave --from out to start from an example.",
        )
    refuse_existing(folder)
    found: list[Profile] = []
    with Engine() as engine:
        for file in dict.fromkeys(files):
            reading.expand(Path(), [glob.escape(str(file))])  # is it there, a file, and not empty
            found += profiles(engine, file, engine.folder, rows=rows)
    company = _Company(found[:_MOST_SOURCES], language, folder)
    values, head = company.charter()
    draft = Draft(folder, drafting.text(values, head), drafting.plain(values))
    draft.check()
    return draft


# ---- the charter


class _Company(Linked):
    """The charter that the files make together."""

    def __init__(self, found: Sequence[Profile], language: str, folder: Path) -> None:
        super().__init__(found, language, folder)
        self.functions: dict[str, Any] = {}
        self._attributes: dict[str, float] = {}

    def charter(self) -> tuple[dict[str, Any], list[str]]:
        """The values of the charter with their comments, and the comment at its head."""
        if not self.live:
            raise ExtractError(
                self.tables[0].profile.path, "no column that holds dates", "a file in which a column says when things happened",
                "Add a column of dates to the export, or write the charter by hand.",
            )  # fmt: skip
        sources = {table.name: self._source(table) for table in self.live}
        journeys, journey_of = self._journeys()
        promises = self._promises(journey_of)
        values: dict[str, Any] = {"portance": 1, "company": self._about()}
        values["functions"] = self._declared()
        values["sources"] = sources
        for table in self.tables:
            if table.role == "left":
                values["sources"][f"left {table.name}"] = Noted(
                    ABSENT, (f"{_shown(table)}: {table.notes[-1]}",)
                )
        values["journeys"] = journeys
        breaks = self._breaks()
        if breaks:
            values["breaks"] = breaks
        if promises:
            values["promises"] = promises
        segments = self._segments()
        if segments:
            values["segments"] = segments
        return values, self._head()

    def _head(self) -> list[str]:
        names = listed([_shown(table) for table in self.tables])
        return [
            self.say(f"Charte devinée à partir de {names}.", f"Charter guessed from {names}."),
            self.say(
                "Elle se scanne telle quelle : portance scan charter.yaml --out resultats. Chaque doute est dit à côté de sa ligne : corrigez-les un à un.",
                "It scans as it is: portance scan charter.yaml --out results. Each doubt is told beside its line: mend them one by one.",
            ),
        ]  # fmt: skip

    def _about(self) -> Any:
        zoned = all(time.zoned for table in self.live for time in (*table.times, *table.due))
        name = self.folder.resolve().name.replace("_", " ").replace("-", " ").strip().title() or self.say(
            "Mon entreprise", "My company"
        )
        zone = _ZONES.get(self.language, "UTC")
        above = [
            self.say(
                "le nom, la monnaie et le fuseau sont à vérifier",
                "check the name, the currency and the time zone",
            )
        ]
        if not zoned:
            above.append(self.say(
                f"les heures des fichiers ne disent pas leur fuseau : elles sont lues comme des heures de {zone}.",
                f"the times in the files do not tell their zone: they are read as times of {zone}.",
            ))  # fmt: skip
        company = {
            "name": name if name.isprintable() else "Portance",
            "currency": "EUR",
            "timezone": zone,
            "language": self.language,
        }
        return Noted(Flow(company), tuple(above))

    def _declared(self) -> Any:
        if not self.functions:
            return Noted({}, (self.say(
                "les fonctions sont lues dans les données ; déclarez ici celles à qui vous voulez donner un nom",
                "functions are read from the data; declare here those that you want to name",
            ),))  # fmt: skip
        return self.functions

    # -- one source

    def _source(self, table: Table) -> Any:
        profile = table.profile
        counted = integer(profile.rows, self.language)
        looked = (
            counted
            if profile.whole
            else self.say(f"les {counted} premières lignes", f"the first {counted} rows")
        )
        told = {
            "log": self.say(f"journal d'événements : une ligne par événement ({looked})", f"event log: one row per event ({looked})"),
            "record": self.say(f"une ligne par dossier, plusieurs dates par ligne ({looked})", f"one row per case, several dates in each ({looked})"),
            "list": self.say(f"une ligne par interaction ({looked})", f"one row per interaction ({looked})"),
        }[table.role]  # fmt: skip
        above = [told]
        if profile.malformed:
            above.append(
                self.say(
                    f"{profile.malformed} lignes n'ont pas la forme des autres : elles seront refusées, et gardées",
                    f"{profile.malformed} rows lack the form of the others: they will be refused, and kept",
                )
            )
        source: dict[str, Any] = {"read": _path(profile.path, self.folder)}
        if profile.sheet:
            source["sheet"] = profile.sheet
        if profile.format in ("xes", "ocel"):
            source["format"] = profile.format
        self._dates(table, source)
        if table.lookups:
            source["lookups"] = {
                slug(other.name, "lookup"): Flow({"read": _path(other.profile.path, self.folder), "on": {here.header: there.header}, "take": [column.header for column in taken]})
                for other, here, there, taken in table.lookups
            }  # fmt: skip
        if table.key is not None and table.case_name:
            source["case"] = Noted(
                Flow({table.case_name: _value(table.key.header)}), beside=self._case_note(table)
            )
        identifiers = self._identifiers(table)
        if identifiers:
            source["identifiers"] = Flow(identifiers)
        attributes = self._traits(table)
        if attributes:
            plain = all(name == header for name, header in attributes.items())
            source["attributes"] = Flow(
                list(attributes) if plain else {name: _value(header) for name, header in attributes.items()}
            )
        source["interactions"] = self._entries(table)
        if self._published(table):
            source["published"] = Noted(ABSENT, (self.say(
                f"des avis que tout le monde peut lire ? Dites-le : voices: {{public: [{table.name}]}} ; ils disent ce qui fâche, jamais combien de clients",
                f"reviews that anyone can read? Say so: voices: {{public: [{table.name}]}}; they tell what upsets, never how many customers",
            ),))  # fmt: skip
        leftover = self._leftover(table)
        if leftover:
            source["leftover"] = Noted(ABSENT, tuple(leftover))
        return Noted(source, tuple(above))

    def _published(self, table: Table) -> bool:
        """Whether its texts may be public: by who wrote them, or by what the file and its columns are called."""
        if "verbatim" not in table.parts:
            return False
        named = (*words(table.name), *(word for column in table.times for word in column.words))
        return any(has(column, vocabulary.AUTHOR) for column in table.persons) or any(
            word.startswith(vocabulary.PUBLISHED) for word in named
        )

    def _case_note(self, table: Table) -> str | None:
        key = table.key
        if key is None or table.role != "log":
            return None
        return self.say(
            f"revient {_number(repeats(key), self.language)} fois en moyenne, avec d'autres dates",
            f"comes back {_number(repeats(key), self.language)} times on average, with other times",
        )

    def _dates(self, table: Table, source: dict[str, Any]) -> None:
        times = [column for column in (*table.times, *table.due) if column.unsure]
        if not times:
            return
        formats = list(dict.fromkeys(form for column in (*table.times, *table.due) for form in column.dates))
        example = next((value for column in times for value in column.values()), "")
        if all(column.dates for column in (*table.times, *table.due)):
            source["dates"] = Noted(Flow(formats), (self.say(
                f"rien ne dit si {example} commence par le jour ou par le mois : lu le jour d'abord, à vérifier",
                f"nothing tells whether {example} starts with the day or the month: read day first, please check",
            ),))  # fmt: skip

    def _identifiers(self, table: Table) -> dict[str, str]:
        found = {self.types[id(table), column.header]: _value(column.header) for column in table.persons}
        for _, _, _, taken in table.lookups:
            for column in taken:
                if identifies(column):
                    name = slug(
                        " ".join(
                            word for word in column.words if word not in vocabulary.IDENTIFYING - {"unique"}
                        )
                        or column.header,
                        "identifier",
                    )
                    found.setdefault(
                        name if name not in found else slug(column.header, "identifier"),
                        _value(column.header),
                    )
        if table.key is not None and table.case_name and self._case_joins(table):
            found.setdefault(table.case_name, _value(table.key.header))
        return found

    def _case_joins(self, table: Table) -> bool:
        """Whether the case ties a file without customers to one that knows them."""
        same = [other for other in self.live if other.case_name == table.case_name]
        knows = [
            bool(other.persons)
            or any(identifies(column) for seen, _, _, taken in other.lookups for column in taken)
            for other in same
        ]
        return len(same) > 1 and any(knows) and not all(knows)

    def _traits(self, table: Table) -> dict[str, str]:
        used = table.used() - {column.header for column in self._ends(table)}
        fitting = [
            column
            for column in table.columns
            if column.header not in used
            and usable(column)
            and is_trait(column)
            and 5 * column.filled >= table.profile.rows
        ]
        if table.key is not None and table.role == "log":
            settled = {column.header: varies(table.key, column) < 0.05 for column in fitting}
        else:
            settled = {column.header: True for column in fitting}
        fitting.sort(
            key=lambda column: (
                not has(column, vocabulary.SEGMENT),
                not settled[column.header],
                column.distinct > 40,
                column.place,
            )
        )
        chosen = [column.header for column in sorted(fitting[:5], key=lambda column: column.place)]
        chosen += [column.header for _, _, _, taken in table.lookups for column in taken if is_trait(column)]
        chosen += [column.header for column in (*self._flags(table), *self._ends(table))]
        found: dict[str, str] = {}
        for header in dict.fromkeys(chosen):
            name = (
                header
                if header.isascii() and header.isidentifier() and len(header) <= 60 and header[0] != "_"
                else slug(header, "attribute")
            )
            name = (
                f"{name}_given"
                if name
                in formula.INTERACTION_NAMES | {"t_us", "person_id", "case_key", "agent"} | _ENTRY_KEYS
                else name
            )
            found[name if name not in found else f"{name}_2"] = header
        for name, header in found.items():
            column = table.profile.column(header) or next(
                item for _, _, _, taken in table.lookups for item in taken if item.header == header
            )
            if (
                column not in self._ends(table)
                and 2 <= column.distinct <= 60
                and settled.get(header, True)
                and column.kind in ("text", "integer")
                and column.filled
            ):
                weight = (2 if has(column, vocabulary.SEGMENT) else 1) + (0.5 if column.distinct <= 30 else 0)
                self._attributes[name] = max(weight, self._attributes.get(name, 0.0))
        return found

    def _ends(self, table: Table) -> list[Column]:
        """The column that tells how a record ended, which none of its steps can carry."""
        return [table.parts["outcome"]] if table.role == "record" and "outcome" in table.parts else []

    def _flags(self, table: Table) -> list[Column]:
        return [
            column
            for column in table.columns
            if column.kind == "flag"
            and has(column, vocabulary.KEPT)
            and table.key is not None
            and column.filled > 0.5 * table.profile.rows
        ]

    # -- the interactions of a source

    def _entries(self, table: Table) -> list[Any]:
        if table.role == "record":
            return list(self._record(table))
        entry: dict[str, Any] = {"activity": self._activity_of(table)}
        time = table.parts["time"]
        entry["at"] = _value(time.header)
        if table.unique is not None and table.unique is not table.key:
            entry["id"] = _value(table.unique.header)
        above = [*self._time_notes(table, time)]
        function, note = self._function_of(table)
        entry["function"] = Noted(function, above=(note,)) if note else function
        entry |= self._common(table)
        if table.due:
            entry["due_at"] = _value(table.due[0].header)
        if above:
            entry["at"] = Noted(entry["at"], tuple(above))
        return [entry]

    def _activity_of(self, table: Table) -> Any:
        column = table.parts.get("activity")
        if column is None:
            if table.role != "log":
                mates = [
                    other for other in self.live if other.case_name and other.case_name == table.case_name
                ]
                step = [word for word in table.parts["time"].words if word not in vocabulary.WHEN]
                return " ".join(step) if len(mates) > 1 and step else table.name.replace("_", " ")
            return Noted(table.name.replace("_", " "), (self.say(
                "aucune colonne ne nomme ce qui se passe : un seul nom pour toutes les lignes", "no column names what happens: one name for all rows",
            ),))  # fmt: skip
        others = [
            item.header for item in table.columns
            if item is not column and item.kind == "text" and 2 <= item.distinct <= 60 and has(item, vocabulary.ACTIVITY | vocabulary.STATUS) and lively(table, item)
            and item.header not in {table.parts[part].header for part in ("function", "team") if part in table.parts}
        ]  # fmt: skip
        beside = self.say(f"{column.distinct} activités", f"{column.distinct} activities")
        if others:
            beside += self.say(f" ; ou bien {listed(others)} ?", f"; or {listed(others)}?")
        return Noted(Flow({"column": column.header}), beside=beside)

    def _time_notes(self, table: Table, time: Column) -> Iterator[str]:
        others = [column.header for column in table.times if column is not time]
        if others:
            yield self.say(
                f"{len(others)} autre(s) date(s) ne changent pas à chaque ligne ou la doublent : {listed(others)}",
                f"{len(others)} other time column(s) stay the same within a case, or double this one: {listed(others)}",
            )
        if len(table.due) > 1 or (table.due and table.role == "log"):
            yield self.say(
                f"ont l'air d'échéances : {listed([column.header for column in table.due])}",
                f"look like deadlines: {listed([column.header for column in table.due])}",
            )

    def _function_of(self, table: Table) -> tuple[Any, str | None]:
        column = table.parts.get("function") or table.parts.get("service")
        note = None
        if column is None and table.role == "log":
            column = table.parts.get("activity")
            note = self.say(
                "aucune colonne ne dit quelle fonction agit : chaque activité en tient lieu ; regroupez celles d'une même fonction",
                "no column says which function acts: each activity stands for one; put together those of one function",
            )
        if column is None:
            name, fr, en = _sounds(table.profile.path.name.split(".")[0], table.name)
            self._declare(name, fr, en)
            return name, self.say(
                "deviné d'après le nom du fichier : qui agit vraiment ?",
                "guessed from the name of the file: who truly acts?",
            )
        missing = table.profile.rows - column.filled
        if missing and note is None:
            share = _number(100 * missing / table.profile.rows, self.language)
            note = self.say(
                f"vide sur {share} % des lignes : elles ne pourront être rattachées à aucune fonction",
                f"empty on {share} % of the rows: these can belong to no function",
            )
        if column.distinct > _FEW or any(len(value) > 60 for value in column.values()):
            more = self.say(
                f"{column.distinct} valeurs : trop pour les déclarer une à une",
                f"{column.distinct} values: too many to declare one by one",
            )
            return Flow({"column": column.header}), self.say(" ; ", "; ").join(filter(None, (note, more)))
        mapping: dict[str, str] = {}
        for value in column.values():
            name = slug(value, "function")
            while name in mapping.values():
                name += "_2"
            self._declare(name, value, value)
            mapping[value] = name
        if all(value == name for value, name in mapping.items()):
            return Flow({"column": column.header}), note
        return {
            "column": column.header,
            "map": Flow({value: name for value, name in mapping.items() if value != name}),
        }, note

    def _declare(self, name: str, fr: str, en: str) -> None:
        shown = (fr if fr.isprintable() else name, en if en.isprintable() else name)
        self.functions.setdefault(
            name, Flow({"name": {"fr": shown[0], "en": shown[1]} if shown[0] != shown[1] else shown[0]})
        )

    def _common(self, table: Table) -> dict[str, Any]:
        """The parts that stand for themselves."""
        parts = table.parts
        entry: dict[str, Any] = {}
        if "team" in parts:
            entry["team"] = _value(parts["team"].header)
        if "agent" in parts:
            entry["agent"] = _value(parts["agent"].header)
        channel = parts.get("channel") or parts.get("channel_type")
        if channel is not None:
            entry["channel"] = Flow({"column": channel.header})
        if "initiated_by" in parts:
            entry["initiated_by"] = Flow(
                {
                    "formula": _cases(
                        parts["initiated_by"],
                        {"customer": vocabulary.CUSTOMER, "company": vocabulary.COMPANY},
                    )
                }
            )
        if "actor" in parts:
            entry["actor"] = Flow(
                {
                    "formula": _cases(
                        parts["actor"], {"machine": vocabulary.MACHINE, "human": vocabulary.HUMAN}
                    )
                }
            )
        if "outcome" in parts:
            entry["outcome"] = self._outcome(parts["outcome"])
        if "intent" in parts:
            entry["intent"] = _value(parts["intent"].header)
        for part, key in (("wait", "wait_s"), ("duration", "duration_s")):
            if part in parts:
                entry[key] = self._length(parts[part])
        if "cost" in parts:
            entry["cost"] = _value(parts["cost"].header)
        entry |= self._rated(table)
        if "language" in parts:
            entry["language"] = _value(parts["language"].header)
        return entry

    def _rated(self, table: Table) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        rating = table.parts.get("rating")
        if rating is not None:
            scale = (
                "nps"
                if has(rating, vocabulary.NPS) or (rating.high or 0) > 7
                else "ces"
                if has(rating, vocabulary.EFFORT)
                else "csat"
            )
            low, high = int(rating.low or 0), int(rating.high or 0)
            entry["rating"] = Noted(
                Flow({scale: _value(rating.header)}),
                beside=self.say(f"notes de {low} à {high}", f"scores from {low} to {high}"),
            )
        if "verbatim" in table.parts:
            entry["verbatim"] = _value(table.parts["verbatim"].header)
        return entry

    def _outcome(self, column: Column) -> Any:
        found = outcomes(column)
        quoted = _reference(column.header)
        branches = " ".join(
            f"when {quoted} in ({', '.join(map(literal, values))}) then '{outcome}'"
            for outcome, values in found.items()
        )
        told = {value for values in found.values() for value in values}
        untold = [value for value in column.values() if value not in told]
        beside = (
            self.say(
                f"ne disent pas l'issue : {listed(untold[:6])}", f"tell no outcome: {listed(untold[:6])}"
            )
            if untold
            else None
        )
        return Noted({"formula": f"case {branches} end"}, beside=beside)

    def _length(self, column: Column) -> Any:
        said = set(column.words)
        for names, factor, fr, en in (
            ({"min", "mins", "minute", "minutes", "mn"}, 60, "minutes", "minutes"),
            ({"h", "hour", "hours", "heure", "heures"}, 3600, "heures", "hours"),
            ({"ms", "milliseconds", "millisecondes"}, 0, "millisecondes", "milliseconds"),
        ):  # fmt: skip
            if said & names:
                how = (
                    f"{_reference(column.header)} * {factor}"
                    if factor
                    else f"{_reference(column.header)} / 1000"
                )
                return Noted(how, beside=self.say(f"lu en {fr}", f"read as {en}"))
        sure = bool(said & {"s", "sec", "secs", "second", "seconds", "seconde", "secondes"})
        return (
            _value(column.header)
            if sure
            else Noted(
                _value(column.header),
                beside=self.say(
                    "lu en secondes, d'après rien : à vérifier",
                    "read as seconds, for want of a unit: please check",
                ),
            )
        )

    def _record(self, table: Table) -> Iterator[Any]:
        """One interaction for each time of a row, in their usual order."""
        names = self._step_names(table)
        rated = table.parts.get("rating") or table.parts.get("verbatim")
        answering = (
            next(
                (
                    column
                    for column in reversed(table.times)
                    if has(
                        column,
                        (
                            "answer",
                            "answered",
                            "submitted",
                            "submission",
                            "response",
                            "reponse",
                            "repondu",
                            "completed",
                        ),
                    )
                ),
                table.times[-1],
            )
            if rated
            else None
        )
        channel = table.parts.get("channel") or table.parts.get("channel_type")
        if table.due:
            due = listed([column.header for column in table.due])
            yield Noted(
                ABSENT,
                (
                    self.say(
                        f"{due} : a l'air d'une date annoncée ou limite, pas d'une interaction",
                        f"{due}: looks like a date announced or required, not an interaction",
                    ),
                ),
            )
        for place, column in enumerate(table.times):
            entry: dict[str, Any] = {"activity": names[column.header], "at": _value(column.header)}
            name, fr, en = (
                _sounds(f"{names[column.header]}", "")
                if place or not table.parts.get("rating")
                else ("", "", "")
            )
            if not name or table.parts.get("rating") is not None:
                name, fr, en = _sounds(table.profile.path.name.split(".")[0], table.name)
            self._declare(name, fr, en)
            entry["function"] = name
            if channel is not None and (channel.distinct <= 1 or place == 0):
                entry["channel"] = {"column": channel.header}
            first = place == 0 and not rated
            if first or column is answering:
                entry["initiated_by"] = "customer"
            if table.due and place == 0:
                entry["due_at"] = _value(table.due[0].header)
            if column is answering:
                entry |= {key: _bare(value) for key, value in self._rated(table).items()}
            missing = table.profile.rows - column.filled
            share = _number(100 * missing / max(1, table.profile.rows), self.language)
            yield Noted(
                Flow(drafting.plain(entry)),
                beside=self.say(f"vide sur {share} % des lignes", f"empty on {share} % of the rows")
                if missing
                else None,
            )

    def _step_names(self, table: Table) -> dict[str, str]:
        """A name for each time: its words without those that all share, and those that only say that it is a time."""
        common = (
            set.intersection(*(set(column.words) for column in table.times))
            if len(table.times) > 1
            else set()
        )
        found: dict[str, str] = {}
        for column in table.times:
            kept = [
                word
                for word in column.words
                if word not in vocabulary.WHEN and (word not in common or word in vocabulary.ANSWERED)
            ]
            kept = (
                kept
                or [word for word in column.words if word not in common]
                or list(column.words)
                or [f"step {column.place + 1}"]
            )
            name = " ".join(kept)
            found[column.header] = name if name not in found.values() else f"{name} ({column.header})"
        return found

    def _leftover(self, table: Table) -> Iterator[str]:
        told = (
            table.used()
            | set(self._traits(table).values())
            | {here.header for _, here, _, _ in table.lookups}
        )
        empty = [column.header for column in table.columns if column.kind == "empty"]
        constant = [
            column.header
            for column in table.columns
            if column.distinct == 1 and column.filled == table.profile.rows and column.header not in told
        ]
        rest = [column.header for column in table.columns if column.header not in {*told, *empty, *constant}]
        if rest:
            yield self.say(f"non utilisées : {listed(rest, 40)}", f"not used: {listed(rest, 40)}")
        if constant:
            yield self.say(
                f"toujours la même valeur : {listed(constant, 20)}",
                f"always the same value: {listed(constant, 20)}",
            )
        if empty:
            yield self.say(f"toujours vides : {listed(empty, 20)}", f"always empty: {listed(empty, 20)}")

    # -- journeys, breaks, promises, segments

    def _journeys(self) -> tuple[dict[str, Any], dict[int, str]]:
        journeys: dict[str, Any] = {}
        journey_of: dict[int, str] = {}
        cases = list(dict.fromkeys(table.case_name for table in self.live if table.case_name))
        for case in cases:
            name = "case" if case == "case_id" else case
            journey: dict[str, Any] = {"by": "case"}
            if len(cases) > 1:
                journey["case"] = case
            journey["name"] = name.replace("_", " ").capitalize()
            mates = [table for table in self.live if table.case_name == case]
            note = (
                self.say(
                    "toutes les interactions d'un même cas, d'où qu'elles viennent",
                    "all interactions of one case, wherever they come from",
                )
                if len(mates) > 1
                else None
            )
            journeys[name] = Noted(Flow(journey), beside=note)
            journey_of |= {id(table): name for table in mates}
        alone = [table for table in self.live if not table.case_name]
        if alone:
            note = self.say(
                "pas de numéro de dossier : les interactions d'une même personne, jusqu'à sept jours de silence",
                "no case number: the interactions of one person, until seven days of silence",
            )
            nobody = [table.name for table in alone if not self._identifiers(table)]
            if nobody:
                note += self.say(
                    f" ; rien ne dit qui est le client dans {listed(nobody)} : aucun parcours tant que ses identifiants (identifiers) manquent",
                    f"; nothing tells who the customer is in {listed(nobody)}: no journey there until identifiers are given",
                )
            journeys["relation"] = Noted(
                Flow({"by": "person", "gap": "7 days", "name": {"fr": "Relation", "en": "Relation"}}),
                beside=note,
            )
            journey_of |= {id(table): "relation" for table in alone}
        return journeys, journey_of

    def _breaks(self) -> dict[str, Any]:
        rules: dict[str, Any] = {}
        teams = [
            table
            for table in self.live
            if "team" in table.parts and table.parts["team"] is not table.parts.get("function")
        ]
        if teams and not any(table.parts.get("function") is table.parts.get("team") for table in teams):
            rules["ping_pong"] = Noted(
                Flow({"between": "team"}),
                beside=self.say(
                    "aller-retour entre équipes plutôt qu'entre fonctions",
                    "back and forth between teams rather than functions",
                ),
            )
        over = [hours for table in self.live if (hours := self._slow(table))]
        if over:
            text = _duration(max(over))
            rules["long_wait"] = Noted(Flow({"seam_over": text}), beside=self.say(
                "neuf passages sur dix sont plus courts : mettez votre propre limite", "nine passages in ten are shorter: put your own limit",
            ))  # fmt: skip
        return rules

    def _slow(self, table: Table) -> int:
        """The hours that nine passages in ten of a file stay under; 0 where none can be seen."""
        found = np.empty(0, np.int64)
        if table.role == "log" and table.key is not None:
            found = gaps(table.key, table.parts["time"])
        elif table.role == "record":
            steps = []
            for before, after in pairwise(table.times):
                earlier, later = instants(before), instants(after)
                both = (earlier != NOTHING) & (later != NOTHING)
                steps.append((later - earlier)[both])
            found = np.concatenate(steps) if steps else found
            found = found[found > 0]
        if found.size < 10:
            return 0
        hours = float(np.quantile(found, 0.9)) / _HOUR_US
        return next((nice for nice in _NICE_HOURS if nice >= hours), _NICE_HOURS[-1])

    def _promises(self, journey_of: dict[int, str]) -> dict[str, Any]:
        promises: dict[str, Any] = {}
        for table in self.live:
            if table.role == "record" and len(table.times) > 1:
                for due in table.due[:1]:
                    promises[f"{slug(due.header, 'promise')}"[:60]] = self._dated_promise(
                        table, due, journey_of[id(table)]
                    )
            for column in self._flags(table):
                name = next(key for key, header in self._traits(table).items() if header == column.header)
                says = {"fr": f"{column.header} : tenu", "en": f"{column.header}: kept"}
                promises[f"{name}_kept"[:60]] = Noted(
                    {"says": Flow(says), "journey": journey_of[id(table)], "measure": f"last({name})"},
                    (self.say("un drapeau qui a l'air de dire si un engagement est tenu, lu sur la dernière ligne de chaque cas", "a flag that seems to tell whether a commitment is kept, read on the last row of each case"),),
                )  # fmt: skip
        return promises

    def _dated_promise(self, table: Table, due: Column, journey: str) -> Any:
        names = self._step_names(table)
        stems = {word[:6] for word in due.words if word not in vocabulary.WHEN}
        later = table.times[1:]
        end = max(
            later,
            key=lambda column: (sum(word[:6] in stems for word in column.words), table.times.index(column)),
        )
        says = {"fr": "Au plus tard à la date annoncée", "en": "By the announced date"}
        owner = _sounds(names[end.header], table.name)[0] or None
        promise: dict[str, Any] = {"says": Flow(says), "journey": journey}
        if owner in self.functions:
            promise["owners"] = Noted(Flow([owner]), beside=self.say("à confirmer", "to be confirmed"))
        promise["clock"] = Noted(
            Flow({"from": names[table.times[0].header], "to": names[end.header], "unit": "days"}),
            beside=self.say(
                "du premier pas à celui qui ressemble le plus à l'échéance",
                "from the first step to the one most like the deadline",
            ),
        )
        for column in self._ends(table):
            given_up = outcomes(column).get("abandoned")
            if given_up:
                name = next(key for key, header in self._traits(table).items() if header == column.header)
                promise["void_when"] = Noted(
                    f"{_reference(name)} in ({', '.join(map(literal, given_up))})",
                    beside=self.say(
                        "annulé : plus rien n'est promis", "cancelled: nothing is promised any more"
                    ),
                )
        promise["expected"] = Noted(
            Flow({"due": names[table.times[0].header]}),
            beside=self.say(
                f"la date de {due.header}, annoncée à chacun", f"the date in {due.header}, announced to each"
            ),
        )
        return promise

    def _segments(self) -> dict[str, Any]:
        ranked = sorted(self._attributes.items(), key=lambda item: (-item[1], item[0]))[:2]
        return {name: Flow({"by": _reference(name)}) for name, _ in ranked}


_ENTRY_KEYS = frozenset(
    {"activity", "at", "id", "when", "rating", "verbatim", "dates", "timezone", "initiated_by"}
)


def _sounds(text: str, otherwise: str) -> tuple[str, str, str]:
    """The function that a name sounds like; named after ``otherwise`` where it sounds like none."""
    said = words(text)
    for word in reversed(said):
        for name, fr, en, beginnings in vocabulary.FUNCTIONS:
            if word.startswith(beginnings):
                return name, fr, en
    plain = otherwise.replace("_", " ").capitalize()
    return (slug(otherwise, "function"), plain, plain) if otherwise else ("", "", "")


def _cases(column: Column, wanted: Mapping[str, frozenset[str]]) -> str:
    quoted = _reference(column.header)
    branches = []
    for name, said in wanted.items():
        values = [value for value in column.values() if set(words(value)) & said]
        if values:
            branches.append(f"when {quoted} in ({', '.join(map(literal, values))}) then '{name}'")
    return f"case {' '.join(branches)} end"


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Noted) else value


def _value(header: str) -> str:
    """A header where a value stands: itself, in double quotes where it would be taken for a formula."""
    return _quoted(header) if column_formula(header) or header != header.strip() else header


def _reference(header: str) -> str:
    """A header inside a formula."""
    try:
        plain = header.isascii() and header.isidentifier() and formula.names_in(f"{header} = 1") == (header,)
    except formula.FormulaError:
        plain = False
    return header if plain else _quoted(header)


def _quoted(header: str) -> str:
    return '"' + header.replace('"', '""') + '"'


def _path(path: Path, folder: Path) -> str:
    """A path as the charter writes it: from its folder, with forward slashes, signs of patterns escaped."""
    try:
        written = Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        written = path.resolve().as_posix()
    return glob.escape(written) if glob.has_magic(written) else written


def _shown(table: Table) -> str:
    return (
        f"{table.profile.path.name} ({table.profile.sheet})"
        if table.profile.sheet
        else table.profile.path.name
    )


def _number(value: float, language: str) -> str:
    text = f"{value:.1f}" if value < 10 else f"{value:.0f}"
    return text.replace(".", ",") if language == "fr" else text


def _duration(hours: int) -> str:
    return f"{hours} h" if hours < 24 else f"{hours // 24} days" if hours > 24 else "1 day"
