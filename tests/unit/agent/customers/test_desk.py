from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from agent.customers.customer import Customer
from agent.customers.desk import Customers
from agent.reservations.book import Reservation
from agent.transactions.records import Token
from tests.unit.agent.station.test_station import ANNA, BERT, Forecourt, forecourt


async def words(place: Forecourt, customer: Customer) -> list[str]:
    """Return what is held, the first word of each."""
    held = await Customers(place.station, place.database).holdings(customer)
    return [f"{holding.text.partition(':')[0]}{' kept' if holding.why_kept else ''}" for holding in held]


def test_a_customer_is_a_number_of_one_type_or_of_any() -> None:
    anna, any_anna = Customer(id="anna", type="ISO14443"), Customer(id="Anna")
    assert anna.has(ANNA)
    assert any_anna.has(Token(id="ANNA", type="eMAID"))
    assert not anna.has(Token(id="ANNA", type="eMAID"))
    assert not Customer(id=None).has(ANNA)
    assert not Customer(id="").has(Token(id="", type="NoAuthorization"))
    assert not anna.has(None)


async def test_everything_that_names_a_customer_is_found_and_cleared(tmp_path: Path) -> None:
    """N10.FR.03: a reservation is cancelled, too; nobody else loses anything."""
    async with forecourt(tmp_path) as place:
        anna, bert = Customer(id="anna", type="ISO14443"), Customer(id="BERT")
        desk = Customers(place.station, place.database)
        assert await words(place, anna) == []
        for token, number in ((ANNA, 1), (BERT, 2)):
            verdict = await place.station.authorizer.decide(token)
            assert verdict.is_accepted
            reservation = Reservation(
                id=number, token=token, expires_at=place.clock.now() + timedelta(hours=1), evse_id=number
            )
            await place.station.reservations.reserve(place.station.evses, reservation)
        assert await words(place, anna) == ["authorization cache", "reservation 1 until 2026-01-02T04"]
        before = await words(place, bert)
        await desk.clear(anna)
        assert await words(place, anna) == []
        assert await words(place, bert) == before
        assert place.station.authorizer.cache.size_bytes > 0


async def test_what_is_needed_of_a_charge_that_runs_is_kept(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        await place.plug(2)
        await place.accepted(ANNA)
        anna = Customer(id="ANNA")
        await Customers(place.station, place.database).clear(anna)
        held = await words(place, anna)
        assert [word for word in held if word.startswith("EVSE")] == ["EVSE 2 kept", "EVSE 2 kept"]
        assert any(word.startswith("transaction") for word in held)
        assert all(word.endswith(" kept") for word in held)


async def test_nobody_is_known_by_a_certificate(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        desk = Customers(place.station, place.database)
        await place.station.authorizer.decide(ANNA)
        await desk.clear(Customer(id=None))
        assert await desk.holdings(Customer(id=None)) == []
        assert await words(place, Customer(id="ANNA")) == ["authorization cache"]
