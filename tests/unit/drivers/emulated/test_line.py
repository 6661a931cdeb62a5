from __future__ import annotations

import pytest

from drivers.emulated.line import LineTiming


def test_a_character_of_8n1_is_ten_bits() -> None:
    assert LineTiming(baud=9600).character_s == pytest.approx(0.0010417, rel=1e-3)


@pytest.mark.parametrize(
    ("baud", "silence_s"), [(1200, 0.0291667), (19200, 0.0018229), (38400, 0.00175), (115200, 0.00175)]
)
def test_a_frame_ends_after_three_and_a_half_characters_or_1750_us_on_fast_lines(
    baud: int, silence_s: float
) -> None:
    assert LineTiming(baud=baud).silence_s == pytest.approx(silence_s, rel=1e-4)


def test_a_line_without_speed_is_refused() -> None:
    with pytest.raises(ValueError, match="baud: 0"):
        LineTiming(baud=0)
