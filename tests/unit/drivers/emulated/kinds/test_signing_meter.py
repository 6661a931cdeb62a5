from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.emulated.kinds.signing_meter import SigningMeter, make_signing_meter
from drivers.emulated.rig_spec import RigError
from drivers.profiles.load import load_profile
from drivers.profiles.values import Value
from drivers.signed.ocmf import parse
from tests.profiles import shipped_profile
from tests.unit.drivers.emulated.places import Place

BSM = shipped_profile("bauer-bsm-ws36a")


@pytest.fixture
def place() -> Place:
    return Place()


def meter(place: Place, directory: Path | None = None) -> SigningMeter:
    made = make_signing_meter(replace(place.surroundings(BSM), directory=directory))
    assert isinstance(made, SigningMeter)
    return made


def text(value: Value | None) -> str:
    assert isinstance(value, str)
    return bytes.fromhex(value).decode()


@pytest.mark.parametrize("profile", ["eastron-sdm630", "phoenix-em-cp-pp-eth"])
def test_what_does_not_sign_is_none(place: Place, profile: str) -> None:
    assert make_signing_meter(place.surroundings(profile)) is None


@pytest.mark.parametrize(
    ("profile", "signature_type", "curve"),
    [
        ("bauer-bsm-ws36a", None, "secp256r1"),
        ("iskra-wm3m4", None, "secp256r1"),
        ("carlo-gavazzi-em580", "bits_256", "brainpoolP256r1"),
        ("carlo-gavazzi-em580", "bits_384", "brainpoolP384r1"),
    ],
)
def test_each_device_signs_on_its_own_curve(
    place: Place, profile: str, signature_type: str | None, curve: str
) -> None:
    variant = load_profile(profile).variant({"signature_type": signature_type})
    made = make_signing_meter(place.surroundings(variant))
    assert isinstance(made, SigningMeter)
    assert made.parts.signer.curve == curve


def test_it_measures_beside_signing_and_signs_what_it_counts(place: Place) -> None:
    shown = meter(place)
    place.charge()
    place.pass_time(3600)
    assert shown.shows(BSM.point("voltage_l1")) == Decimal(230)
    shown.written([(BSM.point("end_status"), "updating")])
    place.pass_time(1)
    counted = shown.counter
    assert counted is not None
    signed_wh = parse(text(shown.shows(BSM.point("signed_end")))).readings[0].value
    assert signed_wh is not None
    before_wh = counted.shows_mwh(place.bay.state.passed_mwh) // 1000 - signed_wh
    assert 0 <= before_wh <= 3


def test_a_power_cut_is_felt(place: Place) -> None:
    shown = meter(place)
    shown.written([(BSM.point("begin_status"), "updating")])
    place.pass_time(1)
    assert shown.shows(BSM.point("begin_status")) == "valid"
    shown.power_lost()
    assert shown.shows(BSM.point("begin_status")) == "invalid"


def test_the_key_outlives_the_rig_where_there_is_a_directory(place: Place, tmp_path: Path) -> None:
    directory = tmp_path / "state"
    key = meter(place, directory).shows(BSM.point("public_key"))
    assert meter(place, directory).shows(BSM.point("public_key")) == key
    assert meter(place).shows(BSM.point("public_key")) != key
    assert [path.name for path in directory.iterdir()] == ["device.key.pem"]


def test_a_file_that_holds_no_key_is_told(place: Place, tmp_path: Path) -> None:
    (tmp_path / "device.key.pem").write_text("no key", "utf-8")
    with pytest.raises(RigError, match=r"device device: .*device\.key\.pem holds no private key"):
        meter(place, tmp_path)
