"""The OCPP versions that chargehand speaks."""

from __future__ import annotations

from enum import Enum


class Version(Enum):
    """One OCPP version; the value is its WebSocket subprotocol (OCPP-J, section 3.1.2)."""

    V16 = "ocpp1.6"
    V201 = "ocpp2.0.1"
    V21 = "ocpp2.1"

    __hash__ = object.__hash__  # members are compared by identity; Enum's own is a call for every message

    @property
    def subprotocol(self) -> str:
        """The name used in the Sec-WebSocket-Protocol header."""
        return self.value
