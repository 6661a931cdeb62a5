from __future__ import annotations

from drivers.emulated.sunspec import chain, model_address


def test_a_master_walks_from_the_marker_to_the_end() -> None:
    words = chain(40000, 203, 105, {"maker": "Bauer", "serial_number": "S1"}, unit=42)
    assert sorted(words) == list(range(40000, 40000 + 2 + 2 + 66 + 2 + 105 + 2))
    assert bytes.fromhex(f"{words[40000]:04x}{words[40001]:04x}") == b"SunS"
    at, models = 40002, []
    while words[at] != 0xFFFF:
        models.append((words[at], words[at + 1]))
        at += 2 + words[at + 1]
    assert models == [(1, 66), (203, 105)]
    assert words[at + 1] == 0
    assert model_address(40000) == 40070
    assert words[40070] == 203


def test_the_common_model_says_who_it_is() -> None:
    words = chain(0, 203, 1, {"maker": "Bauer", "model": "BSM", "serial_number": "S1"}, unit=42)
    common = b"".join(words[at].to_bytes(2, "big") for at in range(4, 70))
    assert (common[:32], common[32:64]) == (b"Bauer".ljust(32, b"\0"), b"BSM".ljust(32, b"\0"))
    assert common[96:128] == b"S1".ljust(32, b"\0")
    assert words[68] == 42
