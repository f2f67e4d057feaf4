"""Intake of a CSV to files of record, against DuckDB reading the same CSV into sorted Parquet.

    python bench/intake.py --rows 1000000 --pairs 3

Each side is a process of its own, the two interleaved; the figure is the ratio of the medians of user plus system
time. Both write zstd Parquet on two threads; the plain side types its columns by DuckDB's own detection and sorts
by case and time, as a hand-written load would.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CHARTER = """\
portance: 1
company: {name: Bench, timezone: Europe/Paris}
functions: {service: {}, sales: {}, logistics: {}, billing: {}, it: {}}
sources:
  tickets:
    read: tickets.csv
    case: ticket_id
    identifiers: {customer: customer_id}
    attributes: [amount]
    interactions:
      - activity: {column: activity}
        at: occurred
        function: {column: department}
        channel: {column: channel}
        team: team
        outcome: {column: outcome}
        wait_s: wait
        intent: reason
        verbatim: comment
journeys:
  ticket: {by: case}
"""


def make(rows: int, path: Path) -> None:
    """A ticket log of 12 columns, about 97 bytes a row, one comment in twenty."""
    import duckdb

    duckdb.connect().execute(f"""
        copy (
            select 'C' || lpad(cast(hash(i) % greatest({rows} // 6, 1) as varchar), 8, '0') as ticket_id,
                   'P' || lpad(cast(hash(i + 7) % greatest({rows} // 8, 1) as varchar), 8, '0') as customer_id,
                   strftime(timestamp '2023-01-01' + to_seconds(cast(i * 63072000 // {rows} as bigint)), '%Y-%m-%d %H:%M:%S') as occurred,
                   ['call', 'chat', 'mail', 'visit', 'delivery', 'bill'][1 + cast(hash(i + 1) % 6 as int)] as activity,
                   ['phone', 'chat', 'email', 'shop', 'web'][1 + cast(hash(i + 2) % 5 as int)] as channel,
                   ['service', 'sales', 'logistics', 'billing', 'it'][1 + cast(hash(i + 3) % 5 as int)] as department,
                   'team ' || (hash(i + 4) % 40) as team,
                   ['resolved', 'unresolved', 'transferred', 'abandoned', ''][1 + cast(hash(i + 5) % 5 as int)] as outcome,
                   hash(i + 6) % 900 as wait,
                   round((hash(i + 8) % 100000) / 100.0, 2) as amount,
                   ['billing', 'delivery', 'contract'][1 + cast(hash(i + 9) % 3 as int)] as reason,
                   case when hash(i + 10) % 20 = 0 then 'a comment, with "quotes" and number ' || i end as comment
            from range({rows}) t(i)
        ) to '{path}' (header, delimiter ',')
    """)


def plain(folder: Path) -> None:
    """What anyone would write: read, sort, write."""
    import duckdb

    connection = duckdb.connect(
        str(folder / "plain.duckdb"), config={"threads": 2, "temp_directory": str(folder / "spill")}
    )
    connection.execute(
        f"copy (select * from read_csv('{folder / 'tickets.csv'}') order by ticket_id, occurred) "
        f"to '{folder / 'plain.parquet'}' (format parquet, compression zstd)"
    )


def intake(folder: Path) -> None:
    """The same file through Portance."""
    from portance import clock
    from portance.charter import read
    from portance.engine import Engine
    from portance.intake import Intake
    from portance.store import State

    charter = read(folder / "charter.yaml")
    with Engine(threads=2) as engine, State.beside(charter.path) as state:
        (receipt,) = Intake(charter, state, engine, clock.now).receive()
    if (
        receipt.accepted + receipt.refused != receipt.candidates
        or receipt.accepted < 0.99 * receipt.candidates
    ):
        raise SystemExit(f"unexpected: {receipt}")


def measured(side: str, folder: Path) -> tuple[float, int]:
    """CPU seconds and peak memory (MB) of one side, in a process of its own."""
    shutil.rmtree(folder / ".portance", ignore_errors=True)
    for leftover in ("plain.duckdb", "plain.parquet"):
        (folder / leftover).unlink(missing_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, __file__, side, str(folder)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, int(done.stdout.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    asked = parser.parse_args()
    rows, runs = asked.rows, asked.pairs
    with tempfile.TemporaryDirectory(prefix="portance-bench-") as name:
        folder = Path(name)
        make(rows, folder / "tickets.csv")
        (folder / "charter.yaml").write_text(CHARTER)
        size = (folder / "tickets.csv").stat().st_size / 1e6
        print(f"{rows:,} rows, {size:,.0f} MB of CSV, {runs} interleaved runs")
        took: dict[str, list[tuple[float, int]]] = {"plain": [], "intake": []}
        for _ in range(runs):
            for side, found in took.items():
                found.append(measured(side, folder))
        for side, found in took.items():
            cpu = statistics.median(value for value, _ in found)
            print(f"{side:8} {cpu:8.2f} CPU s, peak {max(peak for _, peak in found):,} MB")
        ratio = statistics.median(a[0] for a in took["intake"]) / statistics.median(
            b[0] for b in took["plain"]
        )
        print(f"ratio    {ratio:8.2f} (at most 4)")


if __name__ == "__main__":
    if sys.argv[1:2] in (["plain"], ["intake"]):
        {"plain": plain, "intake": intake}[sys.argv[1]](Path(sys.argv[2]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    else:
        main()
