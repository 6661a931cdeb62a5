"""Which requests are possible in which phase of a session."""

from __future__ import annotations

from typing import Final

from agent.iso15118.v2g_message.session import Phase

_STOP: Final = "SessionStopReq"
POSSIBLE: Final[dict[Phase, frozenset[str]]] = {
    Phase.SETUP: frozenset({"SessionSetupReq"}),
    Phase.DISCOVERY: frozenset({"ServiceDiscoveryReq", _STOP}),
    Phase.SELECTION: frozenset({"ServiceDetailReq", "PaymentServiceSelectionReq", _STOP}),
    Phase.CONTRACT: frozenset(
        {"CertificateInstallationReq", "CertificateUpdateReq", "PaymentDetailsReq", _STOP}
    ),
    Phase.DETAILS: frozenset({"PaymentDetailsReq", _STOP}),
    Phase.AUTHORIZATION: frozenset({"AuthorizationReq", _STOP}),
    Phase.PARAMETERS: frozenset({"ChargeParameterDiscoveryReq", _STOP}),
    Phase.AC_START: frozenset({"PowerDeliveryReq", _STOP}),
    Phase.AC_FIRST: frozenset({"ChargingStatusReq"}),
    Phase.AC_LOOP: frozenset({"ChargingStatusReq", "PowerDeliveryReq"}),
    Phase.AC_RECEIPT: frozenset({"MeteringReceiptReq"}),
    Phase.AC_STOP: frozenset({_STOP}),
    Phase.CABLE_CHECK: frozenset({"CableCheckReq", _STOP}),
    Phase.PRE_CHARGE: frozenset({"PreChargeReq", _STOP}),
    Phase.DC_START: frozenset({"PreChargeReq", "PowerDeliveryReq", _STOP}),
    Phase.DC_FIRST: frozenset({"CurrentDemandReq"}),
    Phase.DC_LOOP: frozenset({"CurrentDemandReq", "PowerDeliveryReq"}),
    Phase.DC_RECEIPT: frozenset({"MeteringReceiptReq"}),
    Phase.DC_STOP: frozenset({"WeldingDetectionReq", _STOP}),
    Phase.ENDED: frozenset(),
}
"""While the power is on, a vehicle has to end that (PowerDelivery) before it ends the session."""
