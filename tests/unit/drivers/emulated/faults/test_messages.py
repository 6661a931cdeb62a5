from __future__ import annotations

from random import Random

import pytest

from drivers.emulated.exchange import Message
from drivers.emulated.faults.fault import MessageFault
from drivers.emulated.faults.messages import LongCount, ShortCount, WrongFunction, WrongTransaction, WrongUnit

READ = Message(7, bytes.fromhex("04 04 11 11 22 22"), 5)


def changed(fault: MessageFault, reply: Message = READ) -> str:
    after = fault.change(reply, Random(1))
    number = "" if after.transaction is None else f"#{after.transaction} "
    return f"{number}{after.unit}: {after.pdu.hex(' ')}"


@pytest.mark.parametrize(
    ("fault", "becomes"),
    [
        (WrongUnit(), "#5 8: 04 04 11 11 22 22"),
        (WrongUnit(200), "#5 200: 04 04 11 11 22 22"),
        (WrongFunction(), "#5 7: 03 04 11 11 22 22"),
        (ShortCount(), "#5 7: 04 02 11 11"),
        (LongCount(), "#5 7: 04 06 11 11 22 22 00 00"),
        (WrongTransaction(), "#4 7: 04 04 11 11 22 22"),
    ],
)
def test_what_a_read_reply_becomes(fault: MessageFault, becomes: str) -> None:
    assert changed(fault) == becomes


@pytest.mark.parametrize(
    ("fault", "pdu", "becomes"),
    [
        (ShortCount(), "01 02 ff 01", "01 01 ff"),
        (ShortCount(), "10 00 05 00 02", "10 00 05 00 01"),
        (LongCount(), "0f 00 05 00 02", "0f 00 05 00 03"),
        (ShortCount(), "84 02", "84 02"),
        (LongCount(), "06 00 05 00 02", "06 00 05 00 02"),
        (WrongFunction(), "84 02", "83 02"),
        (WrongFunction(), "10 00 05 00 02", "0f 00 05 00 02"),
        (WrongFunction(), "06 00 05 00 02", "05 00 05 00 02"),
    ],
)
def test_what_other_replies_become(fault: MessageFault, pdu: str, becomes: str) -> None:
    assert changed(fault, Message(1, bytes.fromhex(pdu))) == f"1: {becomes}"


def test_the_last_unit_and_the_first_number_go_round() -> None:
    assert changed(WrongUnit(), Message(255, b"\x84\x01")) == "0: 84 01"
    assert changed(WrongTransaction(), Message(1, b"\x84\x01", 0)) == "#65535 1: 84 01"


def test_a_unit_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="unit 256 is not between 0 and 255"):
        WrongUnit(256)
