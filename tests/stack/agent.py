"""The agent as a process, with a station file made for emulated hardware."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.system.control import ControlError, ask
from drivers.emulated.bay import EmulatedBay
from tests.stack.forked import fork
from tests.stack.process import Launch, Process

_SOCKET_PATH_BYTES = 107


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSpec:
    """What the station file says besides the devices."""

    directory: Path
    csms_url: str | None
    """None leaves the backend out."""
    station_id: str = "CH-DEMO-1"
    password: str = "a-password-of-16-or-more"
    max_current_a: int = 16
    signed: bool = False
    versions: Sequence[str] = ()
    """Of OCPP; none named leaves it to the station."""
    variables: Mapping[str, str | int | bool] | None = None
    csms: Mapping[str, str | int | bool] | None = None
    """More keys of [csms]."""
    iso15118: Mapping[str, str | int | bool] | None = None
    """[evse.iso15118] of the first EVSE; None leaves it out."""


def _csms(spec: StationSpec) -> str:
    if spec.csms_url is None:
        return ""
    more = "".join(f"{name} = {_toml(value)}\n" for name, value in (spec.csms or {}).items())
    more += f"versions = {list(spec.versions)}\n" if spec.versions else ""
    return f'[csms]\nurl = "{spec.csms_url}"\npassword = "{spec.password}"\n{more}'


def controller_of(bay: EmulatedBay) -> str:
    """Return where the bay's charge controller is, as the station file says it."""
    return f"""\
profile = "{bay.controller_profile}"
host = "{bay.controller_host}"
tcp_port = {bay.controller_port}
"""


def write_station_file(spec: StationSpec, bays: Sequence[EmulatedBay]) -> Path:
    """Write the station file for these bays, EVSE 1 first, and return its path."""
    variables = "\n".join(f'"{name}" = {_toml(value)}' for name, value in (spec.variables or {}).items())
    text = f"""\
[station]
id = "{spec.station_id}"
vendor = "chargehand"
model = "Emulated"
serial = "0001"

{_csms(spec)}
[state]
directory = "{spec.directory / "agent-state"}"
control_socket = "{_control_socket(spec.directory)}"

[variables]
{variables}
"""
    for number, bay in enumerate(bays, start=1):
        text += f"""
[[evse]]
id = {number}
max_current_a = {spec.max_current_a}
signed = {_toml(spec.signed)}
{"" if bay.speed == 1 else f"meter_limit_kw = {bay.speed * spec.max_current_a}"}

[evse.meter]
profile = "{bay.meter_profile}"
port = "{bay.meter_port}"
baud = {bay.baud}
parity = "N"
stopbits = 1

[evse.controller]
{controller_of(bay)}"""
        if bay.sensor_profile is not None:
            text += f"""
[evse.bay_sensor]
profile = "{bay.sensor_profile}"
host = "{bay.controller_host}"
tcp_port = {bay.sensor_port}
settle_s = 0
"""
        text += vehicle_link(spec) if number == 1 else ""
    path = spec.directory / "station.toml"
    path.write_text(text, "utf-8")
    return path


def vehicle_link(spec: StationSpec) -> str:
    """Return [evse.iso15118], for the EVSE that was written last; nothing if it does not speak."""
    if spec.iso15118 is None:
        return ""
    keys = "".join(f"{name} = {_toml(value)}\n" for name, value in spec.iso15118.items())
    return f"\n[evse.iso15118]\n{keys}"


class AgentProcess(Process):
    """`chargehand-agent run`, and its control socket."""

    def __init__(
        self,
        directory: Path,
        *,
        log_frames: bool = False,
        launch: Launch = fork,
        boot_id: Path | None = None,
    ) -> None:
        """Prepare; `boot_id` is the file of a machine of its own, whose power can be cut."""
        arguments = ["run", "--config", str(directory / "station.toml")]
        frames = ["--log-frames"] if log_frames else []
        command = ("agent.cli", []) if boot_id is None else ("tests.stack.machine", [str(boot_id)])
        super().__init__(command[0], [*command[1], *arguments, *frames], directory / "agent.log", launch)
        self._socket = _control_socket(directory)

    async def ask(self, **request: Any) -> dict[str, Any]:
        """Ask over the control socket.

        Raises:
            ControlError: If the agent does not run or refuses.
        """
        return await asyncio.to_thread(ask, self._socket, request, 15.0)

    async def status(self) -> dict[str, Any] | None:
        """Return the agent's status, or None while it is away."""
        try:
            return await self.ask(do="status")
        except (ControlError, OSError):
            return None

    async def tap(self, token: str, evse: int | None = None) -> dict[str, Any] | None:
        """Present a token; None if the agent was away or died in the middle."""
        try:
            return await self.ask(do="tap", token=token, evse=evse)
        except (ControlError, OSError, ValueError):
            return None


def _control_socket(directory: Path) -> Path:
    """Return a path short enough for a socket: relative to the working directory if need be."""
    path = directory / "agent.sock"
    return path if len(os.fsencode(path)) <= _SOCKET_PATH_BYTES else Path(os.path.relpath(path))


def _toml(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f'"{value}"'
