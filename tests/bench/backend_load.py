"""The load: chargers that send TransactionEvents of eight values, each waiting for its answers.

A process of its own, so that it takes no time from the server. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import sys
import time
import uuid
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

AT = "2026-03-11T09:00:00.000Z"
REGISTER_WH = 12_345_678
SAMPLES = (
    ("Energy.Active.Import.Register", None, "Wh"),
    ("Power.Active.Import", None, "W"),
    ("Current.Import", "L1", "A"),
    ("Current.Import", "L2", "A"),
    ("Current.Import", "L3", "A"),
    ("Voltage", "L1-N", "V"),
    ("Voltage", "L2-N", "V"),
    ("Voltage", "L3-N", "V"),
)
BOOT = {"reason": "PowerUp", "chargingStation": {"model": "LOAD", "vendorName": "chargehand"}}


@dataclass
class Measured:
    """Latencies in s of all connections, and how many answers were errors."""

    latencies_s: list[float] = field(default_factory=list)
    errors: int = 0


def main() -> int:
    """Send the load and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="what the stations' ids are appended to")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--messages", type=int, default=100, help="per connection")
    parser.add_argument("--password", default="")
    parser.add_argument("--boot", action="store_true", help="send a BootNotification first")
    measured, elapsed_s = asyncio.run(_run(parser.parse_args()))
    latencies_s = sorted(measured.latencies_s)
    print(
        json.dumps(
            {
                "per_s": len(latencies_s) / elapsed_s,
                "p50_ms": latencies_s[len(latencies_s) // 2] * 1000,
                "p99_ms": latencies_s[len(latencies_s) * 99 // 100] * 1000,
                "errors": measured.errors,
            }
        )
    )
    return 0


async def _run(arguments: argparse.Namespace) -> tuple[Measured, float]:
    measured, go = Measured(), asyncio.Event()
    ready = asyncio.Semaphore(0)
    run = uuid.uuid4().hex[:12]
    tasks = [
        asyncio.create_task(_station(arguments, f"LOAD-{n}", f"{run}-{n}", ready, go, measured))
        for n in range(arguments.connections)
    ]
    for _ in tasks:
        await ready.acquire()
    began_s = time.perf_counter()
    go.set()
    await asyncio.gather(*tasks)
    return measured, time.perf_counter() - began_s


async def _station(
    arguments: argparse.Namespace,
    identity: str,
    transaction_id: str,
    ready: asyncio.Semaphore,
    go: asyncio.Event,
    measured: Measured,
) -> None:
    frames = [_event(transaction_id, seq_no) for seq_no in range(arguments.messages)]
    credentials = base64.b64encode(f"{identity}:{arguments.password}".encode()).decode()
    async with connect(
        f"{arguments.url}/{identity}",
        subprotocols=[Subprotocol("ocpp2.0.1")],
        additional_headers={"Authorization": f"Basic {credentials}"},
        compression=None,  # as the agent connects
    ) as socket:
        if arguments.boot:
            await socket.send(json.dumps([2, str(uuid.uuid4()), "BootNotification", BOOT]))
            await socket.recv()
        ready.release()
        await go.wait()
        await _send(socket, frames, measured)


async def _send(socket: ClientConnection, frames: list[str], measured: Measured) -> None:
    clock, latencies_s = time.perf_counter, measured.latencies_s
    for frame in frames:
        sent_s = clock()
        await socket.send(frame)
        answer = await socket.recv()
        latencies_s.append(clock() - sent_s)
        if answer[:2] == "[4":
            measured.errors += 1


def _event(transaction_id: str, seq_no: int) -> str:
    values = [
        {
            "value": REGISTER_WH + 10.0 * seq_no if phase is None else 16.02,
            "context": "Sample.Periodic",
            "measurand": measurand,
            **({"phase": phase} if phase else {}),
            "unitOfMeasure": {"unit": unit},
        }
        for measurand, phase, unit in SAMPLES
    ]
    payload = {
        "eventType": "Updated" if seq_no else "Started",
        "timestamp": AT,
        "triggerReason": "MeterValuePeriodic",
        "seqNo": seq_no,
        "transactionInfo": {"transactionId": transaction_id, "chargingState": "Charging"},
        "evse": {"id": 1, "connectorId": 1},
        "meterValue": [{"timestamp": AT, "sampledValue": values}],
    }
    return json.dumps([2, str(uuid.uuid4()), "TransactionEvent", payload], separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
