"""Sequences of the blocks A and M."""

from __future__ import annotations

from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.sessions import trigger
from tests.conformance.tls import Operator

CLIENT = "ChargingStationCertificate"
V2G = "V2GCertificate"


async def event(csms: Csms, kind: str) -> Payload:
    """Take the next security event of a kind."""
    return (await csms.expect("SecurityEventNotification", lambda told: told["type"] == kind)).payload


def told(csms: Csms) -> list[str]:
    """Return the kinds of all security events that came, without resends."""
    return list(
        {call.message_id: call.payload["type"] for call in csms.calls("SecurityEventNotification")}.values()
    )


async def install(csms: Csms, pem: str, kind: str = "CSMSRootCertificate") -> str:
    """Install a root, and return the status of the answer."""
    answer = await csms.call("InstallCertificate", {"certificateType": kind, "certificate": pem})
    status: str = answer["status"]
    return status


async def installed(csms: Csms, *kinds: str) -> list[Payload]:
    """Return what is installed of these kinds, or at all."""
    answer = await csms.call("GetInstalledCertificateIds", {"certificateType": list(kinds)} if kinds else {})
    found: list[Payload] = answer.get("certificateHashDataChain", [])
    assert (answer["status"] == "Accepted") == bool(found)
    return found


async def delete(csms: Csms, named: Payload) -> str:
    """Delete what is named so, and return the status of the answer."""
    status: str = (await csms.call("DeleteCertificate", {"certificateHashData": named}))["status"]
    return status


async def ask_to_sign(csms: Csms, message: str = "SignChargingStationCertificate") -> Payload:
    """Have the station ask for a certificate, and take its request."""
    csms.script.setdefault("SignCertificate", {"status": "Accepted"})
    assert await trigger(csms, message) == "Accepted"
    return (await csms.expect("SignCertificate")).payload


async def signed(csms: Csms, chain: str, kind: str | None = CLIENT) -> str:
    """Deliver a chain, and return the status of the answer."""
    payload: dict[str, Any] = {"certificateChain": chain}
    if kind is not None:
        payload["certificateType"] = kind
    status: str = (await csms.call("CertificateSigned", payload))["status"]
    return status


async def renew(csms: Csms, operator: Operator) -> None:
    """Give the station a new certificate for its link (RenewChargingStationCertificate)."""
    request = await ask_to_sign(csms)
    assert await signed(csms, operator.answer(request["csr"])) == "Accepted"
