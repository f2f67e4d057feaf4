-- Journeys, seams, breaks and directly-follows of a log, written by hand for DuckDB from the definitions alone.
--
-- Frozen: this is what the steps of Portance are measured against. It knows nothing of them, uses whatever DuckDB
-- offers (qualify, lists, filters, macros), and leaves the same four tables. Rules: journeys by person until a silence
-- of 7 days; every break at its default threshold; one promise, from 'activity 00' to 'activity 01', due on the announced
-- instant, else within 3 days, owned by sales; a contact costs 6.50. as_of is the latest instant of the log.

create or replace macro days(n) as n * 86400000000;
create or replace macro ids(list) as to_json(list)::varchar;
set variable as_of = (select max(t_us) from interactions);

-- which journey, and what is next to it
create or replace temp table steps as
with opened as (
  select *, coalesce(t_us - lag(t_us) over (partition by person_key order by t_us, tie) > days(7), true) as opens
  from (select interaction_id, person_id, person_key, t_us, tie, function, channel, actor, team, activity, intent,
               outcome, initiated_by, wait_ms, due_us, asked_again
        from interactions where person_key is not null)
), numbered as (
  select * exclude (opens), sum(opens::int) over (partition by person_key order by t_us, tie) as n from opened
)
select *,
  row_number() over j as position,
  lag(interaction_id) over j as before_id, lag(t_us) over j as before_us, lag(function) over j as before_function,
  lag(channel) over j as before_channel, lag(actor) over j as before_actor, lag(team) over j as before_team,
  lag(outcome) over j as before_outcome, lag(activity) over j as before_activity,
  lead(t_us) over j as after_us
from numbered
window j as (partition by person_key, n order by t_us, tie);

-- directly follows
create or replace table directly_follows as
select 'all' as journey_type, before_activity as from_activity, activity as to_activity, count(*) as n,
  count(distinct (person_key, n)) as journeys
from steps where before_activity is not null and activity is not null group by all;

-- the promise
create or replace temp table promised as
with starts as (
  select person_key, n, min(t_us) as started_us, min(position) as first_position, arg_min(interaction_id, position) as start_id,
    arg_min(due_us, position) filter (where due_us is not null) as due_us
  from steps where activity = 'activity 00' group by all
), ends as (
  select s.person_key, s.n, min(s.t_us) as ended_us, min(s.position) as end_position
  from steps s join starts b on b.person_key = s.person_key and b.n = s.n
  where s.activity = 'activity 01' and s.t_us >= b.started_us and s.position <> b.first_position group by all
)
select person_key, n, start_id, ended_us, end_position, coalesce(due_us, started_us + days(3)) as limit_us
from starts left join ends using (person_key, n)
where coalesce(ended_us, greatest(started_us, getvariable('as_of'))) > coalesce(due_us, started_us + days(3));

