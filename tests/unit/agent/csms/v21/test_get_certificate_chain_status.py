"""What is asked about the certificates of a chain, in OCPP 2.1."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.authorization.chain_status import CertificateStatus, ChainQuestion, StatusOf
from agent.csms.v21.dialect import Dialect21
from certs.hash_data import HashData
from ocppj.messages import v21

NAMED = HashData(algorithm="SHA256", issuer_name_hash="a", issuer_key_hash="b", serial_number="c")
AT = datetime(2026, 1, 2, tzinfo=UTC)


def test_the_status_of_a_vehicles_chain_is_asked_for() -> None:
    """M07."""
    ask, read = Dialect21.questions[ChainQuestion]
    url = "http://crl.example/v2g.crl"
    asked = ask(ChainQuestion(certificates=(StatusOf(named=NAMED, source="CRL", urls=(url,)),)))
    assert isinstance(asked, v21.GetCertificateChainStatusRequest)
    [one] = asked.certificate_status_requests
    assert (one.source, one.urls, one.certificate_hash_data.serial_number) == ("CRL", (url,), "c")
    answer = v21.CertificateStatusType(
        certificate_hash_data=one.certificate_hash_data, source="CRL", status="Revoked", next_update=AT
    )
    told = read(v21.GetCertificateChainStatusResponse(certificate_status=(answer,)))
    assert told == (CertificateStatus(named=NAMED, status="Revoked", next_update=AT),)
