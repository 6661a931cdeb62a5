"""Puts the payments of a station together."""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, Final

from agent.display.notes import Notes
from agent.emulation.terminal import EmulatedTerminal
from agent.payments.by_hand import payment_commands
from agent.payments.section import PaymentSection
from agent.payments.service import Backend, Payments
from agent.payments.terminal import About, PaymentTerminal
from agent.payments.web_payments import WebPayments
from agent.station.station import Station
from agent.store.database import Database
from agent.system.clock import StationClock
from agent.system.control import Command
from agent.variables.model import DeviceModel

_NAMES: Final = {
    "vendor": "VendorName",
    "model": "Model",
    "serial": "SerialNumber",
    "firmware": "FirmwareVersion",
    "terminal_id": "TerminalID",
    "provider": "PaymentServiceProvider",
    "imsi": "IMSI",
    "iccid": "ICCID",
}
_NOBODY: Final = About(vendor="", model="")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentServices:
    """A terminal's payments, if there is a terminal, and those on the web."""

    terminal: Payments | None
    web: WebPayments
    evse_ids: Collection[int]

    async def restore(self, notes: Notes) -> None:
        """Take over what is stored, and show drivers what they need on these notes.

        Raises:
            StoreError: If it cannot be read or written.
        """
        await self.web.restore(notes)
        if self.terminal is not None:
            await self.terminal.restore(notes)

    def jobs(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        """Return what has to go on all the time, by name."""
        own = [("web payments", self.web.run())]
        return own if self.terminal is None else [*own, ("payments", self.terminal.run())]

    def commands(self) -> Mapping[str, Command]:
        """Return what may be asked over the control socket."""
        return payment_commands(self.terminal, self.web, self.evse_ids)


def open_payments(
    section: PaymentSection | None,
    station: Station,
    station_id: str,
    backend: Backend | None,
    database: Database,
    clock: StationClock,
) -> PaymentServices:
    """Return the payments of a station; without a backend nobody pays at a terminal."""
    device = None if section is None or backend is None else EmulatedTerminal()
    payments = None
    if device is not None and backend is not None:
        payments = Payments(device, station, backend, database, clock.now)
    _describe(station.settings, device)
    web = WebPayments(station, station_id, clock)
    return PaymentServices(terminal=payments, web=web, evse_ids=station.evses)


def _describe(settings: DeviceModel, terminal: PaymentTerminal | None) -> None:
    """Let the device model say which terminal there is, and how it is."""
    about = _NOBODY if terminal is None else terminal.about
    for field in fields(about):
        settings.provide(f"PaymentCtrlr.{_NAMES[field.name]}", partial(str, getattr(about, field.name)))

    def flag(*, of_problem: bool) -> str:
        if terminal is None:
            return "false"
        return "true" if (terminal.problem is not None) == of_problem else "false"

    settings.provide("PaymentCtrlr.Available", lambda: "false" if terminal is None else "true")
    settings.provide("PaymentCtrlr.Problem", partial(flag, of_problem=True))
    settings.provide("PaymentCtrlr.Connected", partial(flag, of_problem=False))
