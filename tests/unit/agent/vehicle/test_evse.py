"""The EVSE as conversations see it, on hardware in memory, with a station and its negotiation for real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.authorization.verdicts import Verdict
from agent.iso15118.facts import AcLimits, Charger, Facts
from agent.iso15118.turns import (
    AskForContract,
    AwaitDriver,
    CheckContract,
    Deenergise,
    Done,
    Energise,
    Failed,
    Introduce,
    Obtained,
    TellChosen,
    TellNeeds,
    TellSoc,
)
from agent.smartcharging.needs import AcNeeds, Chosen, Needs
from agent.smartcharging.profiles import Period, Profile, Schedule
from agent.station.events import Terminated
from agent.station.faults import METER_SILENT
from agent.station.free import charge_freely
from agent.transactions.records import Token
from agent.vehicle.evse import Manners, NoContract, SpokenEvse
from agent.vehicle.output import AcOutput
from drivers.readings import Pilot
from tests.unit.agent.station.test_negotiation import Backend
from tests.unit.agent.station.test_station import ANNA, BERT, Forecourt, forecourt

CHARGER = Charger(evse_id="DE*ABC*E1*1", transfers=("AC_three_phase",))
NEEDS = Needs(
    evse_id=0,
    transfer="AC_three_phase",
    ac=AcNeeds(energy_wh=20_000, least_a=6, most_a=32, most_v=400),
)


@dataclass
class Admission:
    verdict: Verdict
    is_accepted: bool


class MemoryContracts:
    """Admits whom the station admits, under the verdict that a test gives."""

    def __init__(self, place: Forecourt) -> None:
        self.place = place
        self.verdict = Verdict(status="Accepted")
        self.asked: list[tuple[int, str, str]] = []

    async def authorize(self, evse_id: int, emaid: str, chain: str) -> Admission:
        self.asked.append((evse_id, emaid, chain))
        if not self.verdict.is_accepted:
            return Admission(self.verdict, False)
        service = self.place.station.evses[evse_id]
        outcome = await self.place.station.admit(service, Token(id=emaid, type="eMAID"), self.verdict)
        return Admission(self.verdict, outcome.is_accepted)


class MemoryInstaller:
    """Answers every request, unless it has nothing."""

    def __init__(self) -> None:
        self.has_contract = True

    async def obtain(self, wanted: AskForContract) -> bytes:
        if not self.has_contract:
            raise NoContract("no contract for this vehicle")
        return b"answer to " + wanted.exi


@dataclass
class Scene:
    """A station whose first EVSE has a vehicle that speaks."""

    place: Forecourt
    evse: SpokenEvse
    contracts: MemoryContracts
    installer: MemoryInstaller

    @property
    def controller(self) -> Any:
        return self.place.benches[1].controller

    @property
    def state(self) -> Any:
        return self.place.state()

    async def facts_when(self, holds: Callable[[Facts], bool]) -> Facts:
        async with asyncio.timeout(10):
            while not holds(facts := await self.evse.facts()):
                await asyncio.sleep(0.01)
        return facts

    async def until(self, holds: Callable[[], bool]) -> None:
        await self.place.benches[1].until(holds)

    async def plug(self, pilot: Pilot = Pilot.B) -> None:
        self.controller.pilot = pilot
        await self.until(lambda: self.state.pilot is pilot)

    async def authorized(self, token: Token = ANNA) -> None:
        await self.plug()
        await self.evse.begin("ISO 15118-2")
        self.evse.order(AwaitDriver())
        await self.place.accepted(token, 1)

    async def energised(self) -> None:
        await self.authorized()
        await self.plug(Pilot.C)
        assert await self.evse.perform(Energise()) == Done()


@asynccontextmanager
async def scene(path: Path, *, evcc_id_is_token: bool = False, **settings: Any) -> AsyncIterator[Scene]:
    async with forecourt(path, evses=1, basic_after_s=40, **settings) as place:
        service = place.station.evses[1]
        assert service.speech is not None
        contracts, installer = MemoryContracts(place), MemoryInstaller()
        evse = SpokenEvse(
            service,
            service.speech,
            place.station,
            AcOutput(service, 3),
            Manners(charger=lambda: CHARGER, knows_by_evcc_id=evcc_id_is_token),
            place.clock,
            contracts,
            installer,
        )
        job = asyncio.create_task(evse.run())
        try:
            yield Scene(place, evse, contracts, installer)
        finally:
            job.cancel()
            await asyncio.gather(job, return_exceptions=True)


# the driver


async def test_a_card_presented_before_or_after_the_vehicle_asks(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.plug()
        await one.place.accepted(ANNA, 1)
        await one.evse.begin("ISO 15118-2")
        assert (await one.evse.facts()).authorization == "pending", "the vehicle has not chosen a way"
        one.evse.order(AwaitDriver())
        assert (await one.evse.facts()).authorization == "accepted"
        await one.place.accepted(ANNA, 1)
        facts = await one.evse.facts()
        assert (facts.authorization, facts.wish) == ("rejected", "stop")
    async with scene(tmp_path / "after") as one:
        await one.plug()
        await one.evse.begin("ISO 15118-2")
        one.evse.order(AwaitDriver())
        assert (await one.evse.facts()).authorization == "pending"
        assert await one.place.refused(Token(id="ZOE", type="ISO14443"), 1) == "Unknown"
        assert (await one.evse.facts()).authorization == "pending", "another card may be good"
        await one.place.accepted(BERT, 1)
        assert (await one.evse.facts()).authorization == "accepted"


async def test_a_contract_lets_its_driver_charge(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.plug()
        await one.evse.begin("ISO 15118-2")
        one.evse.order(CheckContract(emaid="DE8AACA2B3C4D5", chain="PEM"))
        facts = await one.facts_when(lambda facts: facts.authorization != "pending")
        assert (facts.authorization, facts.refusal) == ("accepted", None)
        assert one.contracts.asked == [(1, "DE8AACA2B3C4D5", "PEM")]
        assert one.state.authorization.token == Token(id="DE8AACA2B3C4D5", type="eMAID")


async def test_a_contract_that_is_refused_says_why(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.plug()
        await one.evse.begin("ISO 15118-2")
        one.contracts.verdict = Verdict(status="NoCredit")
        one.evse.order(CheckContract(emaid="DE8AACA2B3C4D5", chain="PEM"))
        facts = await one.facts_when(lambda facts: facts.authorization != "pending")
        assert (facts.authorization, facts.refusal) == ("rejected", "NoCredit")
        assert isinstance(await one.evse.perform(Energise()), Failed)
        assert not one.controller.is_on


async def test_whom_a_card_has_let_in_needs_no_contract(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.plug()
        await one.place.accepted(ANNA, 1)
        await one.evse.begin("ISO 15118-2")
        one.evse.order(CheckContract(emaid="DE8AACA2B3C4D5", chain="PEM"))
        await one.facts_when(lambda facts: facts.authorization == "accepted")
        assert one.contracts.asked == []


async def test_a_vehicle_is_known_by_its_number_where_that_is_wanted(tmp_path: Path) -> None:
    async with scene(tmp_path, evcc_id_is_token=True) as one:
        one.place.backend.verdicts["0A1B2C3D4E5F"] = Verdict(status="Accepted")
        await one.plug()
        await one.evse.begin("ISO 15118-2")
        one.evse.order(AwaitDriver())
        one.evse.order(Introduce("0A1B2C3D4E5F"))
        await one.facts_when(lambda facts: facts.authorization == "accepted")
        assert one.place.backend.asked == [Token(id="0A1B2C3D4E5F", type="MacAddress")]
        assert one.evse.guest.evcc_id == "0A1B2C3D4E5F"
    async with scene(tmp_path / "unwanted") as one:
        await one.plug()
        await one.evse.begin("ISO 15118-2")
        one.evse.order(Introduce("0A1B2C3D4E5F"))
        await one.plug(Pilot.C)
        assert one.place.backend.asked == []


# power


async def test_power_comes_with_the_deed_and_goes_with_the_other(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.authorized()
        await one.plug(Pilot.C)
        assert not one.controller.is_on
        assert await one.evse.perform(Energise()) == Done()
        assert one.controller.commands[-1] == 16
        facts = await one.evse.facts()
        assert (facts.power_is_on, facts.vehicle_is_ready, facts.wish) == (True, True, "none")
        assert facts.ac is not None
        assert facts.ac == AcLimits(voltage_v=Decimal(230), phases=3, most_a=Decimal(16))
        assert await one.evse.perform(Deenergise()) == Done()
        assert not one.controller.is_on
        assert not (await one.evse.facts()).power_is_on


async def test_a_deed_that_is_given_up_leaves_no_power_to_come(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.authorized()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await one.evse.perform(Energise())
        assert one.state.speech == "speaks"
        await one.until(lambda: not one.controller.is_on)


@pytest.mark.parametrize("ending", ["terminate", "pause", "error"])
async def test_with_the_conversation_the_power_goes(tmp_path: Path, ending: Any) -> None:
    async with scene(tmp_path) as one:
        await one.energised()
        await one.evse.end(ending, "")
        assert not one.controller.is_on
        assert one.state.transaction is not None, "until the cable is pulled, or its driver stops it"


async def test_limits_and_faults_are_told(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.energised()
        service = one.place.station.evses[1]
        await service.limit(10)
        facts = await one.evse.facts()
        assert facts.ac is not None
        assert facts.ac.most_a == 10
        await service.limit(0)
        facts = await one.evse.facts()
        assert facts.ac is not None
        assert facts.ac.most_a == 0
        assert facts.wish == "pause"
        await one.place.break_down(1)
        facts = await one.evse.facts()
        assert (facts.wish, facts.fault, facts.is_emergency) == ("stop", "control pilot F", True)
        assert isinstance(await one.evse.perform(Energise()), Failed)


async def test_a_meter_that_falls_silent_is_no_emergency(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.energised()
        bench = one.place.benches[1]
        bench.meter.is_silent = True
        bench.clock.advance(20)
        facts = await one.facts_when(lambda facts: facts.fault is not None)
        assert (facts.fault, facts.is_emergency, facts.wish) == (METER_SILENT, False, "stop")


@pytest.mark.parametrize("stop", ["card", "backend", "reset"])
async def test_whoever_ends_the_transaction_the_vehicle_is_asked_to_stop(tmp_path: Path, stop: str) -> None:
    async with scene(tmp_path) as one:
        await one.energised()
        service = one.place.station.evses[1]
        ways: dict[str, Callable[[], Awaitable[Any]]] = {
            "card": lambda: one.place.accepted(ANNA, 1),
            "backend": lambda: one.place.station.remote_stop(service),
            "reset": lambda: service.apply(
                Terminated(at=one.place.clock.now(), trigger="ResetCommand", reason="ImmediateReset")
            ),
        }
        await ways[stop]()
        assert (await one.facts_when(lambda facts: facts.wish == "stop")).wish == "stop"
        assert not one.controller.is_on


async def test_the_meter_and_the_end_of_the_visit(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.authorized()
        one.evse.order(TellSoc(41))
        meter = (await one.evse.facts()).meter
        assert meter is not None
        assert meter.energy_wh == one.place.benches[1].meter.energy_mwh // 1000
        assert one.place.station.evses[1].soc == 41
        gone = asyncio.create_task(one.evse.unplugged())
        await asyncio.sleep(0.1)
        assert not gone.done()
        await one.plug(Pilot.A)
        async with asyncio.timeout(5):
            await gone


# schedules


def profile(place: Forecourt, number: int, limit_w: int) -> Profile:
    schedule = Schedule(
        id=1, unit="W", start=place.clock.now(), periods=(Period(start_s=0, limit=Decimal(limit_w)),)
    )
    return Profile(
        id=number,
        evse_id=1,
        stack_level=number,
        purpose="TxProfile",
        kind="Absolute",
        schedules=(schedule,),
        transaction_id=place.state().transaction.id,  # type: ignore[union-attr]
    )


async def test_what_the_vehicle_needs_is_asked_for_and_offered(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.authorized()
        one.place.station.negotiation.ask(backend := Backend("NoChargingProfile", True))
        assert (await one.evse.facts()).offers is None
        one.evse.order(TellNeeds(NEEDS))
        facts = await one.facts_when(lambda facts: facts.offers is not None)
        assert backend.asked == [replace(NEEDS, evse_id=1)]
        assert facts.offers
        offer = facts.offers[0]
        assert float(offer.periods[0].limit) == 16 * 3 * 230
        schedule = Schedule(
            id=1, unit="W", start=offer.start, periods=(Period(start_s=0, limit=Decimal(4000)),)
        )
        chosen = Chosen(evse_id=0, start=offer.start, schedule=schedule, offer_id=offer.id)
        one.evse.order(TellChosen(chosen))
        await one.until(lambda: len(backend.asked) == 2)
        assert backend.asked[1] == replace(chosen, evse_id=1)


async def test_new_limits_make_it_choose_anew_and_are_not_asked_for_again(tmp_path: Path) -> None:
    """K16.FR.02, K16.FR.03."""
    async with scene(tmp_path) as one:
        await one.energised()
        one.place.station.negotiation.ask(backend := Backend("NoChargingProfile", "NoChargingProfile"))
        one.evse.order(TellNeeds(NEEDS))
        await one.facts_when(lambda facts: facts.offers is not None)
        assert (await one.evse.facts()).wish == "none"
        assert await one.place.limits.install(profile(one.place, 7, 5000)) is None
        assert (await one.evse.facts()).wish == "renegotiate"
        one.evse.order(TellNeeds(NEEDS))
        facts = await one.facts_when(lambda facts: facts.wish == "none")
        assert facts.offers
        assert float(facts.offers[0].periods[0].limit) == 5000
        assert len(backend.asked) == 1
        one.evse.order(TellNeeds(NEEDS))
        await one.until(lambda: len(backend.asked) == 2)


# contracts to be installed


async def test_the_backend_answers_a_vehicle_that_asks_for_a_contract(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.plug()
        await one.evse.begin("ISO 15118-2")
        wanted = AskForContract(exi=b"it", action="Install", namespace="urn:iso:15118:2:2013:MsgDef")
        assert await one.evse.perform(wanted) == Obtained(b"answer to it")
        one.installer.has_contract = False
        assert await one.evse.perform(wanted) == Failed("no contract for this vehicle")


async def test_a_session_that_the_limits_ended_is_no_end_for_the_driver(tmp_path: Path) -> None:
    async with scene(tmp_path) as one:
        await one.energised()
        service = one.place.station.evses[1]
        await service.limit(0)
        await one.evse.end("terminate", "")
        assert one.state.speech == "paused"
        await service.limit(16)
        await one.until(lambda: one.state.speech == "awaited")
    async with scene(tmp_path / "over") as one:
        await one.energised()
        await one.evse.end("terminate", "")
        assert one.state.speech == "over"


async def test_a_free_station_and_a_remote_start_let_the_driver_in(tmp_path: Path) -> None:
    async with scene(tmp_path, AuthCtrlr__Enabled="false") as one:
        job = asyncio.create_task(charge_freely(one.place.station))
        await one.plug()
        await one.evse.begin("ISO 15118-2")
        one.evse.order(AwaitDriver())
        assert (await one.facts_when(lambda facts: facts.authorization == "accepted")).wish == "none"
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
    async with scene(tmp_path / "remote") as one:
        await one.plug()
        await one.evse.begin("ISO 15118-2")
        one.evse.order(AwaitDriver())
        service = one.place.station.evses[1]
        assert (await one.place.station.remote_start(service, ANNA, None, 7)).is_accepted
        assert (await one.evse.facts()).authorization == "accepted"
