"""Plug & Charge by ISO 15118-2 over TLS: what the backend is asked, and what counts without it (C07, M01)."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from certs.exi.codec import decode
from certs.exi.tables import schema
from certs.issuing import Terms
from tests.conformance.contracts import EMAID, Operator
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.security import V2G, ask_to_sign, delete, install, installed, signed
from tests.conformance.ocpp201.sessions import plug_in, set_variables, unplug
from tests.conformance.speaking import (
    LINK,
    NO_SCHEDULE,
    ContractVehicle,
    Vehicle,
    contract_of,
    loopback_modem,
    speaking,
    told_by_charger,
    trusting,
)
from tests.conformance.station import StationUnderTest
from tests.conformance.tls import Operator as V2gOperator
from tests.unit.agent.iso15118.iso2.vehicle import ROOTS, holder, installation_response

PNC = LINK + 'pilot = "controller"\nplug_and_charge = true\n'
E_MAID = {"idToken": EMAID, "type": "eMAID"}
Shown = Callable[..., AbstractAsyncContextManager[ContractVehicle]]


@pytest.fixture(autouse=True)
def modem(csms: Csms) -> Iterator[None]:
    csms.script["NotifyEVChargingNeeds"] = {"status": NO_SCHEDULE}
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    csms.tokens[EMAID] = {"status": "Accepted"}
    with loopback_modem():
        yield


@pytest.fixture(scope="module")
def operator() -> Operator:
    return Operator.new()


@pytest.fixture
def v2g(tmp_path: Path) -> V2gOperator:
    return V2gOperator(tmp_path)


async def provisioned(csms: Csms, v2g: V2gOperator, operator: Operator) -> None:
    """Give the station a certificate for vehicles, and the roots that contracts are judged by."""
    request = await ask_to_sign(csms, "SignV2GCertificate")
    assert await install(csms, v2g.root_pem, "V2GRootCertificate") == "Accepted"
    chain = v2g.answer(request["csr"], Terms(usage=("digital_signature",)))
    assert await signed(csms, chain, V2G) == "Accepted"
    assert await install(csms, operator.root, "MORootCertificate") == "Accepted"


async def leave(station: StationUnderTest, csms: Csms) -> None:
    """Have the backend go away."""
    await csms.close()
    async with asyncio.timeout(30):
        while (await station.ask(do="status"))["backend"] != "disconnected":
            await asyncio.sleep(0.02)


async def test_a_driver_plugs_in_and_the_contract_pays(
    csms: Csms, start: Start, v2g: V2gOperator, operator: Operator
) -> None:
    """C07.FR.01, C07.FR.02: asked about with where its status is known; the eMAID is the transaction's."""
    station = await start(sections=PNC, SecurityCtrlr__OrganizationName="Operator")
    await provisioned(csms, v2g, operator)
    await plug_in(station, csms)
    async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
        await vehicle.until_charging()
        asked = (await csms.expect("Authorize")).payload
        assert asked["idToken"] == E_MAID
        assert len(asked["iso15118CertificateHashData"]) == 3
        assert (await csms.event(eventType="Started"))["idToken"] == E_MAID
        await csms.event(chargingState="Charging")
        await vehicle.status()
        await vehicle.leave()
    assert not station.bay.contactor_closed
    await unplug(station, csms)
    ended = await csms.event(eventType="Ended")
    assert ended["transactionInfo"]["stoppedReason"] == "EVDisconnected"


async def test_a_contract_that_is_refused_gets_no_power(
    csms: Csms, start: Start, v2g: V2gOperator, operator: Operator
) -> None:
    """C07.FR.01: the vehicle is told what OCPP says of its certificate."""
    station = await start(sections=PNC, SecurityCtrlr__OrganizationName="Operator")
    await provisioned(csms, v2g, operator)
    await plug_in(station, csms)
    refusals = {
        "CertificateRevoked": "FAILED_CertificateRevoked",
        "ContractCancelled": "FAILED_ContractCanceled",
    }
    for word, code in refusals.items():
        csms.script["Authorize"] = {"idTokenInfo": {"status": "Invalid"}, "certificateStatus": word}
        async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
            assert await vehicle.decision() == code
    assert csms.events() == []
    assert not station.bay.contactor_closed


