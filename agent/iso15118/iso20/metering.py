"""What the meter shows, and MeteringConfirmation: a vehicle with a contract signs for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from cryptography import x509

from agent.iso15118.facts import Facts, MeterStatus
from agent.iso15118.iso20.contract import check_signature
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Session, seconds
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Request, Turn

EVERY_WH: Final = 1000
"""How much energy a vehicle signs for at once."""
_LONGEST_ID: Final = 32
_LONGEST_SIGNATURE: Final = 64
_SIGNED: Final = "SignedMeteringData"
_INVALID: Final = "FAILED_MeteringSignatureNotValid"


def meter_info(meter: MeterStatus) -> dict[str, Any]:
    """Return MeterInfo; a signature that is too long for it is left out."""
    fields: dict[str, Any] = {
        "MeterID": meter.meter_id[:_LONGEST_ID],
        "ChargedEnergyReadingWh": max(0, meter.energy_wh),
        "MeterTimestamp": seconds(meter.at),
    }
    if meter.signature is not None and len(meter.signature) <= _LONGEST_SIGNATURE:
        fields["MeterSignature"] = meter.signature
    return fields


def is_due(session: Session, facts: Facts) -> bool:
    """Return whether the vehicle is to sign: after the first loop (V2G20-1622), and for every kWh."""
    if not session.charger.wants_receipts or session.contract is None or facts.meter is None:
        return False
    if session.receipt is not None:
        return True
    if not session.is_met:
        return False
    return session.confirmed_wh is None or facts.meter.energy_wh - session.confirmed_wh >= EVERY_WH


def confirm(session: Session, request: Request, _facts: Facts) -> Turn[Session]:
    """Answer MeteringConfirmationReq: it is for this session and what was shown, signed by the contract."""
    meter, contract = session.receipt, session.contract
    if meter is None or contract is None:
        raise Refused("FAILED_SequenceError", "nothing was to be confirmed")
    data = request.message[_SIGNED]
    if data["SessionID"] != session.session_id or data["MeterInfo"] != meter_info(meter):
        raise Refused(_INVALID, "something else was confirmed")
    leaf = x509.load_der_x509_certificate(contract.leaf)
    try:
        check_signature(request, _SIGNED, data, leaf)
    except Refused as refused:
        raise Refused(_INVALID, refused.why) from None
    return reply(replace(session, receipt=None, confirmed_wh=meter.energy_wh), request, {})
