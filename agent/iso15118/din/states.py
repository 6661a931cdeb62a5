"""Which requests are possible in which phase of a session: those of ISO 15118-2 that DIN 70121 has, too."""

from __future__ import annotations

from typing import Final

from agent.iso15118.v2g_message.session import Phase

_STOP: Final = "SessionStopReq"
POSSIBLE: Final[dict[Phase, frozenset[str]]] = {
    Phase.SETUP: frozenset({"SessionSetupReq"}),
    Phase.DISCOVERY: frozenset({"ServiceDiscoveryReq", _STOP}),
    Phase.SELECTION: frozenset({"ServicePaymentSelectionReq", _STOP}),
    Phase.AUTHORIZATION: frozenset({"ContractAuthenticationReq", _STOP}),
    Phase.PARAMETERS: frozenset({"ChargeParameterDiscoveryReq", _STOP}),
    Phase.CABLE_CHECK: frozenset({"CableCheckReq", _STOP}),
    Phase.PRE_CHARGE: frozenset({"PreChargeReq", _STOP}),
    Phase.DC_START: frozenset({"PreChargeReq", "PowerDeliveryReq", _STOP}),
    Phase.DC_FIRST: frozenset({"CurrentDemandReq"}),
    Phase.DC_LOOP: frozenset({"CurrentDemandReq", "PowerDeliveryReq"}),
    Phase.DC_STOP: frozenset({"WeldingDetectionReq", _STOP}),
    Phase.ENDED: frozenset(),
}
