"""DataTransfer (P02): no vendor has an extension here."""

from __future__ import annotations

from backend.csms.incoming import Answer, Incoming
from ocppj.messages import v201
from ocppj.messages.fields import Payload


def answer(_incoming: Incoming[Payload]) -> Answer:
    """Say that the vendor is not known (P02.FR.05)."""
    return v201.DataTransferResponse(status="UnknownVendorId")
