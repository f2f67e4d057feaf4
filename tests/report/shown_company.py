"""An invented company, its charter, and the tables that a scan of it would give: enough to see a whole report."""

import math
from collections import defaultdict
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa

from portance.charter import Charter
from portance.views.run import RunFacts, TableFile, Timing

HOUR_US = 3_600_000_000
START_US = int(datetime(2025, 1, 6, 8, tzinfo=UTC).timestamp() * 1_000_000)
FUNCTIONS = {
    "marketing": ("Marketing", "Marketing"),
    "sales": ("Ventes", "Sales"),
    "digital": ("Digital", "Digital"),
    "logistics": ("Logistique", "Logistics"),
    "billing": ("Facturation", "Billing"),
    "service": ("Service client", "Customer service"),
    "repairs": ("Après-vente", "After-sales"),
    "network": ("Réseau et raccordements", "Network and connections"),
    "collections": ("Recouvrement", "Collections"),
}
NEXT = {
    "marketing": {"sales": 0.7, "digital": 0.3},
    "sales": {"logistics": 0.6, "billing": 0.2, "network": 0.2},
    "digital": {"sales": 0.45, "service": 0.35, "billing": 0.2},
    "logistics": {"billing": 0.55, "service": 0.3, "repairs": 0.15},
    "billing": {"service": 0.6, "collections": 0.2, "digital": 0.2},
    "service": {"repairs": 0.35, "billing": 0.35, "logistics": 0.2, "network": 0.1},
    "repairs": {"service": 0.6, "logistics": 0.4},
    "network": {"billing": 0.7, "service": 0.3},
    "collections": {"service": 0.6, "billing": 0.4},
}
BREAKS_AT = {
    ("sales", "logistics"): 0.21, ("logistics", "service"): 0.34, ("digital", "service"): 0.29,
    ("billing", "service"): 0.17, ("service", "billing"): 0.24, ("service", "repairs"): 0.12,
    ("repairs", "service"): 0.31,
}  # fmt: skip
KINDS = (
    "repeat_contact", "useless_transfer", "ping_pong", "forced_channel_switch", "long_wait", "abandonment",
    "dead_end", "broken_promise", "reopened", "asked_again",
)  # fmt: skip
CHANNELS = ("phone", "web", "store", "email")


def charter(**changes: object) -> Charter:
    """What the company declares."""
    declared: dict[str, object] = {
        "portance": 1,
        "company": {"name": "Voltaine", "currency": "EUR", "timezone": "Europe/Paris", "language": "fr"},
        "functions": {name: {"name": {"fr": fr, "en": en}} for name, (fr, en) in FUNCTIONS.items()},
        "channels": {name: {} for name in CHANNELS},
        "sources": {
            "orders": {"read": "extracts/orders.csv", "interactions": [{"activity": "ordered", "at": "day"}]},
            "calls": {"read": "extracts/calls.csv", "interactions": [{"activity": "called", "at": "day"}]},
        },
        "journeys": {
            "subscription": {"by": "person", "name": {"fr": "Souscription", "en": "Subscription"}},
            "repair": {"by": "case", "name": {"fr": "Dépannage", "en": "Repair"}},
        },
        "promises": {
            "delivered_in_time": {
                "says": {"fr": "Votre boîtier chez vous en 48 heures", "en": "Your box at home within 48 hours"},
                "journey": "subscription", "owners": ["sales", "logistics"],
                "clock": {"from": "ordered", "to": "delivered", "unit": "hours"},
                "intended": {"at_most": 48}, "offered": {"at_most": 72}, "expected": {"at_most": 48},
            },
            "right_first_time": {
                "says": {"fr": "Réglé au premier contact", "en": "Settled at the first contact"},
                "journey": "repair", "owners": ["service"], "measure": "last(asked_again)",
                "intended": {"at_least": 0.9}, "offered": {"at_least": 0.8}, "expected": {"at_least": 0.95},
            },
            "clear_bill": {
                "says": {"fr": "Une facture que l’on comprend", "en": "A bill that one understands"},
                "journey": "subscription", "owners": [], "measure": "last(asked_again)",
            },
        },
    }  # fmt: skip
    return Charter.model_validate(declared | changes)


