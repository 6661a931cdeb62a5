from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drivers.devices.modbus_charge_controller import ModbusChargeController
from drivers.devices.modbus_meter import ModbusMeter
from drivers.modbus.answering import AnsweringBus
from drivers.modbus.endpoint import DialInEndpoint, Endpoint, SerialEndpoint, TcpEndpoint
from drivers.modbus.errors import BusClosed, PortUnavailable
from drivers.modbus.tls import TlsSettings
from drivers.modbus.transport import SerialSettings
from drivers.open import AddressError, DeviceAddress, Hardware, endpoint_of
from drivers.profiles.errors import ProfileError
from drivers.profiles.find import find_profile
from drivers.profiles.load import load_profile
from tests.profiles import shipped_profile
from tests.real_time import clock
from tests.unit.drivers.devices.registers import Registers
from tests.unit.drivers.modbus.hostile import silent, tcp_slave

METER = DeviceAddress(profile="eastron-sdm630", port="/dev/ttyNONE")
CONTROLLER = DeviceAddress(profile="phoenix-em-cp-pp-eth", host="127.0.0.1")


def meter_of(hardware: Hardware, address: DeviceAddress) -> ModbusMeter:
    meter = hardware.meter(address)
    assert isinstance(meter, ModbusMeter)
    return meter


def controller_of(hardware: Hardware, address: DeviceAddress) -> ModbusChargeController:
    controller = hardware.charge_controller(address)
    assert isinstance(controller, ModbusChargeController)
    return controller


@pytest.fixture
def hardware() -> Hardware:
    return Hardware(clock=clock)


def test_devices_on_one_serial_port_share_a_bus(hardware: Hardware) -> None:
    first = meter_of(hardware, METER)
    second = meter_of(hardware, DeviceAddress(profile="eastron-sdm630", port="/dev/ttyNONE", unit=2))
    assert first.bus is second.bus
    assert (first.unit, second.unit) == (1, 2)
    assert hardware.buses == (first.bus,)


def test_two_names_of_one_port_share_a_bus(hardware: Hardware, tmp_path: Path) -> None:
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "by-id").symlink_to("ttyUSB0")
    first = meter_of(hardware, DeviceAddress(profile="eastron-sdm630", port=str(tmp_path / "ttyUSB0")))
    second = meter_of(hardware, DeviceAddress(profile="eastron-sdm630", port=str(tmp_path / "by-id"), unit=2))
    assert first.bus is second.bus


def test_devices_behind_one_tcp_port_share_a_bus(hardware: Hardware) -> None:
    controller = controller_of(hardware, CONTROLLER)
    meter = meter_of(hardware, CONTROLLER)
    assert controller.device.bus is meter.bus
    assert controller.device.unit == meter.unit == 180


def test_different_ports_have_buses_of_their_own(hardware: Hardware) -> None:
    hardware.meter(METER)
    hardware.charge_controller(CONTROLLER)
    hardware.charge_controller(DeviceAddress(profile="phoenix-em-cp-pp-eth", host="127.0.0.1", tcp_port=1502))
    assert len(hardware.buses) == 3


def test_what_the_address_leaves_out_comes_from_the_profile(hardware: Hardware) -> None:
    assert controller_of(hardware, CONTROLLER).device.bus.name == "127.0.0.1:502"
    hardware.meter(METER)
    hardware.meter(
        DeviceAddress(
            profile="eastron-sdm630", port="/dev/ttyNONE", baud=9600, parity="N", stopbits=1, unit=3
        )
    )


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        (
            {"port": "/dev/ttyNONE", "unit": 2, "baud": 19200},
            "port",
            "already driven at 9600 8N1, not 19200 8N1",
        ),
        (
            {"port": "/dev/ttyNONE", "unit": 2, "parity": "E"},
            "port",
            "already driven at 9600 8N1, not 9600 8E1",
        ),
        (
            {"port": "/dev/ttyNONE", "unit": 2, "stopbits": 2},
            "port",
            "already driven at 9600 8N1, not 9600 8N2",
        ),
        ({"port": "/dev/ttyNONE", "unit": 248}, "unit", "248 is not between 1 and 247"),
        ({"port": "/dev/ttyNONE", "unit": 0}, "unit", "0 is not between 1 and 247"),
        ({"host": "10.0.0.5", "unit": 256}, "unit", "256 is not between 1 and 255"),
        ({"port": "/dev/ttyNONE", "host": "10.0.0.5"}, "host", "give either port or host, not both"),
        ({}, "port", "give the serial port, or host for Modbus TCP"),
        ({"host": "10.0.0.5", "listen": "0.0.0.0"}, "listen", "give either host or listen, not both"),
        ({"port": "/dev/ttyNONE", "unit": 2, "rs485": True}, "port", "not 9600 8N1 with RS-485 switching"),
        ({"listen": "0.0.0.0", "tls": TlsSettings()}, "tls", "needs to see a certificate of ours"),
        ({"listen": "0.0.0.0", "framing": "pymodbus"}, "framing", "serial ports and plain TCP only"),
        ({"host": "h", "tls": TlsSettings(), "framing": "pymodbus"}, "framing", "plain TCP only"),
        ({"port": "/dev/ttyNEW", "rs485": True, "framing": "pymodbus"}, "framing", "no rs485 with it"),
        ({"port": "/dev/ttyNONE", "unit": 2, "framing": "pymodbus"}, "framing", "has chargehand"),
    ],
)
def test_an_address_that_cannot_be_says_which_field_is_wrong(
    hardware: Hardware, fields: dict[str, Any], field: str, problem: str
) -> None:
    hardware.meter(METER)
    with pytest.raises(AddressError) as caught:
        hardware.meter(DeviceAddress(profile="eastron-sdm630", **fields))
    assert caught.value.field == field
    assert problem in caught.value.problem


