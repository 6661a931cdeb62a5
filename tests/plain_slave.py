"""A Modbus server without a profile, where only the line or the registers matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drivers.emulated import pdu
from drivers.emulated.exchange import Message, Sending
from drivers.emulated.pdu import Registers


@dataclass(slots=True)
class Slave:
    """A server that answers from its registers, or is silent as if it had no power."""

    registers: Registers
    silent: bool = False

    def serve(self, request: Message) -> Sequence[Sending]:
        """Return the one reply, or nothing while silent."""
        if self.silent:
            return ()
        reply = request.saying(pdu.answer(request.pdu, self.registers))
        return (Sending(data=reply.encode()),)
