"""GetCertificateStatus and Get15118EVCertificate (M01, M02, M06)."""

from __future__ import annotations

from agent.authorization.contract import StatusQuestion
from agent.csms.v201.authorize import status_question
from agent.csms.vehicle_records import EvAnswer, EvRequest
from ocppj.messages import v201


def certificate_status(question: StatusQuestion) -> v201.GetCertificateStatusRequest:
    """Return the question about a certificate's status."""
    return v201.GetCertificateStatusRequest(ocsp_request_data=status_question(question))


def read_certificate_status(response: v201.GetCertificateStatusResponse) -> str | None:
    """Return the OCSP answer, None if the backend has none."""
    return response.ocsp_result if response.status == "Accepted" else None


def ev_certificate(request: EvRequest) -> v201.Get15118EVCertificateRequest:
    """Return what passes a vehicle's request on, untouched."""
    return v201.Get15118EVCertificateRequest(
        iso15118_schema_version=request.schema, action=request.action, exi_request=request.exi
    )


def read_ev_certificate(response: v201.Get15118EVCertificateResponse) -> EvAnswer:
    """Return what the vehicle is to be told."""
    return EvAnswer(is_accepted=response.status == "Accepted", exi=response.exi_response)
