"""The same three calls, in every format that silos export."""

import gzip
import json
from datetime import UTC, date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from portance.errors import CharterError, ExtractError

HEADER = ("case", "customer", "what", "at", "wait", "outcome")
ROWS = [
    ("C1", "A1", "call", datetime(2025, 1, 10, 9), 30, "resolved"),
    ("C1", "A1", "chat", datetime(2025, 1, 10, 10, 30), None, "unresolved"),
    ("C2", "A2", "call", datetime(2025, 7, 1, 8, 15), 12.5, None),
]
EXPECTED = [
    ("C1", "A1", "call", 1736496000000000, 30000, "resolved"),
    ("C1", "A1", "chat", 1736501400000000, None, "unresolved"),
    ("C2", "A2", "call", 1751350500000000, 12500, None),
]


def _given(company):
    company.now = datetime(2025, 12, 1, tzinfo=UTC)
    return company


def _csv(path):
    lines = [";".join("" if cell is None else str(cell).replace(".", ",") for cell in row) for row in ROWS]
    path.write_text("\n".join([";".join(HEADER), *lines]) + "\n")


def _gz(path):
    _csv(path)
    path.write_bytes(gzip.compress(path.read_bytes()))


def _dicts():
    return [
        dict(zip(HEADER, (str(cell) if isinstance(cell, datetime) else cell for cell in row), strict=True))
        for row in ROWS
    ]


def _jsonl(path):
    path.write_text("\n".join(json.dumps(row) for row in _dicts()) + "\n")


def _json(path):
    path.write_text(json.dumps(_dicts(), indent=1))


def _parquet(path):
    pq.write_table(pa.table({name: [row[i] for row in ROWS] for i, name in enumerate(HEADER)}), path)


def _xlsx(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    for row in (HEADER, *ROWS):
        sheet.append(list(row))
    book.save(path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("c.csv", _csv),
        ("c.csv.gz", _gz),
        ("c.jsonl", _jsonl),
        ("c.json", _json),
        ("c.parquet", _parquet),
        ("c.xlsx", _xlsx),
    ],
)
def test_every_format_tells_the_same(company, name, write):
    _given(company).change(read=name)
    write(company.folder / name)
    assert company.receive().accepted == 3
    columns = "case_id, id_account, activity, t_us, wait_ms, outcome"
    assert company.rows(f"select {columns} from accepted order by row_number") == EXPECTED


def test_lines_that_are_no_json_object_are_refused_with_their_line(company):
    company.change(read="c.jsonl")
    good = json.dumps(_dicts()[0])
    company.file("c.jsonl", f'{good}\n{{"case": \n\n[1]\n{good}\n')
    receipt = company.receive()
    assert (receipt.accepted, receipt.refused) == (2, 2)
    assert [(reason, line) for reason, _, _, _, line in company.refused()] == [
        ("not_json", 2),
        ("not_json", 4),
    ]


def test_json_keys_of_any_name_and_nested_values(company):
    company.change(read="c.jsonl", attributes={"odd": '"a/b~c"', "nested": "tags"})
    company.file("c.jsonl", json.dumps({**_dicts()[0], "a/b~c": "x", "tags": ["p", {"q": 1}]}) + "\n")
    company.receive()
    assert company.rows("select a_odd, a_nested from accepted") == [("x", '["p",{"q":1}]')]


def test_a_json_array_that_is_cut_is_an_error(company):
    company.change(read="c.json")
    company.file("c.json", json.dumps(_dicts())[:-40])
    with pytest.raises(ExtractError, match="JSON array"):
        company.receive()


