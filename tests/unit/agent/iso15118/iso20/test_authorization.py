"""How a driver may be authorized: by a card, by a contract, and what a vehicle is told if not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agent.iso15118.facts import Charger
from agent.iso15118.iso20.states import Phase
from agent.iso15118.turns import AwaitDriver, CheckContract
from certs.issuing import Terms
from certs.key_kinds import KeyKind
from certs.pem import read_bundle
from tests.unit.agent.iso15118.iso20.contracts import EMAID, Shown, authorization, authorize, shown
from tests.unit.agent.iso15118.iso20.evse import AC_CHARGER
from tests.unit.agent.iso15118.iso20.vehicle import CHANCE, PLAIN, TLS, Vehicle

BOTH = replace(AC_CHARGER, identifications=("contract", "EIM"), installs_contracts=True)
EIM = {"SelectedAuthorizationService": "EIM", "EIM_AReqAuthorizationMode": {}}


def _vehicle(contract: Shown | None = None, charger: Charger = BOTH) -> Vehicle:
    vehicle = Vehicle("AC", charger=charger)
    if contract is not None:
        vehicle.evse.facts = contract.at(vehicle.evse.facts)
    return vehicle.go_to(Phase.AUTHORIZATION)


class TestSetup:
    def test_a_contract_is_offered_with_a_challenge(self) -> None:
        """V2G20-2566, V2G20-2568."""
        response = Vehicle("AC", charger=BOTH)
        response.send("SessionSetupReq")
        offered = response.send("AuthorizationSetupReq")
        assert offered["AuthorizationServices"] == ["PnC", "EIM"]
        assert offered["CertificateInstallationService"] is True
        assert offered["PnC_ASResAuthorizationMode"] == {"GenChallenge": CHANCE.challenge}
        assert "EIM_ASResAuthorizationMode" not in offered

    @pytest.mark.parametrize("why", ["plain TCP", "free", "authorized already", "no contracts"])
    def test_a_card_alone(self, why: str) -> None:
        """V2G20-2567."""
        charger = replace(BOTH, is_free=why == "free")
        if why == "no contracts":
            charger = replace(BOTH, identifications=("EIM",))
        vehicle = Vehicle("AC", charger=charger, link=PLAIN if why == "plain TCP" else TLS)
        if why == "authorized already":
            vehicle.evse.facts = replace(vehicle.evse.facts, authorization="accepted")
        vehicle.send("SessionSetupReq")
        offered = vehicle.send("AuthorizationSetupReq")
        assert offered["AuthorizationServices"] == ["EIM"]
        assert offered["CertificateInstallationService"] is False
        assert offered["EIM_ASResAuthorizationMode"] == {}

    def test_contracts_alone_take_tls(self) -> None:
        vehicle = Vehicle("AC", charger=replace(BOTH, identifications=("contract",)), link=PLAIN)
        vehicle.send("SessionSetupReq")
        assert vehicle.send("AuthorizationSetupReq")["ResponseCode"] == "FAILED"
        assert vehicle.ending == "error"


class TestCard:
    def test_it_is_waited_for(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.AUTHORIZATION)
        vehicle.evse.authorizes = "pending"
        for _ in range(3):
            response = vehicle.send("AuthorizationReq")
            assert response["EVSEProcessing"] == "Ongoing_WaitingForCustomerInteraction"
        assert vehicle.evse.ordered(AwaitDriver) == [AwaitDriver()]

    def test_who_is_authorized_already_is_not_asked(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.AUTHORIZATION)
        vehicle.evse.facts = replace(vehicle.evse.facts, authorization="accepted")
        assert vehicle.send("AuthorizationReq")["EVSEProcessing"] == "Finished"
        assert vehicle.evse.ordered(AwaitDriver) == []

    def test_another_card_after_one_that_was_rejected(self) -> None:
        """V2G20-2230."""
        vehicle = Vehicle("AC").go_to(Phase.AUTHORIZATION)
        vehicle.evse.authorizes = "rejected"
        vehicle.send("AuthorizationReq")
        response = vehicle.send("AuthorizationReq")
        assert response["ResponseCode"] == "WARNING_EIMAuthorizationFailure"
        assert response["EVSEProcessing"] == "Finished"
        assert vehicle.ending is None
        vehicle.evse.authorizes = "accepted"
        vehicle.send("AuthorizationReq")
        assert vehicle.send("AuthorizationReq")["ResponseCode"] == "OK"
        assert len(vehicle.evse.ordered(AwaitDriver)) == 2
        assert vehicle.is_in(Phase.SERVICES)


class TestContract:
    @pytest.mark.parametrize("kind", ["P-521", "Ed448"])
    def test_a_contract_is_decided_on(self, kind: KeyKind) -> None:
        contract = shown(kind=kind)
        vehicle = _vehicle(contract)
        vehicle.evse.authorizes = "pending"
        assert authorize(vehicle, contract)["EVSEProcessing"] == "Ongoing"
        [order] = vehicle.evse.ordered(CheckContract)
        assert isinstance(order, CheckContract)
        assert order.emaid == EMAID
        assert read_bundle(order.chain) == contract.chain
        assert authorize(vehicle, contract)["EVSEProcessing"] == "Ongoing"
        vehicle.evse.facts = replace(vehicle.evse.facts, authorization="accepted")
        response = authorize(vehicle, contract)
        assert (response["ResponseCode"], response["EVSEProcessing"]) == ("OK", "Finished")
        assert len(vehicle.evse.ordered(CheckContract)) == 1
        assert vehicle.is_in(Phase.SERVICES)

    @pytest.mark.parametrize(
        ("refusal", "code"),
        [
            ("CertificateExpired", "WARNING_CertificateExpired"),
            ("CertificateRevoked", "WARNING_CertificateRevoked"),
            ("CertChainError", "WARNING_CertificateValidationError"),
            ("SignatureError", "WARNING_CertificateValidationError"),
            ("ContractCancelled", "WARNING_GeneralPnCAuthorizationError"),
            ("Unknown", "WARNING_eMSPUnknown"),
            ("Blocked", "WARNING_GeneralPnCAuthorizationError"),
            (None, "WARNING_GeneralPnCAuthorizationError"),
        ],
    )
    def test_a_contract_that_is_rejected(self, refusal: str | None, code: str) -> None:
        """V2G20-2211, V2G20-2212."""
        contract = shown()
        vehicle = _vehicle(contract)
        vehicle.evse.authorizes, vehicle.evse.refusal = "rejected", refusal
        authorize(vehicle, contract)
        assert authorize(vehicle, contract)["ResponseCode"] == code
        assert vehicle.is_in(Phase.AUTHORIZATION)
        vehicle.evse.authorizes = "accepted"
        vehicle.send("AuthorizationReq", EIM)
        assert vehicle.send("AuthorizationReq", EIM)["ResponseCode"] == "OK"

    def test_another_challenge(self) -> None:
        """V2G20-2216."""
        vehicle = _vehicle(shown())
        response = authorize(vehicle, shown(), challenge=bytes(16))
        assert response["ResponseCode"] == "WARNING_ChallengeInvalid"
        assert vehicle.evse.ordered(CheckContract) == []
        assert vehicle.ending is None

    @pytest.mark.parametrize("wrong", ["another key", "none", "another part"])
    def test_a_signature_that_is_not_the_contracts(self, wrong: str) -> None:
        """V2G20-461."""
        contract = shown()
        vehicle = _vehicle(contract)
        request = authorization(contract)
        name = "PnC_AReqAuthorizationMode"
        signature: dict[str, Any] | None = {
            "another key": shown("DE83DUIEN83QGZ1").sign(name, request[name]),
            "another part": contract.sign(name, {**request[name], "GenChallenge": bytes(16)}),
        }.get(wrong)
        response = vehicle.send("AuthorizationReq", request, signature=signature)
        assert response["ResponseCode"] == "FAILED_SignatureError"
        assert vehicle.ending == "error"
        assert vehicle.evse.ordered(CheckContract) == []

    @pytest.mark.parametrize(
        ("days", "code"),
        [(-2, "WARNING_CertificateNotYetValid"), (366, "WARNING_CertificateExpired")],
    )
    def test_dates(self, days: int, code: str) -> None:
        """V2G20-2212, V2G20-2213."""
        vehicle = _vehicle(shown())
        vehicle.evse.facts = shown().at(vehicle.evse.facts, timedelta(days=days))
        assert authorize(vehicle, shown())["ResponseCode"] == code
        vehicle.evse.facts = replace(vehicle.evse.facts, clock_is_trusted=False)
        assert authorize(vehicle, shown())["EVSEProcessing"] == "Ongoing"

    @pytest.mark.parametrize(
        "contract",
        [shown("no contract identifier"), shown(kind="P-256"), shown(kind="P-384")],
        ids=["name", "P-256", "P-384"],
    )
    def test_what_is_no_contract(self, contract: Shown) -> None:
        vehicle = _vehicle(contract)
        if contract.chain[0].public_key().key_size == 384:  # type: ignore[union-attr]
            response = vehicle.send("AuthorizationReq", authorization(contract), signature=_any_signature())
            assert response["ResponseCode"] == "FAILED_SignatureError"
        else:
            assert authorize(vehicle, contract)["ResponseCode"] == "WARNING_CertificateValidationError"
        assert vehicle.evse.ordered(CheckContract) == []

    def test_bytes_that_are_no_certificate(self) -> None:
        vehicle = _vehicle()
        chain = {"Certificate": b"\x30\x00", "SubCertificates": {"Certificate": [b""]}}
        request = authorization(shown())
        request["PnC_AReqAuthorizationMode"]["ContractCertificateChain"] = chain
        response = vehicle.send("AuthorizationReq", request)
        assert response["ResponseCode"] == "WARNING_CertificateValidationError"

    def test_another_request_while_a_contract_is_decided_on(self) -> None:
        """V2G20-1977."""
        vehicle = _vehicle(shown())
        vehicle.evse.authorizes = "pending"
        authorize(vehicle, shown())
        assert authorize(vehicle, shown("DE83DUIEN83QGZ1"))["ResponseCode"] == "FAILED_SequenceError"
        assert vehicle.ending == "error"

    def test_a_card_while_a_contract_is_decided_on(self) -> None:
        vehicle = _vehicle(shown())
        vehicle.evse.authorizes = "pending"
        authorize(vehicle, shown())
        assert vehicle.send("AuthorizationReq", EIM)["ResponseCode"] == "FAILED_SequenceError"

    def test_one_that_ends_soon_is_told_and_may_be_renewed(self) -> None:
        """V2G20-1979, V2G20-2702."""
        contract = shown(terms=Terms(valid_for=timedelta(days=10)))
        vehicle = _vehicle(contract)
        authorize(vehicle, contract)
        assert authorize(vehicle, contract)["ResponseCode"] == "OK_CertificateExpiresSoon"
        assert vehicle.is_in(Phase.EXPIRING)
        other = shown(terms=Terms(valid_for=timedelta(days=11)))
        assert authorize(vehicle, other)["ResponseCode"] == "WARNING_GeneralPnCAuthorizationError"
        assert authorize(vehicle, contract)["ResponseCode"] == "OK"
        assert vehicle.is_in(Phase.SERVICES)

    def test_the_way_is_not_changed_once_authorized(self) -> None:
        contract = shown(terms=Terms(valid_for=timedelta(days=10)))
        vehicle = _vehicle(contract)
        authorize(vehicle, contract)
        authorize(vehicle, contract)
        assert vehicle.send("AuthorizationReq", EIM)["ResponseCode"] == "FAILED_SequenceError"


class TestChoice:
    def test_what_was_not_offered_is_told_once(self) -> None:
        """V2G20-2209, V2G20-2226."""
        vehicle = Vehicle("AC").go_to(Phase.AUTHORIZATION)
        for ending in (None, "error"):
            response = authorize(vehicle, shown())
            assert response["ResponseCode"] == "WARNING_AuthorizationSelectionInvalid"
            assert vehicle.ending == ending

    def test_a_way_with_the_other_ones_parameters(self) -> None:
        vehicle = _vehicle()
        mixed = {"SelectedAuthorizationService": "PnC", "EIM_AReqAuthorizationMode": {}}
        response = vehicle.send("AuthorizationReq", mixed)
        assert response["ResponseCode"] == "WARNING_AuthorizationSelectionInvalid"


def _any_signature() -> dict[str, Any]:
    name = "PnC_AReqAuthorizationMode"
    return shown().sign(name, authorization(shown())[name])
