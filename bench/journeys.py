"""What journeys cost, against a query written by hand and against pm4py, on the same log.

    python bench/journeys.py --rows 10000000 --pairs 3

Each side runs in a process of its own, turn by turn; the figures are medians of its processor time (user and system,
children included), because wall time says more about the neighbours. Both sides of the first pair also give a hash of
every table that does not depend on the order of rows: the run stops where they differ. pm4py (AGPL) is never
imported here: ``--pm4py`` names a Python that has it, and it runs as another program.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
TABLES = ("journeys", "seams", "breaks", "directly_follows")
SIDES = ("steps", "reference")


def child(side: str, log: Path, options: argparse.Namespace, *extra: str) -> dict:
    """One run in a process of its own: processor seconds, peak memory, and what it printed as JSON."""
    with tempfile.TemporaryFile() as told:
        command = [sys.executable, str(HERE / "journeys.py"), "--side", side, "--log", str(log), "--memory", options.memory,
                   "--scratch", str(options.folder), *extra]  # fmt: skip
        if side == "pm4py":
            command = [options.pm4py, str(HERE / "reference" / "pm4py_map.py"), str(log)]
        process = subprocess.Popen(command, stdout=told)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{side} failed")
        told.seek(0)
        lines = told.read().decode().strip().splitlines()
        return {
            "cpu": used.ru_utime + used.ru_stime,
            "peak_mb": used.ru_maxrss / 1024,
            **(json.loads(lines[-1]) if lines else {}),
        }


# ---- what a child does


def charter(by: str = "person"):
    from interactions import FUNCTIONS

    from portance.charter import Charter

    return Charter.model_validate({
        "portance": 1,
        "company": {"name": "Bench"},
        "functions": {name: {} for name in FUNCTIONS},
        "sources": {"log": {"read": "log.parquet", "case": "case_id",
                            "interactions": [{"activity": {"column": "activity"}, "at": "t"}]}},
        "journeys": {"all": {"by": by}},
        "promises": {"prompt": {
            "says": "Within three days", "journey": "all", "owners": ["sales"],
            "clock": {"from": "activity 00", "to": "activity 01"},
            "expected": {"due": "activity 00"}, "offered": {"at_most": 3},
        }},
        "values": {"contact": {"value": 6.5, "source": "bench"}},
    })  # fmt: skip


def hashed(rows) -> dict[str, list]:
    """Each table as its number of rows and the sum of its rows' hashes."""
    return {
        table: [
            str(value)
            for value in rows(f"select count(*), sum(hash(t)::hugeint) from (select * from {table}) as t")[0]
        ]
        for table in TABLES
    }


def run_steps(options: argparse.Namespace) -> dict:
    from portance.engine import Engine
    from portance.journeys.stage import Journeys

    with Engine(memory=options.memory, threads=2, scratch=options.scratch) as engine:
        engine.parquet("interactions", [options.log])
        as_of = engine.rows("select max(t_us) from interactions")[0][0]
        steps = Journeys(charter(), engine).steps(as_of)
        last = [step.name for step in steps].index("directly_follows")
        engine.run(steps[: last + 1])
        told = {"steps": {run.name: round(run.cpu_s, 2) for run in engine.trace if run.rows >= 0}}
        return told | ({"hashes": hashed(engine.rows)} if options.hashes else {})


def run_reference(options: argparse.Namespace) -> dict:
    import duckdb

    with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
        config = {"memory_limit": options.memory, "threads": 2, "temp_directory": f"{folder}/spill",
                  "preserve_insertion_order": False}  # fmt: skip
        connection = duckdb.connect(":memory:", config=config)  # in memory, spilling, as the engine works
        connection.execute(f"create view interactions as select * from read_parquet('{options.log}')")
        connection.execute((HERE / "reference" / "journeys.sql").read_text())
        return {"hashes": hashed(lambda sql: connection.execute(sql).fetchall())} if options.hashes else {}