def wilson(k: float, n: float) -> tuple[float, float]:
    if not n:
        return 0.0, 1.0
    z = 1.96
    p = k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def walked(seed: int = 7, journeys: int = 6_000) -> list[dict[str, object]]:
    """Seams of simulated journeys."""
    draw = np.random.default_rng(seed)
    seams = []
    for number in range(journeys):
        kind = "subscription" if number % 4 else "repair"
        at = str(
            draw.choice(
                ["marketing", "digital", "sales"] if kind == "subscription" else ["service", "digital"]
            )
        )
        now = START_US + int(draw.integers(0, 24 * 150)) * HOUR_US
        person = f"p{number // 2:05d}"
        for position in range(1, 1 + int(draw.integers(1, 8))):
            follow = NEXT[at]
            to = str(draw.choice(list(follow), p=list(follow.values())))
            elapsed = int(draw.gamma(1.6, 14) * HOUR_US)
            rate = BREAKS_AT.get((at, to), 0.03)
            broken = bool(draw.random() < rate)
            kinds = (
                sorted({str(draw.choice(KINDS)) for _ in range(1 + int(draw.random() < 0.3))})
                if broken
                else []
            )
            seams.append(
                {
                    "journey_id": f"{kind}:{person}:{number}", "journey_type": kind, "person_id": person,
                    "seam_position": position + 1, "from_function": at, "to_function": to,
                    "from_channel": str(draw.choice(CHANNELS)), "to_channel": str(draw.choice(CHANNELS)),
                    "left_us": now, "reached_us": now + elapsed, "elapsed_ms": elapsed // 1000, "broken": broken,
                    "break_kinds": ",".join(kinds),
                }
            )  # fmt: skip
            at, now = to, now + elapsed
    return seams


def flows_of(seams: list[dict[str, object]]) -> list[dict[str, object]]:
    """The map of flows of seams, by the order of functions in each journey."""
    held: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for seam in seams:
        key = (
            seam["journey_type"],
            int(str(seam["seam_position"])) - 1,
            seam["from_function"],
            seam["to_function"],
        )
        held[key][0] += 1
        held[key][1] += int(bool(seam["broken"]))
    names = ("journey_type", "step", "from_function", "to_function", "journeys", "broken")
    return [dict(zip(names, (*key, *counts), strict=True)) for key, counts in sorted(held.items(), key=str)]


def passages_of(seams: list[dict[str, object]]) -> list[dict[str, object]]:
    held: dict[tuple[object, ...], list[dict[str, object]]] = defaultdict(list)
    for seam in seams:
        held[seam["journey_type"], seam["from_function"], seam["to_function"]].append(seam)
    rows = []
    for (kind, first, last), crossed in sorted(held.items(), key=str):
        broken = sum(bool(seam["broken"]) for seam in crossed)
        people = len({seam["person_id"] for seam in crossed})
        low, high = wilson(broken, len(crossed))
        cost = broken * 2_350
        rows.append(
            {
                "journey_type": kind, "from_function": first, "to_function": last, "seams": len(crossed), "broken": broken,
                "people": people, "people_broken": len({seam["person_id"] for seam in crossed if seam["broken"]}),
                "rate": broken / len(crossed), "ci_low": low, "ci_high": high, "cost_cents": cost,
                "cost_low_cents": int(cost * 0.75), "cost_high_cents": int(cost * 1.4),
                "median_elapsed_ms": int(np.median([int(str(seam["elapsed_ms"])) for seam in crossed])),
                "shown": "suppressed" if people < 5 else "interval" if people < 30 else "point",
            }
        )  # fmt: skip
    few = {"journey_type": "repair", "from_function": "network", "to_function": "collections"}
    rows.append(
        rows[0]
        | few
        | {
            "seams": 14,
            "broken": 3,
            "people": 12,
            "people_broken": 3,
            "rate": 0.21,
            "ci_low": 0.08,
            "ci_high": 0.48,
            "shown": "interval",
        }
    )
    rows.append(
        rows[0]
        | few
        | {
            "from_function": "collections",
            "to_function": "marketing",
            "seams": 3,
            "people": 3,
            "people_broken": 1,
            "shown": "suppressed",
        }
    )
    return rows


