"""Every shipped profile that speaks Modbus, as a device: reads are answered, writes are confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from drivers.emulated.exchange import Message
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import DeviceSpec, RigSpec, SerialSpec
from drivers.profiles.find import list_profiles
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from tests.profiles import shipped_profile

PROFILES = sorted(name for name in list_profiles() if shipped_profile(name).protocol == "modbus")
READ = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}


def device(name: str) -> ModbusDevice:
    made = Rig(RigSpec(lines={"a": SerialSpec()}, devices={"d": DeviceSpec(profile=name, line="a")})).devices[
        "d"
    ]
    assert isinstance(made, ModbusDevice)
    return made


def ask(played: ModbusDevice, pdu: bytes) -> bytes:
    (sending,) = played.serve(Message(played.unit, pdu, 1))
    return sending.data[7:]


def read(played: ModbusDevice, space: str, start: int, count: int) -> list[int]:
    reply = ask(played, request(READ[space], start, count))
    assert reply[0] == READ[space], f"{space} {start} ({count}): exception {reply[1]}"
    data = reply[2:]
    if space in {"coil", "discrete"}:
        return [data[bit // 8] >> bit % 8 & 1 for bit in range(count)]
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


@pytest.mark.parametrize("name", PROFILES)
def test_every_block_of_the_read_plan_is_answered(name: str) -> None:
    played = device(name)
    for block in played.profile.blocks:
        assert len(read(played, block.space, block.start, block.count)) == block.count
    for point in played.profile.points:
        if point.readable and point.count <= played.profile.modbus.max_read:
            read(played, point.space, point.address, point.count)


@pytest.mark.parametrize("name", PROFILES)
def test_what_identifies_the_model_identifies_it(name: str) -> None:
    played = device(name)
    for condition in played.profile.identify:
        assert condition.holds(played.image.shown(condition.point)), condition


def values(point: Point) -> Iterator[Value]:
    """Yield values that the profile lets be written."""
    if point.states:
        yield from point.states.values()
    elif point.type == "coil":
        yield from (True, False)
    elif point.type == "string":
        yield "A1"
    elif point.type != "bytes" and point.write is not None:
        low, high = point.write.bounds.low, point.write.bounds.high
        ends = [end for end in (low, high, Decimal(1)) if end is not None]
        yield from (end * point.unit_factor for end in ends if point.allows(end * point.unit_factor))


def written(point: Point, value: Value, most: int) -> Iterator[bytes]:
    """Yield the requests that write a value; a long text takes several."""
    words = point.encode(value)
    function = point.write.function if point.write is not None else 0
    if function in {5, 6}:
        yield request(function, point.address, 0xFF00 * words[0] if function == 5 else words[0])
    elif function == 15:
        yield request(function, point.address, 1) + bytes((1, words[0]))
    else:
        for start in range(0, len(words), most):
            data = b"".join(word.to_bytes(2, "big") for word in words[start : start + most])
            yield request(function, point.address + start, len(data) // 2) + bytes((len(data),)) + data


def request(function: int, address: int, what: int) -> bytes:
    return bytes((function,)) + address.to_bytes(2, "big") + what.to_bytes(2, "big")


@pytest.mark.parametrize("name", PROFILES)
def test_every_write_that_the_profile_allows_is_confirmed(name: str) -> None:
    played = device(name)
    for point in played.profile.points:
        if point.write is None or point.mask is not None:
            continue
        for value in values(point):
            for one in written(point, value, played.profile.modbus.max_write):
                reply = ask(played, one)
                confirmed, refused_by_itself = reply[:5] == one[:5], reply[1:] == b"\x04"
                assert confirmed or refused_by_itself, f"{point.name} = {value}: exception {reply[1]}"
