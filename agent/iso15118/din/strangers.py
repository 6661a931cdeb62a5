"""What the schema of DIN 70121 has and the protocol does not use: always out of sequence, and answered so."""

from __future__ import annotations

from typing import Any, Final, NoReturn

from agent.iso15118.din.session import DinSession
from agent.iso15118.din.setup import evse_id
from agent.iso15118.facts import Facts
from agent.iso15118.v2g_message.dispatch import Handling
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.supply import notification

_CONTRACT: Final[dict[str, Any]] = {
    "Id": "id1",
    "ContractSignatureCertChain": {"Certificate": b"\0"},
    "ContractSignatureEncryptedPrivateKey": b"\0",
    "DHParams": b"\0",
    "ContractID": "0",
}


def _never(_session: DinSession, asked: Asked, _facts: Facts) -> NoReturn:
    raise AssertionError(f"{asked.name} is possible in no phase")


def _ac_status(facts: Facts) -> Fields:
    return {"PowerSwitchClosed": False, "RCD": facts.has_tripped, **notification(facts)}


def _detail(_session: DinSession, asked: Asked, _facts: Facts) -> Fields:
    return {"ServiceID": asked.body["ServiceID"]}


def _payment(_session: DinSession, _asked: Asked, facts: Facts) -> Fields:
    return {"GenChallenge": "0", "DateTimeNow": int(facts.now.timestamp())}


def _charging(session: DinSession, _asked: Asked, facts: Facts) -> Fields:
    return {
        "EVSEID": evse_id(session.charger.evse_id),
        "SAScheduleTupleID": 1,
        "ReceiptRequired": False,
        "AC_EVSEStatus": _ac_status(facts),
    }


def _receipt(_session: DinSession, _asked: Asked, facts: Facts) -> Fields:
    return {"AC_EVSEStatus": _ac_status(facts)}


def _installation(_session: DinSession, _asked: Asked, _facts: Facts) -> Fields:
    return _CONTRACT


def _update(_session: DinSession, _asked: Asked, _facts: Facts) -> Fields:
    return {**_CONTRACT, "RetryCounter": -1}


HANDLINGS = {
    "ServiceDetailReq": Handling(_never, _detail),
    "PaymentDetailsReq": Handling(_never, _payment),
    "ChargingStatusReq": Handling(_never, _charging),
    "MeteringReceiptReq": Handling(_never, _receipt),
    "CertificateInstallationReq": Handling(_never, _installation),
    "CertificateUpdateReq": Handling(_never, _update),
}
