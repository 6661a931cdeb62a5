"""Get15118EVCertificate (M01, M02): a contract for a vehicle, new or renewed."""

from __future__ import annotations

from backend.csms.incoming import Answer, Incoming
from backend.csms.v201.status_info import status_info
from backend.pki.provisioning import Provisioning
from ocppj.messages import v201


class Get15118EvCertificate:
    """Has the provisioning service answer. The vehicle's own answer may be a no; then it says so itself."""

    def __init__(self, provisioning: Provisioning) -> None:
        self._provisioning = provisioning

    async def answer(self, item: Incoming[v201.Get15118EVCertificateRequest]) -> Answer:
        """Return what the charger passes on."""
        request = item.request
        found = await self._provisioning.answer(
            request.iso15118_schema_version, request.action, request.exi_request, item.station_id
        )
        info = None
        if found.why:
            code = "RequestRefused" if found.is_processed else "NotProcessed"
            info = status_info(code, found.why)
        return v201.Get15118EVCertificateResponse(
            status="Accepted" if found.is_processed else "Failed", exi_response=found.exi, status_info=info
        )
