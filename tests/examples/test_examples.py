"""The shipped charters on the real extracts, where these are at hand: figures agree with queries written apart."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from portance.charter import read
from portance.charter.checking import attribute_names
from portance.workspace import Scan, open_workspace

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SHARED = Path(os.environ.get("PORTANCE_SHARED_DATA", ROOT.parent / "shared/data"))
NEEDS = {
    "olist": ("olist_stress", "olist_seller_funnel"),
    "uci_incidents": ("uci_incident_log",),
    "bpi2013": ("bpic2013_volvo_incidents",),
}


def scan(name: str, folder: Path) -> Iterator[tuple[Scan, Path]]:
    if not all((SHARED / part).is_dir() for part in NEEDS[name]):
        pytest.skip(f"the real extracts are not in {SHARED} (set PORTANCE_SHARED_DATA)")
    (folder / "extracts").mkdir(parents=True)
    for part in NEEDS[name]:
        for file in sorted((SHARED / part).glob("*.parquet")):
            (folder / "extracts" / file.name).symlink_to(file.resolve())
    (folder / "charter.yaml").write_bytes((EXAMPLES / name / "charter.yaml").read_bytes())
    with open_workspace(folder / "charter.yaml") as workspace:
        assert workspace.intake.check() == ()
        yield workspace.scan(), folder / "extracts"


@pytest.fixture(scope="module")
def olist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scan, Path]]:
    yield from scan("olist", tmp_path_factory.mktemp("olist") / "o")


@pytest.fixture(scope="module")
def uci(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scan, Path]]:
    yield from scan("uci_incidents", tmp_path_factory.mktemp("uci") / "u")


@pytest.fixture(scope="module")
def bpi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scan, Path]]:
    yield from scan("bpi2013", tmp_path_factory.mktemp("bpi") / "b")


def rows(found: tuple[Scan, Path], sql: str) -> list[tuple[Any, ...]]:
    """A query over tables of the scan (named as they are) and, as ``raw('name')``, over the extracts."""
    scanned, extracts = found
    with duckdb.connect() as connection:
        for name in (
            "journeys",
            "seams",
            "breaks",
            "clocks",
            "facets",
            "promise_rates",
            "receipts",
            "passages",
            "break_rates",
        ):
            table = scanned.table(name)
            if table is not None:
                connection.register(name, table)
        for file in extracts.iterdir():
            connection.execute(
                f"create view raw_{file.stem} as select *, file_row_number as rn from read_parquet('{file}', file_row_number = true)"
            )
        return connection.sql(sql).fetchall()


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_a_shipped_charter_is_valid_and_bilingual(name: str) -> None:
    charter = read(EXAMPLES / name / "charter.yaml")
    declared = [
        *charter.functions.values(),
        *charter.journeys.values(),
        *charter.sources.values(),
        *charter.segments.values(),
    ]
    texts = [value.name for value in declared] + [promise.says for promise in charter.promises.values()]
    assert all(text is not None and text.fr and text.en for text in texts)
    assert all(not Path(path).is_absolute() for source in charter.sources.values() for path in source.paths)
    assert attribute_names(charter)
    page = (EXAMPLES / name / "README.md").read_text(encoding="utf-8")
    assert "Where the data is" in page
    assert "https://" in page


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_no_data_is_shipped(name: str) -> None:
    kept = {file.name for file in (EXAMPLES / name).iterdir() if file.is_file()}
    assert kept == {"charter.yaml", "README.md"}


# ---- Olist


def test_olist_every_row_is_accounted_for(olist: tuple[Scan, Path]) -> None:
    assert rows(
        olist,
        "select bool_and(accepted + duplicate + refused + not_happened = candidates), sum(refused) from receipts",
    ) == [(True, 0)]
    counts = dict(rows(olist, "select source, accepted from receipts"))
    (orders, handed, delivered, items, reviews, leads, deals, payments) = rows(
        olist,
        """select (select count(order_purchase_timestamp) from raw_orders), (select count(order_delivered_carrier_date) from raw_orders),
        (select count(order_delivered_customer_date) from raw_orders), (select count(order_approved_at) from raw_order_items join raw_orders using (order_id)),
        (select count(*) from raw_order_reviews), (select count(*) from raw_marketing_qualified_leads), (select count(*) from raw_closed_deals),
        (select count(order_approved_at) from raw_order_payments join raw_orders using (order_id))""",
    )[0]  # fmt: skip
    assert counts == {
        "orders": orders + handed + delivered, "seller_items": items, "reviews": reviews, "leads": leads, "deals": deals, "payments": payments,
    }  # fmt: skip


LATE = "order_delivered_customer_date::date > order_estimated_delivery_date::date"


def test_olist_lateness_by_day_is_that_of_the_extract(olist: tuple[Scan, Path]) -> None:
    mine = rows(
        olist,
        """select count(*), count(*) filter (state = 'broken') from clocks
        where promise = 'announced_day' and ended_us is not null and state in ('kept', 'broken')""",
    )  # fmt: skip
    theirs = rows(
        olist,
        f"""select count(*), count(*) filter ({LATE}) from raw_orders
        where order_delivered_customer_date is not null and order_status not in ('canceled', 'unavailable')""",
    )  # fmt: skip
    assert mine == theirs
    assert round(theirs[0][1] / theirs[0][0], 3) == 0.066
    by_instant = rows(
        olist,
        "select avg((order_delivered_customer_date > order_estimated_delivery_date)::int) from raw_orders where order_delivered_customer_date is not null",
    )
    assert round(by_instant[0][0], 3) == 0.080


def test_olist_lateness_by_state(olist: tuple[Scan, Path]) -> None:
    mine = rows(
        olist,
        """select segment_state, count(*), count(*) filter (state = 'broken') from clocks join journeys using (journey_id)
        where promise = 'announced_day' and clocks.ended_us is not null and state in ('kept', 'broken') group by 1 order by 1""",
    )  # fmt: skip
    theirs = rows(
        olist,
        f"""select customer_state, count(*), count(*) filter ({LATE}) from raw_orders join raw_customers using (customer_id)
        where order_delivered_customer_date is not null and order_status not in ('canceled', 'unavailable') group by 1 order by 1""",
    )  # fmt: skip
    assert mine == theirs
    shares = {state: late / count for state, count, late in theirs}
    assert round(shares["AL"], 2) == 0.25
    assert shares["MG"] < 0.035
    assert shares["RJ"] > 0.11


def test_olist_kept_rate_speaks_of_all_orders(olist: tuple[Scan, Path]) -> None:
    mine = rows(olist, "select rate from promise_rates where promise = 'announced_day' and segment = 'all'")[
        0
    ][0]
    theirs = rows(
        olist,
        f"""with o as (select case when order_status = 'delivered' then 18.65 else 1 end as w, order_delivered_customer_date is null or {LATE} as late,
        order_delivered_customer_date is null and order_estimated_delivery_date::date >= date '2018-10-22' as pending
        from raw_orders where order_status not in ('canceled', 'unavailable'))
        select sum(w) filter (not late) / sum(w) from o where not pending""",
    )[0][0]  # fmt: skip
    assert mine == pytest.approx(theirs, abs=1e-9)
    assert round(mine, 2) == 0.92


def test_olist_sellers_and_their_own_deadline(olist: tuple[Scan, Path]) -> None:
    mine = rows(
        olist,
        """select count(*), count(*) filter (state = 'broken') from clocks
        where promise = 'seller_deadline' and ended_us is not null and state in ('kept', 'broken')""",
    )  # fmt: skip
    theirs = rows(
        olist,
        """with first as (select order_id, arg_min(shipping_limit_date, rn) as due from raw_order_items group by 1)
        select count(*), count(*) filter (order_delivered_carrier_date > due) from raw_orders join first using (order_id)
        where order_delivered_carrier_date >= order_approved_at and order_status not in ('canceled', 'unavailable')""",
    )  # fmt: skip
    assert mine == theirs


def test_olist_recruits_its_sellers_as_a_second_type_of_journey(olist: tuple[Scan, Path]) -> None:
    assert rows(olist, "select journey_type, count(*) from journeys group by 1 order by 1") == [
        ("purchase", 8135),
        ("seller_funnel", 8000),
    ]
    won = rows(
        olist, "select count(*) from journeys where journey_type = 'seller_funnel' and last_activity = 'won'"
    )
    assert won[0][0] > 800


# ---- UCI


def test_uci_service_level_kept_per_case(uci: tuple[Scan, Path]) -> None:
    mine = rows(uci, "select count(*), count(*) filter (state = 'kept') from clocks where promise = 'sla'")
    theirs = rows(
        uci,
        """with last as (select number, arg_max(made_sla, (sys_updated_at, rn)) as kept from raw_events group by 1)
        select count(*), count(*) filter (kept) from last""",
    )  # fmt: skip
    assert mine == theirs
    assert round(theirs[0][1] / theirs[0][0], 3) == 0.634


def test_uci_service_level_falls_with_every_change_of_group(uci: tuple[Scan, Path]) -> None:
    mine = rows(
        uci,
        """select segment_reassignments, count(*), count(*) filter (state = 'kept') from clocks join journeys using (journey_id)
        where promise = 'sla' group by 1 order by 1""",
    )  # fmt: skip
    theirs = rows(
        uci,
        """with closed as (select number, arg_min(reassignment_count, (sys_updated_at, rn)) filter (ident_state = 'Closed') as changes,
        arg_max(made_sla, (sys_updated_at, rn)) as kept from raw_events group by 1)
        select case when changes >= 5 then '5 or more' else changes::varchar end, count(*), count(*) filter (kept) from closed group by 1 order by 1""",
    )  # fmt: skip
    assert mine == theirs
    assert [round(kept / count, 2) for _, count, kept in mine[:5]] == [0.78, 0.57, 0.40, 0.33, 0.25]


def test_uci_callers_who_come_back(uci: tuple[Scan, Path]) -> None:
    mine = rows(uci, "select count(*) from breaks where kind = 'repeat_contact'")
    theirs = rows(
        uci,
        """with opened as (select coalesce(caller_id, 'case ' || number) as who, category, sys_updated_at as t, rn from raw_events
        where sys_mod_count = 0 and category is not null), before as (select t, lag(t) over (partition by who, category order by t, rn) as p from opened)
        select count(*) from before where t - p <= interval 7 day""",
    )  # fmt: skip
    assert mine == theirs


def test_uci_ping_pong_between_groups(uci: tuple[Scan, Path]) -> None:
    assert rows(
        uci, "select count(*), count(distinct journey_id) from breaks where kind = 'ping_pong'"
    ) == rows(uci, ping_pong("number", "assignment_group", "sys_updated_at"))


# ---- BPI 2013


def ping_pong(case: str, unit: str, time: str) -> str:
    """Returns to the unit of the run before the previous one; an unknown unit is a run that nobody comes back to."""
    return f"""
    with e as (select {case} as c, {unit} as u, row_number() over (partition by {case} order by {time}, rn) as k from raw_events),
    r as (select *, lag(u) over (partition by c order by k) as p from e),
    runs as (select c, u, row_number() over (partition by c order by k) as n from r where n_first(k, u, p)),
    x as (select c, u, lag(u) over (partition by c order by n) as before, lag(u, 2) over (partition by c order by n) as first from runs)
    select count(*), count(distinct c) from x where u = first and before is not null""".replace(
        "n_first(k, u, p)", "k = 1 or u is distinct from p"
    )


def test_bpi_ping_pong_between_teams(bpi: tuple[Scan, Path]) -> None:
    mine = rows(bpi, "select count(*), count(distinct journey_id) from breaks where kind = 'ping_pong'")
    assert mine == rows(bpi, ping_pong('"case:concept:name"', '"org:group"', '"time:timestamp"'))
    assert mine == [(2394, 1177)]


def test_bpi_push_to_front(bpi: tuple[Scan, Path]) -> None:
    mine = rows(
        bpi, "select count(*), count(*) filter (state = 'kept') from clocks where promise = 'push_to_front'"
    )
    theirs = rows(
        bpi,
        """with c as (select "case:concept:name" as c, bool_and("org:group" not like '%2nd%' and "org:group" not like '%3rd%') as front from raw_events group by 1)
        select count(*), count(*) filter (front) from c""",
    )  # fmt: skip
    assert mine == theirs
    assert round(theirs[0][1] / theirs[0][0], 3) == 0.602


def test_bpi_says_that_it_knows_no_customer(bpi: tuple[Scan, Path]) -> None:
    assert rows(bpi, "select count(person_id), count(*) from journeys") == [(0, 7554)]
