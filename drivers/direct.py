"""Opens the devices that share no bus: those with a serial port or a web address to themselves."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from typing import Final, TypeVar

from drivers.address import AddressError, DeviceAddress, serial_settings
from drivers.devices.lem_dcbm_meter import LemDcbmMeter
from drivers.devices.openevse_controller import OpenEvseController
from drivers.devices.openevse_meter import OpenEvseMeter
from drivers.devices.pn532_reader import Pn532Reader
from drivers.http.client import HttpClient, trusting
from drivers.http.lem_dcbm import LemDcbmApi
from drivers.profiles.links import LemDcbmDefaults, Pn532Defaults, RapiDefaults
from drivers.profiles.model import Profile
from drivers.readings import Instant
from drivers.serial.pn532_client import Pn532Client
from drivers.serial.rapi_client import RapiClient

LEAST_HTTP_TIMEOUT_S: Final = 2.0
"""A small web server needs longer than a register map, however short the address says."""

Device = TypeVar("Device")


class DirectDevices:
    """The devices in use, one at each port or address; asked for again, the same is returned."""

    def __init__(self, clock: Callable[[], Instant]) -> None:
        self._clock = clock
        self._devices: dict[str, object] = {}
        self._rapi: dict[str, RapiClient] = {}
        self._close: list[Callable[[], None]] = []

    def has(self, place: str) -> bool:
        """Tell whether a device is at this port (its real path) already."""
        return place in self._devices or place in self._rapi

    def close(self) -> None:
        """Give all ports back."""
        for close in self._close:
            close()

    def openevse_controller(self, address: DeviceAddress, profile: Profile) -> OpenEvseController:
        """Return the controller at a serial port, the same one for all its roles."""
        link = profile.link
        assert isinstance(link, RapiDefaults)
        client = self._rapi_client(address, profile, link)
        return self._only_one(
            os.path.realpath(client.port),
            OpenEvseController,
            lambda: OpenEvseController(client, link.heartbeat, self._clock),
        )

    def openevse_meter(self, address: DeviceAddress, profile: Profile) -> OpenEvseMeter:
        """Return what the controller at a serial port counts."""
        assert isinstance(profile.link, RapiDefaults)
        return OpenEvseMeter(self._rapi_client(address, profile, profile.link))

    def pn532(self, address: DeviceAddress, profile: Profile) -> Pn532Reader:
        """Return the card reader at a serial port."""
        assert isinstance(profile.link, Pn532Defaults)
        port = _port(address, profile)
        settings = serial_settings(address, profile, profile.link.serial)

        def make() -> Pn532Reader:
            client = Pn532Client(port, settings, self._clock, timeout_s=address.timeout_s)
            self._close.append(client.close)
            return Pn532Reader(client)

        return self._only_one(os.path.realpath(port), Pn532Reader, make)

    def lem_dcbm(self, address: DeviceAddress, profile: Profile) -> LemDcbmMeter:
        """Return the meter at a web address."""
        link = profile.link
        assert isinstance(link, LemDcbmDefaults)
        if not address.host:
            raise AddressError("host", f"{profile.id} is reached over the network: give its host")
        _refuse(address, profile, ("port", "listen", "unit", "rs485", "rtu_over_tcp"))
        host, port, tls = address.host, address.tcp_port or link.tcp_port, _tls(address)

        def make() -> LemDcbmMeter:
            timeout_s = max(address.timeout_s, LEAST_HTTP_TIMEOUT_S)
            http = HttpClient(host, port, self._clock, tls=tls, timeout_s=timeout_s)
            return LemDcbmMeter(
                LemDcbmApi(http, tariff_id=link.tariff_id, cable_id=link.cable_id), self._clock
            )

        return self._only_one(f"{host}:{port}", LemDcbmMeter, make)

    def _rapi_client(self, address: DeviceAddress, profile: Profile, link: RapiDefaults) -> RapiClient:
        port = _port(address, profile)
        settings = serial_settings(address, profile, link.serial)
        place = os.path.realpath(port)
        if place not in self._rapi:
            if place in self._devices:
                raise AddressError("port", f"{port} is another device's already")
            client = RapiClient(port, settings, self._clock, timeout_s=address.timeout_s)
            self._close.append(client.close)
            self._rapi[place] = client
        client = self._rapi[place]
        if client.settings != settings:
            raise AddressError("port", f"{port} is already driven at {client.settings}, not {settings}")
        return client

    def _only_one(self, place: str, kind: type[Device], make: Callable[[], Device]) -> Device:
        if kind is not OpenEvseController and place in self._rapi:
            raise AddressError("port", f"{place} is another device's already")
        device = self._devices.get(place) or make()
        if not isinstance(device, kind):
            raise AddressError("port", f"{place} is another device's already")
        self._devices[place] = device
        return device


def _port(address: DeviceAddress, profile: Profile) -> str:
    if not address.port:
        raise AddressError("port", f"{profile.id} hangs on a serial port of its own: give it")
    _refuse(address, profile, ("host", "listen", "unit", "rtu_over_tcp", "tls", "rs485"))
    return address.port


def _refuse(address: DeviceAddress, profile: Profile, names: tuple[str, ...]) -> None:
    for name in names:
        if getattr(address, name):
            raise AddressError(name, f"{profile.id} has none: it speaks {profile.protocol}")


def _tls(address: DeviceAddress) -> ssl.SSLContext | None:
    """Return how to talk TLS to a device that has made its own certificate; None to do without."""
    if address.tls is None:
        return None
    if address.tls.ca_file is None:
        raise AddressError("tls", "give ca_file: the certificate of the device itself")
    try:
        return trusting(address.tls.ca_file)
    except OSError as error:
        raise AddressError(
            "tls", f"{address.tls.ca_file} is no certificate that can be read: {error}"
        ) from error
