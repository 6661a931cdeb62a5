"""A vehicle that speaks ISO 15118-2 with the agent at the loopback interface: real discovery, TCP and EXI."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final, TypeVar

from agent.iso15118.discovery import PORT
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import decode, encode
from certs.exi.tables import schema
from tests.conformance.contracts import EMAID, Operator
from tests.conformance.kit import VERSION
from tests.conformance.tls import Operator as V2gOperator
from tests.unit.agent.iso15118.iso2.vehicle import (
    AC_PARAMETERS,
    DC_PARAMETERS,
    DEMAND,
    EV_STATUS,
    Holder,
    selection,
)
from tests.unit.agent.iso15118.small import SmallVehicle
from tests.unit.agent.iso15118.talking import amperes, volts

EVCC_ID: Final = bytes.fromhex("0A1B2C3D4E5F")
LINK: Final = """
[evse.iso15118]
interface = "lo"
evse_id = "DE*CHA*E1*1"
"""
NO_SCHEDULE: Final = "NoChargingProfile" if VERSION == "2.1" else "Rejected"
"""What a backend says to the needs of a vehicle that it has no schedule for."""
PATIENCE_S: Final = 20.0
_ASK_PLAIN: Final = bytes.fromhex("01fe9000000000021000")
_ASK_TLS: Final = bytes.fromhex("01fe9000000000020000")


@contextmanager
def loopback_modem() -> Iterator[None]:
    """Have the loopback's discovery port to oneself: it is one for the whole machine.

    A name in the kernel tells whose it is; it goes with the process that has it.
    """
    with socket.socket(socket.AF_UNIX) as sign:
        while True:
            try:
                sign.bind(f"\0chargehand-discovery-{os.getuid()}")
                break
            except OSError:
                time.sleep(0.05)
        yield


async def discover(*, tls: bool = False) -> tuple[str, int]:
    """Return where the charger says that it listens, with TLS or without; it may still be starting."""
    async with asyncio.timeout(PATIENCE_S):
        while (told := await told_by_charger(tls=tls))[2] is not tls:
            await asyncio.sleep(0.05)
    return told[:2]


async def told_by_charger(*, tls: bool) -> tuple[str, int, bool]:
    """Ask for a server, and return its address, its port, and whether it speaks TLS."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as asking:
        asking.setblocking(False)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(OSError, TimeoutError):
                    await loop.sock_sendto(asking, _ASK_TLS if tls else _ASK_PLAIN, ("::1", PORT))
                    async with asyncio.timeout(0.5):
                        reply = await loop.sock_recv(asking, 64)
                    address = str(ipaddress.IPv6Address(reply[8:24]))
                    return address, int.from_bytes(reply[24:26], "big"), reply[26] == 0
                await asyncio.sleep(0.05)


