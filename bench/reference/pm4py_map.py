"""Directly-follows, variants and handover of a log by pm4py, loading included. Runs in a Python of its own."""

import json
import sys
import warnings

import pandas as pd
import pm4py

warnings.filterwarnings("ignore")
log = pd.read_parquet(sys.argv[1], columns=["case_id", "activity", "t_us", "function"])
log["function"] = log["function"].astype(object).fillna("?")
log["time:timestamp"] = pd.to_datetime(log.pop("t_us"), unit="us", utc=True)
log = pm4py.format_dataframe(
    log.rename(columns={"function": "org:resource"}),
    case_id="case_id",
    activity_key="activity",
    timestamp_key="time:timestamp",
)
follows, _, _ = pm4py.discover_dfg(log)
variants = pm4py.get_variants(log)
pm4py.discover_handover_of_work_network(log)
print(json.dumps({"follows": sum(follows.values()), "variants": len(variants)}))
