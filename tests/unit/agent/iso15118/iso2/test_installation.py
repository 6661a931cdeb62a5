"""CertificateInstallation and CertificateUpdate: who may ask, what is asked for, what is passed on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent.iso15118.iso2.installation import NAMESPACE
from agent.iso15118.turns import AskForContract, Done, Failed, Obtained, Outcome, RawResponse
from agent.iso15118.v2g_message.session import Phase
from certs.exi.codec import encode
from certs.exi.tables import schema
from tests.unit.agent.iso15118.iso2.vehicle import (
    Vehicle,
    contract_vehicle,
    holder,
    installation_response,
    selection,
    vehicle_in,
)

BOTH = [("CertificateInstallationReq", "Install"), ("CertificateUpdateReq", "Update")]
NAMES = [name for name, _ in BOTH]


def in_contract() -> Vehicle:
    return vehicle_in(Phase.CONTRACT)


def response_to(name: str, code: str = "OK") -> bytes:
    what = name.removeprefix("Certificate").removesuffix("Req")
    return installation_response(in_contract().session_id, code, what)


def test_the_service_is_offered_with_what_it_can_do() -> None:
    vehicle = contract_vehicle().reach(Phase.DISCOVERY)
    (service,) = vehicle.say("ServiceDiscoveryReq")["ServiceList"]["Service"]
    assert service == {
        "ServiceID": 2,
        "ServiceName": "Certificate",
        "ServiceCategory": "ContractCertificate",
        "FreeService": True,
    }
    sets = vehicle.say("ServiceDetailReq", ServiceID=2)["ServiceParameterList"]["ParameterSet"]
    told = {one["ParameterSetID"]: one["Parameter"][0]["stringValue"] for one in sets}
    assert told == {1: "Installation", 2: "Update"}


@pytest.mark.parametrize(("category", "is_there"), [("ContractCertificate", True), ("Internet", False)])
def test_a_vehicle_may_ask_for_one_category(category: str, is_there: bool) -> None:
    vehicle = contract_vehicle().reach(Phase.DISCOVERY)
    assert ("ServiceList" in vehicle.say("ServiceDiscoveryReq", ServiceCategory=category)) == is_there


@pytest.mark.parametrize(
    ("of_set", "code"), [(None, "OK"), (1, "OK"), (2, "OK"), (3, "FAILED_ServiceSelectionInvalid")]
)
def test_what_the_service_is_wanted_for(of_set: int | None, code: str) -> None:
    """V2G2-467."""
    vehicle = contract_vehicle().reach(Phase.SELECTION)
    body = selection("Contract", 1, 2)
    body["SelectedServiceList"]["SelectedService"][1]["ParameterSetID"] = of_set
    assert vehicle.ask("PaymentServiceSelectionReq", body)["ResponseCode"] == code


def test_charging_itself_must_be_wanted() -> None:
    """V2G2-804."""
    vehicle = contract_vehicle().reach(Phase.SELECTION)
    response = vehicle.ask("PaymentServiceSelectionReq", selection("Contract", 2))
    assert response["ResponseCode"] == "FAILED_NoChargeServiceSelected"


@pytest.mark.parametrize(("name", "action"), BOTH)
def test_the_backends_answer_is_passed_on_as_it_is(name: str, action: str) -> None:
    vehicle = in_contract()
    exi = response_to(name)
    vehicle.outcomes[AskForContract] = Obtained(exi)
    assert vehicle.say(name)["ResponseCode"] == "OK"
    (deed,) = vehicle.deeds
    assert isinstance(deed, AskForContract)
    assert (deed.action, deed.namespace) == (action, NAMESPACE)
    assert vehicle.answer is not None
    assert vehicle.answer.response == RawResponse(payload_type=0x8001, exi=exi)
    assert vehicle.state.phase is Phase.DETAILS


@pytest.mark.parametrize("name", NAMES)
def test_the_request_goes_to_the_backend_as_it_came(name: str) -> None:
    vehicle = in_contract()
    vehicle.outcomes[AskForContract] = Obtained(response_to(name))
    body = vehicle.body(name)
    signer = vehicle.signer(name)
    assert signer is not None
    signature = signer.sign(name, body)
    vehicle.ask(name, body, signature=signature)
    (deed,) = vehicle.deeds
    assert isinstance(deed, AskForContract)
    header = {"SessionID": vehicle.session_id, "Signature": signature}
    assert deed.exi == encode(schema("iso2"), "V2G_Message", {"Header": header, "Body": {name: body}})


@pytest.mark.parametrize(("name", "other"), [NAMES, NAMES[::-1]])
def test_a_contract_that_cannot_be_had(name: str, other: str) -> None:
    nobody = Failed("nobody answered within 4.5 s")
    wrong: list[Outcome] = [nobody, Done(), Obtained(b"\x80"), Obtained(response_to(other))]
    for outcome in wrong:
        vehicle = in_contract()
        vehicle.outcomes[AskForContract] = outcome
        assert vehicle.say(name)["ResponseCode"] == "FAILED_NoCertificateAvailable"
        assert vehicle.ending == "error"


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_of_the_backend_reaches_the_vehicle_and_ends_the_session(name: str) -> None:
    vehicle = in_contract()
    vehicle.outcomes[AskForContract] = Obtained(response_to(name, "FAILED_CertChainError"))
    assert vehicle.say(name)["ResponseCode"] == "FAILED_CertChainError"
    assert vehicle.ending == "error"
    assert vehicle.state.phase is Phase.ENDED


@pytest.mark.parametrize("name", NAMES)
def test_who_asks_without_the_key_is_not_passed_on(name: str) -> None:
    vehicle = in_contract()
    body = vehicle.body(name)
    response = vehicle.ask(name, body, signature=holder().sign(name, body))
    assert response["ResponseCode"] == "FAILED_SignatureError"
    assert vehicle.deeds == []


@pytest.mark.parametrize("name", NAMES)
def test_who_asks_with_a_certificate_out_of_date_is_not_passed_on(name: str) -> None:
    """V2G2-824."""
    vehicle = in_contract()
    vehicle.knows(now=datetime.now(UTC) + timedelta(days=5000))
    assert vehicle.say(name)["ResponseCode"] == "FAILED_CertificateExpired"
    assert vehicle.deeds == []


def test_a_provisioning_certificate_that_cannot_be_read() -> None:
    vehicle = in_contract()
    response = vehicle.say("CertificateInstallationReq", OEMProvisioningCert=b"\x30\x00")
    assert response["ResponseCode"] == "FAILED_CertChainError"
