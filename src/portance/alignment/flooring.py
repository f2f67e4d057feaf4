"""The teams that may be shown: enough agents behind them, and none who could be recognised in their figures."""

from portance.engine import Step

FEWEST_AGENTS = 5
MOST_SHARE_PERCENT = 50

TEAMS = Step(
    "team_floors",
    f"""
    with shares as (select team, agent, count(*) as n from interactions where team is not null and agent is not null group by team, agent)
    select team from shares group by team having count(*) >= {FEWEST_AGENTS} and max(n) * 100 <= sum(n) * {MOST_SHARE_PERCENT}
    """,
    ("interactions",),
    "A team whose interactions may be shown: five agents or more known, none above half of the volume.",
)
"""One row per team that may be shown. Only what is read of it leaves Portance with a team's name."""