def test_a_sheet_by_name_or_number_with_mixed_columns_and_dates(company):
    book = openpyxl.Workbook()
    book.active.append(["not", "this", "one"])
    sheet = book.create_sheet("Calls")
    sheet.append([*HEADER, "day", "mixed"])
    sheet.append(["C1", 17, "call", 45667.375, 5, "resolved", date(2025, 1, 10), 3])
    sheet.append(["C2", 18.0, "call", 45667.375, 5, "N/A", date(2025, 1, 11), "three"])
    book.save(company.folder / "c.xlsx")
    for which in ("Calls", 2):
        company.change(read="c.xlsx", sheet=which, attributes=["mixed", "day"])
        company.receive()
        found = company.rows(
            "select id_account, t_us, outcome, a_mixed, cast(a_day as varchar) from accepted order by row_number"
        )
        assert found == [
            ("17", 1736496000000000, "resolved", "3", "2025-01-10 00:00:00"),
            ("18", 1736496000000000, None, "three", "2025-01-11 00:00:00"),
        ]
    company.change(read="c.xlsx", sheet="Appels")
    with pytest.raises(ExtractError, match="'Calls'"):
        company.receive()


XES = """<?xml version="1.0"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
 <global scope="event"><string key="concept:name" value="none"/></global>
 <trace><string key="concept:name" value="I-1"/><string key="product" value="router"/>
  <event><string key="concept:name" value="Opened"/><date key="time:timestamp" value="2025-01-10T10:00:00.000+01:00"/>
   <string key="org:group" value="service"/><string key="org:resource" value="Ann"/><int key="level" value="2"/></event>
  <event><string key="concept:name" value="Closed"/><date key="time:timestamp" value="2025-01-10T11:00:00Z"/><string key="org:group" value="sales"/></event>
 </trace>
 <trace><string key="concept:name" value="I-2"/>
  <event><string key="concept:name" value="Opened"/><date key="time:timestamp" value="2025-01-11T10:00:00+01:00"/></event>
 </trace>
</log>
"""
XES_SOURCE = {
    "read": "log.xes*",
    "case": {"incident": "case:concept:name"},
    "attributes": {"product": "case:product", "level": "level"},
    "interactions": [
        {
            "activity": {"column": "concept:name"},
            "at": "time:timestamp",
            "function": {"column": "org:group"},
            "agent": "org:resource",
        }
    ],
}


@pytest.mark.parametrize("packed", [False, True])
def test_an_xes_log(company, packed):
    company.declare(log=XES_SOURCE)
    company.file("log.xes.gz" if packed else "log.xes", gzip.compress(XES.encode()) if packed else XES)
    assert company.receive().accepted == 3
    found = company.rows(
        "select case_id, activity, t_us, function, agent, a_product, a_level from accepted order by row_number"
    )
    assert found == [
        ("I-1", "Opened", 1736499600000000, "service", "Ann", "router", 2),
        ("I-1", "Closed", 1736506800000000, "sales", None, "router", None),
        ("I-2", "Opened", 1736586000000000, None, None, None, None),
    ]


@pytest.mark.parametrize("text", [XES[:700], "<log></log>", "no xml"])
def test_an_xes_log_that_is_cut_or_empty_is_an_error(company, text):
    company.declare(log=XES_SOURCE)
    company.file("log.xes", text)
    with pytest.raises(ExtractError, match=r"followed to its end|without events"):
        company.receive()


OCEL = {
    "objectTypes": [{"name": "order", "attributes": []}, {"name": "item", "attributes": []}],
    "eventTypes": [{"name": "place", "attributes": []}],
    "objects": [
        {"id": "o1", "type": "order", "attributes": [{"name": "price", "time": "1970-01-01T00:00:00Z", "value": 12.5}]},
        {"id": "i1", "type": "item"}, {"id": "i2", "type": "item"},
    ],
    "events": [
        {"id": "e1", "type": "place", "time": "2025-01-10T09:00:00Z", "attributes": [{"name": "by", "value": "web"}],
         "relationships": [{"objectId": "o1", "qualifier": "order"}, {"objectId": "i1", "qualifier": "part"}, {"objectId": "i2", "qualifier": "part"}]},
        {"id": "e2", "type": "pick", "time": "2025-01-10T10:00:00Z", "relationships": [{"objectId": "i2", "qualifier": "picked"}]},
    ],
}  # fmt: skip


