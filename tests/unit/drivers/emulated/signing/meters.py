"""A signing unit on a bench: its registers by name, a clock and an energy counter to turn."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from drivers.emulated.signing.meter import SigningMeterParts, SigningUnit
from drivers.emulated.signing.signer import Curve, Signer, make_signer
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value

EPOCH_S = 1609491600


class Bench:
    """Reads and writes points by name, as the registers of the device would."""

    def __init__(
        self, make: Callable[[SigningMeterParts], SigningUnit], profile: str, curve: Curve = "secp256r1"
    ) -> None:
        self.now_s = 1000.0
        self.energy_mwh = 5_000_000
        self.signer: Signer = make_signer(curve)
        self._profile: Profile = load_profile(profile)
        self.unit = make(
            SigningMeterParts(
                signer=self.signer,
                serial_number="42",
                energy_mwh=lambda: self.energy_mwh,
                now_s=lambda: self.now_s,
                signing_s=0.5,
            )
        )

    def read(self, name: str) -> Value | None:
        """Return what a point shows."""
        return self.unit.value_of(self._point(name))

    def text(self, name: str) -> str:
        """Return what a point of type bytes shows, as text."""
        value = self.read(name)
        assert isinstance(value, str)
        return bytes.fromhex(value).decode()

    def write(self, **values: Value | int) -> None:
        """Write points in this order."""
        for name, value in values.items():
            point = self._point(name)
            assert point.write is not None
            number = Decimal(value) if isinstance(value, int) else value
            point.encode(number)
            self.unit.change(point, number)

    def _point(self, name: str) -> Point:
        return next(point for point in self._profile.every_point if point.name == name)
