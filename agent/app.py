"""Puts the agent together: the one place that opens drivers, store and sockets, and owns all tasks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from agent.authorization.authorizer import Authorizer
from agent.authorization.readers import ReaderService
from agent.availability.service import Availability
from agent.commands import commands
from agent.config import (
    Config,
    ConfigError,
    device_address,
    open_hardware,
    reader_address,
    variable_overrides,
    watchdog_s,
)
from agent.csms.absent import Backend, NoBackend
from agent.csms.accounts import Accounts
from agent.csms.client import CsmsClient
from agent.csms.delivery import Delivery
from agent.csms.dialect import Services
from agent.csms.identity import Identity
from agent.csms.kinds import KINDS
from agent.csms.notices import Notices
from agent.csms.opening import Access
from agent.customers.desk import Customers
from agent.display.board import Board
from agent.display.report import display_commands
from agent.display.screens import Screen
from agent.emulation.by_hand import emulator_commands
from agent.files import FileServices, Surroundings, firmware_version, manufacturer_roots, open_files, own_log
from agent.metering.limits import limits_of
from agent.metering.poller import MeterPoller
from agent.monitoring.hardware import provide_problems
from agent.monitoring.opening import monitoring_of
from agent.network.book import NetworkBook
from agent.network.profiles import SLOTS, NetworkProfile
from agent.payments.opening import open_payments
from agent.reservations.service import Reservations
from agent.security.service import Security, note_clock_steps, note_exhaustion, open_security
from agent.security.station_file import given, refuse_lower, security_profile
from agent.security.vault import NotAdopted
from agent.station.equipment import equip
from agent.station.free import charge_freely
from agent.station.identity import EvseIdentity
from agent.station.limits import Limits
from agent.station.points import offer_points
from agent.station.service import EvseService
from agent.station.station import Station
from agent.station.timekeeper import Timekeeper
from agent.station.upkeep import keep_up, take_over
from agent.station.wiring import wiring_of
from agent.status import describe, live_variables
from agent.store import facts
from agent.store.database import Database, StoreError
from agent.store.journal import Journal
from agent.store.keeper import OutboxKeeper
from agent.store.lock import only_one
from agent.store.metrics import outbox_variables
from agent.system.boot import Begun, boot_reason, kernel_boot_id, service_result
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.system.control import Command, ControlServer
from agent.system.health import Health
from agent.system.notify import Notifier, report_health
from agent.system.recent_log import RecentLog
from agent.transactions.records import StopReason
from agent.troubles.watch import TroubleWatch
from agent.variables.model import DeviceModel, Place
from agent.vendors.by_hand import transfer_commands
from agent.vendors.registry import Vendors
from drivers.open import Hardware
from ocppj.versions import Version

log = logging.getLogger(__name__)


_EVSE_SILENCE_S = 60.0
_METER_SILENCE_S = 60.0
_READER_SILENCE_S = 120.0
_LINK_SILENCE_S = 120.0
_FAREWELL_S = 5.0


class Ending(Enum):
    """Why the agent returned."""

    STOPPED = "stopped"
    RESTART = "restart"


class Agent:
    """One charging station, from its station file."""

    def __init__(
        self,
        config: Config,
        *,
        log_frames: bool,
        stop: asyncio.Event,
        clock: StationClock | None = None,
    ) -> None:
        """`clock` is the machine's own if none is given."""
        self._config = config
        self._boot_id = kernel_boot_id()
        self._log_frames = log_frames
        self._stop = stop
        self._ending = Ending.STOPPED
        self._clock = clock or StationClock(boot_id=self._boot_id)
        self._health = Health()
        self._notifier = Notifier()
        self._recent_log = RecentLog()
        self._database = Database(Path(config.state.directory) / "agent.db")
        self._keeper = OutboxKeeper(config.state.outbox_limit_mb * 1_048_576)

    async def run(self) -> Ending:
        """Serve until `stop` is set or the backend resets the station.

        Raises:
            StoreError: If the state directory cannot be used.
            ControlError: If the control socket cannot be made.
            ConfigError: If the password file or the CA file cannot be read.
        """
        state = Path(self._config.state.directory)
        with only_one(state), own_log(state), self._recent_log.recording():
            await self._database.open()
            try:
                await self._run_opened()
            finally:
                await self._database.close()
        return self._ending

    async def _run_opened(self) -> None:
        settings, begun = await self._settings(), await self._begun()
        notices = self._notices()
        security = self._security = await self._open_security(settings, notices)
        await security.events.record("StartupOfTheDevice", begun.reason)
        client = await self._client(settings, begun, security)
        self._backend: Backend = client
        hardware = open_hardware(self._config, self._clock.instant)
        station, pollers = self._station(hardware, settings, client)
        readers = self._open_readers(hardware, station)
        await self._keeper.restore(self._database)
        accounts = Accounts(self._database)
        delivery = Delivery(self._database, station, accounts, self._keeper.figures)
        self._delivery = delivery
        board = Board(station.evses, self._database, settings, self._clock)
        screens = self._open_screens(hardware, board)
        monitoring, files = None, None
        if isinstance(client, CsmsClient) and notices is not None:
            monitoring = monitoring_of(
                station, readers, self._database, self._clock, notices, lambda: client.is_online
            )
            files = self._open_files(station, client, settings, notices)
            services = Services(
                station=station,
                accounts=accounts,
                notices=notices,
                display=board,
                security=security,
                monitoring=monitoring,
                files=files,
                customers=Customers(station, self._database),
                vendors=Vendors(),
            )
            _attach(client, services, delivery, notices)
        payments = open_payments(
            self._config.payment,
            station,
            self._config.station.id,
            client if isinstance(client, CsmsClient) else None,
            self._database,
            self._clock,
        )
        live_variables(settings, station, self._config, self._clock)
        provide_problems(settings, station.evses, readers)
        outbox_variables(settings, self._keeper.figures)
        timekeeper = Timekeeper(self._clock, self._database, station.evses)
        await self._restore(timekeeper, station, accounts, board, begun)
        await payments.restore(board.notes)
        if monitoring is not None:
            await monitoring.restore()
        troubles = TroubleWatch(station, client, readers, self._keeper.figures, security.vault, self._clock)
        control = self._control(
            commands(
                self._config.station.id,
                station,
                client,
                settings,
                hardware,
                readers,
                self._database,
                self._keeper.figures,
            ),
            display_commands(board, station.evses, screens),
            payments.commands(),
            transfer_commands(client),
            emulator_commands(self._config.emulator),
            troubles.commands(),
            self._recent_log.commands(),
        )
        async with control.listening(), hardware.running():
            jobs = [
                ("troubles", troubles.run()),
                *self._jobs(station, pollers, readers, client),
                ("clock", timekeeper.run()),
                ("messages", board.run()),
                *((screen.name, screen.run()) for screen in screens),
                *([] if monitoring is None else [("monitors", monitoring.run())]),
                *([] if files is None else files.jobs()),
                *payments.jobs(),
            ]
            await self._serve(station, jobs)
        await self._note_end()

    async def _serve(self, station: Station, jobs: list[tuple[str, Any]]) -> None:
        """Do the jobs until the agent is told to stop; then take the power away before they end."""
        async with asyncio.TaskGroup() as tasks:
            work = [tasks.create_task(job, name=name) for name, job in jobs]
            self._notifier.send(READY="1")
            await self._stop.wait()
            self._say_goodbye()
            await asyncio.gather(*(service.stop() for service in station.evses.values()))
            for task in work:
                task.cancel()

    async def _restore(
        self, timekeeper: Timekeeper, station: Station, accounts: Accounts, board: Board, begun: Begun
    ) -> None:
        """Take over what is stored, what others build on first."""
        await timekeeper.restore()
        spoken = await self._database.read(lambda opened: facts.load(opened, facts.SPOKEN))
        is_told = spoken == Version.V21.value  # earlier versions have no word for it (E17)
        for service in station.evses.values():
            reason: StopReason = "PowerLoss" if begun.is_after_power_loss else "Reboot"
            await service.resume(reason, is_told=is_told)
        await accounts.restore()
        await station.authorizer.restore()
        await station.limits.restore()
        await station.priority.restore(self._database)
        await board.restore()
        await station.costs.restore(self._database, board.notes)
        await station.tariffs.restore(self._database)
        station.local_costs.show_on(board.notes)
        await take_over(station)

    def _control(self, *groups: Mapping[str, Command]) -> ControlServer:
        """Return the technician's door, behind which these commands are."""
        known = {name: command for group in groups for name, command in group.items()}
        return ControlServer(Path(self._config.state.control_socket), known)

    async def _note_end(self) -> None:
        try:
            await self._database.write(facts.end_run)
        except StoreError as error:
            log.error("the next start will be told as one after a fault: %s", error)

    def _say_goodbye(self) -> None:
        """Tell systemd; not on a restart, for which it must not wait: the process goes on."""
        if self._ending is Ending.RESTART:
            self._notifier.send(STATUS="restarting")
        else:
            self._notifier.send(STOPPING="1", STATUS="stopping")

    def _jobs(
        self,
        station: Station,
        pollers: list[MeterPoller],
        readers: tuple[ReaderService, ...],
        client: Backend,
    ) -> list[tuple[str, Any]]:
        return [
            *(
                (f"meter of EVSE {evse}", _about(evse, poller.run()))
                for evse, poller in zip(station.evses, pollers, strict=True)
            ),
            *((f"EVSE {evse_id}", service.run()) for evse_id, service in station.evses.items()),
            *((reader.name, reader.run()) for reader in readers),
            ("limits", station.limits.run()),
            ("limits from outside", station.external.run()),
            ("dynamic profiles", station.dynamic.run()),
            ("priority charging", station.priority.run()),
            ("costs", station.costs.run()),
            ("running costs", station.running_costs.run()),
            ("local costs", station.local_costs.run()),
            ("aligned samples", station.sample_by_clock(client)),
            ("free charging", charge_freely(station)),
            ("availability and reservations", keep_up(station)),
            ("backend", client.run()),
            ("clock steps", note_clock_steps(self._clock, station.settings, self._security.events)),
            ("flash", note_exhaustion(lambda: self._keeper.figures.thinned, self._security.events)),
            ("health", report_health(self._notifier, self._health, lambda: describe(station, client))),
        ]

    async def _settings(self) -> DeviceModel:
        places: list[Place] = []
        for evse in self._config.evse:
            places += [Place(evse.id), Place(evse.id, 1)]
        places += [Place(instance=slot) for slot in SLOTS]
        settings = DeviceModel(tuple(places), variable_overrides(self._config), self._persist_variable)
        for name in settings.restore(await self._database.read(facts.load_variables)):
            log.warning("stored value of %s no longer fits; its default is used", name)
        return settings

    async def _persist_variable(self, name: str, value: str) -> None:
        await self._database.write(lambda opened: facts.save_variable(opened, name, value))

    async def _begun(self) -> Begun:
        """Note that the agent runs, and say why it has started."""
        last = await self._database.write(lambda opened: facts.begin_run(opened, self._boot_id))
        result = service_result(Path(self._config.state.directory))
        reason = boot_reason(last, self._boot_id, result)
        log.info("started: %s", reason)
        return Begun(reason=reason, with_many=reason == "PowerUp" and last.boot_id is not None)

    def _notices(self) -> Notices | None:
        """Return the queue of what the backend must be told, if there is one to tell."""
        if self._config.csms is None:
            return None
        return Notices(self._database, KINDS, self._clock.now, lambda: self._clock.line)

    async def _open_security(self, settings: DeviceModel, notices: Notices | None) -> Security:
        state, said = Path(self._config.state.directory), given(self._config)
        try:
            return await open_security(state, self._database, settings, notices, self._clock.now, said)
        except NotAdopted as error:
            raise ConfigError(Path(error.file), None, str(error)) from error

    async def _client(self, settings: DeviceModel, begun: Begun, security: Security) -> Backend:
        station, csms = self._config.station, self._config.csms
        settings.provide("SecurityCtrlr.Identity", lambda: station.id)
        if csms is None:
            return NoBackend()
        own = NetworkProfile(url=csms.url, security=security_profile(csms), versions=csms.versions)
        network = NetworkBook(self._database, settings, own, security.credentials.missing)
        await network.restore()
        await refuse_lower(network, csms, security.events)
        network.guard_settings()
        settings.provide("SecurityCtrlr.Identity", lambda: network.identity or station.id)  # B09.FR.28
        return CsmsClient(
            Access(station_id=station.id, credentials=security.credentials, log_frames=self._log_frames),
            network,
            Identity(
                station_id=station.id,
                vendor=station.vendor,
                model=station.model,
                serial=station.serial,
                firmware=firmware_version(self._config.firmware, station.firmware),
            ),
            settings,
            self._clock,
            begun,
            self._health.watch("backend link", _LINK_SILENCE_S),
        )

    def _station(
        self, hardware: Hardware, settings: DeviceModel, client: Backend
    ) -> tuple[Station, list[MeterPoller]]:
        has_backend = self._config.csms is not None
        journal = Journal(
            self._database,
            self._event_added,
            self._keeper,
            has_backend=has_backend,
            line=lambda: self._clock.line,
        )
        services: dict[int, EvseService] = {}
        pollers: list[MeterPoller] = []
        for evse in self._config.evse:
            poller = MeterPoller(
                f"meter of EVSE {evse.id}",
                hardware.meter(device_address(evse.meter)),
                limits_of(evse.max_current_a, evse.phases, evse.meter_limit_kw),
                self._clock.instant,
                self._health.watch(f"meter {evse.id}", _METER_SILENCE_S),
            )
            pollers.append(poller)
            services[evse.id] = EvseService(
                EvseIdentity(
                    evse_id=evse.id,
                    connector_id=1,
                    limit_a=evse.max_current_a,
                    connector_type=evse.connector.type,
                    has_fixed_cable=evse.connector.has_fixed_cable,
                    has_own_meter=evse.meter_limit_kw is None,
                    watchdog_s=watchdog_s(self._config, evse),
                ),
                hardware.charge_controller(device_address(evse.controller)),
                poller,
                journal,
                self._clock,
                settings,
                client,
                self._health.watch(f"EVSE {evse.id}", _EVSE_SILENCE_S),
            )
            equip(services[evse.id], evse, hardware, self._config.station.id)
        offer_points(settings, services.values())
        authorizer = Authorizer(client, settings, self._database, self._clock.now)
        limits = Limits(wiring_of(self._config), self._database, settings, self._clock)
        limits.attach(services)
        station = Station(
            services,
            authorizer,
            limits,
            Availability(self._database, self._clock.now),
            Reservations(self._database, settings, self._clock.now),
            settings,
            self._clock,
            self._restart,
        )
        return station, pollers

    def _open_readers(self, hardware: Hardware, station: Station) -> tuple[ReaderService, ...]:
        return tuple(
            ReaderService(
                f"reader {number}",
                hardware.card_reader(reader_address(reader)),
                station.tap,
                self._health.watch(f"reader {number}", _READER_SILENCE_S),
                reader.evse,
            )
            for number, reader in enumerate(self._config.reader, start=1)
        )

    def _open_screens(self, hardware: Hardware, board: Board) -> tuple[Screen, ...]:
        return tuple(
            Screen(
                f"display {number}",
                hardware.display(reader_address(display)),
                display.evse,
                board,
                lambda: self._clock.instant().monotonic_s,
            )
            for number, display in enumerate(self._config.display, start=1)
        )

    def _open_files(
        self, station: Station, client: CsmsClient, settings: DeviceModel, notices: Notices
    ) -> FileServices:
        async def prepare_restart() -> None:
            await self._database.write(lambda opened: facts.set_boot_reason(opened, "FirmwareUpdate"))
            if client.is_online:
                await notices.wait_until_told(_FAREWELL_S)

        said = given(self._config)
        own = {"CSMS": said.roots or "", "Manufacturer": manufacturer_roots(self._config.firmware)}
        files = open_files(
            Surroundings(
                station_id=self._config.station.id,
                state=Path(self._config.state.directory),
                firmware=self._config.firmware,
                transfer=self._config.transfer,
                database=self._database,
                settings=settings,
                bays=station,
                tell=notices.add,
                raise_alarm=self._security.events.record,
                roots=lambda kind: self._security.roots.pem(kind) + own.get(kind, ""),
                security_log=self._security.events.read_log,
                secrets=lambda: (*settings.secrets(), said.password),
                now=self._clock.now,
                is_well=lambda: client.is_online and not self._health.late(),
                prepare_restart=prepare_restart,
                replace_process=lambda: self._restart("FirmwareUpdate"),
            )
        )
        station.resets.hindrances.append(files.hindrance)
        return files

    def _event_added(self) -> None:
        self._delivery.event_added()

    async def _restart(self, boot_reason: str) -> None:
        """Let messages out, note the reason, and end with RESTART (B11, B12)."""
        await self._security.events.record("ResetOrReboot", boot_reason)
        await self._delivery.wait_until_empty(_FAREWELL_S)
        await self._backend.say_goodbye(_FAREWELL_S)
        await self._database.write(lambda opened: facts.set_boot_reason(opened, boot_reason))
        log.info("restarting: %s", boot_reason)
        self._ending = Ending.RESTART
        self._stop.set()


async def _about(evse_id: int, job: Coroutine[Any, Any, None]) -> None:
    """Do a job whose log lines are about an EVSE."""
    with concerning(evse=evse_id):
        await job


def _attach(client: CsmsClient, services: Services, delivery: Delivery, notices: Notices) -> None:
    """Give the client what it serves, and let the station's parts tell and ask through it."""
    client.attach(services, delivery, notices)
    services.station.external.tell(notices)
    services.station.negotiation.ask(client)
    services.station.running_costs.connect(lambda: client.is_online, notices.add)
    services.station.dynamic.ask(client)
    services.station.priority.tell(notices)
    services.station.reservations.report_to(notices.add)
