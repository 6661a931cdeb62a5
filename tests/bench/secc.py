"""A direct current charge by ISO 15118-2 over the loopback: how long the charger takes for an answer.

In the loop a vehicle expects the answer within 25 ms or so, and asks up to ten times a second. The time is
from the request's last byte to the answer's last, both ends in one process, with and without TLS.
"""

from __future__ import annotations

import ssl
import statistics
import time
from typing import Final

from agent.iso15118.iso2.conversation import Iso2
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import encode
from certs.exi.tables import schema
from tests.bench.row import Row
from tests.unit.agent.iso15118.courses import ReadyEvse, charge, in_the_loop
from tests.unit.agent.iso15118.pki import credential, trusting
from tests.unit.agent.iso15118.small import SmallKeyring, SmallVehicle, serving, vehicle

GOAL_MS: Final = 25.0
ROUNDS: Final = 2000


async def rows() -> list[Row]:
    """Measure the loop without and with TLS."""
    found: list[Row] = []
    for is_tls in (False, True):
        times = await _loop_ms(is_tls=is_tls)
        found += [_row(times, percent, is_tls=is_tls) for percent in (50, 99)]
    return found


async def _loop_ms(*, is_tls: bool) -> list[float]:
    async with (
        serving(ReadyEvse(is_dc=True), [Iso2()], SmallKeyring((credential("v2g-2"),))) as secc,
        vehicle(secc, _tls() if is_tls else None) as car,
    ):
        course = charge(car, is_dc=True, loops=1)
        async for name, _ in course:
            if name == "CurrentDemandReq":
                break
        times = [await _one_ms(car) for _ in range(ROUNDS)]
        async for _ in course:  # to its end
            pass
        return times


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


def _row(times: list[float], percent: int, *, is_tls: bool) -> Row:
    value = statistics.quantiles(times, n=100)[percent - 1]
    return Row(
        name=f"ISO 15118-2, DC loop{' over TLS' if is_tls else ''}: an answer, p{percent}",
        value=value,
        unit="ms",
        baseline="goal",
        ratio=None,
        goal=f"at most {GOAL_MS:.0f} ms",
        holds=value <= GOAL_MS,
    )