async def test_contracts_are_not_offered_where_the_backend_does_not_want_them(
    csms: Csms, start: Start, v2g: V2gOperator, operator: Operator
) -> None:
    """ISO15118Ctrlr.PnCEnabled counts from the next vehicle on."""
    station = await start(sections=PNC, SecurityCtrlr__OrganizationName="Operator")
    await provisioned(csms, v2g, operator)
    await plug_in(station, csms)
    await set_variables(csms, {"ISO15118Ctrlr.PnCEnabled": "false"})
    async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
        await vehicle.agree()
        await vehicle.expect("SessionSetupReq", {"EVCCID": bytes(6)})
        offered = await vehicle.expect("ServiceDiscoveryReq", {})
        assert offered["PaymentOptionList"]["PaymentOption"] == ["ExternalPayment"]


@pytest.mark.parametrize(
    ("may_judge", "listed", "code"),
    [
        (True, "Accepted", "OK"),
        (True, "Blocked", "FAILED"),
        (True, None, "FAILED"),
        (False, "Accepted", "FAILED"),
    ],
    ids=["known", "blocked", "unknown", "not without the backend"],
)
async def test_without_the_backend(
    csms: Csms,
    start: Start,
    v2g: V2gOperator,
    operator: Operator,
    may_judge: bool,
    listed: str | None,
    code: str,
) -> None:
    """C07.FR.07, C07.FR.08, C07.FR.09, C07.FR.11: ContractValidationOffline, then the list."""
    station = await start(
        sections=PNC,
        SecurityCtrlr__OrganizationName="Operator",
        ISO15118Ctrlr__ContractValidationOffline=may_judge,
    )
    await provisioned(csms, v2g, operator)
    if listed is not None:
        entry = {"idToken": E_MAID, "idTokenInfo": {"status": listed}}
        full: Payload = {"versionNumber": 1, "updateType": "Full", "localAuthorizationList": [entry]}
        assert (await csms.call("SendLocalList", full))["status"] == "Accepted"
    await plug_in(station, csms)
    port = csms.port
    await leave(station, csms)
    async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
        if code != "OK":
            assert await vehicle.decision() == code
            assert not station.bay.contactor_closed
            return
        await vehicle.until_charging()
        assert station.bay.contactor_closed
        await vehicle.status()
        await vehicle.leave()
    await csms.listen(port)
    started = await csms.event(eventType="Started")
    assert (started["offline"], started["idToken"]) == (True, E_MAID)


async def test_a_root_that_is_replaced_in_mid_session(
    csms: Csms, start: Start, v2g: V2gOperator, operator: Operator
) -> None:
    """M04, M05: who charges goes on; the next vehicle is held against what is installed by then."""
    other = Operator.new()
    station = await start(sections=PNC, SecurityCtrlr__OrganizationName="Operator")
    await provisioned(csms, v2g, operator)
    await plug_in(station, csms)
    async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
        await vehicle.until_charging()
        await csms.event(chargingState="Charging")
        [old] = await installed(csms, "MORootCertificate")
        assert await delete(csms, old["certificateHashData"]) == "Accepted"
        assert await install(csms, other.root, "MORootCertificate") == "Accepted"
        assert (await vehicle.status())["ResponseCode"] == "OK"
        assert station.bay.contactor_closed
        await vehicle.leave()
    await unplug(station, csms)
    await plug_in(station, csms)
    async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
        assert await vehicle.decision() != "OK"
    async with speaking(contract_of(other), trusting(v2g)) as vehicle:
        assert await vehicle.decision() == "OK"


