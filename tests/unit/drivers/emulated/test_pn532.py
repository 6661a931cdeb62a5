"""The emulated PN532, by frames written out by hand."""

from __future__ import annotations

import pytest

from drivers.emulated.pn532 import Card, Pn532

AWAKE = bytes.fromhex("55550000000000000000000000000000")
ACK = "0000FF00FF00"
NACK = "0000FFFF0000"
SET_UP = "0000FF05FBD4140100011600"
VERSION = "0000FF02FED4022A00"
LOOK = "0000FF04FCD44A0100E100"
FEW_LOOKS = "0000FF06FAD43205FF0101F400"
VERSION_SAID = "0000FF06FAD50332010607E800"
NONE_SAID = "0000FF03FDD54B00E000"
CARD_SAID = "0000FF0CF4D54B010100040804DEADBEEF9600"


def hear(chip: Pn532, text: str) -> str:
    return chip.hear(bytes.fromhex(text)).hex().upper()


@pytest.fixture
def chip() -> Pn532:
    chip = Pn532()
    chip.hear(AWAKE)
    assert hear(chip, SET_UP) == ACK + "0000FF02FED5151600"
    return chip


def test_asleep_it_hears_nothing_and_awake_only_how_to_be_set_up() -> None:
    chip = Pn532()
    assert hear(chip, SET_UP) == ""
    chip.hear(AWAKE)
    assert hear(chip, VERSION) == ""
    assert hear(chip, SET_UP) != ""
    chip.lose_power()
    assert hear(chip, SET_UP) == ""


def test_version(chip: Pn532) -> None:
    assert hear(chip, VERSION) == ACK + VERSION_SAID


def test_a_card(chip: Pn532) -> None:
    chip.put(Card(bytes.fromhex("DEADBEEF")))
    assert hear(chip, LOOK) == ACK + CARD_SAID


def test_without_a_card_it_looks_for_ever(chip: Pn532) -> None:
    assert hear(chip, LOOK) == ACK
    assert chip.speak() == b""
    chip.put(Card(bytes.fromhex("DEADBEEF")))
    assert chip.speak().hex().upper() == CARD_SAID
    assert chip.speak() == b""


def test_unless_it_is_stopped(chip: Pn532) -> None:
    hear(chip, LOOK)
    assert hear(chip, ACK) == ""
    chip.put(Card(bytes.fromhex("DEADBEEF")))
    assert chip.speak() == b""


def test_or_told_how_often(chip: Pn532) -> None:
    assert hear(chip, FEW_LOOKS) == ACK + "0000FF02FED533F800"
    assert hear(chip, LOOK) == ACK + NONE_SAID
    chip.put(Card(bytes.fromhex("DEADBEEF")))
    assert hear(chip, LOOK) == ACK + CARD_SAID
    chip.remove()
    assert hear(chip, LOOK) == ACK + NONE_SAID


def test_it_says_it_again(chip: Pn532) -> None:
    hear(chip, VERSION)
    assert hear(chip, NACK) == VERSION_SAID


@pytest.mark.parametrize("command", ["0000FF02FED4FE2E00", "0000FF04FCD44A0200E000", "0000FF03FDD402002A00"])
def test_commands_that_make_no_sense(chip: Pn532, command: str) -> None:
    assert hear(chip, command) == "0000FF01FF7F8100"


@pytest.mark.parametrize(
    "damaged", ["0000FF02FED4022B00", "0000FF02FDD4022A00", "0000FF02FED5022900", "FF" * 40]
)
def test_damaged_frames_are_not_answered(chip: Pn532, damaged: str) -> None:
    assert hear(chip, damaged) == ""
    assert hear(chip, VERSION) == ACK + VERSION_SAID


def test_characters_may_come_one_by_one(chip: Pn532) -> None:
    said = b"".join(chip.hear(bytes((byte,))) for byte in bytes.fromhex(VERSION + VERSION))
    assert said.hex().upper() == (ACK + VERSION_SAID) * 2


@pytest.mark.parametrize("length", [0, 3, 5, 8, 11])
def test_cards_that_cannot_exist(length: int) -> None:
    with pytest.raises(ValueError, match=f"not {length}"):
        Card(bytes(length))
