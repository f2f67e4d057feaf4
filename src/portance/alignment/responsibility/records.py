"""The tables that responsibility gives, column by column."""

import pyarrow as pa

_D, _N, _S = pa.float64(), pa.int64(), pa.string()
RESPONSIBILITY = pa.schema(
    [
        ("subject", _S), ("from_function", _S), ("to_function", _S), ("perceived_low", _D), ("perceived_high", _D),
        ("declared", _D), ("custody", _D), ("breaks", _D), ("shapley", _D), ("perceived_ci_low", _D), ("perceived_ci_high", _D),
        ("respondents", _N), ("shown", _S),
    ]
)  # fmt: skip
MEASURES = pa.schema(
    [
        ("subject", _S), ("measure", _S), ("function", _S), ("low", _D), ("high", _D), ("ci_low", _D), ("ci_high", _D), ("n", _N),
    ]
)  # fmt: skip
SEAMS = pa.schema(
    [
        ("journey_type", _S), ("from_function", _S), ("to_function", _S), ("seams", _N), ("people_broken", _N), ("owners", _S),
        ("claims", _N), ("state", _S), ("loss", _D), ("loss_low", _D), ("loss_high", _D),
    ]
)  # fmt: skip
