"""Puts together what fetches and sends files: firmware, what is offered to other stations, and logs."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from agent.firmware.file_server import FileServer
from agent.firmware.ports import Bays, Means, RaiseAlarm, Rules, Tell
from agent.firmware.publishing import LocalPublisher, NoPublisher, Place
from agent.firmware.section import FirmwareSection, TransferSection, listen_address
from agent.firmware.service import FirmwareService, NoFirmware
from agent.logs.service import LogMeans, LogService
from agent.logs.sources import Entries, Journal, Load, LogSource, Ring
from agent.store.database import Database
from agent.system.files import why_unreadable
from agent.system.journal import has_journal
from agent.system.slots.port import SlotError, Slots
from agent.transfer.download import Bounds
from agent.transfer.host_keys import HostKeys
from agent.transfer.transfers import Transfers
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

_MB = 1_048_576
_VERSION_LENGTH = 50
_ALLOWS_SESSIONS = "ChargingStation.AllowNewSessionsPendingFirmwareUpdate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What these services need of the rest of the agent. Roots are PEM text."""

    station_id: str
    state: Path
    firmware: FirmwareSection
    transfer: TransferSection
    database: Database
    settings: DeviceModel
    bays: Bays
    tell: Tell
    raise_alarm: RaiseAlarm
    roots: Callable[[Literal["CSMS", "Manufacturer"]], str]
    security_log: Load
    secrets: Callable[[], Iterable[str]]
    now: Callable[[], datetime]
    is_well: Callable[[], bool]
    prepare_restart: Callable[[], Awaitable[None]]
    replace_process: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileServices:
    """What handlers and the composition root see of it."""

    firmware: FirmwareService | NoFirmware
    publisher: LocalPublisher | NoPublisher
    logs: LogService

    def hindrance(self) -> str | None:
        """Return why the station must not be reset now; None if it may."""
        return self.firmware.hindrance

    def jobs(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        """Return what runs as long as the agent does."""
        jobs: list[tuple[str, Coroutine[Any, Any, None]]] = [("logs", self.logs.run())]
        if isinstance(self.firmware, FirmwareService):
            jobs.append(("firmware", self.firmware.run()))
        if isinstance(self.publisher, LocalPublisher):
            jobs.append(("firmware for others", self.publisher.run()))
        return jobs


def open_files(around: Surroundings) -> FileServices:
    """Return the services, as the station file wants them; nothing runs yet."""
    host_keys = HostKeys(
        around.state / "sftp-hosts",
        around.transfer.sftp_keys,
        learns=around.transfer.sftp_unknown == "remember",
    )
    transfers = Transfers(lambda: _tls(around.roots), host_keys, stall_s=around.transfer.stall_s)
    return FileServices(
        firmware=_firmware(around, transfers),
        publisher=_publisher(around, transfers),
        logs=_logs(around, transfers),
    )


def firmware_version(section: FirmwareSection, said: str) -> str:
    """Return the version that runs: what the station file says, or else what the slot does."""
    if said or section.slots != "directory":
        return said
    try:
        return (Path(section.directory) / "current" / "VERSION").read_text("utf-8").strip()[:_VERSION_LENGTH]
    except (OSError, UnicodeDecodeError) as error:
        log.error("the firmware's version cannot be read: %s", why_unreadable(error))
        return ""


def manufacturer_roots(section: FirmwareSection) -> str:
    """Return the station file's roots of the manufacturer (PEM); "" without any that can be read."""
    if not section.manufacturer_roots:
        return ""
    try:
        return Path(section.manufacturer_roots).read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        log.error("firmware.manufacturer_roots: %s", why_unreadable(error))
        return ""


@contextmanager
def own_log(state: Path) -> Iterator[None]:
    """Keep a log of the agent's own where systemd's journal does not."""
    if has_journal():
        yield
        return
    from agent.logs.ring import ring  # noqa: PLC0415 - only here it is needed

    with ring(_ring_path(state)):
        yield


def _firmware(around: Surroundings, transfers: Transfers) -> FirmwareService | NoFirmware:
    section = around.firmware
    try:
        slots = _slots(around)
    except SlotError as error:
        log.error("firmware cannot be replaced: %s", error)
        return NoFirmware()
    if slots is None:
        return NoFirmware()
    means = Means(
        slots=slots,
        bays=around.bays,
        tell=around.tell,
        raise_alarm=around.raise_alarm,
        roots=lambda: around.roots("Manufacturer"),
        now=around.now,
        allows_new_sessions=lambda: around.settings.flag(_ALLOWS_SESSIONS),
        is_well=around.is_well,
        prepare_restart=around.prepare_restart,
    )
    rules = Rules(
        directory=around.state / "firmware",
        bounds=_bounds(section),
        takes_unsigned=section.takes_unsigned,
        revoked=Path(section.revoked) if section.revoked else None,
        confirm_within_s=section.confirm_within_s,
    )
    return FirmwareService(means, rules, transfers, around.database)


def _slots(around: Surroundings) -> Slots | None:
    """Return the slots; what most stations do without is not loaded."""
    section = around.firmware
    match section.slots:
        case "directory":
            from agent.system.slots.directory import DirectorySlots, linked  # noqa: PLC0415 - as above

            root = Path(section.directory)
            most_bytes = 4 * section.max_size_mb * _MB
            return DirectorySlots(root, linked(root), around.replace_process, most_bytes)
        case "rauc":
            from agent.system.slots.rauc import RaucSlots  # noqa: PLC0415 - as above

            return RaucSlots(section.rauc_command, section.restart_command)
        case None:
            return None


def _publisher(around: Surroundings, transfers: Transfers) -> LocalPublisher | NoPublisher:
    publish = around.firmware.publish
    if publish is None:
        return NoPublisher()
    place = Place(directory=around.state / "published", url=publish.url, bounds=_bounds(around.firmware))
    server = FileServer(place.directory, *listen_address(publish))
    return LocalPublisher(place, server, transfers, around.tell, around.database)


def _logs(around: Surroundings, transfers: Transfers) -> LogService:
    diagnostics: LogSource = Journal() if has_journal() else Ring(_ring_path(around.state))
    means = LogMeans(
        station_id=around.station_id,
        directory=around.state / "upload",
        sources={"DiagnosticsLog": diagnostics, "SecurityLog": Entries(around.security_log)},
        secrets=around.secrets,
        tell=around.tell,
        now=around.now,
    )
    return LogService(means, transfers, around.database)


def _bounds(section: FirmwareSection) -> Bounds:
    return Bounds(most_bytes=section.max_size_mb * _MB, reserve_bytes=section.reserve_mb * _MB)


def _tls(roots: Callable[[Literal["CSMS", "Manufacturer"]], str]) -> ssl.SSLContext:
    """Believe the system's authorities, the backend's roots and the manufacturer's (N01.FR.15, N01.FR.16)."""
    context = ssl.create_default_context()
    for pem in (roots("CSMS"), roots("Manufacturer")):
        if pem.strip():
            context.load_verify_locations(cadata=pem)
    return context


def _ring_path(state: Path) -> Path:
    return state / "log" / "agent.log"
