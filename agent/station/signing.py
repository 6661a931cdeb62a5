"""An EVSE whose meter signs: no energy before it has begun, its word with the first and the last count."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Protocol

from agent.metering.notary import Notary
from agent.station.evse import EvseState
from agent.system.clock import StationClock
from agent.transactions.points import Points
from agent.transactions.records import (
    NOBODY,
    Sample,
    SampleContext,
    SampledValue,
    SignedValue,
    Token,
    TokenType,
    Transaction,
)
from drivers.ports import DeviceError
from drivers.readings import Identification, IdentificationType, Measurand, SignedReading
from drivers.signed.ocmf import parse

log = logging.getLogger(__name__)

_BEGIN_WITHIN_S = 10.0
_BEGIN_AGAIN_AFTER_S = 10.0
_END_WITHIN_S = 30.0
_CONFIRM_WITHIN_S = 5.0
_IMPORTED: Final[Measurand] = "Energy.Active.Import.Register"
_WH: Final = {"Wh": 1, "kWh": 1000}

IDENTIFIED: Final[dict[TokenType, IdentificationType]] = {
    "Central": "CENTRAL",
    "eMAID": "EMAID",
    "ISO14443": "ISO14443",
    "ISO15693": "ISO15693",
    "KeyCode": "KEY_CODE",
    "Local": "LOCAL",
    "MacAddress": "EVCCID",
    "NoAuthorization": "NONE",
    "Untyped": "UNDEFINED",
}
"""How OCMF calls what OCPP calls so."""


class Settings(Protocol):
    """The variables that say what is sent."""

    def flag(self, name: str) -> bool:
        """Return a boolean."""

    def text(self, name: str) -> str:
        """Return a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStart:
    """What the meter has signed before the transaction starts that it is of."""

    transaction_id: str
    reading: SignedReading

    def carried_by(self, state: EvseState) -> EvseState:
        """Return the state, in which the transaction has started, with what was signed."""
        return _begun(state, self.reading)


