"""A CurrentDemandReq of ISO 15118-2 into EXI and back, the message of every cycle of a DC charge.

The Java codec that Python projects use is timed beside it where its JAR is named (CHARGEHAND_EXI_JAR; the
PyPI package `iso15118` has it) and `py4j` and a Java runtime are there.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from certs.exi import codec
from certs.exi.tables import schema
from tests.bench.row import Row

GOAL_MS = 0.15
ROUNDS, JAVA_ROUNDS = 2000, 100
NAMESPACE = "urn:iso:15118:2:2013:MsgDef"
MESSAGE: dict[str, Any] = {
    "Header": {"SessionID": bytes(range(8))},
    "Body": {
        "CurrentDemandReq": {
            "DC_EVStatus": {"EVReady": True, "EVErrorCode": "NO_ERROR", "EVRESSSOC": 55},
            "EVTargetCurrent": {"Multiplier": 0, "Unit": "A", "Value": 100},
            "EVMaximumVoltageLimit": {"Multiplier": 0, "Unit": "V", "Value": 450},
            "ChargingComplete": False,
            "EVTargetVoltage": {"Multiplier": 0, "Unit": "V", "Value": 400},
        }
    },
}


async def rows() -> list[Row]:
    """Measure writing and reading."""
    grammars = schema("iso2")
    data = codec.encode(grammars, "V2G_Message", MESSAGE)
    written = _median_ms(lambda: codec.encode(grammars, "V2G_Message", MESSAGE), ROUNDS)
    read = _median_ms(lambda: codec.decode(grammars, data), ROUNDS)
    theirs_written, theirs_read = _java_ms(data)
    return [_row("write", written, theirs_written), _row("read", read, theirs_read)]


def _row(what: str, ours: float, theirs: float | None) -> Row:
    beside = "the Java codec (not there)" if theirs is None else f"the Java codec: {theirs:.3g} ms"
    return Row(
        name=f"EXI: {what} a CurrentDemandReq, median",
        value=ours,
        unit="ms",
        baseline=beside,
        ratio=None if theirs is None else theirs / ours,
        goal=f"at most {GOAL_MS} ms",
        holds=ours <= GOAL_MS,
    )


def _java_ms(data: bytes) -> tuple[float | None, float | None]:
    jar = os.environ.get("CHARGEHAND_EXI_JAR")
    if jar is None:
        return None, None
    theirs, text = _java(jar), json.dumps({"V2G_Message": MESSAGE}, default=lambda value: value.hex().upper())
    assert bytes(theirs.encode(text, NAMESPACE)) == data
    return (
        _median_ms(lambda: theirs.encode(text, NAMESPACE), JAVA_ROUNDS),
        _median_ms(lambda: theirs.decode(data, NAMESPACE), JAVA_ROUNDS),
    )


def _java(jar: str) -> Any:
    from py4j.java_gateway import JavaGateway  # type: ignore[import-not-found]  # noqa: PLC0415 - seldom there

    options = ["--add-opens", "java.base/java.lang=ALL-UNNAMED"]
    gateway = JavaGateway.launch_gateway(classpath=jar, die_on_exit=True, javaopts=options)
    return gateway.jvm.com.siemens.ct.exi.main.cmd.EXICodec()


def _median_ms(do: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        do()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000
