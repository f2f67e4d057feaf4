"""The allow-list: what a step may not say, and what it must add."""

import pytest

from portance.engine import Step
from portance.engine.guard import check
from portance.errors import StepError


def step(sql, *reads):
    return Step("probe", sql, reads or ("t",))


ALLOWED = [
    "select a, count(*) as n from t where b is not null group by a having count(*) > 1",
    "select lag(a) over (partition by p order by t_us, tie) as x from t",
    "select lag(a) over w as x, sum(b) over w as y from t window w as (partition by p order by t_us, interaction_id)",
    "select last_value(a ignore nulls) over (partition by p order by tie rows between unbounded preceding and 1 preceding) as x from t",
    "select max(a) over (partition by p) as x from t",
    "with x as (select a from t) select a from x union all select a from t",
    "select a from t join u using (k) left join v on v.k = t.k",
    "select case when a then 'x' else 'y' end as b, coalesce(a, false), a is distinct from b, a // 2, abs(c) from t",
    "select string_agg(k, ',' order by k) as all_k from t",
    "select a / nullif(b, 0) as share, cast(floor(a * 1000 + 0.5) as bigint) as n from t",
    "select replace(lower(trim(a)), 'x', 'y') || cast(n as varchar) as b from t",
    "select arg_min(a, case when a is not null then position end) as first_known from t",
]
REFUSED = {
    "two statements": "select 1; drop table t",
    "not a query": "delete from t",
    "no SQL": "select from where",
    "a file": "select * from read_csv('/etc/passwd')",
    "a quoted file": "select * from 'x.parquet'",
    "a table it does not tell": "select * from other",
    "another database": "select * from main.t",
    "an unordered window": "select row_number() over (partition by p) as n from t",
    "a window whose order ties": "select lag(a) over (partition by p order by t_us) as x from t",
    "a running sum whose order ties": "select sum(a) over (partition by p order by t_us) as x from t",
    "a frame without an order": "select sum(a) over (partition by p rows between 1 preceding and current row) as x from t",
    "a named window whose order ties": "select lag(a) over w as x from t window w as (partition by p order by t_us)",
    "an unordered list": "select string_agg(a, ',') as x from t",
    "an ordered list": "select list(a order by b) as x from t",
    "a rounding cast": "select cast(a as double) as x from t",
    "a date cast": "select cast(a as date) as x from t",
    "a bare division": "select a / b as x from t",
    "a floor on its own": "select floor(a) as x from t",
    "a hash": "select hash(a) as x from t",
    "chance": "select random() as x from t",
    "the present": "select now() as x from t",
    "a date part": "select date_trunc('week', a) as x from t",
    "a day of week": "select dayofweek(a) as x from t",
    "a date difference": "select date_diff('day', a, b) as x from t",
    "a regular expression": "select regexp_replace(a, 'x', 'y') as x from t",
    "an interpolated quantile": "select quantile_cont(a, 0.5) as x from t",
    "an average": "select avg(a) as x from t",
    "a limit": "select a from t limit 1",
    "a distinct on": "select distinct on (a) a, b from t",
    "an asof join": "select * from t asof join u on t.a >= u.a",
    "a positional join": "select * from t positional join u",
    "a sample": "select * from t using sample 10",
    "a remainder": "select a % 2 as x from t",
    "an unknown function": "select system('ls') as x from t",
    "a struct": "select {'a': 1} as x from t",
    "unnesting": "select unnest(a) as x from t",
    "a setting": "set threads = 1",
    "an attachment": "attach 'x.db'",
    "a parameter": "select $1 as x from t",
    "qualify": "select a from t qualify row_number() over (order by tie) = 1",
    "pivot": "pivot t on a using sum(b)",
}


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_means_the_same_everywhere_passes(sql):
    check(step(sql, "t", "u", "v"))


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
def test_what_does_not_is_refused(sql):
    with pytest.raises(StepError, match="probe"):
        check(step(sql, "t", "u"))


def test_two_windows_of_one_name_are_judged_each_in_its_own_select():
    good, bad = "(partition by p order by t_us, tie)", "(partition by p order by t_us)"
    sql = "with x as (select lag(a) over w as a from t window w as {}) select lag(a) over w as a from x window w as {}"
    check(step(sql.format(good, good)))
    for one, two in ((good, bad), (bad, good)):
        with pytest.raises(StepError, match="ORDER BY"):
            check(step(sql.format(one, two)))


def test_a_refusal_says_what_was_given_and_what_is_needed():
    with pytest.raises(StepError) as refused:
        check(step("select lag(a) over (order by t_us) as x from t"))
    assert refused.value.step == "probe"
    assert "no two rows share" in refused.value.reason