def test_devices_on_one_connection_must_agree_on_its_manner(hardware: Hardware) -> None:
    hardware.meter(DeviceAddress(profile="eastron-sdm630", host="10.0.0.5", rtu_over_tcp=True))
    with pytest.raises(AddressError, match="they must agree") as caught:
        hardware.meter(DeviceAddress(profile="eastron-sdm630", host="10.0.0.5", unit=2))
    assert caught.value.field == "host"


@pytest.mark.parametrize(
    ("fields", "endpoint"),
    [
        (
            {"port": "/dev/ttyNONE", "parity": "E", "rs485": True},
            SerialEndpoint(
                port="/dev/ttyNONE",
                settings=SerialSettings(baud=9600, parity="E", stop_bits=1, rs485=True),
            ),
        ),
        ({"host": "10.0.0.5"}, TcpEndpoint(host="10.0.0.5", port=502)),
        ({"host": "10.0.0.5", "rtu_over_tcp": True}, TcpEndpoint(host="10.0.0.5", port=502, rtu=True)),
        (
            {"host": "meter.lan", "tcp_port": 802, "tls": TlsSettings(check_hostname=False)},
            TcpEndpoint(host="meter.lan", port=802, tls=TlsSettings(check_hostname=False)),
        ),
        (
            {"listen": "0.0.0.0", "tcp_port": 1502, "caller": "10.0.0.5"},
            DialInEndpoint(host="0.0.0.0", port=1502, caller="10.0.0.5"),
        ),
    ],
)
def test_an_address_says_where_the_bus_is(fields: dict[str, Any], endpoint: Endpoint) -> None:
    profile = shipped_profile("eastron-sdm630")
    assert endpoint_of(DeviceAddress(profile="eastron-sdm630", **fields), profile) == endpoint


def profile_with(tmp_path: Path, words: str) -> Path:
    path = tmp_path / "eastron-sdm630.yaml"
    text = find_profile("eastron-sdm630").read_text()
    path.write_text(text.replace("modbus:\n", f"modbus:\n  tcp_port: 502\n  {words}\n", 1))
    return path


def test_a_profile_may_say_that_the_connection_has_tls(tmp_path: Path) -> None:
    profile = load_profile(profile_with(tmp_path, "tls: yes"))
    address = DeviceAddress(profile=profile.path, host="h")
    assert endpoint_of(address, profile) == TcpEndpoint(host="h", port=502, tls=TlsSettings())
    own = TlsSettings(check_hostname=False)
    assert endpoint_of(replace(address, tls=own), profile) == TcpEndpoint(host="h", port=502, tls=own)


def test_a_device_that_dials_in_needs_an_address_of_ours(hardware: Hardware, tmp_path: Path) -> None:
    path = profile_with(tmp_path, "dials_in: yes")
    with pytest.raises(AddressError, match="connects to us: give listen") as caught:
        hardware.meter(DeviceAddress(profile=path, host="h"))
    assert caught.value.field == "host"
    hardware.meter(DeviceAddress(profile=path, listen="127.0.0.1"))


def test_a_device_that_is_the_master_shares_its_connection_with_none(
    hardware: Hardware, tmp_path: Path
) -> None:
    path = profile_with(tmp_path, "answers: yes")
    meter = hardware.meter(DeviceAddress(profile=path, host="h"))
    assert isinstance(hardware.buses[0], AnsweringBus)
    assert meter is not None
    with pytest.raises(AddressError, match="they must agree"):
        hardware.meter(DeviceAddress(profile="eastron-sdm630", host="h", unit=2))


def test_a_unit_cannot_be_two_devices(hardware: Hardware) -> None:
    hardware.meter(DeviceAddress(profile="eastron-sdm630", host="127.0.0.1", unit=180))
    with pytest.raises(AddressError, match=r"180 on 127\.0\.0\.1:502 is already a eastron-sdm630") as caught:
        hardware.charge_controller(CONTROLLER)
    assert caught.value.field == "unit"


def test_a_serial_device_without_line_defaults_needs_them(hardware: Hardware) -> None:
    with pytest.raises(AddressError, match="phoenix-em-cp-pp-eth has no default") as caught:
        hardware.charge_controller(DeviceAddress(profile="phoenix-em-cp-pp-eth", port="/dev/ttyNONE"))
    assert caught.value.field == "baud"


