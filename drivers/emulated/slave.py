"""One Modbus server (slave), whatever line it hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.emulated import pdu
from drivers.emulated.pdu import Registers
from drivers.emulated.rtu import BROADCAST

Slaves = Mapping[int, "Slave"]
"""The servers of one line by unit address."""


@dataclass(slots=True)
class Slave:
    """A server that answers from its registers, or is silent as if it had no power."""

    registers: Registers
    silent: bool = False

    def answer(self, request: bytes) -> bytes | None:
        """Return the reply PDU, or None if the device does not react at all."""
        return None if self.silent else pdu.answer(request, self.registers)


def answer_on_serial_line(slaves: Slaves, unit: int, request: bytes) -> bytes | None:
    """Return the addressed slave's reply; a broadcast is carried out by all and answered by nobody."""
    if unit == BROADCAST:
        for slave in slaves.values():
            slave.answer(request)
        return None
    return answer_on_tcp(slaves, unit, request)


def answer_on_tcp(slaves: Slaves, unit: int, request: bytes) -> bytes | None:
    """Return the addressed slave's reply, or None if nobody has that unit address."""
    slave = slaves.get(unit)
    return None if slave is None else slave.answer(request)
