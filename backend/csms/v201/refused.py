"""What a backend without these features, or without a PKI, answers: each action has a status for "no"."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import Payload

_NO = v201.StatusInfoType(reason_code="NotSupported")

ANSWERS: dict[str, Payload] = {
    "Get15118EVCertificate": v201.Get15118EVCertificateResponse(  # M01, M02
        status="Failed", exi_response="", status_info=_NO
    ),
    "GetCertificateStatus": v201.GetCertificateStatusResponse(status="Failed", status_info=_NO),  # M06
    "NotifyEVChargingNeeds": v201.NotifyEVChargingNeedsResponse(status="Rejected", status_info=_NO),  # K15
    "NotifyEVChargingSchedule": v201.NotifyEVChargingScheduleResponse(  # K15
        status="Rejected", status_info=_NO
    ),
    "SignCertificate": v201.SignCertificateResponse(status="Rejected", status_info=_NO),  # A02, A03
}