def test_a_meter_is_no_charge_controller(hardware: Hardware) -> None:
    with pytest.raises(AddressError, match="is a meter, not a charge-controller"):
        hardware.charge_controller(METER)


def test_a_profile_that_measures_nothing_is_no_meter(tmp_path: Path) -> None:
    text = find_profile("phoenix-em-cp-pp-eth").read_text().replace("phoenix-em-cp-pp-eth", "bare")
    kept = [line for line in text.splitlines() if "measurand" not in line]
    (tmp_path / "bare.yaml").write_text("\n".join(kept))
    hardware = Hardware(clock=clock, profiles=tmp_path)
    with pytest.raises(AddressError, match="bare measures no energy"):
        hardware.meter(DeviceAddress(profile="bare", host="127.0.0.1"))
    hardware.charge_controller(DeviceAddress(profile="bare", host="127.0.0.1"))


def test_an_unknown_profile_is_told(hardware: Hardware) -> None:
    with pytest.raises(ProfileError, match="no profile 'sdm'"):
        hardware.meter(DeviceAddress(profile="sdm", port="/dev/ttyNONE"))


async def test_buses_run_only_inside_running(hardware: Hardware) -> None:
    meter = hardware.meter(METER)
    with pytest.raises(BusClosed):
        await meter.read()
    async with hardware.running():
        with pytest.raises(PortUnavailable, match="/dev/ttyNONE"):
            await meter.read()
    with pytest.raises(BusClosed):
        await meter.read()


@pytest.mark.parametrize(
    ("method", "profile", "problem"),
    [
        ("charge_controller", "eastron-sdm630", "is a meter, not a charge-controller"),
        ("dc_charger", "phoenix-charx-sec", "is a charge-controller, not a dc-charger"),
        ("dc_supply", "delta-dc-wallbox", "is a dc-charger, not a power-supply"),
        ("isolation_monitor", "delta-dc-wallbox", "is a dc-charger, not a isolation-monitor"),
        ("phase_switch", "phoenix-charx-sec", "has no point with role 'phases'"),
        ("lock", "phoenix-charx-sec", "has no point with role 'lock'"),
    ],
)
def test_a_device_that_cannot_do_it_says_that_the_profile_is_wrong(
    hardware: Hardware, method: str, profile: str, problem: str
) -> None:
    with pytest.raises(AddressError, match=problem) as caught:
        getattr(hardware, method)(DeviceAddress(profile=profile, host="127.0.0.1"))
    assert caught.value.field == "profile"


def test_connectors_of_one_charger_are_devices_of_their_own(hardware: Hardware) -> None:
    first, second = (
        controller_of(hardware, DeviceAddress(profile="phoenix-charx-sec", host="127.0.0.1", instance=number))
        for number in (1, 48)
    )
    assert first.device is not second.device
    assert first.device.bus is second.device.bus
    addresses = [one.device.profile.point("pilot").address for one in (first, second)]
    assert addresses == [1299, 48299]


@pytest.mark.parametrize(
    ("profile", "instance", "most"),
    [("phoenix-charx-sec", 49, 48), ("phoenix-charx-sec", 0, 48), ("bender-cc612", 2, 1)],
)
def test_a_connector_that_is_not_there_says_so(
    hardware: Hardware, profile: str, instance: int, most: int
) -> None:
    with pytest.raises(AddressError, match=f"{profile} has {most}, so {instance} is none") as caught:
        hardware.charge_controller(DeviceAddress(profile=profile, host="127.0.0.1", instance=instance))
    assert caught.value.field == "instance"


def test_all_roles_of_a_unit_share_it(hardware: Hardware) -> None:
    address = DeviceAddress(profile="mennekes-amtron-compact", port="/dev/ttyNONE")
    controller = controller_of(hardware, address)
    hardware.phase_switch(address)
    assert [one.device for one in (controller, controller_of(hardware, address))] == [
        controller.device,
        controller.device,
    ]


async def test_leaving_withdraws_what_was_offered_whatever_the_reason(hardware: Hardware) -> None:
    async with tcp_slave() as slave:
        registers = Registers(shipped_profile("bender-cc612"))
        slave.script = registers
        address = DeviceAddress(profile="bender-cc612", host="127.0.0.1", tcp_port=slave.port)
        controller = hardware.charge_controller(address)

        async def offer_and_fail() -> None:
            async with hardware.running():
                await controller.offer(16)
                raise RuntimeError("the agent failed")

        with pytest.raises(ExceptionGroup):
            await offer_and_fail()
        assert registers.written_to("max_current") == [16, 0]


async def test_leaving_does_not_wait_for_the_dead(
    hardware: Hardware, caplog: pytest.LogCaptureFixture
) -> None:
    async with tcp_slave() as slave:
        slave.script = Registers(shipped_profile("bender-cc612"))
        address = DeviceAddress(profile="bender-cc612", host="127.0.0.1", tcp_port=slave.port)
        controller = hardware.charge_controller(address)
        async with hardware.running():
            await controller.offer(16)
            slave.script = silent
        assert "may be left as it was" in caplog.text