def break_rates_of(seams: list[dict[str, object]]) -> list[dict[str, object]]:
    rows = []
    for journey in ("subscription", "repair"):
        mine = [seam for seam in seams if seam["journey_type"] == journey]
        for kind in KINDS:
            if kind in ("useless_transfer", "asked_again") and journey == "repair":
                rows.append(
                    {
                        "journey_type": journey,
                        "kind": kind,
                        "status": "off",
                        "reason": "needs the column outcome",
                    }
                )
                continue
            hit = [seam for seam in mine if kind in str(seam["break_kinds"]).split(",")]
            low, high = wilson(len(hit), len(mine))
            rows.append(
                {
                    "journey_type": journey, "kind": kind, "at_risk": len(mine), "broken": len(hit),
                    "people": len({seam["person_id"] for seam in hit}), "rate": len(hit) / len(mine), "ci_low": low,
                    "ci_high": high, "status": "on", "reason": None, "censored": 212 if kind == "repeat_contact" else 0,
                }
            )  # fmt: skip
    return rows


def findings_of(passages: list[dict[str, object]]) -> list[dict[str, object]]:
    top = sorted(
        (row for row in passages if row["shown"] == "point"), key=lambda row: -int(str(row["people_broken"]))
    )[:6]
    rows: list[dict[str, object]] = []
    for row in top:
        first, last = (FUNCTIONS[str(row[name])] for name in ("from_function", "to_function"))
        percent = round(100 * float(str(row["rate"])))
        rows.append(
            {
                "kind": "seam", "key": f"seam:{row['journey_type']}:{row['from_function']}>{row['to_function']}",
                "title_fr": f"Entre {first[0]} et {last[0]}", "title_en": f"Between {first[1]} and {last[1]}",
                "text_fr": f"Entre {first[0]} et {last[0]}, {percent}\u202f% des passages rompent ; surtout : contact répété. Aucune promesse déclarée n’engage les deux côtés.",
                "text_en": f"Between {first[1]} and {last[1]}, {percent}% of passages break; mostly: repeat contact. No declared promise binds both sides.",
                "value": row["rate"], "ci_low": row["ci_low"], "ci_high": row["ci_high"], "unit": "share", "n": row["seams"],
                "grade": "A", "owners": f"{row['from_function']}, {row['to_function']}", "people": row["people_broken"],
                "money": int(str(row["cost_cents"])) / 100, "money_low": int(str(row["cost_low_cents"])) / 100,
                "money_high": int(str(row["cost_high_cents"])) / 100, "from_function": row["from_function"],
                "to_function": row["to_function"], "promise": None, "status": "draft", "reply_fr": None, "reply_en": None,
                "rows_table": "seams",
                "rows_filter": f"journey_type = '{row['journey_type']}' and from_function = '{row['from_function']}' and to_function = '{row['to_function']}' and broken",
                "method": "breaks",
            }
        )  # fmt: skip
    says = ("Votre boîtier chez vous en 48 heures", "Your box at home within 48 hours")
    rows[1] |= {
        "status": "replied",
        "reply_fr": "Nous partageons ce constat : le créneau est annoncé avant que le stock soit lu.",
        "reply_en": "We share this finding: the slot is announced before stock is read.",
    }
    common = {
        "grade": "A",
        "owners": "sales, logistics",
        "status": "draft",
        "promise": "delivered_in_time",
        "method": "promises-and-gaps",
        "rows_table": "clocks",
        "rows_filter": "promise = 'delivered_in_time' and state = 'broken'",
    }
    rows.insert(
        2,
        common
        | {
            "kind": "promise",
            "key": "promise:delivered_in_time",
            "title_fr": says[0],
            "title_en": says[1],
            "text_fr": f"« {says[0]} » : promesse tenue dans 61\u202f% des parcours.",
            "text_en": f"“{says[1]}”: promise kept on 61% of journeys.",
            "value": 0.612,
            "ci_low": 0.593,
            "ci_high": 0.631,
            "unit": "share",
            "n": 2_480,
            "people": 871,
            "money": None,
        },
    )
    rows.insert(
        3,
        common
        | {
            "kind": "gap",
            "key": "gap:delivered_in_time",
            "grade": "C",
            "title_fr": says[0],
            "title_en": says[1],
            "text_fr": f"« {says[0]} » : il manque 36 heures au vécu pour rejoindre l’attendu.",
            "text_en": f"“{says[1]}”: what is lived falls 36 hours short of what is expected.",
            "value": 36.4,
            "ci_low": 33.0,
            "ci_high": 39.9,
            "unit": "hours",
            "n": 2_480,
            "people": 871,
            "money": None,
        },
    )
    rows.append(
        {
            "kind": "break",
            "key": "break:subscription:repeat_contact",
            "title_fr": "Contact répété",
            "title_en": "Repeat contact",
            "text_fr": "Contact répété : 2,1\u202f% des cas où cela pouvait arriver.",
            "text_en": "Repeat contact: 2.1% of the times when it could happen.",
            "value": 0.021,
            "ci_low": 0.018,
            "ci_high": 0.024,
            "unit": "share",
            "n": 9_800,
            "grade": "E",
            "owners": "",
            "people": 190,
            "status": "draft",
            "rows_table": "breaks",
            "rows_filter": "kind = 'repeat_contact'",
            "method": "breaks",
        }
    )
    rows.append(
        {
            "kind": "blind",
            "key": "blind:calls:no_person",
            "title_fr": "Angle mort : appels",
            "title_en": "Blind spot: calls",
            "text_fr": "23\u202f% des interactions de « calls » ne peuvent être rattachées à une personne.",
            "text_en": "23% of the interactions of “calls” cannot be tied to a person.",
            "value": 0.23,
            "unit": "share",
            "n": 18_000,
            "grade": "A",
            "owners": "",
            "people": 0,
            "status": "draft",
            "rows_table": "blind_spots",
            "rows_filter": "source = 'calls'",
            "method": "blind-spots",
        }
    )
    return [{"rank": rank, **row} for rank, row in enumerate(rows, 1)]


