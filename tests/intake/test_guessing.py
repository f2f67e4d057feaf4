"""From files to a charter that scans at once: on real extracts, on exports as offices write them, on hostile ones."""

import csv
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from portance.charter.naming import slug, words
from portance.errors import CharterError, ExtractError
from portance.intake.guessing import Draft, guess
from portance.intake.starting import start
from portance.workspace import open_workspace

SHARED = Path(os.environ.get("PORTANCE_SHARED_DATA", Path(__file__).parents[3] / "shared/data"))


def shared(*names: str) -> list[Path]:
    files = [SHARED / name for name in names]
    if not all(file.exists() for file in files):
        pytest.skip(f"the real extracts are not in {SHARED} (set PORTANCE_SHARED_DATA)")
    return files


def scanned(draft: Draft) -> dict[str, int]:
    """What a scan of the draft gives, every row accounted for."""
    with open_workspace(draft.write()) as workspace:
        assert workspace.intake.check() == ()
        scan = workspace.scan()
        counts = {name: scan.count(name) for name in ("accepted", "refusals", "journeys", "seams", "breaks")}
        receipts = scan.table("receipts")
        assert receipts is not None
        for row in receipts.to_pylist():
            assert (
                row["accepted"] + row["duplicate"] + row["refused"] + row["not_happened"] == row["candidates"]
            )
    assert counts["journeys"]
    return counts


def write(file: Path, rows: list[list[object]], *, separator: str = ",", encoding: str = "utf-8") -> Path:
    with file.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=separator).writerows(rows)
    return file


def log(cases: int = 40) -> list[list[object]]:
    """A small log: each third case goes back and forth between two steps."""
    rows: list[list[object]] = []
    for number in range(cases):
        at = datetime(2025, 1, 6, 9) + timedelta(hours=5 * number)
        steps = (
            ["open", "check", "open again", "check", "close"]
            if number % 3 == 0
            else ["open", "check", "close"]
        )
        for place, step in enumerate(steps):
            rows.append([f"D{number:04}", step, at + timedelta(hours=7 * place, minutes=number)])
    return rows


# ---- real extracts


OLIST = tuple(
    f"olist_stress/{name}.parquet"
    for name in ("orders", "order_reviews", "order_items", "order_payments", "customers", "products", "sellers", "product_category_name_translation")
)  # fmt: skip


def test_the_eight_tables_of_a_marketplace_together(tmp_path: Path) -> None:
    draft = guess(shared(*OLIST), language="fr", folder=tmp_path)
    sources = draft.values["sources"]
    assert list(sources) == ["orders", "order_reviews"]
    orders, reviews = sources["orders"], sources["order_reviews"]
    assert orders["case"] == reviews["case"] == {"order": "order_id"}
    assert [entry["at"] for entry in orders["interactions"]] == [
        "order_purchase_timestamp", "order_approved_at", "order_delivered_carrier_date", "order_delivered_customer_date",
    ]  # fmt: skip
    assert orders["interactions"][0]["due_at"] == "order_estimated_delivery_date"
    assert orders["lookups"]["customers"]["on"] == {"customer_id": "customer_id"}
    assert orders["identifiers"]["customer_unique"] == "customer_unique_id"
    assert reviews["interactions"][-1]["rating"] == {"csat": "review_score"}
    assert reviews["interactions"][-1]["verbatim"] == "review_comment_message"
    promise = draft.values["promises"]["order_estimated_delivery_date"]
    assert promise["clock"]["to"] == "delivered customer"
    assert promise["void_when"] == "order_status in ('canceled')"
    assert "# order_items.parquet: aucune colonne ne dit quand" in draft.text
    assert "# order_estimated_delivery_date : a l'air d'une date annoncée" in draft.text
    assert "fuseau" in draft.text
    assert draft.values["segments"]["customer_state"] == {"by": "customer_state"}
    counts = scanned(draft)
    assert counts["journeys"] == 8135
    assert counts["breaks"] > 2000


