"""SetDefaultTariff: the backend sets what charging costs at an EVSE (I07)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v21 import tariff
from agent.csms.v21.reasons import info
from ocppj.messages import v21


async def handle(request: v21.SetDefaultTariffRequest, context: Context) -> Reply:
    """Take the tariff if the station can calculate with it."""
    refusal = await context.station.tariffs.set_default(request.evse_id, tariff.read(request.tariff))
    if refusal is None:
        return Reply(v21.SetDefaultTariffResponse(status="Accepted"))
    said = info(refusal.reason, refusal.why)
    return Reply(v21.SetDefaultTariffResponse(status=refusal.status, status_info=said))
