"""Builds the agent's parts from the station file and what is stored; `app.py` opens them and runs them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.authorization.authorizer import Authorizer
from agent.authorization.readers import ReaderService
from agent.availability.service import Availability
from agent.config.hardware import device_address, reader_address, watchdog_s
from agent.config.load import variable_overrides
from agent.config.sections import Config, ConfigError, EvseSection
from agent.csms.absent import Backend, NoBackend
from agent.csms.accounts import Accounts
from agent.csms.client import CsmsClient
from agent.csms.identity import Identity
from agent.csms.notices import Notices
from agent.csms.opening import Access
from agent.display.board import Board
from agent.display.screens import Screen
from agent.files import FileServices, firmware_version
from agent.metering.limits import dc_limits_of, limits_of
from agent.metering.poller import MeterPoller
from agent.monitoring.service import Monitoring
from agent.network.book import NetworkBook
from agent.network.profiles import SLOTS, NetworkProfile
from agent.payments.opening import PaymentServices
from agent.reservations.service import Reservations
from agent.security.service import Security, open_security
from agent.security.station_file import given, refuse_lower, security_profile
from agent.security.vault import NotAdopted, Vault
from agent.station.contracts import Contracts, Judge
from agent.station.equipment import equip
from agent.station.identity import EvseIdentity
from agent.station.limits import Limits
from agent.station.points import offer_points
from agent.station.service import EvseService
from agent.station.station import Station
from agent.station.timekeeper import Timekeeper
from agent.station.wiring import wiring_of
from agent.store import facts
from agent.store.database import Database
from agent.store.journal import Journal
from agent.system.boot import Begun
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.system.health import Health
from agent.troubles.watch import TroubleWatch
from agent.variables.model import DeviceModel, Place
from drivers.open import Hardware

if TYPE_CHECKING:
    from agent.vehicle.path import DcPath
    from agent.vehicle_assembly import Vehicles

log = logging.getLogger(__name__)

_EVSE_SILENCE_S = 60.0
_METER_SILENCE_S = 60.0
_READER_SILENCE_S = 120.0
_LINK_SILENCE_S = 120.0


Job = tuple[str, Coroutine[Any, Any, None]]
"""What runs as long as the agent does, and its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all parts stand on."""

    config: Config
    database: Database
    clock: StationClock
    health: Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The agent, put together."""

    begun: Begun
    hardware: Hardware
    client: Backend
    station: Station
    contracts: Contracts
    vehicles: Vehicles | None
    pollers: tuple[MeterPoller, ...]
    readers: tuple[ReaderService, ...]
    accounts: Accounts
    board: Board
    screens: tuple[Screen, ...]
    monitoring: Monitoring | None
    files: FileServices | None
    payments: PaymentServices
    timekeeper: Timekeeper
    troubles: TroubleWatch

    def vehicle_metrics(self) -> str:
        """Return what is counted of vehicles that speak, "" where there are none."""
        return "" if self.vehicles is None else self.vehicles.metrics()

    def own_jobs(self) -> list[Job]:
        """Return what the parts do by themselves, each with its name."""
        return [
            *(
                (f"meter of EVSE {evse}", _about(evse, poller.run()))
                for evse, poller in zip(self.station.evses, self.pollers, strict=True)
            ),
            *((f"EVSE {evse_id}", service.run()) for evse_id, service in self.station.evses.items()),
            *((reader.name, reader.run()) for reader in self.readers),
            *((screen.name, screen.run()) for screen in self.screens),
            ("troubles", self.troubles.run()),
            ("clock", self.timekeeper.run()),
            ("messages", self.board.run()),
            *([] if self.monitoring is None else [("monitors", self.monitoring.run())]),
            *([] if self.files is None else self.files.jobs()),
            *self.payments.jobs(),
            *([] if self.vehicles is None else self.vehicles.jobs()),
        ]


async def _about(evse_id: int, job: Coroutine[Any, Any, None]) -> None:
    """Do a job whose log lines are about an EVSE."""
    with concerning(evse=evse_id):
        await job


async def open_settings(ground: Ground) -> DeviceModel:
    """Return the device model with what was set before."""
    places: list[Place] = []
    for evse in ground.config.evse:
        places += [Place(evse.id), Place(evse.id, 1)]
    places += [Place(instance=slot) for slot in SLOTS]

    async def persist(name: str, value: str) -> None:
        await ground.database.write(lambda opened: facts.save_variable(opened, name, value))

    settings = DeviceModel(tuple(places), variable_overrides(ground.config), persist)
    for name in settings.restore(await ground.database.read(facts.load_variables)):
        log.warning("stored value of %s no longer fits; its default is used", name)
    return settings


async def open_vault(ground: Ground, settings: DeviceModel, notices: Notices | None) -> Security:
    """Return the station's credentials, certificates and security log.

    Raises:
        ConfigError: If the station file brings a certificate or key that cannot be taken.
    """
    state, said = Path(ground.config.state.directory), given(ground.config)
    try:
        return await open_security(state, ground.database, settings, notices, ground.clock.now, said)
    except NotAdopted as error:
        raise ConfigError(Path(error.file), None, str(error)) from error


async def open_client(
    ground: Ground, settings: DeviceModel, begun: Begun, security: Security, *, log_frames: bool
) -> Backend:
    """Return the backend's side of the agent."""
    station, csms = ground.config.station, ground.config.csms
    settings.provide("SecurityCtrlr.Identity", lambda: station.id)
    if csms is None:
        return NoBackend()
    own = NetworkProfile(url=csms.url, security=security_profile(csms), versions=csms.versions)
    network = NetworkBook(ground.database, settings, own, security.credentials.missing)
    await network.restore()
    await refuse_lower(network, csms, security.events)
    network.guard_settings()
    settings.provide("SecurityCtrlr.Identity", lambda: network.identity or station.id)  # B09.FR.28
    return CsmsClient(
        Access(station_id=station.id, credentials=security.credentials, log_frames=log_frames),
        network,
        Identity(
            station_id=station.id,
            vendor=station.vendor,
            model=station.model,
            serial=station.serial,
            firmware=firmware_version(ground.config.firmware, station.firmware),
        ),
        settings,
        ground.clock,
        begun,
        ground.health.watch("backend link", _LINK_SILENCE_S),
    )


