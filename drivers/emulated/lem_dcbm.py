"""A LEM DCBM 400/600 as its REST interface shows it: measures a bay as direct current, and signs for real.

Its clock is unknown until it is set, and right for 48 hours; without that no transaction begins. What it has
signed it keeps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.counter import Counter
from drivers.emulated.physics import Feed
from drivers.emulated.signing.record import MeterClock, MeterReading, Reason, payload, record
from drivers.emulated.signing.signer import Signer
from drivers.emulated.web import WebReply, WebRequest

VOLTAGE_MV: Final = 400_000
CLOCK_IS_RIGHT_FOR_S: Final = 48 * 3600
WANTED: Final = {
    "evseId": str,
    "transactionId": str,
    "clientId": str,
    "tariffId": int,
    "cableId": int,
    "userData": str,
}
"""Members of a request to begin, all of which the meter insists on."""
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_LINK, _ONGOING, _CLOCK = 0b1, 0b100, 0b10000


@dataclass(slots=True)
class _Transaction:
    asked: Mapping[str, Any]
    number: int
    begin: MeterReading
    text: str = ""
    """The signed record, once it has ended."""


class LemDcbm:
    """The meter at a bay. `now_s` is a clock that never jumps."""

    def __init__(
        self,
        bay: ChargingBay,
        *,
        signer: Signer,
        now_s: Callable[[], float],
        serial_number: str = "12024072805",
        counter: Counter | None = None,
    ) -> None:
        self.counter = counter or Counter(start_mwh=0)
        self.faults: dict[str, bool] = {}
        """Bits of the status that are other than they should be."""
        self._bay = bay
        self._signer = signer
        self._now_s = now_s
        self._serial_number = serial_number
        self._clock = MeterClock(None, now_s())
        self._transactions: list[_Transaction] = []

    def lose_power(self) -> None:
        """Forget the time; a transaction stays open, and what was signed stays."""
        self._clock = MeterClock(None, self._now_s())

    def answer(self, request: WebRequest) -> WebReply:
        """Return what the meter says to a request."""
        act = _REQUESTS.get((request.method, request.path))
        if act is None:
            known = any(path == request.path for _, path in _REQUESTS)
            return WebReply(405 if known else 404)
        try:
            return act(self, request)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return _json({"error": str(error)}, status=400)

    @property
    def open_transaction(self) -> str | None:
        """The id of the transaction that is open."""
        last = self._last
        return None if last is None or last.text else str(last.asked["transactionId"])

    @property
    def _last(self) -> _Transaction | None:
        return self._transactions[-1] if self._transactions else None

    @property
    def _clock_is_right(self) -> bool:
        return self._clock.set_to is not None and self._now_s() - self._clock.set_at_s < CLOCK_IS_RIGHT_FOR_S

    def _live(self, _: WebRequest) -> WebReply:
        power_mw = sum(self._bay.scene.measured.powers_mw)
        feed = self._bay.state.feed or Feed(voltage_mv=VOLTAGE_MV, current_ma=power_mw * 1000 // VOLTAGE_MV)
        return _json(
            {
                "voltage": Decimal(feed.voltage_mv).scaleb(-3),
                "current": Decimal(feed.current_ma).scaleb(-3),
                "power": Decimal(power_mw).scaleb(-6),
                "temperatureH": Decimal("31.2"),
                "temperatureL": Decimal("29.8"),
                "energyImportTotal": self._energy_kwh(),
                "energyExportTotal": Decimal("0.000"),
                "timestamp": self._clock.text(self._now_s()),
            }
        )

    def _energy_kwh(self) -> Decimal:
        return Decimal(self.counter.shows_mwh(self._bay.state.passed_mwh) // 1000).scaleb(-3)

    def _status(self, _: WebRequest) -> WebReply:
        bits = {
            "suLinkStatusIsOk": True,
            "muFatalErrorOccured": False,
            "transactionIsOnGoing": self.open_transaction is not None,
            "tamperingIsDetected": False,
            "timeSyncStatusIsOk": self._clock_is_right,
            "overTemperatureIsDetected": False,
            "reversedVoltage": False,
            "suMeasureFailureOccurred": False,
        } | self.faults
        return _json(
            {
                "status": {"value": self._status_word(), "bits": bits},
                "version": {"applicationFirmwareVersion": "1.1.2.0", "legalFirmwareVersion": "1.1.2.0"},
                "time": self._clock.text(self._now_s()),
                "ipAddress": "127.0.0.1",
                "meterId": self._serial_number,
                "errors": {"value": 0, "bits": {}},
                "publicKey": self._signer.public_point.hex().upper(),
                "publicKeyOcmf": self._signer.public_der.hex().upper(),
                "indexOfLastTransaction": len(self._transactions),
                "numberOfStoredTransactions": sum(bool(one.text) for one in self._transactions),
            }
        )

    def _status_word(self) -> int:
        return _LINK | _ONGOING * (self.open_transaction is not None) | _CLOCK * self._clock_is_right

    def _settings(self, request: WebRequest) -> WebReply:
        """Set the clock, but not during a transaction; other settings change nothing here."""
        settings = json.loads(request.body)
        utc = settings.get("time", {}).get("utc")
        taken = self.open_transaction is None
        if taken and utc is not None:
            moment = datetime.fromisoformat(utc)
            if moment.tzinfo is None:
                raise ValueError("a time without zone")
            self._clock = MeterClock(moment, self._now_s())
        return _json({"meterId": self._serial_number, "result": int(taken)})

    def _begin(self, request: WebRequest) -> WebReply:
        asked = json.loads(request.body)
        for name, kind in WANTED.items():
            if not isinstance(asked[name], kind):
                raise TypeError(f"{name} is no {kind.__name__}")
        if self.open_transaction is not None or not self._clock_is_right:
            raise ValueError("a transaction is open, or the time was not set")
        self._transactions.append(_Transaction(asked, len(self._transactions) + 1, self._reading("B")))
        return _json(
            {name: asked[name] for name in WANTED if name != "userData"} | {"running": True}, status=201
        )

    def _end(self, request: WebRequest) -> WebReply:
        last = self._last
        if json.loads(request.body) != {"running": False}:
            raise ValueError("a transaction can be ended only")
        if last is None or last.text or last.asked["transactionId"] != request.query["transactionId"]:
            return WebReply(404)
        end = self._reading("E")
        last.text = record(self._signed(last, end), self._signer)
        return _json(
            {
                "paginationCounter": last.number,
                "transactionId": last.asked["transactionId"],
                "evseId": last.asked["evseId"],
                "clientId": last.asked["clientId"],
                "tariffId": last.asked["tariffId"],
                "meterValue": {
                    "timestampStart": last.begin.time,
                    "timestampStop": end.time,
                    "transactionStatus": self._status_word(),
                    "sampleValue": {
                        "energyUnit": "kWh",
                        "energyImport": end.value - last.begin.value,
                        "energyImportTotalStart": last.begin.value,
                        "energyImportTotalStop": end.value,
                    },
                },
                "meterId": self._serial_number,
                "publicKey": self._signer.public_point.hex().upper(),
            }
        )

    def _tell(self, _: WebRequest) -> WebReply:
        last = self._last
        if last is None:
            return _json({"transactionId": "", "running": False})
        return _json({"transactionId": last.asked["transactionId"], "running": not last.text})

    def _ocmf(self, request: WebRequest) -> WebReply:
        wanted = request.query["transactionId"]
        for one in reversed(self._transactions):
            if one.asked["transactionId"] == wanted and one.text:
                return WebReply(200, one.text.encode(), "text/plain")
        return WebReply(404)

    def _reading(self, reason: Reason) -> MeterReading:
        return MeterReading(
            time=self._clock.text(self._now_s()),
            reason=reason,
            value=self._energy_kwh(),
            unit="kWh",
            register="1-0:1.8.0*198",
            current="DC",
            extras={},
        )

    def _signed(self, transaction: _Transaction, end: MeterReading) -> str:
        asked = transaction.asked
        head = {
            "FV": "1.0",
            "GI": "LEM DCBM",
            "GS": self._serial_number,
            "GV": "1.1.2.0",
            "PG": f"T{transaction.number}",
            "MV": "LEM",
            "MM": "DCBM_400_0000",
            "MS": self._serial_number,
            "MF": "MU-1.1.2.0_SU-0.0.3.1",
            "IS": True,
            "IL": "TRUSTED",
            "IF": [],
            "IT": "UNDEFINED",
            "ID": asked["clientId"],
            "TT": str(asked["tariffId"]),
            "CT": "EVSEID",
            "CI": asked["evseId"],
        }
        return payload(head, (transaction.begin, end))


def _json(content: Mapping[str, object], status: int = 200) -> WebReply:
    """Return content as JSON, decimal numbers with the decimals they have."""
    return WebReply(status, _ENCODER.encode(content))


_REQUESTS: Final[dict[tuple[str, str], Callable[[LemDcbm, WebRequest], WebReply]]] = {
    ("GET", "/v1/livemeasure"): LemDcbm._live,  # noqa: SLF001  its own methods
    ("GET", "/v1/status"): LemDcbm._status,  # noqa: SLF001
    ("PUT", "/v1/settings"): LemDcbm._settings,  # noqa: SLF001
    ("GET", "/v1/legal"): LemDcbm._tell,  # noqa: SLF001
    ("POST", "/v1/legal"): LemDcbm._begin,  # noqa: SLF001
    ("PUT", "/v1/legal"): LemDcbm._end,  # noqa: SLF001
    ("GET", "/v1/ocmf"): LemDcbm._ocmf,  # noqa: SLF001
}
