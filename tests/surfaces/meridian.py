"""A small company on disk: sixty orders, one in three late and then called about twice."""

from pathlib import Path

CHARTER = """\
portance: 1
company: {name: Meridian, currency: EUR, timezone: Europe/Paris, language: fr}
functions:
  sales: {name: {fr: Ventes, en: Sales}}
  logistics: {name: {fr: Logistique, en: Logistics}}
  service: {name: {fr: Service client, en: Customer service}}
sources:
  orders:
    read: orders.csv
    case: order
    identifiers: {order: order, account: customer}
    interactions:
      - {activity: ordered, at: ordered_at, function: sales, channel: web, initiated_by: customer, due_at: promised}
      - {activity: delivered, at: delivered_at, function: logistics}
  calls:
    read: calls.csv
    case: order
    identifiers: {order: order}
    interactions:
      - {activity: called, at: called_at, function: service, channel: phone, initiated_by: customer, intent: why, wait_s: waited,
         agent: who, team: desk}
journeys:
  purchase: {by: case, name: {fr: Achat, en: Purchase}}
promises:
  on_time:
    says: {fr: Chez vous le jour dit, en: At your door on the day}
    journey: purchase
    owners: [logistics]
    clock: {from: ordered, to: delivered, unit: days}
    offered: {at_most: 4, source: carrier contract}
    expected: {due: ordered}
values:
  contact: {value: 6.5, range: [5, 8], source: controlling}
"""


def write(folder: Path, *, orders: int = 60) -> Path:
    """Sixty orders, one in three late and then called about twice; one call whose instant does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, calls = ["order;customer;ordered_at;promised;delivered_at"], ["order;called_at;why;waited;who;desk"]
    for number in range(orders):
        late = number % 3 == 0
        day = 1 + number % 20
        rows.append(
            f"O{number};C{number % 50};{day:02}/03/2026 10:00;{day + 4:02}/03/2026;{day + (8 if late else 3):02}/03/2026 15:30"
        )
        if late:
            calls += [
                f"O{number};{day + 5:02}/03/2026 09:0{call};where is it;{400 * call};agent{number % 7};desk"
                for call in (0, 1)
            ]
    calls.append("O1;31/02/2026 09:00;where is it;10;agent1;desk")
    (folder / "orders.csv").write_text("\n".join(rows) + "\n", encoding="cp1252")
    (folder / "calls.csv").write_text("\n".join(calls) + "\n", encoding="utf-8")
    charter = folder / "charter.yaml"
    charter.write_text(CHARTER, encoding="utf-8")
    return charter
