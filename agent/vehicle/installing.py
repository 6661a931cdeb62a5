"""Contract certificates for vehicles, from the backend (M01, M02)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable

from agent.authorization.authorizer import BackendUnreachable
from agent.iso15118.turns import AskForContract
from agent.vehicle.evse import NoContract

Exchange = Callable[[AskForContract, str], Awaitable[tuple[bool, str]]]
"""Passes a request on with its EXI in base64; returns whether it was accepted, and the answer."""


class BackendInstaller:
    """Has the backend answer; what it says is passed on as it is."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    async def obtain(self, wanted: AskForContract) -> bytes:
        """Return the backend's response to the vehicle (EXI).

        Raises:
            NoContract: If there is none.
        """
        try:
            is_accepted, answer = await self._exchange(wanted, base64.b64encode(wanted.exi).decode("ascii"))
        except BackendUnreachable as error:
            raise NoContract(f"the backend does not answer: {error}") from error
        if not is_accepted or not answer:
            raise NoContract("the backend has no contract for this vehicle")
        try:
            return base64.b64decode(answer, validate=True)
        except binascii.Error as error:
            raise NoContract(f"the backend's answer is no base64: {error}") from error
