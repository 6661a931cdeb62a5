"""Plug & Charge with ISO 15118-2: a contract is shown, its key is proven, and what is made of it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448

from agent.iso15118.iso2.codes import code_for
from agent.iso15118.turns import CheckContract
from agent.iso15118.v2g_message.session import Phase
from certs.issuing import Terms
from certs.pem import read_bundle
from tests.unit.agent.iso15118.iso2.vehicle import (
    CONTRACT,
    EMAID,
    Vehicle,
    ac_vehicle,
    contract_vehicle,
    holder,
    selection,
    vehicle_in,
)
from tests.unit.agent.iso15118.talking import AC_FACTS, CHANCE, NOW, amperes


def in_authorization() -> Vehicle:
    """Return a vehicle whose contract was taken."""
    return contract_vehicle().reach(Phase.AUTHORIZATION)


def test_a_whole_way_to_the_power() -> None:
    vehicle = contract_vehicle(installs_contracts=False).reach(Phase.DISCOVERY)
    options = vehicle.say("ServiceDiscoveryReq")["PaymentOptionList"]["PaymentOption"]
    assert options == ["Contract", "ExternalPayment"]
    assert vehicle.ask("PaymentServiceSelectionReq", selection("Contract")) == {"ResponseCode": "OK"}
    assert vehicle.ordered() == ()
    details = vehicle.say("PaymentDetailsReq")
    assert details["GenChallenge"] == CHANCE.challenge
    assert vehicle.ordered() == ()
    assert vehicle.say("AuthorizationReq") == {"ResponseCode": "OK", "EVSEProcessing": "Ongoing"}
    (order,) = vehicle.ordered()
    assert isinstance(order, CheckContract)
    assert order.emaid == EMAID
    assert read_bundle(order.chain) == CONTRACT.chain
    assert vehicle.ask("AuthorizationReq") == {"ResponseCode": "OK", "EVSEProcessing": "Ongoing"}
    assert vehicle.ordered() == ()
    vehicle.knows(authorization="accepted")
    assert vehicle.ask("AuthorizationReq") == {"ResponseCode": "OK", "EVSEProcessing": "Finished"}
    status = vehicle.reach(Phase.AC_FIRST).say("ChargingStatusReq")
    assert "EVSEMaxCurrent" not in status


def with_limit(vehicle: Vehicle, most_a: int) -> dict[str, Any]:
    """Return the status that a charging vehicle is told when an EVSE has this current."""
    assert AC_FACTS.ac is not None
    vehicle.knows(ac=replace(AC_FACTS.ac, most_a=Decimal(most_a)))
    return vehicle.say("ChargingStatusReq")


def choose_anew(vehicle: Vehicle) -> None:
    vehicle.say("PowerDeliveryReq", ChargeProgress="Renegotiate")
    vehicle.reach(Phase.AC_LOOP)


def test_a_schedule_that_does_not_fit_any_more_is_negotiated_anew() -> None:
    """The current is told until the vehicle has chosen; nothing is asked twice, and more comes later."""
    vehicle = contract_vehicle().reach(Phase.AC_LOOP)
    assert with_limit(vehicle, 16)["AC_EVSEStatus"]["EVSENotification"] == "None"
    lower = with_limit(vehicle, 8)
    assert lower["AC_EVSEStatus"]["EVSENotification"] == "ReNegotiation"
    assert lower["EVSEMaxCurrent"] == amperes(8)
    choose_anew(vehicle)
    chosen = with_limit(vehicle, 8)
    assert chosen["AC_EVSEStatus"]["EVSENotification"] == "None"
    assert "EVSEMaxCurrent" not in chosen
    assert with_limit(vehicle, 16)["AC_EVSEStatus"]["EVSENotification"] == "None"
    vehicle.passes(60.0)
    assert with_limit(vehicle, 16)["AC_EVSEStatus"]["EVSENotification"] == "ReNegotiation"
    choose_anew(vehicle)
    assert vehicle.state.chosen is not None
    assert vehicle.state.chosen.at(NOW) == 11040


def test_a_pause_with_a_contract_is_a_schedule_of_nothing_for_now() -> None:
    vehicle = contract_vehicle().reach(Phase.AC_LOOP)
    vehicle.knows(wish="pause")
    assert with_limit(vehicle, 16)["AC_EVSEStatus"]["EVSENotification"] == "ReNegotiation"
    choose_anew(vehicle)
    assert vehicle.state.chosen is not None
    assert vehicle.state.chosen.at(NOW) == 0
    assert with_limit(vehicle, 16)["AC_EVSEStatus"]["EVSENotification"] == "None"
    vehicle.knows(wish="stop")
    assert with_limit(vehicle, 16)["AC_EVSEStatus"]["EVSENotification"] == "StopCharging"


def test_who_was_accepted_before_still_proves_that_the_contract_is_his() -> None:
    vehicle = in_authorization()
    vehicle.knows(authorization="accepted")
    assert vehicle.ask("AuthorizationReq")["ResponseCode"] == "FAILED_ChallengeInvalid"
    assert vehicle.ending == "error"


@pytest.mark.parametrize("charger", [{"is_tls": False}, {"is_tls": True, "identifications": ("EIM",)}])
def test_contracts_are_taken_on_tls_only_and_where_they_are_wanted(charger: dict[str, Any]) -> None:
    vehicle = contract_vehicle()
    settings = {"identifications": ("contract", "EIM"), **charger}
    is_tls = settings.pop("is_tls")
    vehicle = Vehicle(replace(vehicle.state.charger, **settings), is_tls=is_tls).reach(Phase.DISCOVERY)
    response = vehicle.say("ServiceDiscoveryReq")
    assert response["PaymentOptionList"]["PaymentOption"] == ["ExternalPayment"]
    assert "ServiceList" not in response
    refused = vehicle.ask("PaymentServiceSelectionReq", selection("Contract"))
    assert refused["ResponseCode"] == "FAILED_PaymentSelectionInvalid"


@pytest.mark.parametrize(
    ("emaid", "code"),
    [
        ("de-83d-uien83qgz", "FAILED_CertChainError"),
        ("DE83DUIEN83QGZE", "FAILED_CertChainError"),
        ("de83duien83qgzd", "OK"),
    ],
)
def test_the_contract_is_the_one_that_is_named(emaid: str, code: str) -> None:
    vehicle = vehicle_in(Phase.DETAILS)
    assert vehicle.say("PaymentDetailsReq", eMAID=emaid[:15])["ResponseCode"] == code


def test_hyphens_do_not_count() -> None:
    vehicle = vehicle_in(Phase.DETAILS)
    short = holder("DE-83D-123456-X")
    response = vehicle.say(
        "PaymentDetailsReq", eMAID="DE83D123456X--", ContractSignatureCertChain=short.message
    )
    assert response["ResponseCode"] == "OK"


@pytest.mark.parametrize(
    "der", [b"\0", b"", CONTRACT.message["Certificate"][:-1]], ids=["one byte", "nothing", "cut"]
)
@pytest.mark.parametrize("place", ["leaf", "below"])
def test_certificates_that_cannot_be_read(der: bytes, place: str) -> None:
    vehicle = vehicle_in(Phase.DETAILS)
    chain = deepcopy(CONTRACT.message)
    if place == "leaf":
        chain["Certificate"] = der
    else:
        chain["SubCertificates"]["Certificate"][0] = der
    response = vehicle.say("PaymentDetailsReq", ContractSignatureCertChain=chain)
    assert response["ResponseCode"] == "FAILED_CertChainError"
    assert len(response["GenChallenge"]) == 16
    assert response["GenChallenge"] != CHANCE.challenge


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), ed448.Ed448PrivateKey.generate()], ids=["P-384", "Ed448"]
)
def test_a_contracts_key_is_on_p_256(key: Any) -> None:
    vehicle = vehicle_in(Phase.DETAILS)
    chain = holder(key=key).message
    response = vehicle.say(
        "PaymentDetailsReq", ContractSignatureCertChain={"Certificate": chain["Certificate"]}
    )
    assert response["ResponseCode"] == "FAILED_CertChainError"


@pytest.mark.parametrize("days", [-2, 400])
def test_certificates_out_of_date(days: int) -> None:
    """V2G2-824; as long as the charger knows the time."""
    vehicle = vehicle_in(Phase.DETAILS)
    vehicle.knows(now=NOW + timedelta(days=days))
    assert vehicle.say("PaymentDetailsReq")["ResponseCode"] == "FAILED_CertificateExpired"
    vehicle = vehicle_in(Phase.DETAILS)
    vehicle.knows(now=NOW + timedelta(days=days), clock_is_trusted=False)
    assert vehicle.say("PaymentDetailsReq")["ResponseCode"] == "OK"


@pytest.mark.parametrize(("days", "code"), [(20, "OK_CertificateExpiresSoon"), (22, "OK")])
def test_a_certificate_that_is_about_to_expire(days: int, code: str) -> None:
    vehicle = vehicle_in(Phase.DETAILS)
    chain = holder(terms=Terms(valid_for=timedelta(days=days, hours=2))).message
    assert vehicle.say("PaymentDetailsReq", ContractSignatureCertChain=chain)["ResponseCode"] == code


def test_another_challenge_is_signed() -> None:
    """V2G2-475."""
    vehicle = in_authorization()
    body = {"Id": "id1", "GenChallenge": bytes(16)}
    response = vehicle.ask("AuthorizationReq", body, signature=CONTRACT.sign("AuthorizationReq", body))
    assert response["ResponseCode"] == "FAILED_ChallengeInvalid"
    assert vehicle.ordered() == ()


def test_signatures_that_are_none() -> None:
    body = in_authorization().body("AuthorizationReq")
    good = CONTRACT.sign("AuthorizationReq", body)
    other = holder().sign("AuthorizationReq", body)
    changed = deepcopy(good)
    changed["SignedInfo"]["Reference"][0]["DigestValue"] = bytes(32)
    shortened = {**good, "SignatureValue": {"value": bytes(5)}}
    for signature in (None, other, changed, shortened):
        vehicle = in_authorization()
        response = vehicle.ask("AuthorizationReq", body, signature=signature)
        assert response["ResponseCode"] == "FAILED_SignatureError"
        assert vehicle.ordered() == ()
        assert vehicle.ending == "error"


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        ("CertificateRevoked", "FAILED_CertificateRevoked"),
        ("CertificateExpired", "FAILED_CertificateExpired"),
        ("NoCertificateAvailable", "FAILED_NoCertificateAvailable"),
        ("ContractCancelled", "FAILED_ContractCanceled"),
        ("NotAtThisLocation", "FAILED_CertificateNotAllowedAtThisEVSE"),
        ("NoCredit", "FAILED"),
        (None, "FAILED"),
    ],
)
def test_a_refused_contract(refusal: str | None, code: str) -> None:
    """C07: why the backend refused it is told as well as this protocol can."""
    vehicle = in_authorization()
    vehicle.say("AuthorizationReq")
    vehicle.knows(authorization="rejected", refusal=refusal)
    response = vehicle.ask("AuthorizationReq")
    assert response == {"ResponseCode": code, "EVSEProcessing": "Finished"}
    assert vehicle.ending == "error"
    assert code_for(refusal) == code


def test_a_decision_takes_no_longer_than_a_vehicle_waits() -> None:
    vehicle = in_authorization()
    vehicle.say("AuthorizationReq")
    vehicle.passes(55.0)
    assert vehicle.ask("AuthorizationReq")["EVSEProcessing"] == "Ongoing"
    vehicle.passes(0.1)
    assert vehicle.ask("AuthorizationReq")["ResponseCode"] == "FAILED"


def test_by_card_a_signature_is_neither_asked_for_nor_read() -> None:
    vehicle = ac_vehicle().reach(Phase.AUTHORIZATION)
    body = {"Id": "id1", "GenChallenge": bytes(16)}
    response = vehicle.ask("AuthorizationReq", body, signature=holder().sign("AuthorizationReq", body))
    assert response["ResponseCode"] == "OK"


def test_the_certificates_of_these_tests_are_what_they_are_taken_for() -> None:
    leaf, below = CONTRACT.chain
    assert isinstance(leaf, x509.Certificate)
    leaf.verify_directly_issued_by(below)
