"""What the report costs beside the analytics: one scan of N interactions, processor seconds by part.

    python bench/report.py --rows 1000000

Analytics: identity, journeys and the SQL of experience. Report: intervals and findings in Python, tables, drawings,
report.html, report.xlsx and report.json.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

CHARTER = """\
portance: 1
company: {name: Bench, currency: EUR, timezone: Europe/Paris, language: fr}
functions: {f0: {}, f1: {}, f2: {}, f3: {}, f4: {}, f5: {}, f6: {}, f7: {}}
sources:
  log:
    read: log.parquet
    case: case_id
    identifiers: {account: account}
    interactions:
      - {activity: {column: activity}, at: at, function: {column: function}, channel: {column: channel}, actor: {column: actor},
         initiated_by: {column: initiated_by}, outcome: {column: outcome}, intent: intent, wait_s: wait_s, due_at: due}
journeys: {request: {by: case}}
promises:
  answered:
    says: Answered in time
    journey: request
    owners: [f1]
    clock: {from: a0, to: a5, unit: hours}
    intended: {at_most: 20, by: board}
    offered: {at_most: 24, source: contract}
    expected: {due: a0}
"""
LOG = """
copy (
  with r as (select i, i // 8 as c, hash(i) % 1000003 as h from range({rows}) t(i))
  select 'C' || c as case_id, 'P' || (c // 2) as account, 'a' || (h % 12) as activity, 'f' || (h % 8) as function,
         'c' || (h % 5) as channel, case when h % 3 = 0 then 'machine' else 'human' end as actor,
         case when h % 2 = 0 then 'customer' else 'company' end as initiated_by,
         case h % 5 when 0 then 'resolved' when 1 then 'unresolved' when 2 then 'transferred' when 3 then 'abandoned' end as outcome,
         'i' || (h % 6) as intent, (h % 900)::integer as wait_s,
         timestamptz '2025-01-01 00:00:00+00' + to_seconds((c * 97 % 20000000) + (i % 8) * 3600 + h % 3000) as at,
         timestamptz '2025-01-01 00:00:00+00' + to_seconds((c * 97 % 20000000) + 86400) as due
  from r order by hash(i)
) to '{path}' (format parquet)
"""


def parts(folder: Path) -> dict[str, float]:
    """Processor seconds of each part of one scan, in this process."""
    from portance.report.delivering import deliver
    from portance.workspace import open_workspace

    marks: list[tuple[str, float]] = []

    def mark(stage: str, *_: object) -> None:
        marks.append((stage, time.process_time()))

    with open_workspace(folder / "charter.yaml") as workspace:
        scan = workspace.scan(progress=mark)
        marks.append(("report", time.process_time()))
        deliver(scan, folder / "report", "fr")
        marks.append(("end", time.process_time()))
        sql = {run.name: run.cpu_s for run in scan.trace}
        experience_sql = sum(sql.get(step.name, 0.0) for step in workspace.experience.steps(0))
    spent: dict[str, float] = {}
    for (stage, at), (_, until) in pairwise(marks):
        spent[stage] = spent.get(stage, 0.0) + until - at
    return spent | {
        "experience_sql": experience_sql,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.folder:
        print(json.dumps(parts(asked.folder)))
        return
    import duckdb

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "charter.yaml").write_text(CHARTER)
        duckdb.sql(LOG.format(rows=asked.rows, path=folder / "log.parquet"))
        command = [sys.executable, __file__, "--folder", name]
        out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    spent = json.loads(out.stdout.splitlines()[-1])
    analytics = spent["identity"] + spent["journeys"] + spent["experience_sql"]
    report = spent["experience"] - spent["experience_sql"] + spent["findings"] + spent["report"]
    for part, seconds in spent.items():
        print(f"{part:16} {seconds:9.2f}")
    print(f"report / analytics = {report:.2f} / {analytics:.2f} = {report / analytics:.2f}")


if __name__ == "__main__":
    main()
