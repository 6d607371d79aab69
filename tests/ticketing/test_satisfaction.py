"""Satisfaction by organisation and procedure, from surveys asked within a span and their answers."""

from __future__ import annotations

from datetime import timedelta

from tests.support.staging import NOW, a_ticket, asked_about, member, put
from ticketing.database import Database
from ticketing.figures import Scope
from ticketing.measuring import Span
from ticketing.policy import criterion
from ticketing.rules import Rules
from ticketing.satisfaction import Satisfaction, ranked, satisfaction, surveyed

SPAN = Span(NOW - timedelta(days=30), NOW)


async def test_organisations_are_ranked_by_what_was_answered_of_what_was_asked(
    database: Database, rules: Rules
) -> None:
    given = {"23": [5, 4, 2, None], "01": [5, None], "08S": [None], "11": [1, 2]}
    for organisation, ratings in given.items():
        for rating in ratings:
            ticket = a_ticket(rules, organisation=organisation)
            await put(database, rules, ticket)
            await asked_about(database, ticket, rating)
    ended = a_ticket(rules, organisation="23", procedure="guild_body")
    await put(database, rules, ended)
    await asked_about(database, ended, 3)
    await asked_about(database, ended, 5, days_ago=31)  # of the span before
    everybody = Scope(database.read, rules, (criterion(member("supervisor", "")),), NOW)
    tehran = Satisfaction("23", "consumer", 4, 3, 11, 1)
    others = [Satisfaction("11", "consumer", 2, 2, 3, 2), Satisfaction("01", "consumer", 2, 1, 5, 0)]
    guild, silent = Satisfaction("23", "guild_body", 1, 1, 3, 0), Satisfaction("08S", "consumer", 1, 0, 0, 0)
    assert await satisfaction(everybody, SPAN, few=2) == [tehran, others[0], others[1], guild, silent]
    assert (tehran.response_rate, tehran.mean, tehran.low_share) == (0.75, 11 / 3, 1 / 3)
    assert (silent.response_rate, silent.mean, silent.low_share) == (0.0, None, None)
    whole = ranked(await surveyed(everybody, SPAN), 2, by_procedure=False)
    assert whole[0] == Satisfaction("23", "", 5, 4, 14, 1)
    assert [each.organisation for each in whole] == ["23", "11", "01", "08S"]
    own = Scope(database.read, rules, (criterion(member("supervisor", "01")),), NOW)
    assert await satisfaction(own, SPAN) == [others[1]]
