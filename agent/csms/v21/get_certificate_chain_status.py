"""GetCertificateChainStatus (M07)."""

from __future__ import annotations

from agent.authorization.chain_status import CertificateStatus, ChainQuestion
from agent.csms.v21.carry import carried
from agent.csms.v201.certificate_types import read as read_name
from agent.csms.v201.certificate_types import write as write_name
from ocppj.messages import v21


def message(question: ChainQuestion) -> v21.GetCertificateChainStatusRequest:
    """Return the question about the certificates of a chain."""
    return v21.GetCertificateChainStatusRequest(
        certificate_status_requests=tuple(
            v21.CertificateStatusRequestInfoType(
                certificate_hash_data=carried(write_name(one.named), v21.CertificateHashDataType),
                source=one.source,
                urls=one.urls,
            )
            for one in question.certificates
        )
    )


def read(response: v21.GetCertificateChainStatusResponse) -> tuple[CertificateStatus, ...]:
    """Return what the backend has found out."""
    return tuple(
        CertificateStatus(
            named=read_name(one.certificate_hash_data), status=one.status, next_update=one.next_update
        )
        for one in response.certificate_status
    )
