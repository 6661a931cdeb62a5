from __future__ import annotations

import pytest

from drivers.modbus.transport import SerialSettings


@pytest.mark.parametrize(
    ("parity", "stop_bits", "bits"), [("N", 1, 10), ("N", 2, 11), ("E", 1, 11), ("O", 2, 12)]
)
def test_a_character_has_start_data_parity_and_stop_bits(parity: str, stop_bits: int, bits: int) -> None:
    settings = SerialSettings(baud=9600, parity=parity, stop_bits=stop_bits)  # type: ignore[arg-type]  # parameters
    assert settings.character_s == bits / 9600


@pytest.mark.parametrize(
    ("baud", "silence_s"),
    [(9600, 3.5 * 10 / 9600), (19200, 3.5 * 10 / 19200), (38400, 0.00175), (115200, 0.00175)],
)
def test_frames_are_3_5_characters_apart_and_1_75_ms_above_19200_baud(baud: int, silence_s: float) -> None:
    assert SerialSettings(baud=baud, parity="N", stop_bits=1).silence_s == silence_s
