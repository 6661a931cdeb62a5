"""ServiceDiscovery, ServicePaymentSelection and ContractAuthentication: charging is all that there is."""

from __future__ import annotations

from typing import Final

from agent.iso15118.din.session import DinSession
from agent.iso15118.facts import Facts
from agent.iso15118.refused import Refused
from agent.iso15118.turns import AwaitDriver, Turn
from agent.iso15118.v2g_message.dispatch import Handling, nothing, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.session import Phase

CHARGING: Final = 1
MODE: Final = "DC_extended"
"""CCS, Combo 2 and Combo 1."""


def _discover(session: DinSession, asked: Asked, facts: Facts) -> Turn[DinSession]:
    """No names, scopes or other services are told (V2G-DC-628, V2G-DC-629), and no contract is taken.

    Raises:
        Refused: If drivers are not authorized by cards here (V2G-DC-252).
    """
    if "EIM" not in session.charger.identifications:
        raise Refused("FAILED", "no way to authorize a driver in DIN 70121")
    return reply(session.goes_on(Phase.SELECTION), asked, _services(session, asked, facts))


def _services(session: DinSession, _asked: Asked, _facts: Facts) -> Fields:
    return {
        "PaymentOptions": {"PaymentOption": ["ExternalPayment"]},
        "ChargeService": {
            "ServiceTag": {"ServiceID": CHARGING, "ServiceCategory": "EVCharging"},
            "FreeService": session.charger.is_free,
            "EnergyTransferType": MODE,
        },
    }


def _select(session: DinSession, asked: Asked, _facts: Facts) -> Turn[DinSession]:
    if asked.body["SelectedPaymentOption"] != "ExternalPayment":
        raise Refused("FAILED_PaymentSelectionInvalid", "a contract was not offered")  # V2G-DC-395
    selected = [one["ServiceID"] for one in asked.body["SelectedServiceList"]["SelectedService"]]
    if selected != [CHARGING]:
        raise Refused("FAILED_ServiceSelectionInvalid", f"{selected}: not offered")  # V2G-DC-396
    return reply(session.goes_on(Phase.AUTHORIZATION), asked, {}, orders=(AwaitDriver(),))


def _authenticate(session: DinSession, asked: Asked, facts: Facts) -> Turn[DinSession]:
    if facts.authorization == "rejected":
        raise Refused("FAILED", facts.refusal or "the driver may not charge here")
    if facts.authorization == "accepted":
        return reply(session.goes_on(Phase.PARAMETERS), asked, {"EVSEProcessing": "Finished"})
    return reply(session, asked, {"EVSEProcessing": "Ongoing"})


def _finished(_session: DinSession, _asked: Asked, _facts: Facts) -> Fields:
    return {"EVSEProcessing": "Finished"}


HANDLINGS = {
    "ServiceDiscoveryReq": Handling(_discover, _services),
    "ServicePaymentSelectionReq": Handling(_select, nothing),
    "ContractAuthenticationReq": Handling(_authenticate, _finished),
}
