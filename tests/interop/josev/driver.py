"""One vehicle of Josev's, plugged in once: `python driver.py PLAN.json`, in Josev's environment, not in ours.

What passes is told on standard output, a JSON object per line: every message, whether the vehicle lets itself
be charged, and how the session ended. `stop` on standard input ends charging; its end ends the vehicle.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import sys
from dataclasses import dataclass
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from iso15118.evcc import EVCCConfig, EVCCHandler, evcc_settings
from iso15118.evcc.comm_session_handler import EVCCCommunicationSession
from iso15118.evcc.controller.simulator import SimEVController
from iso15118.evcc.transport.tcp_client import TCPClient
from iso15118.shared.exceptions import SDPFailedError
from iso15118.shared.exificient_exi_codec import ExificientEXICodec
from iso15118.shared.iexi_codec import IEXICodec
from iso15118.shared.messages.enums import AuthEnum, EnergyTransferModeEnum, Protocol, ServiceV20
from iso15118.shared.messages.iso15118_2.datatypes import ChargingSession as ChargingSession2
from iso15118.shared.messages.iso15118_20.common_messages import ChargingSchedule, DischargingSchedule
from iso15118.shared.messages.iso15118_20.common_messages import ChargingSession as ChargingSession20
from iso15118.shared.messages.iso15118_20.common_types import RationalNumber
from iso15118.shared.messages.iso15118_20.dc import ScheduledDCChargeLoopReqParams
from iso15118.shared.messages.timeouts import Timeouts
from iso15118.shared.security import CertPath, KeyPath
from iso15118.shared.settings import load_shared_settings

VOLTAGE_TOLERANCE_V = 20
PRECHARGE_A = 1
PATIENCE_S = 15
"""How long it waits for an answer at least: whether the charger is quick enough is measured elsewhere."""
SCHEDULED, DYNAMIC = 1, 2


@dataclass
class Plan:
    """What the vehicle is to do."""

    interface: str
    protocols: list[str]
    energy_mode: str
    services: list[str]
    uses_tls: bool
    wants_contract: bool
    is_dynamic: bool
    pauses: bool
    loop_s: float
    battery_v: int
    charging_v: int
    current_a: int
    power_w: int
    resumed: dict[str, str | None] | None


class Told:
    """Standard output; whatever else Josev prints goes to standard error."""

    def __init__(self) -> None:
        self._output = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.dup2(2, 1)

    def __call__(self, event: str, **more: Any) -> None:
        self._output.write(json.dumps({"event": event, **more}) + "\n")


class OverheardCodec(IEXICodec):
    """Josev's codec; what it encodes and decodes as a whole message is told."""

    def __init__(self, tell: Told) -> None:
        self._codec = ExificientEXICodec()
        self._tell = tell
        self.latest: dict[str, Any] = {}
        """What was received last."""

    def encode(self, message: str, namespace: str) -> bytes:
        exi = bytes(self._codec.encode(message, namespace))
        if (whole := _whole(json.loads(message))) is not None:
            self._tell("sent", message=whole[0], body=whole[1])
        return exi

    def decode(self, stream: bytes, namespace: str) -> str:
        message = str(self._codec.decode(stream, namespace))
        if (whole := _whole(json.loads(message))) is not None:
            self.latest = whole[1]
            self._tell("received", message=whole[0], body=whole[1])
        return message

    def get_version(self) -> str:
        return str(self._codec.get_version())


