"""MeteringReceipt: a vehicle with a contract signs for what the meter shows; and when it is asked to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from cryptography import x509

from agent.iso15118.facts import Facts, MeterStatus
from agent.iso15118.iso2.contract import check_signature
from agent.iso15118.iso2.delivery import is_dc, status
from agent.iso15118.iso2.session import Iso2Session, seconds
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Turn
from agent.iso15118.v2g_message.dispatch import Handling, reply
from agent.iso15118.v2g_message.envelope import Asked, Fields
from agent.iso15118.v2g_message.session import Phase

EVERY_S: Final = 900.0
"""How often a receipt is asked for while charging goes on."""


def ask_for_receipt(session: Iso2Session, facts: Facts) -> tuple[Iso2Session, Fields]:
    """Return the session, and MeterInfo and ReceiptRequired: asked for by contract only (V2G2-691)."""
    meter = facts.meter
    if meter is None:
        return session, {"ReceiptRequired": False}
    told = {"MeterInfo": meter_info(meter)}
    if not (session.charger.wants_receipts and session.contract is not None and _is_due(session, facts)):
        return session, {**told, "ReceiptRequired": False}
    session = replace(session, receipt=meter, receipt_s=facts.now_s)
    return session, {**told, "ReceiptRequired": True}


def meter_info(meter: MeterStatus) -> dict[str, Any]:
    """Return MeterInfo; a signature that is too long to be told is left out."""
    fields: dict[str, Any] = {
        "MeterID": meter.meter_id[:32],
        "MeterReading": max(0, meter.energy_wh),
        "TMeter": seconds(meter.at),
    }
    if meter.signature is not None and len(meter.signature) <= 64:
        fields["SigMeterReading"] = meter.signature
    return fields


def _is_due(session: Iso2Session, facts: Facts) -> bool:
    """Return whether a receipt is due: at first, every now and then, and before the EVSE ends charging."""
    if session.receipt is None or session.receipt_s is None or facts.meter is None:
        return True
    is_new = facts.meter.energy_wh != session.receipt.energy_wh
    return is_new and (facts.wish in ("stop", "pause") or facts.now_s - session.receipt_s >= EVERY_S)


def _take(session: Iso2Session, asked: Asked, facts: Facts) -> Turn[Iso2Session]:
    """A receipt is for this session and what it was shown, and signed with the contract's key."""
    contract, meter = session.contract, session.receipt
    assert contract is not None  # nobody else is asked for a receipt
    assert meter is not None
    if asked.body["SessionID"] != session.session_id or asked.body["MeterInfo"] != meter_info(meter):
        raise Refused("FAILED_MeteringSignatureNotValid", "the receipt is for something else")
    try:
        check_signature(asked, x509.load_der_x509_certificate(contract.leaf))
    except Refused as refused:
        raise Refused("FAILED_MeteringSignatureNotValid", refused.why) from None
    phase = Phase.DC_LOOP if is_dc(session) else Phase.AC_LOOP
    return reply(session.goes_on(phase), asked, status(session, facts, may_renegotiate=True))


def _least(session: Iso2Session, _asked: Asked, facts: Facts) -> Fields:
    return status(session, facts)


HANDLINGS = {"MeteringReceiptReq": Handling(_take, _least)}
