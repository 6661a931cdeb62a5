"""Which requests a vehicle of Josev's sends in a session that goes well, repetitions left out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

_BEGIN: Final = ("supportedAppProtocolReq", "SessionSetupReq")
_END: Final = ("PowerDeliveryReq", "SessionStopReq")
_BEGIN_20: Final = (
    *_BEGIN,
    "AuthorizationSetupReq",
    "AuthorizationReq",
    "ServiceDiscoveryReq",
    "ServiceDetailReq",
    "ServiceSelectionReq",
)
_CARD: Final = ("ServiceDiscoveryReq", "PaymentServiceSelectionReq", "AuthorizationReq")
_CONTRACT: Final = ("PaymentServiceSelectionReq", "PaymentDetailsReq", "AuthorizationReq")
_LOOP_2_AC: Final = ("ChargeParameterDiscoveryReq", "PowerDeliveryReq", "ChargingStatusReq")
_LOOP_DC: Final = (
    "ChargeParameterDiscoveryReq",
    "CableCheckReq",
    "PreChargeReq",
    "PowerDeliveryReq",
    "CurrentDemandReq",
)
_END_DC: Final = ("PowerDeliveryReq", "WeldingDetectionReq", "SessionStopReq")

ISO2_AC: Final = (*_BEGIN, *_CARD, *_LOOP_2_AC, *_END)
ISO2_DC: Final = (*_BEGIN, *_CARD, *_LOOP_DC, *_END_DC)
ISO2_AC_CONTRACT: Final = (*_BEGIN, "ServiceDiscoveryReq", *_CONTRACT, *_LOOP_2_AC, *_END)
ISO2_AC_INSTALLATION: Final = (
    *_BEGIN,
    "ServiceDiscoveryReq",
    "ServiceDetailReq",
    "PaymentServiceSelectionReq",
    "CertificateInstallationReq",
    "PaymentDetailsReq",
    "AuthorizationReq",
    *_LOOP_2_AC,
    *_END,
)
DIN_DC: Final = (
    *_BEGIN,
    "ServiceDiscoveryReq",
    "ServicePaymentSelectionReq",
    "ContractAuthenticationReq",
    *_LOOP_DC,
    *_END_DC,
)
ISO20_AC: Final = (
    *_BEGIN_20,
    "AC_ChargeParameterDiscoveryReq",
    "ScheduleExchangeReq",
    "PowerDeliveryReq",
    "AC_ChargeLoopReq",
    *_END,
)
ISO20_DC: Final = (
    *_BEGIN_20,
    "DC_ChargeParameterDiscoveryReq",
    "ScheduleExchangeReq",
    "DC_CableCheckReq",
    "DC_PreChargeReq",
    "PowerDeliveryReq",
    "DC_ChargeLoopReq",
    "PowerDeliveryReq",
    "DC_WeldingDetectionReq",
    "SessionStopReq",
)


def without_receipts(course: Iterable[str]) -> list[str]:
    """Return it as if nobody had asked for receipts while energy flowed."""
    return [name for name, _ in groupby(one for one in course if one != "MeteringReceiptReq")]
