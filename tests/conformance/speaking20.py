"""A vehicle that speaks ISO 15118-20 on alternating current with the agent, over mutual TLS 1.3."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from agent.iso15118.iso20.messages import COMMON, payload_type_of, schema_of
from agent.iso15118.v2gtp import Frame
from certs.exi.codec import decode, encode
from certs.exi.tables import schema
from certs.pem import write_bundle
from tests.conformance.speaking import PATIENCE_S, Vehicle
from tests.unit.agent.iso15118.iso20.contracts import Shown, authorization
from tests.unit.agent.iso15118.iso20.requests import REQUESTS, plan, start
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle as Sensible
from tests.unit.agent.iso15118.iso20.vehicle import progress
from tests.unit.agent.iso15118.pki import issued, show

AC: Final = "urn:iso:std:iso:15118:-20:AC"
_PAYS: Final = "PnC_AReqAuthorizationMode"
_INSTALLS: Final = "OEMProvisioningCertificateChain"
_DECIDED_ON: Final = "Ongoing"


def trusting(root_pem: str, folder: Path) -> ssl.SSLContext:
    """Return a vehicle's TLS 1.3: it knows this V2G root, and shows a certificate of its manufacturer."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=root_pem)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return show(context, issued("oem-20")["vehicle"], folder)


def root_of(folder: str) -> str:
    """Return the root (PEM) of a hierarchy of the development PKI."""
    return write_bundle((issued(folder)["root"].chain[0],))


def held(folder: str, file: str) -> Shown:
    """Return a key of the development PKI with its chain."""
    one = issued(folder)[file]
    return Shown(one.key, one.chain)


class Vehicle20(Vehicle):
    """What it asks, in its order; every request is a sensible one."""

    contract: Shown
    maker: Shown
    heard: bytes
    _sensible: Final = Sensible("AC")

    async def send(
        self, name: str, fields: Mapping[str, Any] | None = None, signature: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the response to a request."""
        told = REQUESTS[name](self._sensible) if fields is None else fields
        header: dict[str, Any] = {"SessionID": self.session_id, "TimeStamp": 1}
        if signature is not None:
            header["Signature"] = signature
        by = payload_type_of("AC", name)
        exi = encode(schema(schema_of("AC", by) or COMMON), name, {"Header": header, **told})
        self.writer.write(Frame(by, exi).to_bytes())
        frame = await self.hear()
        self.heard = frame.payload
        came, message = decode(schema(schema_of("AC", frame.payload_type) or COMMON), frame.payload)
        assert came == name.removesuffix("Req") + "Res"
        assert isinstance(message, dict)
        self.session_id = message["Header"]["SessionID"]
        return message

    async def good(self, name: str, fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the response, which must be a good one."""
        response = await self.send(name, fields)
        assert response["ResponseCode"] == "OK", response
        return response

    async def until_offered(self) -> bytes:
        """Go from the agreement to the ways of authorization; return the challenge to be signed."""
        await self.agree((AC, 1, 0))
        response = await self.send("SessionSetupReq")
        assert response["ResponseCode"] == "OK_NewSessionEstablished"
        offered = await self.good("AuthorizationSetupReq")
        assert "PnC" in offered["AuthorizationServices"]
        challenge = offered["PnC_ASResAuthorizationMode"]["GenChallenge"]
        assert isinstance(challenge, bytes)
        return challenge

    async def judged(self, challenge: bytes) -> str:
        """Show the contract, and return what becomes of it."""
        request = authorization(self.contract, challenge)
        signature = self.contract.sign(_PAYS, request[_PAYS])
        async with asyncio.timeout(PATIENCE_S):
            while True:
                response = await self.send("AuthorizationReq", request, signature)
                if response["EVSEProcessing"] != _DECIDED_ON:
                    return str(response["ResponseCode"])
                await asyncio.sleep(0.1)

    async def installed(self, most: int, *wished: str) -> dict[str, Any]:
        """Ask for so many contracts, the wished ones first, and return the response."""
        chain = {"Id": "id1", **self.maker.fields}
        request = {
            **REQUESTS["CertificateInstallationReq"](self._sensible),
            _INSTALLS: chain,
            "MaximumContractCertificateChains": most,
            "PrioritizedEMAIDs": {"EMAID": list(wished)},
        }
        return await self.send("CertificateInstallationReq", request, self.maker.sign(_INSTALLS, chain))

    async def until_power(self) -> None:
        """Go from an authorized driver to energy that may flow."""
        for name in (
            "ServiceDiscoveryReq",
            "ServiceDetailReq",
            "ServiceSelectionReq",
            "AC_ChargeParameterDiscoveryReq",
        ):
            await self.good(name)
        async with asyncio.timeout(PATIENCE_S):
            while (await self.good("ScheduleExchangeReq"))["EVSEProcessing"] != "Finished":
                await asyncio.sleep(0.1)
        await self.good("PowerDeliveryReq", start(plan([(1800, 4000)])))

    async def loop(self) -> dict[str, Any]:
        """Return how charging goes."""
        return await self.good("AC_ChargeLoopReq")

    async def leave(self, how: str = "Terminate") -> None:
        """End charging and the session."""
        await self.good("PowerDeliveryReq", progress("Stop"))
        await self.good("SessionStopReq", {"ChargingSession": how})
