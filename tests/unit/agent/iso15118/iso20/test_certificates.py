"""CertificateInstallation: the backend's response goes out as it is, or the vehicle goes on without."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.iso15118.iso20.messages import LEAST
from agent.iso15118.iso20.states import Phase
from agent.iso15118.turns import AskForContract, Failed, Obtained, Outcome, RawResponse
from certs.exi.codec import decode, encode
from certs.exi.tables import schema
from certs.issuing import Terms
from tests.unit.agent.iso15118.iso20.contracts import Shown, authorize, shown
from tests.unit.agent.iso15118.iso20.evse import AC_CHARGER
from tests.unit.agent.iso15118.iso20.requests import REQUESTS
from tests.unit.agent.iso15118.iso20.vehicle import CHANCE, Vehicle

CHARGER = replace(AC_CHARGER, identifications=("contract", "EIM"), installs_contracts=True)
PROVISIONING = shown("WDXEXAMPLE0000012")
NAME = "OEMProvisioningCertificateChain"


def _vehicle() -> Vehicle:
    return Vehicle("AC", charger=CHARGER).go_to(Phase.AUTHORIZATION)


def _install(vehicle: Vehicle, by: Shown = PROVISIONING, signed_by: Shown = PROVISIONING) -> dict[str, Any]:
    chain = {"Id": "id1", **by.fields}
    request = {**REQUESTS["CertificateInstallationReq"](vehicle), NAME: chain}
    return vehicle.send("CertificateInstallationReq", request, signature=signed_by.sign(NAME, chain))


def _response(vehicle: Vehicle, code: str = "OK", session_id: bytes = CHANCE.session_id) -> bytes:
    fields = LEAST["CertificateInstallationReq"](vehicle.state)
    header = {"SessionID": session_id, "TimeStamp": 77}
    message = {"Header": header, "ResponseCode": code, **fields}
    return encode(schema("iso20_common"), "CertificateInstallationRes", message)


@pytest.mark.parametrize("code", ["OK", "WARNING_NoContractMatchingPCIDFound", "WARNING_eMSPUnknown"])
def test_the_backends_response_is_passed_on(code: str) -> None:
    vehicle = _vehicle()
    exi = _response(vehicle, code)
    vehicle.evse.outcomes[AskForContract] = Obtained(exi)
    assert _install(vehicle)["ResponseCode"] == code
    assert vehicle.answer is not None
    assert isinstance(vehicle.answer.response, RawResponse)
    assert vehicle.answer.response.exi == exi
    [deed] = vehicle.evse.deeds
    assert isinstance(deed, AskForContract)
    assert (deed.action, deed.namespace) == ("Install", "urn:iso:std:iso:15118:-20:CommonMessages")
    assert (deed.most_contracts, deed.wanted_contracts) == (1, ())
    assert vehicle.is_in(Phase.AUTHORIZATION)


def test_the_backend_gets_the_request_as_it_came() -> None:
    vehicle = _vehicle()
    _install(vehicle)
    [deed] = vehicle.evse.deeds
    assert isinstance(deed, AskForContract)
    name, message = decode(schema("iso20_common"), deed.exi)
    assert name == "CertificateInstallationReq"
    assert message[NAME]["Certificate"] == PROVISIONING.fields["Certificate"]
    assert "Signature" in message["Header"]


def test_a_contract_is_installed_and_then_used() -> None:
    contract = shown()
    vehicle = _vehicle()
    vehicle.evse.facts = contract.at(vehicle.evse.facts)
    vehicle.evse.outcomes[AskForContract] = Obtained(_response(vehicle))
    _install(vehicle)
    authorize(vehicle, contract)
    assert authorize(vehicle, contract)["ResponseCode"] == "OK"


@pytest.mark.parametrize("answer", ["none", "not read", "another session's", "a refusal"])
def test_a_vehicle_goes_on_without(answer: str) -> None:
    """V2G20-2207, V2G20-2225."""
    vehicle = _vehicle()
    outcomes: dict[str, Outcome] = {
        "none": Failed("the backend is away"),
        "not read": Obtained(b"no EXI"),
        "another session's": Obtained(_response(vehicle, session_id=bytes(range(10, 18)))),
        "a refusal": Obtained(_response(vehicle, "FAILED")),
    }
    vehicle.evse.outcomes[AskForContract] = outcomes[answer]
    response = _install(vehicle)
    assert response["ResponseCode"] == "WARNING_NoCertificateAvailable"
    assert vehicle.ending is None
    assert vehicle.is_in(Phase.AUTHORIZATION)


def test_a_signature_that_is_not_the_provisioning_keys() -> None:
    """V2G20-461."""
    vehicle = _vehicle()
    assert _install(vehicle, signed_by=shown())["ResponseCode"] == "FAILED_SignatureError"
    assert vehicle.evse.deeds == []
    assert vehicle.ending == "error"


def test_bytes_that_are_no_certificate() -> None:
    vehicle = _vehicle()
    response = vehicle.send("CertificateInstallationReq")
    assert response["ResponseCode"] == "WARNING_CertificateValidationError"
    assert vehicle.evse.deeds == []
    assert vehicle.ending is None


def test_what_was_not_offered_is_out_of_sequence() -> None:
    """V2G20-1975."""
    vehicle = Vehicle("AC").go_to(Phase.AUTHORIZATION)
    assert _install(vehicle)["ResponseCode"] == "FAILED_SequenceError"
    assert vehicle.evse.deeds == []


def test_a_contract_that_ends_soon_is_renewed() -> None:
    contract = shown(terms=Terms(valid_for=timedelta(days=10)))
    vehicle = _vehicle()
    vehicle.evse.facts = contract.at(vehicle.evse.facts)
    authorize(vehicle, contract)
    authorize(vehicle, contract)
    vehicle.evse.outcomes[AskForContract] = Obtained(_response(vehicle))
    assert _install(vehicle)["ResponseCode"] == "OK"
    assert vehicle.is_in(Phase.EXPIRING)
    vehicle.send("ServiceDiscoveryReq")
    assert vehicle.is_in(Phase.DETAILS)
