"""Puts the agent together: the one place that opens drivers, store and sockets, and owns all tasks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from agent.assembly import (
    Ground,
    Job,
    Parts,
    build_station,
    open_client,
    open_contracts,
    open_paths,
    open_readers,
    open_screens,
    open_settings,
    open_vault,
    open_vehicle_links,
)
from agent.commands import commands
from agent.config.hardware import open_hardware
from agent.config.sections import Config
from agent.csms.absent import Backend
from agent.csms.accounts import Accounts
from agent.csms.client import CsmsClient
from agent.csms.delivery import Delivery
from agent.csms.dialect import Services
from agent.csms.kinds import KINDS
from agent.csms.notices import Notices
from agent.customers.desk import Customers
from agent.display.board import Board
from agent.display.report import display_commands
from agent.emulation.by_hand import emulator_commands
from agent.files import FileServices, Surroundings, manufacturer_roots, open_files, own_log
from agent.metrics import metric_commands
from agent.monitoring.hardware import provide_problems
from agent.monitoring.opening import monitoring_of
from agent.monitoring.service import Monitoring
from agent.payments.opening import PaymentServices, open_payments
from agent.security.service import Security, note_clock_steps, note_exhaustion
from agent.security.station_file import given
from agent.station.contracts_by_hand import contract_commands
from agent.station.free import charge_freely
from agent.station.station import Station
from agent.station.timekeeper import Timekeeper
from agent.station.upkeep import keep_up, take_over
from agent.status import describe, live_variables
from agent.store import facts
from agent.store.database import Database, StoreError
from agent.store.journal import Journal
from agent.store.keeper import OutboxKeeper
from agent.store.lock import only_one
from agent.store.metrics import outbox_variables
from agent.system.boot import Begun, boot_reason, kernel_boot_id, service_result
from agent.system.clock import StationClock
from agent.system.control import Command, ControlServer
from agent.system.health import Health
from agent.system.notify import Notifier, report_health
from agent.system.recent_log import RecentLog
from agent.transactions.records import StopReason
from agent.troubles.watch import TroubleWatch
from agent.variables.model import DeviceModel
from agent.vendors.by_hand import transfer_commands
from agent.vendors.registry import Vendors
from ocppj.versions import Version

log = logging.getLogger(__name__)


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
        self._ground = Ground(config=config, database=self._database, clock=self._clock, health=self._health)
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
        parts = await self._open()
        await self._restore(parts)
        control = ControlServer(Path(self._config.state.control_socket), self._commands(parts))
        async with control.listening(), parts.hardware.running():
            await self._serve(parts)
        await self._note_end()

    async def _open(self) -> Parts:
        """Put everything together; nothing runs yet."""
        settings, begun = await open_settings(self._ground), await self._begun()
        notices = self._notices()
        security = self._security = await open_vault(self._ground, settings, notices)
        await security.events.record("StartupOfTheDevice", begun.reason)
        client = await open_client(self._ground, settings, begun, security, log_frames=self._log_frames)
        self._backend: Backend = client
        hardware = open_hardware(self._config, self._clock.instant)
        paths = open_paths(self._ground, hardware)
        station, pollers = build_station(
            self._ground, hardware, settings, client, self._journal(), self._restart, paths
        )
        readers = open_readers(self._ground, hardware, station)
        await self._keeper.restore(self._database)
        accounts = Accounts(self._database)
        self._delivery = Delivery(self._database, station, accounts, self._keeper.figures)
        board = Board(station.evses, self._database, settings, self._clock)
        monitoring, files = None, None
        if isinstance(client, CsmsClient) and notices is not None:
            monitoring = monitoring_of(
                station, readers, self._database, self._clock, notices, lambda: client.is_online
            )
            files = self._open_files(station, client, settings, notices)
            services = self._services(station, accounts, notices, board, security, monitoring, files)
            _attach(client, services, self._delivery, notices)
        contracts = open_contracts(self._ground, station, client, security.vault)
        live_variables(settings, station, self._config, self._clock)
        provide_problems(settings, station.evses, readers)
        outbox_variables(settings, self._keeper.figures)
        return Parts(
            begun=begun,
            hardware=hardware,
            client=client,
            station=station,
            contracts=contracts,
            vehicles=open_vehicle_links(
                self._ground, station, contracts, client, security, paths, log_messages=self._log_frames
            ),
            pollers=tuple(pollers),
            readers=readers,
            accounts=accounts,
            board=board,
            screens=open_screens(self._ground, hardware, board),
            monitoring=monitoring,
            files=files,
            payments=self._payments(station, client),
            timekeeper=Timekeeper(self._clock, self._database, station.evses),
            troubles=TroubleWatch(
                station, client, readers, self._keeper.figures, security.vault, self._clock
            ),
        )

    def _services(
        self,
        station: Station,
        accounts: Accounts,
        notices: Notices,
        board: Board,
        security: Security,
        monitoring: Monitoring,
        files: FileServices,
    ) -> Services:
        """Return what the backend's requests are carried out by."""
        return Services(
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

    def _payments(self, station: Station, client: Backend) -> PaymentServices:
        return open_payments(
            self._config.payment,
            station,
            self._config.station.id,
            client if isinstance(client, CsmsClient) else None,
            self._database,
            self._clock,
        )

    async def _serve(self, parts: Parts) -> None:
        """Do the jobs until the agent is told to stop; then take the power away before they end."""
        async with asyncio.TaskGroup() as tasks:
            work = [tasks.create_task(job, name=name) for name, job in self._jobs(parts)]
            self._notifier.send(READY="1")
            await self._stop.wait()
            self._say_goodbye()
            await asyncio.gather(*(service.stop() for service in parts.station.evses.values()))
            for task in work:
                task.cancel()

    async def _restore(self, parts: Parts) -> None:
        """Take over what is stored, what others build on first."""
        station, board = parts.station, parts.board
        await parts.timekeeper.restore()
        spoken = await self._database.read(lambda opened: facts.load(opened, facts.SPOKEN))
        is_told = spoken == Version.V21.value  # earlier versions have no word for it (E17)
        for service in station.evses.values():
            reason: StopReason = "PowerLoss" if parts.begun.is_after_power_loss else "Reboot"
            await service.resume(reason, is_told=is_told)
        await parts.accounts.restore()
        await station.authorizer.restore()
        await station.limits.restore()
        await station.priority.restore(self._database)
        await board.restore()
        await station.costs.restore(self._database, board.notes)
        await station.tariffs.restore(self._database)
        station.local_costs.show_on(board.notes)
        await take_over(station)
        await parts.payments.restore(board.notes)
        if parts.monitoring is not None:
            await parts.monitoring.restore()

    def _commands(self, parts: Parts) -> Mapping[str, Command]:
        """Return what a technician may ask."""
        station, client = parts.station, parts.client
        groups = (
            commands(
                self._config.station.id,
                station,
                client,
                station.settings,
                parts.readers,
                self._database,
            ),
            metric_commands(
                station, client, parts.hardware, self._database, self._keeper.figures, parts.vehicle_metrics
            ),
            display_commands(parts.board, station.evses, parts.screens),
            parts.payments.commands(),
            contract_commands(parts.contracts, station.evses),
            transfer_commands(client),
            emulator_commands(self._config.emulator),
            parts.troubles.commands(),
            self._recent_log.commands(),
        )
        return {name: command for group in groups for name, command in group.items()}

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

    def _jobs(self, parts: Parts) -> list[Job]:
        station, client = parts.station, parts.client
        return [
            *parts.own_jobs(),
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

    async def _begun(self) -> Begun:
        """Note that the agent runs, and say why it has started."""
        last = await self._database.write(lambda opened: facts.begin_run(opened, self._boot_id))
        result = service_result(Path(self._config.state.directory))
        reason = boot_reason(last, self._boot_id, result)
        log.info("started: %s", reason)
        return Begun(reason=reason, with_many=reason == "PowerUp" and last.boot_id is not None)

    def _journal(self) -> Journal:
        return Journal(
            self._database,
            self._event_added,
            self._keeper,
            has_backend=self._config.csms is not None,
            line=lambda: self._clock.line,
        )

    def _notices(self) -> Notices | None:
        """Return the queue of what the backend must be told, if there is one to tell."""
        if self._config.csms is None:
            return None
        return Notices(self._database, KINDS, self._clock.now, lambda: self._clock.line)

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


def _attach(client: CsmsClient, services: Services, delivery: Delivery, notices: Notices) -> None:
    """Give the client what it serves, and let the station's parts tell and ask through it."""
    client.attach(services, delivery, notices)
    services.station.external.tell(notices)
    services.station.negotiation.ask(client)
    services.station.running_costs.connect(lambda: client.is_online, notices.add)
    services.station.dynamic.ask(client)
    services.station.priority.tell(notices)
    services.station.reservations.report_to(notices.add)