def test_an_incident_log_of_thirty_six_columns(tmp_path: Path) -> None:
    draft = guess(shared("uci_incident_log/events.parquet"), language="en", folder=tmp_path, rows=20_000)
    source = draft.values["sources"]["events"]
    entry = source["interactions"][0]
    assert source["case"] == {"number": "number"}
    assert source["identifiers"] == {"caller": "caller_id"}
    assert entry["activity"] == {"column": "ident_state"}
    assert entry["at"] == "sys_updated_at"
    assert entry["function"] == {"column": "assignment_group"}
    assert (entry["team"], entry["agent"]) == ("assignment_group", "assigned_to")
    assert entry["channel"] == {"column": "contact_type"}
    assert entry["outcome"] == {
        "formula": "case when ident_state in ('Resolved', 'Closed') then 'resolved' end"
    }
    assert draft.values["promises"]["made_sla_kept"]["measure"] == "last(made_sla)"
    assert "# 4 other time column(s) stay the same within a case" in draft.text
    assert "too many to declare one by one" in draft.text


def test_a_log_with_names_as_process_mining_writes_them(tmp_path: Path) -> None:
    draft = guess(
        shared("bpic2013_volvo_incidents/events.parquet"), language="fr", folder=tmp_path, rows=20_000
    )
    source = draft.values["sources"]["events"]
    entry = source["interactions"][0]
    assert source["case"] == {"case_id": "case:concept:name"}
    assert entry["activity"] == {"column": "concept:name"}
    assert "lifecycle:transition ?" in draft.text
    assert entry["function"] == {"column": "organization involved"}
    assert (entry["team"], entry["agent"]) == ("org:group", "org:resource")
    assert draft.values["breaks"]["ping_pong"] == {"between": "team"}
    assert scanned(draft)["breaks"] > 2000


def test_leads_and_deals_share_their_case(tmp_path: Path) -> None:
    files = shared(
        "olist_seller_funnel/closed_deals.parquet", "olist_seller_funnel/marketing_qualified_leads.parquet"
    )
    draft = guess(files, language="en", folder=tmp_path)
    sources = draft.values["sources"]
    assert list(sources) == ["marketing_qualified_leads", "closed_deals"]
    assert {source["case"]["mql"] for source in sources.values()} == {"mql_id"}
    assert draft.values["journeys"] == {"mql": {"by": "case", "name": "Mql"}}


# ---- the same, as offices export it


def as_office_csv(parquet: Path, to: Path, rows: int) -> Path:
    """A Parquet file as a French spreadsheet writes it: cp1252, semicolons, 31/12/2016 23:59, decimal commas."""
    table = pq.read_table(parquet).slice(0, rows)
    columns = []
    for column in table.columns:
        if pa.types.is_timestamp(column.type):
            columns.append(pc.strftime(column, "%d/%m/%Y %H:%M").to_pylist())
        elif pa.types.is_floating(column.type):
            columns.append(
                [None if value is None else str(value).replace(".", ",") for value in column.to_pylist()]
            )
        else:
            columns.append(column.to_pylist())
    encoded = [
        [
            None if value is None else str(value).encode("cp1252", "replace").decode("cp1252")
            for value in column
        ]
        for column in columns
    ]
    return write(
        to,
        [table.column_names, *[list(row) for row in zip(*encoded, strict=True)]],
        separator=";",
        encoding="cp1252",
    )


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (
            (
                "olist_stress/orders.parquet",
                "olist_stress/order_reviews.parquet",
                "olist_stress/customers.parquet",
            ),
            4000,
        ),
        (("uci_incident_log/events.parquet",), 6000),
        (("bpic2013_volvo_incidents/events.parquet",), 6000),
    ],
    ids=["olist", "uci", "bpi"],
)
def test_an_office_export_is_guessed_as_its_original(
    tmp_path: Path, names: tuple[str, ...], rows: int
) -> None:
    originals = shared(*names)
    heads, offices = [], []
    for file in originals:
        heads.append(tmp_path / file.name)
        pq.write_table(pq.read_table(file).slice(0, rows), heads[-1])
        offices.append(as_office_csv(file, tmp_path / f"{file.stem}.csv", rows))
    first = guess(heads, language="fr", folder=tmp_path / "a" / "mine")
    second = guess(offices, language="fr", folder=tmp_path / "b" / "mine")
    assert json.loads(json.dumps(second.values).replace(".csv", ".parquet")) == first.values
    assert scanned(second)["refusals"] <= 10  # local times that daylight saving skips


