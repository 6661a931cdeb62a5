"""How the generator names things: attributes, the nested types of OCPP 1.6, the members that are money."""

from __future__ import annotations

import keyword
import re

ACRONYMS = {"SoC": "Soc", "soC": "soc", "soH": "soh", "V2X": "V2x", "EMAID": "Emaid"}
"""Mixed-case abbreviations that would otherwise fall apart (so_c)."""

MONEY = frozenset(
    {
        "energyFee",
        "exclTax",
        "inclTax",
        "maxCost",
        "priceFixed",
        "priceKwh",
        "priceMinute",
        "settlementAmount",
        "tax",
        "totalCost",
    }
)
"""Wire names of `number` members that are prices, costs or tax rates: Decimal, everything else is float."""

INLINE_TYPES = {
    "chargingProfile": "ChargingProfile",
    "chargingProfileKind": "ChargingProfileKindType",
    "chargingProfilePurpose": "ChargingProfilePurposeType",
    "chargingRateUnit": "ChargingRateUnitType",
    "chargingSchedule": "ChargingSchedule",
    "chargingSchedulePeriod": "ChargingSchedulePeriod",
    "configurationKey": "KeyValue",
    "context": "ReadingContext",
    "csChargingProfiles": "ChargingProfile",
    "errorCode": "ChargePointErrorCode",
    "format": "ValueFormat",
    "idTagInfo": "IdTagInfo",
    "localAuthorizationList": "AuthorizationData",
    "location": "Location",
    "measurand": "Measurand",
    "meterValue": "MeterValue",
    "phase": "Phase",
    "reason": "Reason",
    "recurrencyKind": "RecurrencyKindType",
    "requestedMessage": "MessageTrigger",
    "sampledValue": "SampledValue",
    "transactionData": "TransactionData",
    "unit": "UnitOfMeasure",
    "updateType": "UpdateType",
    # members whose name says too little, by the type that holds them
    "BootNotificationResponse.status": "RegistrationStatus",
    "CancelReservationResponse.status": "CancelReservationStatus",
    "ChangeAvailabilityRequest.type": "AvailabilityType",
    "ChangeAvailabilityResponse.status": "AvailabilityStatus",
    "ChangeConfigurationResponse.status": "ConfigurationStatus",
    "ClearCacheResponse.status": "ClearCacheStatus",
    "ClearChargingProfileResponse.status": "ClearChargingProfileStatus",
    "DataTransferResponse.status": "DataTransferStatus",
    "DiagnosticsStatusNotificationRequest.status": "DiagnosticsStatus",
    "FirmwareStatusNotificationRequest.status": "FirmwareStatus",
    "GetCompositeScheduleResponse.status": "GetCompositeScheduleStatus",
    "IdTagInfo.status": "AuthorizationStatus",
    "RemoteStartTransactionResponse.status": "RemoteStartStopStatus",
    "RemoteStopTransactionResponse.status": "RemoteStartStopStatus",
    "ReserveNowResponse.status": "ReservationStatus",
    "ResetRequest.type": "ResetType",
    "ResetResponse.status": "ResetStatus",
    "SendLocalListResponse.status": "UpdateStatus",
    "SetChargingProfileResponse.status": "ChargingProfileStatus",
    "StatusNotificationRequest.status": "ChargePointStatus",
    "TransactionData.sampledValue": "TransactionSampledValue",
    "TransactionSampledValue.unit": "TransactionUnitOfMeasure",
    "TriggerMessageResponse.status": "TriggerMessageStatus",
    "UnlockConnectorResponse.status": "UnlockStatus",
}
"""OCPP 1.6 nests its types without naming them in the schemas; these are the names its specification uses.

StopTransaction has a MeterValue of its own because its schema does not know the unit Hertz.
"""


def attribute(wire_name: str) -> str:
    """Return the snake_case attribute of a wire name: evseId -> evse_id, SoC -> soc, limit_L2 -> limit_l2."""
    for acronym, plain in ACRONYMS.items():
        wire_name = wire_name.replace(acronym, plain)
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", wire_name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words).lower()
    return f"{name}_" if keyword.iskeyword(name) else name


def camel(name: str) -> str:
    """Return the wire name that msgspec's `rename="camel"` derives from an attribute."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def inline_type(owner: str, wire_name: str) -> str:
    """Return the name of a nested type of OCPP 1.6.

    Raises:
        KeyError: If the schemas have grown a nested type that this module does not name.
    """
    name = INLINE_TYPES.get(f"{owner}.{wire_name}")
    return name if name is not None else INLINE_TYPES[wire_name]
