"""An energy meter that signs: its unit of `signing` answers for the points that have to do with that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from drivers.emulated.behaviour import Behaviour, Surroundings
from drivers.emulated.kinds.meter import Meter
from drivers.emulated.rig_spec import RigError
from drivers.emulated.signing.bauer import BauerSigning
from drivers.emulated.signing.carlo_gavazzi import CarloGavazziSigning
from drivers.emulated.signing.iskra import IskraSigning
from drivers.emulated.signing.meter import SigningMeterParts, SigningUnit
from drivers.emulated.signing.signer import Curve, KeyFileError, Signer, make_signer
from drivers.profiles.model import Profile
from drivers.profiles.point import Point, Role
from drivers.profiles.values import Value

UNITS: Final[dict[Role, Callable[[SigningMeterParts], SigningUnit]]] = {
    "begin_status": BauerSigning,
    "signed_payload": IskraSigning,
    "signed_end": CarloGavazziSigning,
}
"""By a role that a profile has only if its device signs in this way; the first counts."""
CURVES: Final[dict[str, Curve]] = {"public_key_256": "brainpoolP256r1", "public_key_384": "brainpoolP384r1"}
"""By the name of the point that shows the key; else secp256r1."""
SERIAL_NUMBER: Final = "001EMU0000000042"
"""What stands in records if the profile has no serial number."""


class SigningMeter(Meter):
    """Keeps its key in the rig's directory, as `<name>.key.pem`; without one it has a new key each time."""

    def __init__(self, surroundings: Surroundings, make: Callable[[SigningMeterParts], SigningUnit]) -> None:
        super().__init__(surroundings)
        self.parts = SigningMeterParts(
            signer=_signer(surroundings),
            serial_number=_serial_number(surroundings),
            energy_mwh=lambda: self._counter.shows_mwh(self._bay.state.passed_mwh),
            now_s=surroundings.clock_s,
        )
        self.signing = make(self.parts)
        """The signing unit."""

    def shows(self, point: Point) -> Value | None:
        """Return what the signing unit shows, else what is measured."""
        value = self.signing.value_of(point)
        return super().shows(point) if value is None else value

    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        """Hand what is written to the signing unit, whose readings are of this very moment."""
        self._bay.advance()
        for point, value in changes:
            self.signing.change(point, value)

    def power_lost(self) -> None:
        """Lose clock and whatever else is not kept without power."""
        self.signing.cut_power()


def make_signing_meter(surroundings: Surroundings) -> Behaviour | None:
    """Make one of a meter whose way of signing is known here."""
    if surroundings.profile.kind != "meter":
        return None
    roles = {point.role for point in surroundings.profile.points}
    make = next((make for role, make in UNITS.items() if role in roles), None)
    return None if make is None else SigningMeter(surroundings, make)


def _signer(surroundings: Surroundings) -> Signer:
    try:
        return make_signer(_curve(surroundings.profile), _key_file(surroundings))
    except (KeyFileError, OSError) as error:
        raise RigError(f"device {surroundings.name}: {error}") from error


def _curve(profile: Profile) -> Curve:
    return next((CURVES[point.name] for point in profile.points if point.name in CURVES), "secp256r1")


def _key_file(surroundings: Surroundings) -> Path | None:
    return surroundings.directory and surroundings.directory / f"{surroundings.name}.key.pem"


def _serial_number(surroundings: Surroundings) -> str:
    point = surroundings.profile.role("serial_number")
    value = None if point is None else surroundings.shows.get(point.name, point.example)
    return value if isinstance(value, str) else SERIAL_NUMBER
