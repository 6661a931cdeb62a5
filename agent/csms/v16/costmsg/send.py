"""ConnectorUnplugged: tells the backend that idle fees end (OCPP and California pricing requirements)."""

from __future__ import annotations

import msgspec

from agent.costs.running import ConnectorUnplugged
from agent.csms.v16.costmsg import VENDOR, messages
from ocppj.messages import v16


def unplugged(record: ConnectorUnplugged) -> v16.DataTransferRequest:
    """Return what tells it."""
    payload = messages.Unplugged(transaction_id=record.number, timestamp=record.at)
    return v16.DataTransferRequest(
        vendor_id=VENDOR,
        message_id="ConnectorUnplugged",
        data=msgspec.json.encode(payload).decode("utf-8"),
    )
