"""The SQL of identity: what is shown together, and the projection of interactions with their person."""

from collections.abc import Sequence

from portance.engine import Step, literal

_PLACE = 17_592_186_044_416  # 2^44: rows of a source count up to 2^36, entries of a row up to 2^8
SEAT = f"r.place * {_PLACE} + a.row_number * 256 + a.entry"
"""Where an interaction stands in the order of receipt; unique."""
TIE = f"r.source_rank * {_PLACE} + a.row_number * 256 + a.entry"
"""Where an interaction stands among those of the same instant; unique."""


def given(type_: str) -> Step:
    """The values of one type of identifier, as given, with the place of the first interaction that shows each."""
    return Step(
        name=f"identity_given_{type_}",
        sql=f"""
        select given, min(tie) as tie, count(*) as sources, sum(interactions) as interactions
        from (
            select a."id_{type_}" as given, a.source, min({SEAT}) as tie, count(*) as interactions
            from accepted a join identity_receipts r on r.receipt = a.receipt
            where a."id_{type_}" is not null
            group by a."id_{type_}", a.source
        ) by_source
        group by given
        """,
        reads=("accepted", "identity_receipts"),
        note="a value of this type, as given",
    )


def shown(types: Sequence[str]) -> Step:
    """The distinct combinations of two identifiers or more that interactions show, numbered, and where each is first shown."""
    columns = ", ".join(f"c{index}.code as c{index}" for index in range(len(types)))
    joins = "\n".join(
        f'left join "identity_code_{type_}" c{index} on c{index}.given = a."id_{type_}"'
        for index, type_ in enumerate(types)
    )
    codes = ", ".join(f"c{index}" for index in range(len(types)))
    told = " + ".join(f"case when c{index}.code is null then 0 else 1 end" for index in range(len(types)))
    return Step(
        name="identity_shown",
        sql=f"""
        select {codes}, min(tie) as tie
        from (
            select {columns}, {SEAT} as tie
            from accepted a join identity_receipts r on r.receipt = a.receipt
            {joins}
            where {told} >= 2
        ) coded
        group by {codes}
        """,
        reads=("accepted", "identity_receipts", *(f"identity_code_{type_}" for type_ in types)),
        note="a combination of identifiers that some interaction shows",
    )


def _person(type_: str) -> Step:
    return Step(
        name=f"identity_person_{type_}",
        sql=f"""
        select c.given, p.person_id, p.person_key
        from "identity_code_{type_}" c join identity_person_of p on p.code = c.code
        where p.person_id is not null
        """,
        reads=(f"identity_code_{type_}", "identity_person_of"),
        note="a value of this type that tells who",
    )


def _first(aliases: Sequence[str], column: str) -> str:
    names = [f"{alias}.{column}" for alias in aliases]
    return names[0] if len(names) == 1 else f"coalesce({', '.join(names)})"


def interactions(types: Sequence[str]) -> list[Step]:
    """The interactions with their person: all usable identifiers of one interaction are one person's."""
    aliases = [f"p{index}" for index in range(len(types))]
    joins = "\n".join(
        f'left join "identity_person_{type_}" {alias} on {alias}.given = a."id_{type_}"'
        for type_, alias in zip(types, aliases, strict=True)
    )
    person_id = _first(aliases, "person_id") if types else "cast(null as varchar)"
    person_key = _first(aliases, "person_key") if types else "cast(null as bigint)"
    return [
        *(_person(type_) for type_ in types),
        Step(
            name="interactions",
            sql=f"""
            select a.*, {person_id} as person_id, {person_key} as person_key, {TIE} as tie
            from accepted a join identity_receipts r on r.receipt = a.receipt
            {joins}
            """,
            reads=("accepted", "identity_receipts", *(f"identity_person_{type_}" for type_ in types)),
            note="an interaction and the person who lived it",
        ),
    ]


_IDENTIFIER = """
        select {type_text} as identifier_type, c.given as identifier_value, p.person_id,
            case when c.code is null then 'ignored' when p.link then 'link' else 'merged' end as kind,
            c.sources, c.interactions
        from "identity_code_{type_}" c left join identity_person_of p on p.code = c.code
"""
_NO_IDENTIFIER = """
        select cast(null as varchar) as identifier_type, cast(null as varchar) as identifier_value,
            cast(null as varchar) as person_id, cast(null as varchar) as kind,
            cast(0 as bigint) as sources, cast(0 as bigint) as interactions
        from accepted where 1 = 0
"""


def people(types: Sequence[str]) -> list[Step]:
    """The tables of who is who: identifiers, persons, joins, and the persons who hold strikingly many identifiers."""
    listed = [_IDENTIFIER.format(type_=type_, type_text=literal(type_)) for type_ in types]
    return [
        Step(
            name="identifiers",
            sql=" union all ".join(listed) or _NO_IDENTIFIER,
            reads=("accepted", "identity_person_of", *(f"identity_code_{type_}" for type_ in types)),
            note="a value of an identifier, as given, and whose it is",
        ),
        Step(
            name="persons",
            sql="""
            select p.person_id, p.person_key, p.identifiers, s.interactions, s.first_us, s.last_us, s.sources
            from identity_people p
            join (
                select person_key, sum(interactions) as interactions, min(first_us) as first_us,
                    max(last_us) as last_us, count(*) as sources
                from (
                    select person_key, source, count(*) as interactions, min(t_us) as first_us, max(t_us) as last_us
                    from interactions where person_key is not null
                    group by person_key, source
                ) by_source
                group by person_key
            ) s on s.person_key = p.person_key
            """,
            reads=("identity_people", "interactions"),
            note="one customer, over all identifiers",
        ),
        Step(
            name="joins",
            sql=f"""
            select j.person_id, j.identifier_type, j.identifier_value, j.with_type, j.with_value, j.joined_person_id,
                a.interaction_id as through, 'shared identifier' as rule
            from accepted a
            join identity_receipts r on r.receipt = a.receipt
            join identity_joins j on j.tie = {SEAT}
            """,
            reads=("accepted", "identity_receipts", "identity_joins"),
            note="an identifier that joined a person, the identifier beside it, and the interaction that showed both",
        ),
        Step(
            name="large_persons",
            sql="""
            select p.person_id, p.person_key, p.own_identifiers as identifiers, s.interactions, s.sources
            from identity_people p join persons s on s.person_key = p.person_key
            where p.large
            """,
            reads=("identity_people", "persons"),
            note="a person with more identifiers than one customer is likely to have: worth a look",
        ),
    ]
