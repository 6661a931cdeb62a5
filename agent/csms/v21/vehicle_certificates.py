"""What 2.1 adds to Get15118EVCertificate (M01, M02)."""

from __future__ import annotations

from msgspec.structs import replace

from agent.csms.v21.carry import carried
from agent.csms.v201 import vehicle_certificates
from agent.csms.vehicle_records import EvAnswer, EvRequest
from ocppj.messages import v21


def ev_certificate(request: EvRequest) -> v21.Get15118EVCertificateRequest:
    """Return what passes a vehicle's request on, untouched, with how many contracts it can take."""
    plain = carried(vehicle_certificates.ev_certificate(request), v21.Get15118EVCertificateRequest)
    return replace(
        plain,
        maximum_contract_certificate_chains=request.most_contracts,
        prioritized_emaids=request.wanted_contracts or None,
    )


def read_ev_certificate(response: v21.Get15118EVCertificateResponse) -> EvAnswer:
    """Return what the vehicle is to be told."""
    return EvAnswer(
        is_accepted=response.status == "Accepted",
        exi=response.exi_response,
        remaining_contracts=response.remaining_contracts or 0,
    )
