"""Charging by ISO 15118 over the loopback: how long the charger takes for an answer, and its memory.

In the loop a vehicle expects the answer within 25 ms or so, and asks up to ten times a second. The time is
from the request's last byte to the answer's last, both ends in one process, with and without TLS. The memory
is that of a whole agent with its backend, while a vehicle charges over TLS.
"""

from __future__ import annotations

import asyncio
import ssl
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from agent.iso15118.iso2.conversation import Iso2
from agent.iso15118.iso20.states import Phase
from agent.iso15118.turns import Answer, Response
from agent.iso15118.v2gtp import Frame, PayloadType
from agent.security.vault import MOST_ROOTS, Vault
from certs.csr import write_key
from certs.exi.codec import encode
from certs.exi.tables import schema
from certs.pem import write_bundle
from certs.roots import Roots
from drivers.emulated.bay import EmulatedBay
from tests.bench.agent import resident_mb
from tests.bench.row import Row
from tests.conformance.speaking import LINK, Vehicle, discover, loopback_modem
from tests.stack.agent import AgentProcess, StationSpec, write_station_file
from tests.stack.backend import BackendProcess
from tests.stack.process import execute
from tests.unit.agent.iso15118.courses import ReadyEvse, charge, in_the_loop
from tests.unit.agent.iso15118.iso20.requests import REQUESTS
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle as Vehicle20
from tests.unit.agent.iso15118.pki import credential, issued, trusting
from tests.unit.agent.iso15118.small import SmallKeyring, SmallVehicle, serving, vehicle

GOAL_MS: Final = 25.0
ROUNDS: Final = 1000
RUNS: Final = 4
"""The quietest counts: what other programs take of the machine is not the charger's."""
RSS_GOAL_MB: Final = 80.0
LOOPS: Final = 200
_PASSWORD: Final = "a-password-of-16-or-more"
_TOKEN: Final = "BENCH-CARD"
_LOOP_20: Final = "DC_ChargeLoopReq"


async def rows() -> list[Row]:
    """Measure the loop without and with TLS."""
    found: list[Row] = []
    for is_tls in (False, True):
        times = await _loop_ms(is_tls=is_tls)
        link = "DC loop over TLS" if is_tls else "DC loop"
        found += [_row(times, percent, f"ISO 15118-2, {link}: an answer") for percent in (50, 99)]
    times = _thought_20_ms()
    found += [_row(times, percent, "ISO 15118-20, DC loop: read to written") for percent in (50, 99)]
    return [*found, await _memory()]


async def _memory() -> Row:
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(loopback_modem())
        bay = await stack.enter_async_context(EmulatedBay(seed=1))
        backend = BackendProcess(directory)
        await backend.prepare(stations={"CH-BENCH": _PASSWORD}, tokens=[_TOKEN])
        await backend.start()
        stack.push_async_callback(backend.kill)
        spec = StationSpec(
            directory=directory, csms_url=backend.ocpp_url, station_id="CH-BENCH", password=_PASSWORD
        )
        file = write_station_file(spec, [bay])
        file.write_text(file.read_text("utf-8") + LINK, "utf-8")
        _equip(directory / "agent-state")
        agent = AgentProcess(directory, launch=execute)
        await agent.start()
        stack.push_async_callback(agent.stop)
        await agent.wait_for_line("registration Accepted")
        bay.plug_in()
        await asyncio.sleep(2)  # as long as SLAC takes, at least
        address, port = await discover(tls=True)
        car = Vehicle(*await asyncio.open_connection(address, port, ssl=_tls()))
        charging = asyncio.create_task(car.until_charging())
        await asyncio.sleep(2)  # until it waits for the driver
        await agent.tap(_TOKEN, 1)
        await charging
        for _ in range(LOOPS):
            await car.status()
        rss_mb = resident_mb(agent.pid)
        await car.leave()
        car.writer.close()
    return Row(
        name="agent memory, a vehicle charges by ISO 15118-2 over TLS",
        value=rss_mb,
        unit="MB",
        baseline="goal",
        ratio=None,
        goal=f"at most {RSS_GOAL_MB:.0f}",
        holds=rss_mb <= RSS_GOAL_MB,
    )


def _equip(state: Path) -> None:
    """Give the station a certificate for vehicles, as if the backend had installed it."""
    vault = Vault(state / "certificates")
    vault.open()
    secc, now = issued("v2g-2")["secc"], datetime.now(UTC)
    Roots(vault.roots, MOST_ROOTS).install("V2G", secc.root, now)
    leaf = secc.chain[0]
    vault.secc.install(
        write_key(secc.key), write_bundle(secc.chain), leaf.not_valid_before_utc, leaf.not_valid_after_utc
    )


async def _loop_ms(*, is_tls: bool) -> list[float]:
    async with (
        serving(ReadyEvse(is_dc=True), [Iso2()], SmallKeyring((credential("v2g-2"),))) as secc,
        vehicle(secc, _tls() if is_tls else None) as car,
    ):
        course = charge(car, is_dc=True, loops=1)
        async for name, _ in course:
            if name == "CurrentDemandReq":
                break
        runs = [[await _one_ms(car) for _ in range(ROUNDS)] for _ in range(RUNS)]
        async for _ in course:  # to its end
            pass
        return min(runs, key=lambda times: _percentile(times, 99))


def _percentile(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]


async def _one_ms(car: SmallVehicle) -> float:
    name, body = in_the_loop(is_dc=True)
    message = {"Header": {"SessionID": car.session_id}, "Body": {name: body}}
    frame = Frame(PayloadType.EXI, encode(schema("iso2"), "V2G_Message", message)).to_bytes()
    began_s = time.perf_counter()
    car.writer.write(frame)
    await car.hear()
    return (time.perf_counter() - began_s) * 1000


def _tls() -> ssl.SSLContext:
    context = trusting("v2g-2")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _thought_20_ms() -> list[float]:
    """Measure what -20 adds to a connection: a request's bytes read, decided on, and the answer's written."""
    car = Vehicle20("DC").go_to(Phase.LOOP)
    header = {"SessionID": car.session_id, "TimeStamp": 1}
    message = {"Header": header, **REQUESTS[_LOOP_20](car)}
    frame = Frame(PayloadType.DC, encode(schema("iso20_dc"), _LOOP_20, message))

    def one_ms() -> float:
        began_s = time.perf_counter()
        request = car.conversation.read(frame)
        answer = car.conversation.step(car.state, request, car.evse.facts)
        assert isinstance(answer, Answer)
        assert isinstance(answer.response, Response)
        encode(schema(answer.response.schema), answer.response.name, answer.response.message)
        car.state = answer.state
        return (time.perf_counter() - began_s) * 1000

    runs = [[one_ms() for _ in range(ROUNDS)] for _ in range(RUNS)]
    return min(runs, key=lambda times: _percentile(times, 99))


def _row(times: list[float], percent: int, what: str) -> Row:
    value = _percentile(times, percent)
    return Row(
        name=f"{what}, p{percent}",
        value=value,
        unit="ms",
        baseline="goal",
        ratio=None,
        goal=f"at most {GOAL_MS:.0f} ms",
        holds=value <= GOAL_MS,
    )
