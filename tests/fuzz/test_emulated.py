"""Emulated devices under any request and any faults: they answer or are silent, and never break."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulated.exchange import Message
from drivers.emulated.faults.fault import StateFault
from drivers.emulated.faults.injection import Injection
from drivers.emulated.faults.names import FAULTS, make_fault
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import DeviceSpec, RigSpec, SerialSpec, TcpSpec
from drivers.profiles.find import list_profiles
from tests.profiles import shipped_profile

PROFILES = sorted(name for name in list_profiles() if shipped_profile(name).protocol == "modbus")
REQUEST_FAULTS = [name for name, kind in FAULTS.items() if not issubclass(kind, StateFault)]
ADDRESSES = st.one_of(st.integers(0, 0xFFFF), st.integers(0, 130), st.integers(4000, 4200))
PLAUSIBLE = st.builds(
    lambda function, address, count, rest: (
        bytes((function,)) + address.to_bytes(2, "big") + count.to_bytes(2, "big") + rest
    ),
    st.sampled_from((1, 2, 3, 4, 5, 6, 15, 16)),
    ADDRESSES,
    st.one_of(st.integers(0, 130), st.integers(0, 0xFFFF)),
    st.binary(max_size=12),
)
REQUESTS = st.lists(st.one_of(PLAUSIBLE, st.binary(min_size=1, max_size=253)), max_size=20)


@cache
def rig_of(profile: str, line: str) -> Rig:
    lines = {"line": SerialSpec() if line == "serial" else TcpSpec()}
    return Rig(RigSpec(lines=lines, devices={"device": DeviceSpec(profile=profile, line="line")}))


@pytest.mark.parametrize("line", ["serial", "tcp"])
@settings(max_examples=60, deadline=None)
@given(
    profile=st.sampled_from(PROFILES),
    requests=REQUESTS,
    names=st.lists(st.sampled_from(REQUEST_FAULTS), max_size=4),
)
def test_any_request_under_any_faults(
    line: str, profile: str, requests: list[bytes], names: list[str]
) -> None:
    rig = rig_of(profile, line)
    device = rig.devices["device"]
    assert isinstance(device, ModbusDevice)
    faults = [Injection(fault=fault) for fault in map(make_fault, names)]
    medium = rig.spec.medium_of("device")
    armed = [rig.inject_all(one) for one in faults if medium in one.fault.media]
    transaction = 7 if line == "tcp" else None
    try:
        for request in requests:
            for sending in device.serve(Message(device.unit, request, transaction)):
                assert len(sending.data) <= 262
        device.tick()
    finally:
        for one in armed:
            rig.faults.take(one.id)


@settings(max_examples=60, deadline=None)
@given(profile=st.sampled_from(PROFILES), requests=REQUESTS)
def test_without_faults_every_request_has_one_reply_of_its_function(
    profile: str, requests: list[bytes]
) -> None:
    device = rig_of(profile, "serial").devices["device"]
    assert isinstance(device, ModbusDevice)
    for request in requests:
        (sending,) = device.serve(Message(device.unit, request, 1))
        function, body = sending.data[7], sending.data[8:]
        if function == request[0]:
            assert body, "a reply without content"
        else:
            assert function == request[0] | 0x80
            assert body in {bytes((code,)) for code in (1, 2, 3, 4)}