class Vehicle(SmallVehicle):
    """What a vehicle on alternating current asks, in its order."""

    async def until_authorized(self) -> None:
        """Go from the agreement to an authorized driver."""
        await self.agree()
        await self.expect("SessionSetupReq", {"EVCCID": EVCC_ID})
        await self.expect("ServiceDiscoveryReq", {})
        await self.expect("PaymentServiceSelectionReq", selection("ExternalPayment"))
        await self.finished("AuthorizationReq", {})

    async def until_parameters(self) -> dict[str, Any]:
        """Go on to the schedules that are offered."""
        return await self.finished("ChargeParameterDiscoveryReq", AC_PARAMETERS)

    async def until_charging(self) -> None:
        """Have everything agreed on, and take energy."""
        await self.until_authorized()
        await self.until_parameters()
        await self.expect("PowerDeliveryReq", {"ChargeProgress": "Start", "SAScheduleTupleID": 1})

    async def status(self) -> dict[str, Any]:
        """Return how charging goes."""
        return await self.expect("ChargingStatusReq", {})

    async def until_notified(self, what: str) -> dict[str, Any]:
        """Charge until the charger asks for something."""
        async with asyncio.timeout(PATIENCE_S):
            while (answer := await self.status())["AC_EVSEStatus"]["EVSENotification"] != what:
                await asyncio.sleep(0.05)
        return answer

    async def leave(self, how: str = "Terminate") -> None:
        """End charging and the session."""
        await self.expect("PowerDeliveryReq", {"ChargeProgress": "Stop", "SAScheduleTupleID": 1})
        await self.expect("SessionStopReq", {"ChargingSession": how})

    async def expect(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the answer, which must be a good one."""
        answer = await self.ask(name, body)
        assert answer["ResponseCode"].startswith("OK"), answer
        return answer

    async def finished(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask until the charger has made up its mind."""
        async with asyncio.timeout(PATIENCE_S):
            while (answer := await self.expect(name, body))["EVSEProcessing"] != "Finished":
                await asyncio.sleep(0.1)
        return answer


class DcVehicle(Vehicle):
    """What a vehicle on direct current asks, in its order."""

    async def until_checked(self) -> None:
        """Go from the agreement to a cable that is found good."""
        await self.until_authorized()
        await self.finished("ChargeParameterDiscoveryReq", DC_PARAMETERS)
        await self.finished("CableCheckReq", {"DC_EVStatus": EV_STATUS})

    async def until_charging(self) -> None:
        """Go on until current flows."""
        await self.until_checked()
        for _ in range(5):
            wanted = {"EVTargetVoltage": volts(400), "EVTargetCurrent": amperes(1)}
            await self.expect("PreChargeReq", {"DC_EVStatus": EV_STATUS, **wanted})
            await asyncio.sleep(0.1)
        await self.expect("PowerDeliveryReq", {"ChargeProgress": "Start", "SAScheduleTupleID": 1})
        async with asyncio.timeout(PATIENCE_S):
            while (await self.demand())["EVSEPresentCurrent"]["Value"] <= 0:
                await asyncio.sleep(0.05)

    async def demand(self, current_a: int = 100) -> dict[str, Any]:
        """Ask for this current."""
        return await self.expect("CurrentDemandReq", {**DEMAND, "EVTargetCurrent": amperes(current_a)})


class ContractVehicle(Vehicle):
    """A vehicle with a contract, which signs what has to be signed."""

    contract: Holder
    maker: Holder

    async def signed(self, name: str, body: dict[str, Any], by: Holder) -> dict[str, Any]:
        """Return the answer to a request that is signed."""
        header = {"SessionID": self.session_id, "Signature": by.sign(name, body)}
        exi = encode(schema("iso2"), "V2G_Message", {"Header": header, "Body": {name: body}})
        self.writer.write(Frame(PayloadType.EXI, exi).to_bytes())
        frame = await self.hear()
        self.heard = frame.payload
        _, message = decode(schema("iso2"), frame.payload)
        (answer,) = message["Body"].values()
        assert isinstance(answer, dict)
        return answer

    async def until_selected(self, *services: int) -> None:
        """Go from the agreement to the choice of paying by contract."""
        await self.agree()
        await self.expect("SessionSetupReq", {"EVCCID": EVCC_ID})
        offered = await self.expect("ServiceDiscoveryReq", {})
        assert "Contract" in offered["PaymentOptionList"]["PaymentOption"]
        await self.expect("PaymentServiceSelectionReq", selection("Contract", 1, *services))

    async def until_authorized(self) -> None:
        """Show the contract, prove that it is one's own, and have it accepted."""
        assert (await self.decision()) == "OK"

    async def decision(self) -> str:
        """Return what becomes of the contract, as a response code."""
        await self.until_selected()
        return await self.judged()

    async def judged(self) -> str:
        """Show the contract and return what becomes of it."""
        details = {"eMAID": EMAID, "ContractSignatureCertChain": self.contract.message}
        answer = await self.ask("PaymentDetailsReq", details)
        if answer["ResponseCode"] != "OK":
            return str(answer["ResponseCode"])
        proof = {"Id": "id1", "GenChallenge": answer["GenChallenge"]}
        answer = await self.signed("AuthorizationReq", proof, self.contract)
        async with asyncio.timeout(PATIENCE_S):
            while answer["ResponseCode"] == "OK" and answer["EVSEProcessing"] != "Finished":
                await asyncio.sleep(0.1)
                answer = await self.ask("AuthorizationReq", {})
        return str(answer["ResponseCode"])


def contract_of(operator: Operator) -> type[ContractVehicle]:
    """Return a vehicle whose contract is of this operator."""

    class Car(ContractVehicle):
        contract = Holder(operator.contract.key, operator.contract.chain)

    return Car


def trusting(v2g: V2gOperator) -> ssl.SSLContext:
    """Return a vehicle's TLS 1.2, which knows the V2G root."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=v2g.root_pem)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


Speaker = TypeVar("Speaker", bound=Vehicle)


@asynccontextmanager
async def speaking(kind: type[Speaker], tls: ssl.SSLContext | None = None) -> AsyncIterator[Speaker]:
    """Find the charger and connect to it."""
    address, port = await discover(tls=tls is not None)
    reader, writer = await asyncio.open_connection(address, port, ssl=tls)
    try:
        yield kind(reader, writer)
    finally:
        with suppress(OSError, TimeoutError):
            if writer.can_write_eof():
                writer.write_eof()
            else:
                writer.close()
            async with asyncio.timeout(PATIENCE_S):
                await reader.read()  # until the charger has closed its end, too
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