def run_rates(options: argparse.Namespace) -> dict:
    """The whole stage, with rates and intervals."""
    from portance.engine import Engine
    from portance.journeys.stage import Journeys

    with Engine(memory=options.memory, threads=2, scratch=options.scratch) as engine:
        engine.parquet("interactions", [options.log])
        Journeys(charter(), engine).build(engine.rows("select max(t_us) from interactions")[0][0])
        return {}


def run_map(options: argparse.Namespace) -> dict:
    from portance.engine import Engine
    from portance.journeys.stage import Journeys

    with Engine(memory=options.memory, threads=2, scratch=options.scratch) as engine:
        engine.parquet("interactions", [options.log])
        told = Journeys(charter("case"), engine).map("all")
        return {"follows": sum(told.directly_follows["n"].to_pylist()), "variants": told.variants.num_rows}


# ---- the comparison


def measured(rows: int, options: argparse.Namespace) -> dict[str, float]:
    from interactions import written

    log = written(rows, options.folder)
    runs: dict[str, list[dict]] = {side: [] for side in SIDES}
    for pair in range(options.pairs):
        for side in SIDES if pair % 2 == 0 else SIDES[::-1]:
            runs[side].append(child(side, log, options))
    proofs = [child(side, log, options, "--hashes")["hashes"] for side in SIDES]
    if proofs[0] != proofs[1]:
        sys.exit(f"the steps and the reference differ at {rows:,} rows:\n{proofs[0]}\n{proofs[1]}")
    cpu = {side: statistics.median(run["cpu"] for run in runs[side]) for side in SIDES}
    ratio = statistics.median(
        a["cpu"] / b["cpu"] for a, b in zip(runs["steps"], runs["reference"], strict=True)
    )
    peak = max(run["peak_mb"] for run in runs["steps"])
    print(f"{rows:>12,} rows  steps {cpu['steps']:8.1f} s   reference {cpu['reference']:8.1f} s   ratio {ratio:5.2f}"
          f"   peak {peak:6.0f} MB   equal: {', '.join(f'{name} {proofs[0][name][0]}' for name in TABLES)}")  # fmt: skip
    print(f"{'':>12}       {runs['steps'][-1]['steps']}")
    if options.rates:
        whole = statistics.median(child("rates", log, options)["cpu"] for _ in range(options.pairs))
        print(f"{'':>12}       with clocks, rates, passages and intervals {whole:8.1f} s")
    if options.pm4py:
        both = [(child("map", log, options), child("pm4py", log, options)) for _ in range(options.pairs)]
        ours, theirs = (statistics.median(pair[side]["cpu"] for pair in both) for side in (0, 1))
        same = all(a[what] == b[what] for a, b in both for what in ("follows", "variants"))
        print(f"{'':>12}       map {ours:8.1f} s   pm4py {theirs:8.1f} s   {statistics.median(b['cpu'] / a['cpu'] for a, b in both):5.1f} x faster"
              f"   peak {both[0][0]['peak_mb']:.0f} / {both[0][1]['peak_mb']:.0f} MB   same figures: {same}")  # fmt: skip
    return cpu


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--memory", default="3GB")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "portance-bench")
    parser.add_argument(
        "--growth", action="store_true", help="also run a tenth of the rows and compare the growth"
    )
    parser.add_argument("--rates", action="store_true", help="also run the whole stage, with its intervals")
    parser.add_argument("--pm4py", help="a Python that has pm4py")
    for hidden in ("--side", "--log", "--scratch"):
        parser.add_argument(hidden, help=argparse.SUPPRESS, type=Path if hidden != "--side" else str)
    parser.add_argument("--hashes", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        run = {"steps": run_steps, "reference": run_reference, "rates": run_rates, "map": run_map}[
            options.side
        ]
        print(json.dumps(run(options)))
        return
    small = measured(options.rows // 10, options) if options.growth else None
    large = measured(options.rows, options)
    if small:
        growth = {side: large[side] / small[side] for side in SIDES}
        print(f"growth from {options.rows // 10:,} to {options.rows:,}: steps {growth['steps']:.2f}, reference {growth['reference']:.2f},"
              f" {growth['steps'] / growth['reference']:.2f} of its own")  # fmt: skip


if __name__ == "__main__":
    main()
