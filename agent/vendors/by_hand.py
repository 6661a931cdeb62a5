"""Vendors' messages by a technician's hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from agent.authorization.authorizer import BackendUnreachable
from agent.system.control import Command, ControlError
from agent.vendors.registry import Answer

MOST_VENDOR, MOST_MESSAGE = 255, 50
"""Characters of the two names."""


class Sender(Protocol):
    """Tells the backend what vendors agreed on."""

    async def transfer(self, vendor_id: str, message_id: str | None, data: Any) -> Answer:
        """Return the backend's answer.

        Raises:
            BackendUnreachable: If there is none to be had.
        """


def transfer_commands(sender: Sender) -> dict[str, Command]:
    """Return what may be asked, by name."""

    async def transfer(request: Mapping[str, Any]) -> Mapping[str, Any]:
        vendor, message = request.get("vendor"), request.get("message")
        if not isinstance(vendor, str) or not 0 < len(vendor) <= MOST_VENDOR:
            raise ControlError(f"a vendor has a name of 1 to {MOST_VENDOR} characters")
        if message is not None and (not isinstance(message, str) or len(message) > MOST_MESSAGE):
            raise ControlError(f"a message has a name of at most {MOST_MESSAGE} characters")
        try:
            answer = await sender.transfer(vendor, message, request.get("data"))
        except BackendUnreachable as error:
            raise ControlError(f"the backend gave no answer: {error}") from error
        return {"status": answer.status, "data": answer.data, "why": answer.why}

    return {"transfer": transfer}
