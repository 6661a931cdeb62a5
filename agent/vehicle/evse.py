"""An EVSE as conversations with vehicles see and move it: `agent.iso15118.evse.Evse`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Protocol

from agent.iso15118.facts import Charger, Facts
from agent.iso15118.turns import (
    AskForContract,
    AwaitDriver,
    CheckCable,
    CheckContract,
    Deed,
    Deenergise,
    Done,
    Ending,
    Energise,
    Failed,
    Introduce,
    Obtained,
    Order,
    Outcome,
    TellChosen,
    TellNeeds,
    TellSoc,
)
from agent.station.evse import Phase
from agent.station.service import EvseService
from agent.station.speech import VehicleSpeech
from agent.station.station import Station
from agent.store.database import StoreError
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.transactions.records import Token
from agent.vehicle.driver import Contracts, Driver
from agent.vehicle.errands import Errands
from agent.vehicle.output import Output
from agent.vehicle.schedules import Schedules
from agent.vehicle.telling import is_emergency, meter_status, wish
from drivers.readings import Pilot

log = logging.getLogger(__name__)

_LOOK_EVERY_S: Final = 0.05
_OFF_WITHIN_S: Final = 10.0
_SEEN_WITHIN_S: Final = 2.0
_READY: Final = (Pilot.C, Pilot.D)


class NoContract(Exception):
    """The backend has no contract certificate for the vehicle, or cannot be asked."""


class Installer(Protocol):
    """Has the backend answer vehicles that ask for a contract certificate."""

    async def obtain(self, wanted: AskForContract) -> bytes:
        """Return the backend's response to the vehicle (EXI).

        Raises:
            NoContract: If there is none.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How this EVSE treats vehicles that speak.

    `charger` introduces it as it is set now; `knows_by_evcc_id`: the vehicle's own number is a token.
    """

    charger: Callable[[], Charger]
    knows_by_evcc_id: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """What the vehicle that is plugged in has said of itself; nothing if none has."""

    protocol: str = ""
    evcc_id: str = ""

    @property
    def is_there(self) -> bool:
        """Whether a vehicle has spoken that is still there."""
        return bool(self.protocol)


class SpokenEvse:
    """One EVSE. Orders begin errands, which `run` does; power is the EVSE's own affair, asked for here."""

    def __init__(
        self,
        service: EvseService,
        speech: VehicleSpeech,
        station: Station,
        output: Output,
        manners: Manners,
        clock: StationClock,
        contracts: Contracts | None = None,
        installer: Installer | None = None,
    ) -> None:
        self._guest, self._arrival = Guest(), 0
        self._service = service
        self._speech = speech
        self._station = station
        self._output = output
        self._manners = manners
        self._clock = clock
        self._installer = installer
        self._name = f"EVSE {service.identity.evse_id}"
        self._driver = Driver(service, contracts)
        self._schedules = Schedules(service.identity.evse_id, station.negotiation)
        self._errands = Errands(self._name)

    async def run(self) -> None:
        """Do what conversations have begun, until cancelled."""
        with concerning(evse=self._service.identity.evse_id):
            await self._errands.run()

    @property
    def charger(self) -> Charger:
        """The EVSE as it introduces itself."""
        return self._manners.charger()

    @property
    def guest(self) -> Guest:
        """Who is there."""
        is_same = self._is_plugged and self._arrival == self._service.arrivals
        return self._guest if is_same else Guest()

    @property
    def _is_plugged(self) -> bool:
        return self._service.state.phase in (Phase.CABLE_ONLY, Phase.POWERED)

    async def begin(self, protocol: str) -> None:
        """Let a conversation begin."""
        await self._until_plugged()
        log.info("%s: the vehicle speaks %s", self._name, protocol)
        self._guest, self._arrival = Guest(protocol=protocol), self._service.arrivals
        self._driver.begin()
        self._schedules.begin()
        self._output.begin()
        self._speech.begin()
        await self._heed()

    async def facts(self) -> Facts:
        """Return the EVSE at this moment."""
        state, service = self._service.state, self._service
        permission = self._driver.permission
        return Facts(
            now=self._clock.now(),
            now_s=self._clock.instant().monotonic_s,
            clock_is_trusted=self._clock.is_known,
            authorization=permission.authorization,
            refusal=permission.refusal,
            ac=self._output.ac_limits,
            dc=self._output.dc_limits,
            dc_present=self._output.dc_present,
            isolation=self._output.isolation,
            offers=self._schedules.offers,
            vehicle_is_ready=state.pilot in _READY,
            power_is_on=self._is_powered,
            is_locked=state.bolt in ("none", "held"),
            wish=wish(state, driver_is_gone=self._driver.is_gone, must_choose_anew=self._schedules.is_due()),
            fault=state.fault,
            is_emergency=is_emergency(state.fault),
            meter=meter_status(service.meter.counted),
        )

    async def perform(self, deed: Deed) -> Outcome:
        """Do what a response waits for."""
        match deed:
            case Energise():
                return await self._energise()
            case Deenergise():
                return await self._deenergise()
            case AskForContract():
                return await self._ask_for_contract(deed)

    def order(self, order: Order) -> None:
        """Begin what an answer ordered."""
        match order:
            case Introduce(evcc_id=evcc_id):
                self._guest = replace(self._guest, evcc_id=evcc_id)
                log.info("%s: the vehicle is %s", self._name, evcc_id)
                if self._manners.knows_by_evcc_id:
                    self._errands.begin(self._admit_by_evcc_id(evcc_id))
            case AwaitDriver():
                self._driver.await_card()
            case CheckContract(emaid=emaid, chain=chain):
                self._errands.begin(self._driver.check(emaid, chain))
            case CheckCable():
                self._errands.begin(self._check_cable(order))
            case TellNeeds():
                self._errands.begin(self._schedules.need(order))
            case TellChosen():
                self._errands.begin(self._schedules.choose(order))
            case TellSoc(percent=percent):
                self._service.tell_soc(percent)
            case _:
                self._output.order(order)

    async def end(self, ending: Ending, why: str) -> None:
        """Take the power away: the conversation is over."""
        log.info("%s: the conversation ends (%s)%s", self._name, ending, f": {why}" if why else "")
        self._errands.drop()
        self._speech.end(ending, was_hindered=self._is_hindered)
        if ending != "pause":
            self._schedules.part()
        await self._heed()
        if not await self._until_off(_OFF_WITHIN_S):
            log.error("%s: the power does not go off after the conversation", self._name)

    @property
    def _is_hindered(self) -> bool:
        """Whether the driver may go on, and only the EVSE has nothing to give now."""
        state = self._service.state
        has_nothing = state.fault is not None or state.is_limited or state.is_held
        return self._service.has_driver and (has_nothing or state.reached is not None)

    async def unplugged(self) -> None:
        """Return when no vehicle is plugged in."""
        await self._until_plugged()
        await _until(lambda: not self._is_plugged)

    async def _until_plugged(self) -> None:
        """Wait a little for a plug that was seen over the power line before the pilot was read."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SEEN_WITHIN_S):
                await _until(lambda: self._is_plugged)

    @property
    def _is_powered(self) -> bool:
        """Whether power reaches the vehicle: with power on, contactors close once the vehicle is ready."""
        state = self._service.state
        is_on = self._service.power_is_on is True and state.speech == "asks" and state.wants_power
        return is_on and state.pilot in _READY and self._output.is_ready

    async def _energise(self) -> Outcome:
        self._speech.ask(is_asking=True)
        self._output.energise(is_on=True)
        try:
            await self._heed()
            await _until(lambda: self._is_powered or self._hindrance is not None)
        except asyncio.CancelledError:
            await self._ask_no_more()
            raise
        if (why := self._hindrance) is not None:
            await self._ask_no_more()
            return Failed(why)
        return Done()

    async def _ask_no_more(self) -> None:
        self._output.energise(is_on=False)
        self._speech.ask(is_asking=False)
        await self._heed()

    @property
    def _hindrance(self) -> str | None:
        """Why no power can come on, None while it may."""
        state = self._service.state
        if state.fault is not None:
            return state.fault
        if not self._driver.may_charge:
            return "nobody is authorized"
        if state.is_limited:
            return "the charging limits leave nothing"
        return None if state.speech == "asks" else "the vehicle was unplugged"

    async def _deenergise(self) -> Outcome:
        await self._ask_no_more()
        await _until(lambda: self._service.power_is_on is False)
        return Done()

    async def _check_cable(self, order: CheckCable) -> None:
        """Let the way to the vehicle be closed, and test it."""
        self._output.check(order.voltage_v)
        self._speech.prepare()
        await self._heed()

    async def _until_off(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                await self._deenergise()
        except TimeoutError:
            return False
        return True

    async def _heed(self) -> None:
        """Have the EVSE act on what the vehicle wants now; without a record there is no power."""
        try:
            await self._service.heed()
        except StoreError as error:
            log.error("%s: no power for the vehicle until this is cured: %s", self._name, error)

    async def _ask_for_contract(self, wanted: AskForContract) -> Outcome:
        if self._installer is None:
            return Failed("there is no backend to ask")
        try:
            return Obtained(await self._installer.obtain(wanted))
        except NoContract as error:
            return Failed(str(error))

    async def _admit_by_evcc_id(self, evcc_id: str) -> None:
        """Present the vehicle's own number as a token, unless somebody is authorized already."""
        if not self._service.has_driver:
            token = Token(id=evcc_id, type="MacAddress")
            outcome = await self._station.tap(token, self._service.identity.evse_id)
            if not outcome.is_accepted:
                log.info("%s: vehicle %s is not known: %s", self._name, evcc_id, outcome.why)


async def _until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    while True:
        if holds():
            return
        await asyncio.sleep(_LOOK_EVERY_S)