def facets() -> list[dict[str, object]]:
    base = {
        "segment": "all",
        "ci_low": None,
        "ci_high": None,
        "n": None,
        "persons": None,
        "shown": "point",
        "reason": None,
    }
    hours = base | {"promise": "delivered_in_time", "functional": "p90", "unit": "hours"}
    share = base | {"promise": "right_first_time", "functional": "share", "unit": "share"}
    return [
        hours | {"facet": "expected", "value": 48.0, "source": "campagne de janvier"},
        hours | {"facet": "intended", "value": 48.0, "source": "comité de direction"},
        hours | {"facet": "offered", "value": 72.0, "source": "contrat transporteur"},
        hours | {"facet": "lived", "value": 84.4, "ci_low": 81.0, "ci_high": 87.9, "n": 2_480, "persons": 2_233, "source": "horloges"},
        share | {"facet": "expected", "value": 0.95, "source": "panel"},
        share | {"facet": "intended", "value": 0.90, "source": "comité de direction"},
        share | {"facet": "offered", "value": 0.80, "source": "dimensionnement"},
        share | {"facet": "lived", "value": 0.592, "ci_low": 0.571, "ci_high": 0.613, "n": 2_100, "persons": 1_980, "source": "mesure"},
    ]  # fmt: skip


def gaps() -> list[dict[str, object]]:
    rows = []
    for promise, unit, terms, half in (
        ("delivered_in_time", "hours", {"expected_intended": 0.0, "intended_offered": 24.0, "offered_lived": 12.4, "expected_lived": 36.4}, 3.4),
        ("right_first_time", "share", {"expected_intended": 0.05, "intended_offered": 0.10, "offered_lived": 0.208, "expected_lived": 0.358}, 0.021),
    ):  # fmt: skip
        for gap, value in terms.items():
            exact = not gap.endswith("lived")
            rows.append(
                {
                    "promise": promise, "segment": "all", "gap": gap, "scale": "native", "value": value,
                    "ci_low": value if exact else value - half, "ci_high": value if exact else value + half,
                    "owner": {"expected_intended": "marketing", "intended_offered": "network", "offered_lived": "logistics"}.get(gap, "sales, logistics"),
                    "unit": unit, "n": 2_480, "persons": 2_233, "shown": "point", "reason": None,
                }
            )  # fmt: skip
    return rows


