"""Devices that share their port with none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drivers.devices.lem_dcbm_meter import LemDcbmMeter
from drivers.devices.openevse_controller import OpenEvseController
from drivers.devices.openevse_meter import OpenEvseMeter
from drivers.devices.pn532_reader import Pn532Reader
from drivers.modbus.tls import TlsSettings
from drivers.open import AddressError, DeviceAddress, Hardware
from tests.real_time import clock
from tests.unit.drivers.http.certificates import certificate

OPENEVSE = DeviceAddress(profile="openevse-rapi", port="/dev/ttyNONE")
READER = DeviceAddress(profile="nxp-pn532-hsu", port="/dev/ttyNONE")
LEM = DeviceAddress(profile="lem-dcbm-400-600", host="10.0.0.9")
MODBUS = DeviceAddress(profile="eastron-sdm630", port="/dev/ttyNONE")


@pytest.fixture
def hardware() -> Hardware:
    return Hardware(clock=clock)


def test_an_openevse_is_one_device_in_all_its_roles(hardware: Hardware) -> None:
    controller = hardware.charge_controller(OPENEVSE)
    assert isinstance(controller, OpenEvseController)
    assert hardware.charge_controller(OPENEVSE) is controller
    assert hardware.lock(OPENEVSE) is controller
    assert hardware.display(OPENEVSE) is controller
    meter = hardware.meter(OPENEVSE)
    assert isinstance(meter, OpenEvseMeter)
    assert meter._client is controller.client


def test_two_names_of_one_port_are_one_device(hardware: Hardware, tmp_path: Path) -> None:
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "by-id").symlink_to("ttyUSB0")
    first, second = (
        hardware.card_reader(DeviceAddress(profile="nxp-pn532-hsu", port=str(tmp_path / name)))
        for name in ("ttyUSB0", "by-id")
    )
    assert isinstance(first, Pn532Reader)
    assert first is second


def test_a_web_address_is_one_device(hardware: Hardware) -> None:
    meter = hardware.meter(LEM)
    assert isinstance(meter, LemDcbmMeter)
    assert hardware.meter(LEM) is meter
    other = hardware.meter(DeviceAddress(profile="lem-dcbm-400-600", host="10.0.0.9", tcp_port=8080))
    assert other is not meter


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("card_reader", READER), ("charge_controller", OPENEVSE)),
        (("charge_controller", OPENEVSE), ("card_reader", READER)),
        (("meter", OPENEVSE), ("card_reader", READER)),
        (("meter", MODBUS), ("card_reader", READER)),
        (("meter", MODBUS), ("charge_controller", OPENEVSE)),
        (("card_reader", READER), ("meter", MODBUS)),
        (("meter", OPENEVSE), ("meter", MODBUS)),
    ],
)
def test_such_a_port_is_shared_with_none(
    hardware: Hardware, first: tuple[str, DeviceAddress], second: tuple[str, DeviceAddress]
) -> None:
    getattr(hardware, first[0])(first[1])
    with pytest.raises(AddressError, match="/dev/ttyNONE") as caught:
        getattr(hardware, second[0])(second[1])
    assert caught.value.field == "port"


def test_roles_of_one_device_agree_on_the_line(hardware: Hardware) -> None:
    hardware.charge_controller(OPENEVSE)
    with pytest.raises(AddressError, match="already driven at 115200 8N1, not 9600 8N1"):
        hardware.meter(DeviceAddress(profile="openevse-rapi", port="/dev/ttyNONE", baud=9600))


@pytest.mark.parametrize(
    ("method", "profile", "fields", "field", "problem"),
    [
        ("meter", "openevse-rapi", {}, "port", "hangs on a serial port of its own"),
        ("charge_controller", "openevse-rapi", {"host": "10.0.0.1"}, "port", "hangs on a serial port"),
        ("meter", "openevse-rapi", {"port": "/dev/x", "unit": 5}, "unit", "has none: it speaks rapi"),
        ("card_reader", "nxp-pn532-hsu", {"port": "/dev/x", "host": "h"}, "host", "has none"),
        ("card_reader", "nxp-pn532-hsu", {"port": "/dev/x", "rs485": True}, "rs485", "has none"),
        ("card_reader", "openevse-rapi", {"port": "/dev/x"}, "profile", "not a reader"),
        ("card_reader", "eastron-sdm630", {"port": "/dev/x"}, "profile", "not a reader"),
        ("meter", "nxp-pn532-hsu", {"port": "/dev/x"}, "profile", "measures no energy"),
        ("charge_controller", "nxp-pn532-hsu", {"port": "/dev/x"}, "profile", "not a charge-controller"),
        ("phase_switch", "openevse-rapi", {"port": "/dev/x"}, "profile", "speaks rapi, and cannot do this"),
        ("display", "eastron-sdm630", {"port": "/dev/x"}, "profile", "has no display"),
        ("meter", "lem-dcbm-400-600", {"port": "/dev/x"}, "host", "reached over the network"),
        ("meter", "lem-dcbm-400-600", {"host": "h", "unit": 1}, "unit", "speaks lem-dcbm"),
        ("meter", "lem-dcbm-400-600", {"host": "h", "tls": TlsSettings()}, "tls", "give ca_file"),
        (
            "meter",
            "lem-dcbm-400-600",
            {"host": "h", "tls": TlsSettings(ca_file=Path("/none.pem"))},
            "tls",
            "/none.pem is no certificate",
        ),
    ],
)
def test_addresses_that_cannot_be_used(
    hardware: Hardware, method: str, profile: str, fields: dict[str, Any], field: str, problem: str
) -> None:
    with pytest.raises(AddressError, match=problem) as caught:
        getattr(hardware, method)(DeviceAddress(profile=profile, **fields))
    assert caught.value.field == field


def test_a_device_is_known_by_its_certificate(hardware: Hardware, tmp_path: Path) -> None:
    tls = TlsSettings(ca_file=certificate(tmp_path / "meter.pem"))
    meter = hardware.meter(DeviceAddress(profile="lem-dcbm-400-600", host="10.0.0.9", tls=tls))
    assert isinstance(meter, LemDcbmMeter)
    assert meter._api.http.url("/") == "https://10.0.0.9:80/"