def test_an_ocel_log_and_what_relates_to_several_objects(company):
    company.declare(
        log={
            "read": "log.jsonocel", "format": "ocel", "case": {"order": "object:order", "item": "object:item"},
            "identifiers": {"order": "object:order", "item": "object:item"}, "attributes": {"price": "order:price"},
            "interactions": [{"activity": {"column": "event_type"}, "at": "event_time", "id": "event_id", "function": "service"}],
        }
    )  # fmt: skip
    company.file("log.jsonocel", json.dumps(OCEL))
    assert company.receive().accepted == 2
    found = company.rows(
        "select interaction_id, activity, case_key, case_id, id_order, id_item, a_price from accepted order by row_number"
    )
    assert found == [
        ("log:e1", "place", "order", "o1", "o1", "i1", 12.5),
        ("log:e2", "pick", "item", "i2", None, "i2", None),
    ]
    assert company.rows("select * from links") == [("log:e1", "item", "i2", "part")]


def test_an_ocel_log_needs_no_entries(company):
    company.declare(log={"read": "log.json", "format": "ocel"})
    company.file("log.json", json.dumps(OCEL))
    assert company.receive().accepted == 2
    assert company.rows("select interaction_id, activity, id_item, case_id from accepted order by row_number") == [
        ("log:e1", "place", "i1", "o1"), ("log:e2", "pick", "i2", "i2"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ['{"events": [{"id": 1}]}', '{"events": []}', '{"objects": []}', "[1]", "{"])
def test_json_that_is_no_ocel_log_is_an_error(company, text):
    company.declare(log={"read": "log.json", "format": "ocel"})
    company.file("log.json", text)
    with pytest.raises(ExtractError, match="OCEL"):
        company.receive()


def test_readings_responses_and_answers_about_responsibility(company):
    company.declare(
        calls={"read": "calls.csv", "interactions": [{"activity": "call", "at": "at"}]},
        kpis={"read": "k.csv", "readings": {"indicator": {"column": "kpi"}, "unit": "team", "period": "week", "value": "value"}},
        panel={"read": "p.csv", "responses": {"respondent": "id", "question": {"column": "item"}, "value": "answer", "at": "day", "facet": "expected"}},
        who={"read": "w.csv", "responsibility": {"respondent": "id", "from_function": {"column": "works_in"}, "to_function": {"column": "named"}}},
    )  # fmt: skip
    company.file("calls.csv", "at\n2025-01-10\n")
    company.file(
        "k.csv",
        "kpi,team,week,value\naht,T1,2025-W02,240.5\naht,T1,2025-W03,\naht,T2,never,3\naht,T2,2025-W02,many\n",
    )
    company.file(
        "p.csv", "id,item,answer,day\n1,delay,48,2025-01-10\n2,delay,72,2025-01-11\n2,delay,,2025-01-12\n"
    )
    company.file("w.csv", "id,works_in,named\n1,sales,service\n2,service,\n")
    with company.open() as opened:
        receipts = {one.source: one for one in opened.intake.receive()}
        opened.intake.tables()
        rows = opened.engine.rows
        assert rows("select indicator, unit, cast(period_start as varchar), period, value from readings") == [
            ("aht", "T1", "2025-01-06", "2025-W02", 240.5)
        ]
        assert rows("select respondent, question, value, facet from responses order by 1") == [
            ("1", "delay", 48.0, "expected"),
            ("2", "delay", 72.0, "expected"),
        ]
        assert rows("select respondent, from_function, to_function, share from responsibility_answers") == [
            ("1", "sales", "service", 1.0)
        ]
        assert rows("select reason from refusals order by row_number") == [
            ("unreadable_period",),
            ("not_a_number",),
        ]
    one = receipts["kpis"]
    assert (one.candidates, one.accepted, one.refused, one.not_happened) == (4, 1, 2, 1)
    company.file("k.csv", "kpi,team,week,value\naht,T1,2025-W02,250\naht,T1,2025-W03,230\n")
    company.receive()
    assert company.rows("select period, value from readings order by 1") == [
        ("2025-W02", 250.0),
        ("2025-W03", 230.0),
    ]


def test_a_zip_archive_says_what_to_do(company):
    company.change(read="c.zip")
    company.file("c.zip", b"PK\x03\x04 whatever")
    with pytest.raises((ExtractError, CharterError), match="Unpack it"):
        company.receive()
