"""ClearTariffs: the backend takes default tariffs back (I10)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.messages import v21


async def handle(request: v21.ClearTariffsRequest, context: Context) -> Reply:
    """Remove them, and say of each whether it was there; a driver's own is nobody's to clear."""
    gone = await context.station.tariffs.clear(request.tariff_ids, request.evse_id or None)
    asked = request.tariff_ids if request.tariff_ids is not None else gone
    results = tuple(
        v21.ClearTariffsResultType(tariff_id=one, status="Accepted" if one in gone else "NoTariff")
        for one in dict.fromkeys(asked)
    )
    nothing = (v21.ClearTariffsResultType(status="NoTariff"),)
    return Reply(v21.ClearTariffsResponse(clear_tariffs_result=results or nothing))
