"""What vehicles ask for, in OCPP 2.1."""

from __future__ import annotations

from agent.csms.v21.dialect import Dialect21
from agent.csms.vehicle_records import EvAnswer, EvRequest
from ocppj.messages import v21


def test_how_many_contracts_a_vehicle_can_take_is_passed_on() -> None:
    """M01.FR.02, M01.FR.03: by a vehicle of ISO 15118-20 alone."""
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