-- breaks
create or replace table breaks as
with contacts as (
  select *, lag(t_us) over c as contact_us, lag(interaction_id) over c as contact_id,
    lag(function) over c as contact_function, lag(outcome) over c as contact_outcome
  from steps where initiated_by = 'customer' and intent is not null
  window c as (partition by person_key, intent order by t_us, tie)
), turns as (
  select person_key, n, position, function, before_function, before_id, interaction_id, t_us, person_id
  from steps where before_function is distinct from function or position = 1
), returns as (
  select *, lag(function) over j as one, lag(function, 2) over j as two,
    lag(before_id) over j as left_id, lag(interaction_id) over j as one_id
  from turns window j as (partition by person_key, n order by position)
), found as (
  select person_key, n, person_id, 'repeat_contact' as kind, t_us as at_us, contact_function as from_function,
    function as to_function, interaction_id, ids([contact_id, interaction_id]) as evidence, null as promise, 650 as cost_cents
  from contacts where t_us - contact_us <= days(7) and contact_outcome is distinct from 'transferred'
  union all
  select person_key, n, person_id, 'useless_transfer', t_us, before_function, function, interaction_id,
    ids([before_id, interaction_id]), null, 650
  from steps where before_outcome = 'transferred' and
    ((function is not distinct from before_function and team is not distinct from before_team) or outcome = 'transferred')
  union all
  select person_key, n, person_id, 'ping_pong', t_us, before_function, function, interaction_id,
    ids([left_id, one_id, interaction_id]), null, 650
  from returns where function = two and one is not null
  union all
  select person_key, n, person_id, 'forced_channel_switch', t_us, before_function, function, interaction_id,
    ids([before_id, interaction_id]), null, 650
  from steps where channel <> before_channel and before_outcome in ('unresolved', 'abandoned')
    and initiated_by = 'customer' and t_us - before_us <= days(7)
  union all
  select person_key, n, person_id, 'long_wait', t_us, before_function, function, interaction_id, ids([interaction_id]), null, null
  from steps where wait_ms > 300000
  union all
  select person_key, n, person_id, 'abandonment', t_us, before_function, function, interaction_id, ids([interaction_id]), null, null
  from steps where outcome = 'abandoned' and (wait_ms is null or wait_ms > 5000)
  union all
  select person_key, n, person_id, 'dead_end', t_us, before_function, function, interaction_id, ids([interaction_id]), null, null
  from steps where actor = 'machine' and initiated_by = 'customer' and outcome in ('unresolved', 'abandoned')
    and t_us + days(1) <= getvariable('as_of') and (after_us is null or after_us - t_us > days(1))
  union all
  select s.person_key, s.n, s.person_id, 'broken_promise', coalesce(p.ended_us, p.limit_us),
    case when p.end_position is null then s.function else s.before_function end,
    case when p.end_position is null then 'sales' else s.function end, s.interaction_id,
    case when p.start_id = s.interaction_id then ids([s.interaction_id]) else ids([p.start_id, s.interaction_id]) end,
    'prompt', null
  from promised p join steps s on s.person_key = p.person_key and s.n = p.n
    and (s.position = p.end_position or (p.end_position is null and s.after_us is null))
  union all
  select person_key, n, person_id, 'reopened', t_us, before_function, function, interaction_id,
    ids([before_id, interaction_id]), null, 650
  from steps where before_outcome = 'resolved' and t_us - before_us <= days(30)
    and (initiated_by = 'customer' or outcome in ('unresolved', 'transferred'))
  union all
  select person_key, n, person_id, 'asked_again', t_us, before_function, function, interaction_id, ids([interaction_id]), null, null
  from steps where asked_again
)
select 'all:' || person_id || ':' || n as journey_id, 'all' as journey_type, person_id, kind, at_us, from_function,
  to_function, interaction_id, evidence, promise::varchar as promise, cost_cents::bigint as cost_cents
from found;

-- seams
create or replace table seams as
with broken as (
  select interaction_id, string_agg(distinct kind, ',' order by kind) as break_kinds from breaks group by all
)
select 'all:' || person_id || ':' || n as journey_id, 'all' as journey_type, person_id, position as seam_position,
  before_id as from_interaction, interaction_id as to_interaction, before_function as from_function, function as to_function,
  before_channel as from_channel, channel as to_channel, before_actor as from_actor, actor as to_actor,
  before_us as left_us, t_us as reached_us, (t_us - before_us) // 1000 as elapsed_ms, null::bigint as business_ms,
  function <> before_function as function_changed, coalesce(channel <> before_channel, false) as channel_changed,
  coalesce(actor <> before_actor, false) as actor_changed, break_kinds is not null as broken,
  coalesce(break_kinds, '') as break_kinds
from steps left join broken using (interaction_id)
where before_function is not null and function is not null
  and (function <> before_function or coalesce(channel <> before_channel, false) or coalesce(actor <> before_actor, false));

-- journeys
create or replace table journeys as
with cut as (
  select person_key, n, any_value(person_id) as person_id, min(t_us) as started_us, max(t_us) as ended_us,
    count(*) as interactions, count(distinct function) as functions, count(distinct channel) as channels,
    arg_min(activity, position) as first_activity, arg_max(activity, position) as last_activity
  from steps group by all
), identified as (
  select 'all:' || person_id || ':' || n as journey_id, * from cut
)
select journey_id, 'all' as journey_type, person_id, null::varchar as case_id, started_us, ended_us, interactions,
  functions, channels, coalesce(s.seams, 0) as seams, coalesce(b.breaks, 0) as breaks, 1.0::double as weight,
  first_activity, last_activity
from identified
left join (select journey_id, count(*) as seams from seams group by all) s using (journey_id)
left join (select journey_id, count(*) as breaks from breaks group by all) b using (journey_id);
