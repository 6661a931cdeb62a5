"""The emulated OpenEVSE controller, by its commands."""

from __future__ import annotations

import pytest

from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.ev import EvSpec
from drivers.emulated.openevse import OpenEvse, Stored


class Bench:
    """A board whose time is moved by hand."""

    def __init__(self, **board: bool) -> None:
        self.now_s = 0.0
        self.bay = ChargingBay("bay", clock_us=lambda: int(self.now_s * 1e6), ev=EvSpec(stored_kwh=0))
        self.stored = Stored(total_wh=1000)
        self.board = OpenEvse(self.bay, clock_s=lambda: self.now_s, stored=self.stored, **board)
        self.notices = self.board.speak().decode()

    def do(self, command: str) -> str:
        """Give a command and return the reply's words; notices go to `notices`."""
        said = self.board.hear(f"${command}\r".encode()).decode().split("\r")
        reply, *notices = [one for one in said if one]
        self.notices += "".join(notices)
        return reply[1:].partition("^")[0]

    def wait(self, seconds: float) -> None:
        for _ in range(int(seconds * 10)):
            self.now_s += 0.1
            self.notices += self.board.speak().decode()

    def charge(self) -> None:
        self.bay.plug_in()
        self.wait(12)
        assert self.bay.state.contactor_closed


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_switched_on_it_says_so_and_offers_what_is_stored(bench: Bench) -> None:
    assert bench.notices.startswith("$AB 00 8.2.1^")
    bench.charge()
    assert bench.bay.scene.measured.currents_ma[0] > 31_000
    assert "$AT 02 02 32 0100^" in bench.notices
    assert "$AT 03 03 32 0140^" in bench.notices


def test_state_power_and_limits(bench: Bench) -> None:
    assert bench.do("GS") == "OK 01 0 01 0000"
    assert bench.do("GC") == "OK 6 32 32 32"
    assert bench.do("G0") == "OK 0"
    assert bench.do("SC 16 V") == "OK 16"
    assert bench.do("SC 40 V") == "NK 32"
    assert bench.do("SC 3 V") == "NK 6"
    assert bench.do("GE") == "OK 6 0020"
    assert (bench.stored.limit_a, bench.do("SC 20"), bench.stored.limit_a) == (32, "OK 20", 20)


def test_asleep_it_lets_a_vehicle_end_its_current(bench: Bench) -> None:
    bench.charge()
    assert bench.do("FS") == "OK"
    assert bench.do("GS").startswith("OK fe")
    assert bench.board.is_closed
    bench.wait(2)
    assert bench.do("GS") == "OK fe 11 02 0100"
    assert bench.do("FE") == "OK"
    bench.wait(3)
    assert bench.do("GS").startswith("OK 03")


def test_a_vehicle_that_does_not_react_is_cut_off(bench: Bench) -> None:
    bench.charge()
    bench.bay.ev = EvSpec(reaction_s=60)
    bench.bay._physics.ev = bench.bay.ev
    bench.do("FS")
    bench.wait(2.5)
    assert bench.bay.state.contactor_closed
    bench.wait(1)
    assert not bench.bay.state.contactor_closed


def test_disabled_it_says_so_on_the_pilot(bench: Bench) -> None:
    bench.charge()
    assert bench.do("FD") == "OK"
    assert bench.do("GS").startswith("OK ff")
    assert not bench.bay.state.contactor_closed


def test_a_session_is_added_to_the_total_when_the_plug_is_pulled(bench: Bench) -> None:
    bench.charge()
    bench.wait(60)
    assert bench.stored.total_wh == 1000
    session_ws = int(bench.do("GU").split()[1])
    assert session_ws == bench.bay.state.passed_mwh * 36 // 10 > 3600
    bench.bay.unplug()
    bench.wait(0.1)
    assert bench.do("GU") == f"OK {session_ws} {1000 + session_ws // 3600}"


def test_a_session_that_a_restart_cuts_is_lost(bench: Bench) -> None:
    bench.charge()
    bench.wait(60)
    assert bench.do("FR") == "OK"
    bench.wait(0.1)
    assert bench.do("GU").endswith(" 1000")
    assert int(bench.do("GU").split()[1]) < 3600


def test_a_missed_heartbeat_limits_and_its_acknowledgement_raises_to_the_most(bench: Bench) -> None:
    bench.do("SC 10 V")
    assert bench.do("SY 30 6") == "OK 30 6 0"
    bench.wait(29)
    assert bench.do("SY") == "OK 30 6 0"
    bench.wait(29)
    assert bench.board.limit_a == 10
    bench.wait(2)
    assert bench.board.limit_a == 6
    assert bench.do("SY") == "NK 30 6 2"
    assert bench.do("SY 1") == "NK"
    assert bench.do("SY 165") == "OK 30 6 1"
    assert bench.board.limit_a == 32
    assert bench.do("GY") == "OK 30 6 1"


def test_arming_anew_forgets_the_missed_heartbeat_and_raises_nothing(bench: Bench) -> None:
    bench.do("SY 30 6")
    bench.wait(31)
    assert bench.do("SY 30 6") == "OK 30 6 0"
    assert bench.board.limit_a == 6


def test_a_fault_opens_the_relay(bench: Bench) -> None:
    bench.charge()
    bench.board.fail(0x06)
    assert bench.do("GS").startswith("OK 06")
    assert not bench.bay.state.contactor_closed
    bench.board.fail(None)
    bench.wait(3)
    assert bench.bay.state.contactor_closed


def test_locks_of_the_start() -> None:
    bench = Bench(is_locked_at_start=True)
    bench.bay.plug_in()
    bench.wait(3)
    assert bench.do("GS") == "OK 02 0 02 4108"
    assert (bench.do("S4 0"), bench.do("SB")) == ("OK", "OK")
    bench.wait(3)
    assert bench.bay.state.contactor_closed


def test_bolt_and_display(bench: Bench) -> None:
    assert bench.do("G5") == "OK 0 A"
    bench.bay.plug_in()
    bench.wait(0.1)
    assert bench.do("G5") == "OK 1 A"
    assert bench.do("S5 0") == "OK"
    assert bench.do("G5") == "OK 1 A"
    assert (bench.do("S5 M"), bench.do("S5 0"), bench.do("G5")) == ("OK", "OK", "OK 0 M")
    assert bench.do("FP 2 1 a\x11b c") == "OK"
    assert bench.board.display[1] == "  a b c         "


@pytest.mark.parametrize("command", ["XX", "SC", "SC x V", "FP 0 5 x", "SY 1 2 3", "S5 X", "GS^31"])
def test_what_it_refuses(bench: Bench, command: str) -> None:
    assert bench.do(command) == "NK"
