from __future__ import annotations

import pytest

from drivers.serial.pn532_commands import parse_card, parse_firmware

CLASSIC = "01 01 00 04 08 04 DE AD BE EF"
DESFIRE = "01 01 03 44 20 07 04 A1 B2 C3 D4 E5 80 06 75 77 81 02 80"
TRIPLE = "01 01 00 84 00 0A 01 02 03 04 05 06 07 08 09 0A"


@pytest.mark.parametrize(
    ("data", "uid"),
    [(CLASSIC, "DEADBEEF"), (DESFIRE, "04A1B2C3D4E580"), (TRIPLE, "0102030405060708090A"), ("00", None)],
)
def test_cards(data: str, uid: str | None) -> None:
    assert parse_card(bytes.fromhex(data)) == uid


@pytest.mark.parametrize(
    "data",
    [
        "",
        "01",
        "02 01 00 04 08 04 DE AD BE EF",
        "01 02 00 04 08 04 DE AD BE EF",
        "01 01 00 04 08 05 DE AD BE EF 01",
        "01 01 00 04 08 04 DE AD BE",
        "01 01 00 04 08 04 DE AD BE EF 00",
        "01 01 03 44 20 07 04 A1 B2 C3 D4 E5 80 06 75",
        "00 00",
    ],
)
def test_lists_that_make_no_sense(data: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_card(bytes.fromhex(data))


def test_firmware() -> None:
    assert parse_firmware(bytes.fromhex("32010607")) == "1.6"
    for other in ("33010607", "3201", ""):
        with pytest.raises(ValueError, match="no PN532"):
            parse_firmware(bytes.fromhex(other))