async def test_a_clock_that_is_wrong_by_years_lets_no_contract_through(
    csms: Csms, start: Start, v2g: V2gOperator, operator: Operator
) -> None:
    station = await start(sections=PNC, SecurityCtrlr__OrganizationName="Operator")
    await provisioned(csms, v2g, operator)
    entry = {"idToken": E_MAID, "idTokenInfo": {"status": "Accepted"}}
    full: Payload = {"versionNumber": 1, "updateType": "Full", "localAuthorizationList": [entry]}
    assert (await csms.call("SendLocalList", full))["status"] == "Accepted"
    port = csms.port
    await csms.close()
    await station.switch_off()
    station.set_wall_clock(timedelta(days=4000))
    await station.power_on()
    station.bay.plug_in()
    await station.until(phase="cable-only")
    assert not (await told_by_charger(tls=True))[2], "its own certificate counts no more"
    async with speaking(Vehicle) as vehicle:
        await vehicle.agree()
        await vehicle.expect("SessionSetupReq", {"EVCCID": bytes(6)})
        offered = await vehicle.expect("ServiceDiscoveryReq", {})
        assert offered["PaymentOptionList"]["PaymentOption"] == ["ExternalPayment"]
    await csms.listen(port)
    await csms.expect("BootNotification")
    async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
        assert await vehicle.decision() == "OK"


@pytest.mark.parametrize(("what", "action"), [("Installation", "Install"), ("Update", "Update")])
async def test_a_vehicle_gets_a_contract_from_the_backend(
    csms: Csms, start: Start, v2g: V2gOperator, operator: Operator, what: str, action: str
) -> None:
    """M01.FR.01, M02.FR.01: request and answer pass as they are; with the contract the session goes on.

    A vehicle that has none asks with its maker's certificate, one whose contract is to be renewed with that.
    """
    answers: list[bytes] = []
    seen: list[dict[str, Any]] = []

    def answer(payload: Payload) -> Payload:
        seen.append(payload)
        _, message = decode(schema("iso2"), base64.b64decode(payload["exiRequest"]))
        exi = installation_response(message["Header"]["SessionID"], what=what)
        answers.append(exi)
        return {"status": "Accepted", "exiResponse": base64.b64encode(exi).decode()}

    csms.script["Get15118EVCertificate"] = answer
    station = await start(
        sections=PNC + "contract_installation = true\n", SecurityCtrlr__OrganizationName="Operator"
    )
    await provisioned(csms, v2g, operator)
    await plug_in(station, csms)
    maker = holder("OEMPROV1")
    async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
        owner = maker if what == "Installation" else vehicle.contract
        shown: dict[str, Any] = {"OEMProvisioningCert": maker.message["Certificate"]}
        if what == "Update":
            shown = {"ContractSignatureCertChain": owner.message, "eMAID": EMAID}
        wanted = {"Id": "id1", **shown, "ListOfRootCertificateIDs": ROOTS}
        await vehicle.until_selected(2)
        response = await vehicle.signed(f"Certificate{what}Req", wanted, owner)
        assert response["ResponseCode"] == "OK"
        assert vehicle.heard == answers[0]
        assert (seen[0]["action"], seen[0]["iso15118SchemaVersion"]) == (
            action,
            "urn:iso:15118:2:2013:MsgDef",
        )
        assert await vehicle.judged() == "OK"


async def test_a_vehicle_is_told_that_there_is_no_contract_for_it(
    csms: Csms, start: Start, v2g: V2gOperator, operator: Operator
) -> None:
    csms.script["Get15118EVCertificate"] = {"status": "Failed", "exiResponse": ""}
    station = await start(
        sections=PNC + "contract_installation = true\n", SecurityCtrlr__OrganizationName="Operator"
    )
    await provisioned(csms, v2g, operator)
    await plug_in(station, csms)
    maker = holder("OEMPROV1")
    wanted = {
        "Id": "id1",
        "OEMProvisioningCert": maker.message["Certificate"],
        "ListOfRootCertificateIDs": ROOTS,
    }
    async with speaking(contract_of(operator), trusting(v2g)) as vehicle:
        await vehicle.until_selected(2)
        response = await vehicle.signed("CertificateInstallationReq", wanted, maker)
        assert response["ResponseCode"] == "FAILED_NoCertificateAvailable"