def test_the_order_of_day_and_month_is_said_where_nothing_tells_it(tmp_path: Path) -> None:
    rows: list[list[object]] = [["ticket", "step", "when"]]
    rows += [
        [f"T{number}", step, f"0{1 + number % 9}/0{1 + (number + place) % 9}/2025 1{place}:00"]
        for number in range(30)
        for place, step in enumerate(("in", "out"))
    ]
    draft = guess([write(tmp_path / "log.csv", rows)], language="en", folder=tmp_path)
    assert draft.values["sources"]["log"]["dates"] == ["%d/%m/%Y %H:%M"]
    assert "starts with the day or the month" in draft.text


# ---- other shapes


def test_three_columns_are_enough(tmp_path: Path) -> None:
    file = write(tmp_path / "journal.csv", [["case", "activity", "time"], *log()])
    draft = guess([file], language="fr", folder=tmp_path)
    assert draft.values["sources"]["journal"]["case"] == {"case": "case"}
    assert set(draft.values["functions"]) == {"open", "check", "open_again", "close"}
    assert draft.values["sources"]["journal"]["interactions"][0]["function"] == {
        "column": "activity",
        "map": {"open again": "open_again"},
    }
    assert "chaque activité en tient lieu" in draft.text
    counts = scanned(draft)
    assert counts["seams"] > 80
    assert counts["breaks"] > 5


def test_few_teams_become_declared_functions(tmp_path: Path) -> None:
    rows = [[*row, ("Équipe A", "Équipe B")[place % 2]] for place, row in enumerate(log())]
    draft = guess(
        [write(tmp_path / "journal.csv", [["dossier", "etape", "date", "équipe"], *rows])],
        language="fr",
        folder=tmp_path,
    )
    assert draft.values["functions"] == {"equipe_a": {"name": "Équipe A"}, "equipe_b": {"name": "Équipe B"}}
    entry = draft.values["sources"]["journal"]["interactions"][0]
    assert entry["function"] == {"column": "équipe", "map": {"Équipe A": "equipe_a", "Équipe B": "equipe_b"}}
    scanned(draft)


def test_a_list_of_calls_makes_journeys_by_person(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [
            "call_id",
            "customer_email",
            "call_start",
            "queue",
            "direction",
            "result",
            "wait_seconds",
            "handling_minutes",
            "satisfaction",
        ]
    ]
    rows += [
        [
            f"A{number}", f"k{number % 40}@courrier.fr", datetime(2025, 1, 6, 9) + timedelta(hours=3 * number), ("billing", "support", "sales")[number % 3],
            ("inbound", "outbound")[number % 4 == 3], ("resolved", "not resolved", "transferred", "abandoned")[number % 4], number % 600, number % 20, 1 + number % 5,
        ]
        for number in range(120)
    ]  # fmt: skip
    draft = guess([write(tmp_path / "calls.csv", rows)], language="en", folder=tmp_path)
    source = draft.values["sources"]["calls"]
    entry = source["interactions"][0]
    assert "case" not in source
    assert source["identifiers"] == {"email": "customer_email"}
    assert draft.values["journeys"]["relation"]["by"] == "person"
    assert entry["id"] == "call_id"
    assert entry["initiated_by"] == {
        "formula": "case when direction in ('inbound') then 'customer' when direction in ('outbound') then 'company' end"
    }
    assert "when result in ('not resolved') then 'unresolved'" in entry["outcome"]["formula"]
    assert entry["wait_s"] == "wait_seconds"
    assert entry["duration_s"] == "handling_minutes * 60"
    assert entry["rating"] == {"csat": "satisfaction"}
    assert scanned(draft)["breaks"] > 10


