"""When a human should take over: learnt on one split of MHCH (Taobao customer service), judged once on the other.

    python bench/gates/takeover.py UTTERANCES.parquet [--judge] [--dialogues N]

Without ``--judge`` only the split ``eval`` is read and the figures are those of conversations held out inside it: that is where
every choice was made. With it, the split ``test`` is read too. Words are ids; a dialogue's domain is never given to the policy.
"""

import argparse
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from portance.orchestration.takeover.learning import learn
from portance.orchestration.takeover.policy import Policy
from portance.orchestration.takeover.replaying import replay

DOMAINS = ("clothing", "makeup")
FLOORS = {"clothing": 0.43, "makeup": 0.46}
GATE = 0.50
ROLES = ("customer", "machine")


def turns(rows: pa.Table) -> pa.Table:
    """The table that a policy reads; the sentiment of this copy is nearly everywhere 0 and is left out."""
    return pa.table(
        {
            "conversation": rows["dialogue"], "turn": rows["turn"], "role": [ROLES[role] for role in rows["role"].to_pylist()],
            "words": rows["word_ids"], "label": rows["handoff_label"],
        }
    )  # fmt: skip


def some(rows: pa.Table, dialogues: int | None) -> pa.Table:
    """The first dialogues of each domain."""
    if dialogues is None:
        return rows
    kept = []
    for domain in DOMAINS:
        names = pc.unique(rows.filter(pc.equal(rows["domain"], domain))["dialogue"]).to_pylist()
        kept += sorted(names)[:dialogues]
    return rows.filter(pc.is_in(rows["dialogue"], pa.array(kept)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--judge", action="store_true", help="read the split test")
    parser.add_argument("--dialogues", type=int, default=None, help="so many dialogues of each domain only")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rows = pq.read_table(given.file)
    learnt = some(rows.filter(pc.equal(rows["split"], "eval")), given.dialogues)
    start = time.perf_counter()
    policy = learn(
        turns(learnt), given.seed, lambda what, number, of: print(f"{what}: {number} of {of}", flush=True)
    )
    spent = time.perf_counter() - start
    print(
        f"learnt from {policy.labelled} turns ({policy.asked} labelled 1) in {spent:.0f} s; {len(policy.to_json()) / 1e6:.2f} MB of JSON"
    )
    print(f"held out inside eval: {policy.measured}")
    if given.judge:
        policy = Policy.from_json(policy.to_json())
        test = some(rows.filter(pc.equal(rows["split"], "test")), given.dialogues)
        print(
            f"{'test':10} {'dialogues':>9} {'turns':>6} {'F1 (95 %)':>20} {'GT-I':>6} {'GT-II':>6} {'GT-III':>6} {'handed':>7} {'floor':>6} {'gate':>5}"
        )
        for domain in DOMAINS:
            told = replay(policy, turns(test.filter(pc.equal(test["domain"], domain))), seed=given.seed)
            assert told.f1
            assert told.gt1
            assert told.gt2
            assert told.gt3
            f1 = f"{told.f1.value:.3f} ({told.f1.ci_low:.3f}-{told.f1.ci_high:.3f})"
            print(
                f"{domain:10} {told.conversations:>9} {told.turns:>6} {f1:>20} {told.gt1.value:6.3f} {told.gt2.value:6.3f} {told.gt3.value:6.3f} "
                f"{told.handed.value:7.3f} {FLOORS[domain]:6.2f} {'pass' if (told.f1.value or 0) >= GATE else 'FAIL':>5}"
            )


if __name__ == "__main__":
    main()
