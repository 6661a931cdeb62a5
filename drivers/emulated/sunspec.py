"""The SunSpec map around a model: marker, common model, the model's own head, the end. Pure.

SunSpec Device Information Model Specification, 6: "SunS", then models each with id and length, then 0xFFFF.
"""

from __future__ import annotations

from typing import Final

MARKER: Final = (0x5375, 0x6E53)
COMMON_MODEL: Final = 1
COMMON_LENGTH: Final = 66
COMMON_TEXTS: Final = (("maker", 16), ("model", 16), ("options", 8), ("version", 8), ("serial_number", 16))
"""The texts of the common model, in order, and how many registers each takes."""
END_MODEL: Final = 0xFFFF
HEAD: Final = 2


def model_address(base: int) -> int:
    """Return where the id register of the model after the common one lies."""
    return base + len(MARKER) + HEAD + COMMON_LENGTH


def chain(base: int, model: int, length: int, texts: dict[str, str], unit: int) -> dict[int, int]:
    """Return the registers of a map with one model of `length` registers (its head not counted), by address.

    The model's own registers are 0 here; they are the device's to fill.
    """
    common = [COMMON_MODEL, COMMON_LENGTH]
    for name, size in COMMON_TEXTS:
        common += _text(texts.get(name, ""), size)
    common += [unit, 0]
    head_and_body = (model, length, *(0,) * length)
    return dict(enumerate((*MARKER, *common, *head_and_body, END_MODEL, 0), base))


def _text(text: str, registers: int) -> list[int]:
    data = text.encode("ascii", "replace")[: 2 * registers].ljust(2 * registers, b"\0")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