def _whole(document: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Return a message's name and body; None for a fragment that is only signed."""
    [(name, content)] = document.items()
    if name == "V2G_Message":
        [(name, content)] = content["Body"].items()
        return name, content
    if name.startswith("supportedAppProtocol") or "Header" in content:
        return name, {key: value for key, value in content.items() if key != "Header"}
    return None


class Vehicle(SimEVController):
    """Josev's vehicle with a battery's voltage, one current, and no dice."""

    def __init__(self, config: EVCCConfig, plan: Plan, codec: OverheardCodec, tell: Told) -> None:
        super().__init__(config)
        self._plan, self._codec, self._tell = plan, codec, tell
        self._has_pondered = self._is_at_voltage = False
        wanted = self.dc_ev_charge_params
        wanted.dc_target_voltage.multiplier = 0

    async def enable_charging(self, enabled: bool) -> None:
        self._tell("charging", enabled=enabled)

    async def charge_loop_delay(self) -> float:
        return self._plan.loop_s

    async def is_precharged(self, present_voltage_evse: Any) -> bool:
        """Return it from the second time on: so Josev tells -20 that it has finished, before it goes on."""
        was_there = self._is_at_voltage
        away_v = abs(present_voltage_evse.get_decimal_value() - self._plan.battery_v)
        self._is_at_voltage = away_v < VOLTAGE_TOLERANCE_V
        return self._is_at_voltage and was_there

    async def get_dc_charge_params(self) -> Any:
        wanted, plan = self.dc_ev_charge_params, self._plan
        wanted.dc_target_voltage.value = plan.charging_v if self._is_at_voltage else plan.battery_v
        wanted.dc_target_current.value = plan.current_a if self._is_at_voltage else PRECHARGE_A
        return wanted

    async def get_present_voltage(self) -> RationalNumber:
        return RationalNumber(exponent=0, value=self._plan.battery_v)

    async def get_target_voltage(self) -> RationalNumber:
        return await self.get_present_voltage()

    async def get_scheduled_dc_charge_loop_params(self) -> ScheduledDCChargeLoopReqParams:
        return ScheduledDCChargeLoopReqParams(
            ev_target_current=RationalNumber(exponent=0, value=self._plan.current_a),
            ev_target_voltage=RationalNumber(exponent=0, value=self._plan.charging_v),
        )

    async def get_ac_charge_loop_params_v20(self, control_mode: Any, selected_service: Any) -> Any:
        wanted = await super().get_ac_charge_loop_params_v20(control_mode, selected_service)
        wanted.ev_present_active_power = RationalNumber(exponent=0, value=self._plan.power_w)
        return wanted

    async def select_energy_service_v20(self, services: Any) -> Any:
        wanted = DYNAMIC if self._plan.is_dynamic else SCHEDULED
        selected = await super().select_energy_service_v20(services)
        for parameters in services[0].parameter_sets:
            if any(one.name == "ControlMode" and one.int_value == wanted for one in parameters.parameters):
                selected.parameter_set = parameters
                return selected
        raise LookupError(f"{services[0]} has no parameters for control mode {wanted}")

    async def process_scheduled_se_params(self, scheduled_params: Any, pause: bool) -> Any:
        return await self._pondered(super().process_scheduled_se_params, scheduled_params, pause)

    async def process_dynamic_se_params(self, dynamic_params: Any, pause: bool) -> Any:
        return await self._pondered(super().process_dynamic_se_params, dynamic_params, pause)

    async def store_contract_cert_and_priv_key(self, contract_cert: bytes, priv_key: bytes) -> None:
        chain = self._codec.latest["ContractSignatureCertChain"]
        subordinate = [base64.b64decode(one) for one in chain["SubCertificates"]["Certificate"]]
        Path(CertPath.CONTRACT_LEAF_DER).write_bytes(contract_cert)
        Path(CertPath.MO_SUB_CA2_DER).write_bytes(subordinate[0])
        Path(CertPath.MO_SUB_CA1_DER).write_bytes(subordinate[1])
        key = ec.derive_private_key(int.from_bytes(priv_key, "big"), ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        Path(KeyPath.CONTRACT_LEAF_PEM).write_bytes(pem)
        (Path(KeyPath.CONTRACT_LEAF_PEM).parent / "contractLeafPassword.txt").write_text("", "ascii")
        self._tell("contract")

    async def _pondered(self, process: Any, parameters: Any, pause: bool) -> Any:
        """Answer "not yet" once, and then what Josev makes of it."""
        is_ready, self._has_pondered = self._has_pondered, True
        while bool((profile := await process(parameters, pause))[0]) != is_ready:
            pass
        return profile


class Session(EVCCCommunicationSession):
    """Josev's session, which may pause, and whose end is told at once."""

    plan: Plan
    tell: Told
    over: asyncio.Event

    @property
    def charging_session_stop_v2(self) -> ChargingSession2 | None:
        return ChargingSession2.PAUSE if self._stop_2 and self.plan.pauses else self._stop_2

    @charging_session_stop_v2.setter
    def charging_session_stop_v2(self, value: ChargingSession2 | None) -> None:
        self._stop_2 = value

    @property
    def charging_session_stop_v20(self) -> ChargingSession20 | None:
        return ChargingSession20.PAUSE if self._stop_20 and self.plan.pauses else self._stop_20

    @charging_session_stop_v20.setter
    def charging_session_stop_v20(self, value: ChargingSession20 | None) -> None:
        self._stop_20 = value

    async def send(self, message: Any) -> None:
        await super().send(message)
        state = self.current_state
        state.next_msg_timeout = max(state.next_msg_timeout or 0, PATIENCE_S)

    async def stop(self, reason: str) -> None:
        await self.ev_controller.enable_charging(False)
        authorization = self.selected_auth_option
        mode = self.selected_energy_mode
        self.tell(
            "ended",
            successful=self.stop_reason is not None and self.stop_reason.successful,
            reason=reason,
            session_id=self.session_id,
            authorization=None if authorization is None else authorization.name,
            energy_mode=None if mode is None else mode.name,
        )
        self.writer.close()
        self.over.set()


class Plug(EVCCHandler):
    """Josev's discovery of the charger, with our session."""

    def __init__(self, config: EVCCConfig, plan: Plan, codec: OverheardCodec, tell: Told) -> None:
        super().__init__(config, plan.interface, codec, Vehicle(config, plan, codec, tell))
        self._plan, self._tell = plan, tell
        self.over = asyncio.Event()

    async def restart_sdp(self, new_sdp_cycle: bool) -> None:
        if self.over.is_set():
            return
        try:
            await super().restart_sdp(new_sdp_cycle)
        except SDPFailedError as error:
            self._tell("ended", successful=False, reason=str(error))
            self.over.set()

    async def start_comm_session(self, host: IPv6Address, port: int, is_tls: bool) -> None:
        try:
            client = await TCPClient.create(host, port, self._rcv_queue, is_tls, self.iface)
        except OSError as error:
            self._tell("ended", successful=False, reason=f"no connection: {error!r}")
            self.over.set()
            return
        secured = client.writer.get_extra_info("ssl_object")
        self._tell("connected", tls=None if secured is None else secured.version())
        session = Session(
            (client.reader, client.writer), self._rcv_queue, self.config, self.iface, self.ev_controller
        )
        session.plan, session.tell, session.over = self._plan, self._tell, self.over
        session.is_tls = is_tls
        await session.send_sap()
        self.comm_session = session, asyncio.create_task(session.start(Timeouts.SUPPORTED_APP_PROTOCOL_REQ))


async def obey(plug: Plug) -> None:
    """Carry out what comes on standard input, until it ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    async for line in reader:
        if line.strip() == b"stop":
            await plug.ev_controller.stop_charging()


async def drive(plan: Plan, tell: Told) -> None:
    config = EVCCConfig(
        energyTransferMode=EnergyTransferModeEnum(plan.energy_mode),
        useTls=plan.uses_tls,
        enforceTls=plan.uses_tls,
        isCertInstallNeeded=plan.wants_contract,
        chargeLoopCycle=100_000,
    )
    config.supported_protocols = [Protocol[name] for name in plan.protocols]
    config.supported_energy_services = [ServiceV20[name] for name in plan.services]
    if plan.resumed is not None:
        _remember(plan.resumed)
    plug = Plug(config, plan, OverheardCodec(tell), tell)
    tasks = [asyncio.create_task(one) for one in (plug.start(), obey(plug), plug.over.wait())]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


def _remember(paused: dict[str, str | None]) -> None:
    """Have the vehicle come back to a session that it paused; -20 remembers its identifier only."""
    evcc_settings.RESUME_SESSION_ID = paused["session_id"]
    if (authorization := paused["authorization"]) is not None:
        evcc_settings.RESUME_SELECTED_AUTH_OPTION = AuthEnum[authorization]
    if (mode := paused["energy_mode"]) is not None:
        evcc_settings.RESUME_REQUESTED_ENERGY_MODE = EnergyTransferModeEnum[mode]


def main() -> None:
    tell = Told()
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text("utf-8")))
    for schedule in (ChargingSchedule, DischargingSchedule):
        schedule.__pre_root_validators__.clear()  # they want prices, which the schema leaves open
    random.seed(15118)
    load_shared_settings()
    asyncio.run(drive(plan, tell))


if __name__ == "__main__":
    main()
