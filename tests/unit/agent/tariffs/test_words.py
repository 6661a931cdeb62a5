from __future__ import annotations

from decimal import Decimal

import pytest

from agent.costs.records import PersonalText
from agent.tariffs.tariff import Tariff
from agent.tariffs.taxes import payable, told
from agent.tariffs.words import amount, described, in_numbers
from tests.unit.agent.tariffs.sessions import Session, prices, tariff, vat


@pytest.mark.parametrize(
    ("priced", "words"),
    [
        (tariff(), "free of charge"),
        (tariff(energy=prices("0")), "free of charge"),
        (tariff(energy=prices("0.30", taxes=vat("20"))), "0.36 EUR/kWh"),
        (tariff(energy=prices("0.40", "0.25", "0.30")), "0.25-0.40 EUR/kWh"),
        (tariff(energy=prices("0.123456")), "0.1235 EUR/kWh"),
        (
            tariff(fixed_fee=prices("1"), charging_time=prices("0.10"), idle_time=prices("0", "0.5")),
            "1.00 EUR + 0.10 EUR/min + 0.00-0.50 EUR/min idle",
        ),
        (tariff(currency="JPY", energy=prices("40")), "40 JPY/kWh"),
    ],
)
def test_a_tariff_in_numbers(priced: Tariff, words: str) -> None:
    assert in_numbers(priced) == words


def test_a_description_in_the_drivers_language() -> None:
    german, english = PersonalText(text="billig", language="de"), PersonalText(text="cheap", language="en")
    both = tariff(energy=prices("1"), description=(english, german))
    assert described(both, ("fr", "de-AT")) == german
    assert described(both, ("fr",)) == described(both) == english
    assert described(tariff(energy=prices("1")), ("de",)).text == "1.00 EUR/kWh"


def test_amounts() -> None:
    cost = Session(tariff(energy=prices("0.25", taxes=vat("10")))).goes_on(60, "3.333").ended()
    assert amount(cost) == "0.92 EUR"
    assert payable(Decimal("2.5"), "JPY") == 3
    assert payable(Decimal("2.0005"), "KWD") == Decimal("2.001")
    assert [f"{told(Decimal(one)):f}" for one in ("1E+2", "0.1234565", "2.500", "0")] == [
        "100",
        "0.123457",
        "2.5",
        "0",
    ]
