"""The REST interface of the LEM DCBM 400/600, version 1: its messages as types, its requests as methods.

Members of a message that are not needed here are ignored.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeVar
from urllib.parse import quote

import msgspec

from drivers.http.client import Answer, HttpClient
from drivers.http.errors import UnexpectedResponse
from drivers.readings import Identification, Instant

LONGEST_CLIENT_ID = 37
"""Characters that the meter takes as the driver's identification."""
ONGOING_BIT = 0b100
"""Of a transaction's status: it is still open."""


class LiveMeasure(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """GET livemeasure: V, A, kW and kWh, as the decimal numbers that the meter wrote."""

    voltage: Decimal
    current: Decimal
    power: Decimal
    energy_import_total: Decimal
    energy_export_total: Decimal


class StatusBits(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the meter says of itself; the two names with errors in them are the meter's."""

    su_link_status_is_ok: bool
    mu_fatal_error_occured: bool
    transaction_is_on_going: bool
    tampering_is_detected: bool
    time_sync_status_is_ok: bool
    su_measure_failure_occurred: bool

    @property
    def problems(self) -> list[str]:
        """Why the meter cannot sign now."""
        wrong = {
            "the measuring unit is not connected": not self.su_link_status_is_ok,
            "a fatal error has occurred": self.mu_fatal_error_occured,
            "tampering was detected": self.tampering_is_detected,
            "the measuring unit has failed": self.su_measure_failure_occurred,
        }
        return [problem for problem, is_so in wrong.items() if is_so]


class StatusWord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The status as the meter nests it."""

    bits: StatusBits


class Status(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """GET status."""

    status: StatusWord
    meter_id: str
    public_key_ocmf: str
    number_of_stored_transactions: Annotated[int, msgspec.Meta(ge=0)]


class Transaction(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """GET legal and POST legal: the transaction that is open, or was the last."""

    transaction_id: str
    running: bool = False


class MeterValue(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The part of a stopped transaction that says whether it is."""

    transaction_status: int


class Stopped(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """PUT legal."""

    meter_value: MeterValue


class SettingResult(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """PUT settings: 1 if they were taken."""

    result: int


class TransactionRequest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What POST legal sends; under the meter's signature afterwards."""

    evse_id: str
    transaction_id: str
    client_id: str
    tariff_id: int
    cable_id: int
    user_data: str = ""


T = TypeVar("T", bound=msgspec.Struct)


class LemDcbmApi:
    """The requests that metering and signing take."""

    def __init__(self, http: HttpClient, *, tariff_id: int, cable_id: int) -> None:
        self.http = http
        self._tariff_id = tariff_id
        self._cable_id = cable_id

    async def live_measure(self) -> tuple[LiveMeasure, Instant]:
        """Return what the meter measures now, and when that arrived.

        Raises:
            HttpError: As all methods here: if there was no response, or not the one there should be.
        """
        return await self._ask("GET", "/v1/livemeasure", LiveMeasure)

    async def status(self) -> Status:
        """Return what the meter says of itself."""
        status, _ = await self._ask("GET", "/v1/status", Status)
        return status

    async def set_time(self, utc: datetime) -> None:
        """Set the meter's clock; it signs for 48 hours after that."""
        text = utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = msgspec.json.encode({"time": {"utc": text}})
        outcome, _ = await self._ask("PUT", "/v1/settings", SettingResult, body=body)
        if outcome.result != 1:
            raise UnexpectedResponse(self.http.url("/v1/settings"), 200, "the meter did not take the time")

    async def last_transaction(self) -> Transaction:
        """Return the transaction that is open, or was the last."""
        transaction, _ = await self._ask("GET", "/v1/legal", Transaction)
        return transaction

    async def start(self, who: Identification) -> None:
        """Open a transaction."""
        request = TransactionRequest(
            evse_id=who.evse_id,
            transaction_id=who.transaction_id,
            client_id=who.token[:LONGEST_CLIENT_ID],
            tariff_id=self._tariff_id,
            cable_id=self._cable_id,
        )
        body = msgspec.json.encode(request)
        started, _ = await self._ask("POST", "/v1/legal", Transaction, body=body, status=201)
        if not started.running or started.transaction_id != who.transaction_id:
            problem = f"transaction {who.transaction_id} was not opened"
            raise UnexpectedResponse(self.http.url("/v1/legal"), 201, problem)

    async def stop(self, transaction_id: str) -> None:
        """Close a transaction; the meter then signs it."""
        path = _of("/v1/legal", transaction_id)
        stopped, _ = await self._ask("PUT", path, Stopped, body=b'{"running": false}')
        if stopped.meter_value.transaction_status & ONGOING_BIT:
            raise UnexpectedResponse(self.http.url(path), 200, "the transaction is still open")

    async def ocmf(self, transaction_id: str) -> tuple[str, Instant]:
        """Return the signed record of a closed transaction, to the character, and when it arrived."""
        path = _of("/v1/ocmf", transaction_id)
        answer = await self._answer("GET", path)
        if not (answer.body.startswith(b"OCMF|") and answer.body.isascii()):
            raise UnexpectedResponse(self.http.url(path), answer.status, "this is no OCMF record")
        return answer.body.decode("ascii"), answer.arrived

    async def _ask(
        self, method: str, path: str, kind: type[T], *, body: bytes | None = None, status: int = 200
    ) -> tuple[T, Instant]:
        answer = await self._answer(method, path, body=body, status=status)
        try:
            return msgspec.json.decode(answer.body, type=kind), answer.arrived
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnexpectedResponse(self.http.url(path), answer.status, f"in its answer: {error}") from error

    async def _answer(
        self, method: str, path: str, *, body: bytes | None = None, status: int = 200
    ) -> Answer:
        answer = await self.http.request(method, path, body)
        if answer.status != status:
            problem = f"answered {method} with status {answer.status} instead of {status}"
            raise UnexpectedResponse(self.http.url(path), answer.status, problem)
        return answer


def _of(path: str, transaction_id: str) -> str:
    return f"{path}?transactionId={quote(transaction_id, safe='')}"