def test_a_survey_from_zero_to_ten_is_a_recommendation(tmp_path: Path) -> None:
    rows: list[list[object]] = [["client_id", "date_reponse", "note", "commentaire"]]
    rows += [
        [
            f"C{number}",
            f"2025-02-{1 + number % 28:02}",
            number % 11,
            f"Le dossier {number} a trop duré, merci",
        ]
        for number in range(80)
    ]
    draft = guess(
        [write(tmp_path / "enquete.csv", rows, separator=";", encoding="cp1252")],
        language="fr",
        folder=tmp_path,
    )
    entry = draft.values["sources"]["enquete"]["interactions"][0]
    assert entry["rating"] == {"nps": "note"}
    assert entry["verbatim"] == "commentaire"
    assert entry["function"] == "customer_voice"
    scanned(draft)


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">{traces}</log>
"""


def test_an_event_log_in_xes(tmp_path: Path) -> None:
    def event(step: str, hour: int, group: str) -> str:
        return (
            f'<event><string key="concept:name" value="{step}"/><string key="org:group" value="{group}"/>'
            f'<string key="lifecycle:transition" value="complete"/><date key="time:timestamp" value="2025-01-{6 + hour // 24:02}T{hour % 24:02}:00:00+01:00"/></event>'
        )

    traces = "".join(
        f'<trace><string key="concept:name" value="I{number}"/>{event("open", number, "desk")}{event("solve", number + 5, "expert")}{event("ask", number + 9, "desk")}{event("close", number + 12, "expert")}</trace>'
        for number in range(30)
    )
    file = tmp_path / "log.xes"
    file.write_text(XES.format(traces=traces), encoding="utf-8")
    draft = guess([file], language="en", folder=tmp_path)
    source = draft.values["sources"]["log"]
    assert source["format"] == "xes"
    assert source["case"] == {"case_id": "case:concept:name"}
    assert source["interactions"][0]["activity"] == {"column": "concept:name"}
    assert set(draft.values["functions"]) == {"desk", "expert"}
    assert "outcome" not in source["interactions"][0]  # "complete" ends every event, well or badly
    assert "zone" in draft.text  # the name, the currency and the zone are to be checked
    assert "do not tell their zone" not in draft.text
    assert scanned(draft)["seams"] == 90


def test_an_object_centric_log(tmp_path: Path) -> None:
    events, objects = [], []
    for number in range(30):
        objects.append({"id": f"o{number}", "type": "order", "attributes": []})
        for place, step in enumerate(("placed", "packed", "sent")):
            events.append({
                "id": f"e{number}-{place}", "type": step, "time": f"2025-01-{6 + number % 20:02}T{8 + place}:00:00Z", "attributes": [],
                "relationships": [{"objectId": f"o{number}", "qualifier": "of"}],
            })  # fmt: skip
    file = tmp_path / "log.json"
    file.write_text(
        json.dumps({"objectTypes": [], "eventTypes": [], "objects": objects, "events": events}),
        encoding="utf-8",
    )
    draft = guess([file], language="en", folder=tmp_path)
    source = draft.values["sources"]["log"]
    assert source["format"] == "ocel"
    assert list(source["case"].values()) == ["object:order"]
    assert scanned(draft)["journeys"] == 30


def test_sheets_and_lines_of_json(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Commandes 2025"
    for row in [["commande", "étape", "le"], *log(20)]:
        sheet.append(row)
    other = book.create_sheet("Notes")
    for row in [
        ["commande", "note_sur_5", "donnée le"],
        *[
            [f"D{number:04}", 1 + number % 5, datetime(2025, 3, 1) + timedelta(days=number)]
            for number in range(20)
        ],
    ]:
        other.append(row)
    book.create_sheet("Vide")
    book.save(tmp_path / "classeur.xlsx")
    lines = tmp_path / "mails.jsonl"
    lines.write_text(
        "\n".join(
            json.dumps(
                {"commande": f"D{number:04}", "reçu": f"2025-03-02T0{number % 9}:00:00Z", "objet": "colis"}
            )
            for number in range(20)
        ),
        encoding="utf-8",
    )
    draft = guess([tmp_path / "classeur.xlsx", lines], language="fr", folder=tmp_path)
    sources = draft.values["sources"]
    assert {source.get("sheet") for source in sources.values()} == {"Commandes 2025", "Notes", None}
    assert [list(source["case"]) for source in sources.values()] == [["commande"]] * 3
    assert scanned(draft)["journeys"] == 20


HOSTILE = [
    'say "when"', "it's, done", "select", "prix (EUR)", "a;b", "éà ü", "a:b #c", "{x}", "[y]", "-", "a -- b", "x" * 190, "case", "order", "*", "%s", "a\\b", "null", "true", "12", "<<",
]  # fmt: skip


@pytest.mark.parametrize("turn", range(4))
def test_hostile_headers_change_nothing(tmp_path: Path, turn: int) -> None:
    names = HOSTILE[turn * 5 :] + HOSTILE[: turn * 5]
    rows: list[list[object]] = [
        [
            names[0] + " ticket",
            names[1] + " status",
            names[2] + " time",
            names[3] + " team",
            names[4] + " customer id",
            names[4] + " customer id",
            *names[5:],
        ]
    ]
    for place, (case, step, at) in enumerate(log(30)):
        rows.append(
            [
                case,
                step,
                at,
                ("'; drop table x", 'B "b"', "C: #c")[place % 3],
                f"K{place % 25}",
                f"L{place % 25}",
                *[f"v{place % 4}" for _ in names[5:]],
            ]
        )
    draft = guess([write(tmp_path / "a [1] 'b'.csv", rows)], language="en", folder=tmp_path)
    assert scanned(draft)["refusals"] == 0


def test_a_file_outside_the_folder_is_named_from_it(tmp_path: Path) -> None:
    file = write(tmp_path / "log.csv", [["case", "activity", "time"], *log(12)])
    draft = guess([file], language="en", folder=tmp_path / "new" / "charter")
    assert draft.values["sources"]["log"]["read"] == "../../log.csv"
    scanned(draft)


def test_the_same_files_give_the_same_text(tmp_path: Path) -> None:
    file = write(tmp_path / "log.csv", [["case", "activity", "time"], *log(12)])
    assert (
        guess([file], language="en", folder=tmp_path).text
        == guess([file], language="en", folder=tmp_path).text
    )


def test_the_text_is_in_the_language_asked_for(tmp_path: Path) -> None:
    file = write(tmp_path / "log.csv", [["case", "activity", "time"], *log(12)])
    texts = {language: guess([file], language=language, folder=tmp_path).text for language in ("fr", "en")}
    assert "Charte devinée" in texts["fr"]
    assert "Charter guessed" in texts["en"]


# ---- what cannot be guessed


def test_a_charter_is_never_overwritten(tmp_path: Path) -> None:
    file = write(tmp_path / "log.csv", [["case", "activity", "time"], *log(12)])
    draft = guess([file], language="en", folder=tmp_path)
    draft.write()
    for again in (
        draft.write,
        lambda: guess([file], language="en", folder=tmp_path),
        lambda: start(tmp_path, language="en"),
    ):
        with pytest.raises(CharterError, match="never overwritten"):
            again()
    assert (tmp_path / "charter.yaml").read_text(encoding="utf-8") == draft.text


def bad_files(folder: Path) -> Iterator[tuple[Path, str]]:
    (folder / "empty.csv").write_bytes(b"")
    yield folder / "empty.csv", "an empty file"
    yield folder / "absent.csv", "no such file"
    yield folder, "a folder"
    write(folder / "untimed.csv", [["a", "b"], ["1", "2"], ["3", "4"]])
    yield folder / "untimed.csv", "no column that holds dates"
    (folder / "cut.parquet").write_bytes(b"PAR1 and nothing more")
    yield folder / "cut.parquet", "not whole Parquet"
    write(folder / "headers.csv", [["a", "b"]])
    yield folder / "headers.csv", "no column that holds dates"


def test_files_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    for file, told in bad_files(tmp_path):
        with pytest.raises(ExtractError, match=told):
            guess([file], language="en", folder=tmp_path)
    with pytest.raises(ExtractError, match="no file"):
        guess([], language="en", folder=tmp_path)
    assert not (tmp_path / "charter.yaml").exists()


# ---- without files


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_files_there_is_something_to_scan(tmp_path: Path, language: str) -> None:
    draft = start(tmp_path / "new", language=language)
    counts = scanned(draft)
    assert counts == {"accepted": 282, "refusals": 0, "journeys": 60, "seams": 168, "breaks": 60}


def test_starting_again_replaces_no_extract(tmp_path: Path) -> None:
    start(tmp_path, language="en")
    with pytest.raises(CharterError, match="there already"):
        start(tmp_path, language="en")


def test_headers_become_words_and_names() -> None:
    assert words("DateClôture") == ("date", "cloture")
    assert words("org:group") == ("org", "group")
    assert slug("Équipe n°1", "team") == "equipe_n_1"
    assert slug("2nd line", "team") == "team_2nd_line"
    assert slug("…", "team") == "team"


def reviews(author: str | None = "author_key") -> list[list[object]]:
    """Public reviews as a site gives them: 60 by 45 authors, one date each."""
    header: list[object] = ["note", "avis", "assureur", "date_publication"]
    rows: list[list[object]] = [header + ([author] if author else [])]
    for number in range(60):
        text = f"Trop cher, et personne ne répond au téléphone depuis {number} jours, je suis déçu."
        at = datetime(2025, 3, 1, 9) + timedelta(days=number)
        row: list[object] = [1 + number % 5, text, ("Alpha", "Bêta")[number % 2], at]
        rows.append(row + ([f"a{number % 45:07x}"] if author else []))
    return rows


@pytest.mark.parametrize("author", ["author_key", "Auteur", "username"])
def test_whoever_wrote_a_review_is_the_customer(tmp_path: Path, author: str) -> None:
    file = write(tmp_path / "retours.csv", reviews(author))
    draft = guess([file], language="fr", folder=tmp_path / "mine")
    source = draft.values["sources"]["retours"]
    assert list(source["identifiers"].values()) == [author]
    assert source["interactions"][0]["rating"] == {"csat": "note"}
    assert source["interactions"][0]["verbatim"] == "avis"
    assert "voices: {public: [retours]}" in draft.text
    assert scanned(draft)["journeys"] == 60  # a month and a half between two reviews of one author


def test_the_author_of_a_ticket_is_not_taken_for_a_customer(tmp_path: Path) -> None:
    rows = log()
    rows = [["case_id", "activity", "at", "author", "comment"]] + [
        [*row, f"agent{place % 30}", f"une remarque assez longue, la numéro {place}"]
        for place, row in enumerate(rows)
    ]
    draft = guess([write(tmp_path / "tickets.csv", rows)], language="en", folder=tmp_path / "mine")
    assert "identifiers" not in draft.values["sources"]["tickets"]


def test_what_tells_nobody_is_said_to_make_no_journey(tmp_path: Path) -> None:
    file = write(tmp_path / "avis.csv", reviews(None))
    draft = guess([file], language="fr", folder=tmp_path / "mine")
    assert "identifiers" not in draft.values["sources"]["avis"]
    assert "rien ne dit qui est le client dans avis" in draft.text
    assert "voices: {public: [avis]}" in draft.text
    assert (
        guess([file], language="en", folder=tmp_path / "yours").text.count(
            "nothing tells who the customer is in avis"
        )
        == 1
    )
