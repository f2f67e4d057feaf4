"""Made-up conversations in which a human should take over once the customer repeats themselves or asks for a person."""

import random

import pyarrow as pa

_ASKS = ("order", "parcel", "invoice", "address", "refund", "size", "colour", "late", "broken", "price")
_SAYS = ("please", "choose", "menu", "thanks", "link", "policy", "number", "wait", "again", "sorry")


def talks(count, seed=0, **columns) -> pa.Table:
    """``count`` conversations, one row per turn. ``columns`` adds columns made from (conversation number, turn number, label)."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        fails, angry = 0, False
        for turn in range(1, chance.randrange(4, 12)):
            customer = turn % 2 == 1
            if customer:
                fails += chance.random() < 0.35
                angry = fails >= 2
                words = chance.sample(_ASKS, 3) + (
                    ["human", "please"] if angry and chance.random() < 0.8 else []
                )
            else:
                words = chance.sample(_SAYS, 4) + (["cannot", "help"] if fails >= 2 else [])
            label = int(angry) if chance.random() < 0.95 else int(not angry)
            row = {
                "conversation": f"t{number}", "turn": turn, "role": "customer" if customer else "machine",
                "text": " ".join(words), "label": label,
            }  # fmt: skip
            rows.append(row | {name: make(number, turn, label) for name, make in columns.items()})
    return pa.Table.from_pylist(rows)