def refusals() -> list[dict[str, object]]:
    date = {
        "source": "calls",
        "receipt": "r2",
        "file": "extracts/calls.csv",
        "entry": 0,
        "reason": "impossible_date",
        "column_name": "started",
    }
    told = {
        "expected": "une date du calendrier, AAAA-MM-JJ",
        "remedy": "Corriger la date dans l’extrait, puis rejouer.",
    }
    rows: list[dict[str, object]] = [
        date
        | told
        | {"row_number": 120 + number, "line": 121 + number, "given": f"2025-02-{30 + number % 2}"}
        for number in range(37)
    ]
    rows += [{"source": "orders", "receipt": "r1", "file": "extracts/orders.csv", "row_number": 9, "line": 10, "entry": None, "reason": "too_few_cells", "column_name": None, "given": "9812;;", "expected": "7 cellules", "remedy": "La ligne est coupée : exporter à nouveau."}]  # fmt: skip
    return rows


def tables(seed: int = 7, journeys: int = 2_400) -> dict[str, pa.Table]:
    """Every table that a report reads."""
    seams = walked(seed, journeys)
    passages = passages_of(seams)
    base = {"segment": "all", "pending": 31, "void": 12, "shown": "point"}
    rates = [
        base | {"promise": "delivered_in_time", "kept": 1_518, "broken": 962, "rate": 0.612, "ci_low": 0.593, "ci_high": 0.631, "n": 2_480, "persons": 2_233, "limit_source": "expected"},
        base | {"promise": "right_first_time", "kept": 1_243, "broken": 857, "rate": 0.592, "ci_low": 0.571, "ci_high": 0.613, "n": 2_100, "persons": 1_980, "limit_source": "intended"},
        base | {"promise": "delivered_in_time", "segment": "region=Sud", "kept": 280, "broken": 300, "rate": 0.483, "ci_low": 0.44, "ci_high": 0.52, "n": 580, "persons": 520, "limit_source": "expected"},
        base | {"promise": "delivered_in_time", "segment": "region=Corse", "kept": 2, "broken": 1, "rate": 0.66, "ci_low": 0.2, "ci_high": 0.9, "n": 3, "persons": 3, "shown": "suppressed", "limit_source": "expected"},
    ]  # fmt: skip
    trend = []
    for month in range(1, 9):
        rate = 0.71 - 0.018 * month + 0.03 * math.sin(month)
        low, high = wilson(rate * 300, 300)
        trend.append(
            {
                "promise": "delivered_in_time",
                "period_start": date(2025, month, 1),
                "n": 300,
                "kept": int(rate * 300),
                "broken": 300 - int(rate * 300),
                "rate": rate,
                "ci_low": low,
                "ci_high": high,
            }
        )
    receipts = [
        {"receipt": "r1", "source": "orders", "file": "extracts/orders.csv", "received_us": START_US, "candidates": 41_002, "accepted": 38_113, "duplicate": 12, "refused": 1, "not_happened": 2_876, "versions": 40, "undone": False},
        {"receipt": "r2", "source": "calls", "file": "extracts/calls.csv", "received_us": START_US + HOUR_US, "candidates": 18_310, "accepted": 18_000, "duplicate": 273, "refused": 37, "not_happened": 0, "versions": 0, "undone": False},
    ]  # fmt: skip
    blind = [
        {"source": "calls", "function": None, "question": "no_person", "interactions": 18_000, "blind": 4_140, "share": 0.23},
        {"source": "orders", "function": None, "question": "no_journey", "interactions": 38_113, "blind": 611, "share": 0.016},
        {"source": "calls", "function": "service", "question": "no_person", "interactions": 9_000, "blind": 3_100, "share": 0.344},
    ]  # fmt: skip
    findings = findings_of(passages)
    changes = [
        {"key": findings[0]["key"], "title_fr": findings[0]["title_fr"], "title_en": findings[0]["title_en"], "unit": "share", "before": 0.16, "after": 0.21, "verdict": "worse"},
        {"key": "promise:delivered_in_time", "title_fr": "Votre boîtier chez vous en 48 heures", "title_en": "Your box at home within 48 hours", "unit": "share", "before": 0.57, "after": 0.612, "verdict": "better"},
        {"key": "gap:right_first_time", "title_fr": "Réglé au premier contact", "title_en": "Settled at the first contact", "unit": "share", "before": 0.40, "after": None, "verdict": "gone"},
    ]  # fmt: skip
    follows = [
        {"journey_type": kind, "from_activity": first, "to_activity": last, "n": n, "journeys": n - 100}
        for kind in ("subscription", "repair")
        for first, last, n in (
            ("commande", "expédition", 2_900),
            ("expédition", "facture", 2_100),
            ("facture", "appel", 900),
        )
    ]
    kinds = [
        {"journey_type": "subscription", "journeys": 4_500, "people": 2_990, "broken": 1_720, "seams": 17_800, "breaks": 2_350},
        {"journey_type": "repair", "journeys": 1_500, "people": 1_480, "broken": 760, "seams": 6_010, "breaks": 1_010},
    ]  # fmt: skip
    rows = {
        "findings": findings, "passages": passages, "break_rates": break_rates_of(seams), "facets": facets(), "gaps": gaps(),
        "promise_rates": rates, "promise_trend": trend, "directly_follows": follows, "blind_spots": blind, "refusals": refusals(),
        "receipts": receipts, "seams": seams[:3_000], "flows": flows_of(seams), "changes_since": changes, "journey_types": kinds,
    }  # fmt: skip
    return {name: table_of(held) for name, held in rows.items()}