def open_paths(ground: Ground, hardware: Hardware) -> Mapping[int, DcPath]:
    """Return what stands for the charge controllers of EVSEs of direct current, by EVSE."""
    if all(evse.supply is None for evse in ground.config.evse):
        return {}
    from agent.vehicle.opening import open_path  # noqa: PLC0415 - memory that few stations need

    found = {evse.id: open_path(evse, hardware, ground.clock) for evse in ground.config.evse}
    return {number: path for number, path in found.items() if path is not None}


def build_station(
    ground: Ground,
    hardware: Hardware,
    settings: DeviceModel,
    client: Backend,
    journal: Journal,
    restart: Callable[[str], Awaitable[None]],
    paths: Mapping[int, DcPath],
) -> tuple[Station, list[MeterPoller]]:
    """Return the station with its EVSEs, and what polls their meters; `paths` are of direct current."""
    services: dict[int, EvseService] = {}
    pollers: list[MeterPoller] = []
    for evse in ground.config.evse:
        poller = _poller(ground, evse, hardware)
        pollers.append(poller)
        services[evse.id] = EvseService(
            _identity(ground.config, evse),
            paths.get(evse.id) or hardware.charge_controller(device_address(evse.controller)),
            poller,
            journal,
            ground.clock,
            settings,
            client,
            ground.health.watch(f"EVSE {evse.id}", _EVSE_SILENCE_S),
        )
        equip(services[evse.id], evse, hardware, ground.config.station.id)
    offer_points(settings, services.values())
    authorizer = Authorizer(client, settings, ground.database, ground.clock.now)
    limits = Limits(wiring_of(ground.config), ground.database, settings, ground.clock)
    limits.attach(services)
    station = Station(
        services,
        authorizer,
        limits,
        Availability(ground.database, ground.clock.now),
        Reservations(ground.database, settings, ground.clock.now),
        settings,
        ground.clock,
        restart,
    )
    return station, pollers


def _poller(ground: Ground, evse: EvseSection, hardware: Hardware) -> MeterPoller:
    return MeterPoller(
        f"meter of EVSE {evse.id}",
        hardware.meter(device_address(evse.meter)),
        (limits_of if evse.supply is None else dc_limits_of)(
            evse.max_current_a, evse.phases, evse.meter_limit_kw
        ),
        ground.clock.instant,
        ground.health.watch(f"meter {evse.id}", _METER_SILENCE_S),
    )


def _identity(config: Config, evse: EvseSection) -> EvseIdentity:
    return EvseIdentity(
        evse_id=evse.id,
        connector_id=1,
        limit_a=evse.max_current_a,
        connector_type=evse.connector.type,
        has_fixed_cable=evse.connector.has_fixed_cable,
        has_own_meter=evse.meter_limit_kw is None,
        watchdog_s=watchdog_s(config, evse),
    )


def open_contracts(ground: Ground, station: Station, client: Backend, vault: Vault) -> Contracts:
    """Return what decides on contracts that vehicles show; it is loaded for the first one."""

    def judge() -> Judge:
        from agent.authorization.contracts import (  # noqa: PLC0415 - memory that few stations need
            ContractAuthorizer,
        )
        from agent.security.chain_statuses import ChainStatuses  # noqa: PLC0415 - likewise
        from agent.security.contract_chains import ContractChains  # noqa: PLC0415 - likewise

        now = ground.clock.now
        return ContractAuthorizer(
            station.authorizer,
            client,
            ContractChains(vault, now),
            ChainStatuses(ground.database, client, now),
            station.settings,
            now,
        )

    return Contracts(station, judge)


def open_vehicle_links(
    ground: Ground,
    station: Station,
    contracts: Contracts,
    client: Backend,
    security: Security,
    paths: Mapping[int, DcPath],
    *,
    log_messages: bool,
) -> Vehicles | None:
    """Return the conversations with vehicles, None if no EVSE has a modem: then nothing of it is loaded."""
    if all(evse.iso15118 is None for evse in ground.config.evse):
        return None
    from agent.vehicle_assembly import Surroundings, open_vehicles  # noqa: PLC0415 - memory that few stations need

    return open_vehicles(
        Surroundings(
            config=ground.config,
            station=station,
            contracts=contracts,
            backend=client,
            security=security,
            paths=paths,
            clock=ground.clock,
            messages_are_logged=log_messages,
        )
    )


def open_readers(ground: Ground, hardware: Hardware, station: Station) -> tuple[ReaderService, ...]:
    """Return the card readers."""
    return tuple(
        ReaderService(
            f"reader {number}",
            hardware.card_reader(reader_address(reader)),
            station.tap,
            ground.health.watch(f"reader {number}", _READER_SILENCE_S),
            reader.evse,
        )
        for number, reader in enumerate(ground.config.reader, start=1)
    )


def open_screens(ground: Ground, hardware: Hardware, board: Board) -> tuple[Screen, ...]:
    """Return the displays."""
    return tuple(
        Screen(
            f"display {number}",
            hardware.display(reader_address(display)),
            display.evse,
            board,
            lambda: ground.clock.instant().monotonic_s,
        )
        for number, display in enumerate(ground.config.display, start=1)
    )
