"""The emulated LEM DCBM, request by request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.counter import Counter
from drivers.emulated.lem_dcbm import LemDcbm
from drivers.emulated.signing.signer import make_signer
from drivers.emulated.web import WebRequest

ASKED = {
    "evseId": "E1",
    "transactionId": "t1",
    "clientId": "04A2",
    "tariffId": 0,
    "cableId": 0,
    "userData": "",
}


class Bench:
    def __init__(self) -> None:
        self.now_s = 0.0
        bay = ChargingBay("bay", clock_us=lambda: 0)
        signer = make_signer("secp256r1")
        self.meter = LemDcbm(
            bay, signer=signer, now_s=lambda: self.now_s, counter=Counter(start_mwh=5_000_999)
        )

    def ask(self, method: str, path: str, body: object = None, **query: str) -> tuple[int, Any]:
        content = b"" if body is None else json.dumps(body).encode()
        reply = self.meter.answer(WebRequest(method, path, query, content))
        is_json = reply.body and reply.content == "application/json"
        return reply.status, json.loads(reply.body) if is_json else reply.body.decode()

    def set_time(self) -> int:
        return int(
            self.ask("PUT", "/v1/settings", {"time": {"utc": "2026-01-02T03:04:05.000Z"}})[1]["result"]
        )

    def bit(self, name: str) -> bool:
        return bool(self.ask("GET", "/v1/status")[1]["status"]["bits"][name])


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_it_shows_what_it_counts_in_whole_wh(bench: Bench) -> None:
    assert bench.ask("GET", "/v1/livemeasure")[1]["energyImportTotal"] == 5.000


def test_without_a_right_clock_nothing_begins(bench: Bench) -> None:
    assert not bench.bit("timeSyncStatusIsOk")
    assert bench.ask("POST", "/v1/legal", ASKED)[0] == 400
    assert bench.set_time() == 1
    assert bench.bit("timeSyncStatusIsOk")
    bench.now_s += 48 * 3600
    assert bench.ask("POST", "/v1/legal", ASKED)[0] == 400


def test_a_transaction_from_begin_to_record(bench: Bench) -> None:
    bench.set_time()
    assert bench.ask("GET", "/v1/legal")[1] == {"transactionId": "", "running": False}
    status, begun = bench.ask("POST", "/v1/legal", ASKED)
    assert (status, begun["running"], bench.bit("transactionIsOnGoing")) == (201, True, True)
    assert bench.ask("POST", "/v1/legal", ASKED | {"transactionId": "t2"})[0] == 400
    assert bench.set_time() == 0, "not during a transaction"
    assert bench.ask("GET", "/v1/ocmf", transactionId="t1")[0] == 404
    assert bench.ask("PUT", "/v1/legal", {"running": False}, transactionId="t2")[0] == 404
    status, ended = bench.ask("PUT", "/v1/legal", {"running": False}, transactionId="t1")
    assert (status, ended["meterValue"]["transactionStatus"] & 0b100) == (200, 0)
    assert bench.ask("PUT", "/v1/legal", {"running": False}, transactionId="t1")[0] == 404
    status, text = bench.ask("GET", "/v1/ocmf", transactionId="t1")
    assert (status, text[:5]) == (200, "OCMF|")
    assert bench.ask("GET", "/v1/status")[1]["numberOfStoredTransactions"] == 1


@pytest.mark.parametrize("name", ASKED)
def test_every_member_of_a_begin_is_needed(bench: Bench, name: str) -> None:
    bench.set_time()
    assert bench.ask("POST", "/v1/legal", {key: ASKED[key] for key in ASKED if key != name})[0] == 400
    assert bench.ask("POST", "/v1/legal", ASKED | {name: None})[0] == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", None, 404),
        ("DELETE", "/v1/legal", None, 405),
        ("PUT", "/v1/settings", {"time": {"utc": "noon"}}, 400),
        ("PUT", "/v1/settings", {"time": {"utc": "2026-01-02T03:04:05"}}, 400),
        ("PUT", "/v1/settings", [], 400),
        ("PUT", "/v1/legal", {"running": True}, 400),
        ("GET", "/v1/ocmf", None, 400),
    ],
)
def test_requests_that_make_no_sense(bench: Bench, method: str, path: str, body: object, status: int) -> None:
    assert bench.ask(method, path, body)[0] == status


def test_a_power_cut_takes_the_time_and_keeps_the_transaction(bench: Bench) -> None:
    bench.set_time()
    bench.ask("POST", "/v1/legal", ASKED)
    bench.meter.lose_power()
    assert not bench.bit("timeSyncStatusIsOk")
    assert bench.meter.open_transaction == "t1"
