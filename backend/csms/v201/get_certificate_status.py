"""GetCertificateStatus (M06): what an authority says of a certificate (OCSP)."""

from __future__ import annotations

import base64

from backend.csms.incoming import Answer, Incoming
from backend.csms.v201.hash_data import named
from backend.csms.v201.status_info import status_info
from backend.pki.statuses import NoStatus, Statuses
from ocppj.messages import v201

_LONGEST = 5500


class GetCertificateStatus:
    """Asks our own responder or the one outside."""

    def __init__(self, statuses: Statuses) -> None:
        self._statuses = statuses

    async def answer(self, item: Incoming[v201.GetCertificateStatusRequest]) -> Answer:
        """Return the answer as it was signed."""
        asked = item.request.ocsp_request_data
        try:
            said = await self._statuses.of(named(asked), asked.responder_url)
        except NoStatus as error:
            return _failed(str(error))
        text = base64.b64encode(said.der).decode("ascii")
        if len(text) > _LONGEST:
            return _failed(f"the answer has {len(text)} characters, OCPP has room for {_LONGEST}")
        return v201.GetCertificateStatusResponse(status="Accepted", ocsp_result=text)


def _failed(why: str) -> v201.GetCertificateStatusResponse:
    return v201.GetCertificateStatusResponse(status="Failed", status_info=status_info("NoStatus", why))
