"""TriggerMessage (F06): have a charger send something now."""

from __future__ import annotations

from backend.csms.registry import Caller
from backend.csms.v201.commands.ask import ask
from ocppj.messages import v201

CERTIFICATES = {"SignChargingStationCertificate", "SignV2GCertificate", "SignCombinedCertificate"}


async def trigger_message(
    station: Caller,
    message: v201.MessageTriggerEnumType,
    *,
    evse_id: int | None = None,
    connector_id: int | None = None,
    timeout_s: float | None = None,
) -> v201.TriggerMessageResponse:
    """Ask for a message, which a charger that is not accepted yet may then send (B02.FR.09)."""
    station.expect("SignCertificate" if message in CERTIFICATES else message)
    evse = None if evse_id is None else v201.EVSEType(id=evse_id, connector_id=connector_id)
    request = v201.TriggerMessageRequest(requested_message=message, evse=evse)
    return await ask(station, request, v201.TriggerMessageResponse, timeout_s)