class EvseSigning:
    """The signed side of one EVSE's transactions. `place` is what the records call the EVSE."""

    def __init__(
        self, name: str, notary: Notary, place: str, clock: StationClock, settings: Settings
    ) -> None:
        self._name = name
        self._notary = notary
        self._place = place
        self._clock = clock
        self._settings = settings
        self._not_before_s = 0.0
        self.public_key: str | None = None
        """The meter's key (DER, hexadecimal), once a reading has told it."""

    @property
    def signs_begin(self) -> bool:
        """Whether the meter signs the beginning, and not only the end."""
        return self._notary.signs_begin

    def is_due(self, state: EvseState) -> bool:
        """Tell whether energy is wanted, if not now, for a transaction that the meter has not begun yet."""
        transaction = state.transaction
        if transaction is None or transaction.is_signed or transaction.ending is not None:
            return False
        return state.could_charge and self._clock.instant().monotonic_s >= self._not_before_s

    def comes_first(self, state: EvseState, points: Points) -> bool:
        """Tell whether the meter is to sign before a transaction starts (E01.FR.04)."""
        is_wanted = "DataSigned" in points.start and self._settings.flag("SampledDataCtrlr.SignReadings")
        return is_wanted and self._notary.signs_begin and state.transaction is None

    async def first(self, state: EvseState, points: Points) -> SignedStart | None:
        """Let the meter sign the beginning of a transaction that is to start with that; None if not now."""
        driver = state.authorization
        if driver is None or not state.could_charge or not self.comes_first(state, points):
            return None
        if self._clock.instant().monotonic_s < self._not_before_s:
            return None
        transaction_id = str(uuid.uuid4())
        try:
            reading = await self._notary.begin(self._who(transaction_id, driver.token), _BEGIN_WITHIN_S)
        except DeviceError as error:
            log.error("%s: no transaction before the meter signs, and it does not: %s", self._name, error)
            self._not_before_s = self._clock.instant().monotonic_s + _BEGIN_AGAIN_AFTER_S
            return None
        assert reading is not None, "a meter that signs the beginning gives it"
        self._learn_key(reading)
        return SignedStart(transaction_id=transaction_id, reading=reading)

    async def begun(self, state: EvseState) -> EvseState:
        """Return the state with the transaction begun at the meter; as it was if it is not due or fails."""
        transaction = state.transaction
        if transaction is None or not self.is_due(state):
            return state
        try:
            reading = await self._notary.begin(self._who_of(transaction), _BEGIN_WITHIN_S)
        except DeviceError as error:
            log.error("%s: no energy before the meter signs, and it does not: %s", self._name, error)
            self._not_before_s = self._clock.instant().monotonic_s + _BEGIN_AGAIN_AFTER_S
            return state
        if reading is not None:
            self._learn_key(reading)
        return _begun(state, reading)

    async def ended(self, transaction: Transaction) -> SignedReading | None:
        """End the transaction at the meter and return what it signed; None if it did not begin or cannot."""
        if not transaction.is_signed:
            return None
        try:
            reading = await self._notary.end(self._who_of(transaction), _END_WITHIN_S)
        except DeviceError as error:
            log.error("%s: transaction %s ends unsigned: %s", self._name, transaction.id, error)
            return None
        if reading is not None:
            self._learn_key(reading)
        return reading

    def _learn_key(self, reading: SignedReading) -> None:
        self.public_key = reading.public_key or self.public_key

    async def confirmed(self) -> None:
        """Let the meter forget what is stored now."""
        try:
            await self._notary.confirm(_CONFIRM_WITHIN_S)
        except DeviceError as error:
            log.warning("%s: the meter was not told that its reading is stored: %s", self._name, error)

    def published(
        self,
        samples: tuple[Sample, ...],
        transaction: Transaction | None,
        end: SignedReading | None,
        *,
        is_start: bool = False,
    ) -> tuple[Sample, ...]:
        """Return the samples of a message with what was signed, as far as the settings let it be sent."""
        is_wanted = not is_start or self._settings.flag("SampledDataCtrlr.SignStartedReadings")
        if not is_wanted or not self._settings.flag("SampledDataCtrlr.SignReadings"):
            return tuple(replace(sample, signed=None) for sample in samples)
        begin = None if transaction is None or transaction.begin is None else transaction.begin.signed
        carried = [
            replace(sample, signed=begin) if sample.context == "Transaction.Begin" else sample
            for sample in samples
        ]
        if end is not None:
            last = next((one for one in carried if one.context == "Transaction.End"), None)
            carried = [one for one in carried if one is not last]
            carried.append(_carrying(last, "Transaction.End", end))
        return tuple(self._with_keys(carried))

    def _with_keys(self, samples: list[Sample]) -> Iterator[Sample]:
        """Yield the samples with the key where it is wanted: once means with the last one."""
        policy = self._settings.text("OCPPCommCtrlr.PublicKeyWithSignedMeterValue")
        for sample in samples:
            is_wanted = policy == "EveryMeterValue" or (
                policy == "OncePerTransaction" and sample.context == "Transaction.End"
            )
            if sample.signed is None or is_wanted:
                yield sample
            else:
                yield replace(sample, signed=replace(sample.signed, public_key=None))

    def _who_of(self, transaction: Transaction) -> Identification:
        return self._who(transaction.id, transaction.token or NOBODY)

    def _who(self, transaction_id: str, token: Token) -> Identification:
        return Identification(
            transaction_id=transaction_id, token=token.id, type=IDENTIFIED[token.type], evse_id=self._place
        )


def _begun(state: EvseState, reading: SignedReading | None) -> EvseState:
    """Return the state with its transaction begun at the meter, which has signed this."""
    transaction = state.transaction
    assert transaction is not None
    begin = transaction.begin
    if reading is not None:
        begin = _carrying(begin, "Transaction.Begin", reading)
    return replace(state, transaction=replace(transaction, begin=begin, is_signed=True))


def _carrying(sample: Sample | None, context: SampleContext, reading: SignedReading) -> Sample:
    """Return a sample with what was signed; a register that it lacks is taken from the record."""
    record = parse(reading.text)
    signed = SignedValue(
        text=reading.text, format=reading.format, method=record.algorithm, public_key=reading.public_key
    )
    if sample is not None and any(_is_register(value) for value in sample.values):
        return replace(sample, signed=signed)
    last = record.readings[-1]
    energy_wh = (last.value or Decimal(0)) * _WH.get(last.unit or "Wh", 1)
    value = SampledValue(measurand=_IMPORTED, value=Decimal(int(energy_wh)), unit="Wh")
    before = () if sample is None else sample.values
    return Sample(at=reading.taken_at.wall, context=context, values=(*before, value), signed=signed)


def _is_register(value: SampledValue) -> bool:
    return value.measurand == _IMPORTED and value.phase is None
