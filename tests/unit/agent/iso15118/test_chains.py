"""Certificates of vehicles, held against the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from agent.iso15118.chains import wrong_date
from certs.rules import Rule
from tests.unit.agent.iso15118.iso20.contracts import shown
from tests.unit.agent.iso15118.iso20.evse import facts_of

CONTRACT = shown()


@pytest.mark.parametrize(
    ("after", "rule"),
    [
        (timedelta(hours=1), None),
        (timedelta(hours=-1), Rule.NOT_YET_VALID),
        (timedelta(days=366), Rule.EXPIRED),
    ],
)
def test_dates(after: timedelta, rule: Rule | None) -> None:
    facts = CONTRACT.at(facts_of("AC"), after)
    found = wrong_date(CONTRACT.chain, facts)
    assert (found and found.rule) == rule
    assert wrong_date(CONTRACT.chain, replace(facts, clock_is_trusted=False)) is None
