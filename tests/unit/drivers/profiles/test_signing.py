"""Profiles of meters that sign: their scripts, and how a wait says what may come before."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.profiles.errors import ProfileError
from drivers.profiles.load import load_profile
from drivers.profiles.scripts import WaitStep

SIGNING = ("bauer-bsm-ws36a", "carlo-gavazzi-em580", "iskra-wm3m4")
WAIT = """\
schema: chargehand-profile-1
id: x
kind: meter
maker: X
model: X
modbus: {{word_order: big, unit: 1, max_hole: 0}}
points:
  energy: {{space: input, address: 0, type: uint32, measurand: Energy.Active.Import.Register, unit: Wh}}
  status: {{space: holding, address: 0, type: uint16, states: {{0: valid, 2: updating}}, poll: on_demand}}
scripts:
  fetch:
    - wait: {{point: status, for: valid, {also}within_s: 15}}
"""


def wait(tmp_path: Path, also: str) -> WaitStep:
    path = tmp_path / "x.yaml"
    path.write_text(WAIT.format(also=also), "utf-8")
    step = load_profile(path).scripts["fetch"].steps[0]
    assert isinstance(step, WaitStep)
    return step


def test_a_wait_may_say_what_may_come_before(tmp_path: Path) -> None:
    assert wait(tmp_path, "while: [updating], ").meanwhile == ("updating",)
    assert wait(tmp_path, "").meanwhile == ()


@pytest.mark.parametrize("wrong", ["[broken]", "[]", "updating"])
def test_what_comes_before_must_be_something_that_the_point_can_have(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ProfileError, match="while"):
        wait(tmp_path, f"while: {wrong}, ")


@pytest.mark.parametrize("name", SIGNING)
def test_every_variant_of_a_signing_meter_begins_ends_and_hands_out(name: str) -> None:
    profile = load_profile(name)
    for variant in profile.variants.values():
        assert {"begin", "end", "fetch_end"} <= variant.scripts.keys()
        roles = {point.role for point in variant.points}
        assert (
            "signing_state" in roles
            or {"begin_status", "end_status", "begin_counter", "end_counter"} <= roles
        )
        assert "signed_end" in roles or {"signed_payload", "signature"} <= roles
        assert not {point.name for block in variant.blocks for point in block.points} & {
            point.name for point in variant.points if point.poll == "on_demand"
        }
