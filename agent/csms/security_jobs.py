"""What goes on for the station's security while a connection is up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from agent.csms.connection import CallFailed, Connection
from agent.csms.dialect import CannotBeTold
from agent.security.credentials import Credentials
from agent.security.events import SecurityEvents
from agent.security.signing import NobodyToAsk, Purpose
from certs.hash_data import HashData

log = logging.getLogger(__name__)

_TICK_S = 30.0


class SigningOver:
    """Implements `agent.security.signing.Signing` over a connection."""

    def __init__(self, connection: Connection, timeout_s: Callable[[], float]) -> None:
        self._connection = connection
        self._timeout_s = timeout_s

    async def sign_certificate(self, request: str, purpose: Purpose, root: HashData | None) -> bool:
        """Have the backend's authority certify a key (A02); return whether it will.

        A backend that answers with an error counts as one that will: it is asked again as if it said nothing.

        Raises:
            NobodyToAsk: If it did not answer, or its version of OCPP has no such certificates.
        """
        dialect = self._connection.dialect
        try:
            response = await self._connection.call(
                dialect.sign_certificate(request, purpose, root), self._timeout_s()
            )
        except CannotBeTold as error:
            raise NobodyToAsk(str(error)) from error
        except CallFailed as failure:
            if failure.is_answered:
                log.warning("the backend cannot have a key certified: %s", failure)
                return True
            raise NobodyToAsk(str(failure)) from failure
        return dialect.read_signing(response)


async def keep_identity(credentials: Credentials, reconnect: Callable[[], Awaitable[None]]) -> None:
    """Connect anew once a newer certificate of the station's becomes valid (A02.FR.08)."""
    while True:
        if credentials.has_newer():
            await reconnect()
        await asyncio.sleep(_TICK_S)


async def note_bad_frames(connection: Connection, events: SecurityEvents) -> None:
    """Write down, once a connection, that what came was no OCPP: a backend may send plenty of it."""
    await connection.has_bad_frame.wait()
    await events.record("InvalidMessages", connection.bad_frame)
