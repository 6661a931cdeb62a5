"""What vehicles ask for, in OCPP 2.1."""

from __future__ import annotations

from datetime import UTC, datetime

from agent.csms.v21.dialect import Dialect21
from agent.csms.vehicle_records import (
    CertificateStatus,
    ChainQuestion,
    EvAnswer,
    EvRequest,
    StatusOf,
)
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


def test_how_many_contracts_a_vehicle_can_take_is_passed_on() -> None:
    dialect = Dialect21()
    request = EvRequest(schema="urn", action="Install", exi="gJgA", most_contracts=2, wanted_contracts=("A",))
    asked = dialect.ev_certificate(request)
    assert isinstance(asked, v21.Get15118EVCertificateRequest)
    assert (asked.maximum_contract_certificate_chains, asked.prioritized_emaids) == (2, ("A",))
    plain = dialect.ev_certificate(EvRequest(schema="urn", action="Install", exi="gJgA"))
    assert isinstance(plain, v21.Get15118EVCertificateRequest)
    assert (plain.maximum_contract_certificate_chains, plain.prioritized_emaids) == (None, None)
    answer = v21.Get15118EVCertificateResponse(status="Accepted", exi_response="gJgC", remaining_contracts=1)
    assert dialect.read_ev_certificate(answer) == EvAnswer(
        is_accepted=True, exi="gJgC", remaining_contracts=1
    )
