"""Two indicators that share a sum or a count move together by construction."""

import pytest
from panelled_company import charter

from portance.alignment.indicators.coupling import components, coupled

TALK = {"measure": "avg(duration_s)", "where": "channel = 'phone'"}


def _coupled(one, other, **declared):
    base = {"function": "service", "better": "lower"}
    made = charter(indicators={"one": base | one, "other": base | other}, **declared)
    return bool(coupled(components(made, "one"), components(made, "other")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TALK, {"measure": "sum(duration_s) / count(distinct case_id)", "where": "channel='phone'"}),  # numerator
        ({"measure": "sum(cost) / count(*)"}, {"measure": "sum(duration_s) / count(*)"}),  # denominator
        ({"measure": "sum(cost) / sum(duration_s)"}, {"measure": "avg(duration_s)"}),  # one's below is the other's above
        ({"measure": "avg(cast(outcome = 'resolved' as int))"}, {"measure": "avg(cast(outcome in ('transferred', 'abandoned') as int))"}),
        ({"measure": "avg(case when outcome = 'resolved' then 1 else 0 end)"}, {"measure": "avg(cast(not outcome = 'resolved' as int))"}),
        ({"built_from": ["Calls  made"]}, {"built_from": ["calls made", "talk"]}),
        ({"built_from": ["other"]}, TALK),
    ],
)  # fmt: skip
def test_a_shared_part_couples(one, other):
    assert _coupled(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TALK, {"measure": "avg(duration_s)", "where": "channel = 'web'"}),  # other rows
        (TALK, {"measure": "avg(duration_s)"}),
        (TALK, {"measure": "avg(wait_s)", "where": "channel = 'phone'"}),
        (TALK, {"measure": "avg(cast(outcome = 'resolved' as int))", "where": "channel = 'phone'"}),
        ({"measure": "count(*)"}, {"measure": "count(*)", "of": "journeys"}),
        ({"built_from": ["calls"]}, {"built_from": ["mails"]}),
    ],
)
def test_what_is_counted_apart_does_not(one, other):
    assert not _coupled(one, other)