def table_of(rows: list[dict[str, object]]) -> pa.Table:
    """Rows as Arrow, with every column that any of them has."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})


def run_facts(**changes: object) -> RunFacts:
    """What the run says of itself."""
    files = (
        "findings",
        "passages",
        "seams",
        "breaks",
        "break_rates",
        "promise_rates",
        "facets",
        "gaps",
        "clocks",
        "flows",
        "refusals",
        "receipts",
        "blind_spots",
        "journeys",
        "interactions",
    )
    facts: dict[str, object] = {
        "run_id": "20250831T0612-7f3a", "generated_at": datetime(2025, 9, 1, 6, 12, tzinfo=UTC),
        "as_of": datetime(2025, 8, 31, 21, 59, 59, tzinfo=UTC), "period": (date(2025, 1, 6), date(2025, 8, 31)),
        "engine": "duckdb", "versions": {"portance": "0.1.0", "duckdb": "2.0.0"},
        "timings": tuple(Timing(f"step_{number}", 0.13 * number, number * 1_000) for number in range(1, 31)),
        "previous_run_id": "20250731T0610-2b91",
        "tables": {name: TableFile(f"tables/{name}.parquet", 1_000) for name in files},
        "counts": {"interactions": 56_113, "persons": 3_000, "journeys": 6_000, "seams": 23_810, "breaks": 3_360, "refusals": 38},
        "inputs_digest": "9f" * 32, "seed": 0,
    }  # fmt: skip
    return RunFacts(**(facts | changes))  # type: ignore[arg-type]
