"""What a conversation with a vehicle needs of the backend: statuses and contracts (M01, M06)."""

from __future__ import annotations

from collections.abc import Callable

from agent.authorization.authorizer import BackendUnreachable
from agent.authorization.contract import StatusQuestion
from agent.csms.connection import CallFailed, Connection
from agent.csms.dialect import CannotBeTold
from agent.csms.vehicle_records import EvAnswer, EvRequest
from ocppj.messages.fields import Payload

VEHICLE_TIMEOUT_S = 4.5
"""A vehicle waits 5 s for its certificate: what comes later is of no use."""


class VehicleCertificates:
    """Asks over whatever connection there is."""

    def __init__(self, connection: Callable[[], Connection | None], timeout_s: Callable[[], float]) -> None:
        self._connection = connection
        self._timeout_s = timeout_s

    async def status(self, question: StatusQuestion) -> str | None:
        """Return the OCSP answer about a certificate (base64 DER), None if the backend has none (M06).

        Raises:
            BackendUnreachable: If nobody answers.
        """
        connection = self._now()
        response = await self._ask(
            connection, lambda: connection.dialect.certificate_status(question), self._timeout_s()
        )
        return connection.dialect.read_certificate_status(response)

    async def exchange(self, request: EvRequest) -> EvAnswer:
        """Pass a vehicle's request for a contract certificate on, and return the answer (M01, M02).

        Raises:
            BackendUnreachable: If nobody answers while the vehicle waits.
        """
        connection = self._now()
        response = await self._ask(
            connection, lambda: connection.dialect.ev_certificate(request), VEHICLE_TIMEOUT_S
        )
        return connection.dialect.read_ev_certificate(response)

    def _now(self) -> Connection:
        connection = self._connection()
        if connection is None:
            raise BackendUnreachable("no connection to the backend")
        return connection

    async def _ask(self, connection: Connection, message: Callable[[], Payload], timeout_s: float) -> Payload:
        try:
            return await connection.call(message(), timeout_s)
        except (CallFailed, CannotBeTold) as failure:
            raise BackendUnreachable(str(failure)) from failure
