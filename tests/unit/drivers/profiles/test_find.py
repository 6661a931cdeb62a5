from __future__ import annotations

from pathlib import Path

import pytest

from drivers.profiles.errors import ProfileError
from drivers.profiles.find import find_profile, list_profiles, shipped_directory


def test_shipped_profiles_are_found_by_id() -> None:
    assert find_profile("eastron-sdm630") == shipped_directory() / "meter" / "eastron-sdm630.yaml"


def test_a_profile_of_the_callers_directory_hides_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "mine" / "eastron-sdm630.yaml"
    own.parent.mkdir()
    own.touch()
    assert find_profile("eastron-sdm630", tmp_path) == own
    assert list_profiles(tmp_path)["eastron-sdm630"] == own
    assert "phoenix-em-cp-pp-eth" in list_profiles(tmp_path)


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.touch()
    assert find_profile(str(path)) == path
    assert find_profile(path) == path


def test_an_unknown_id_names_the_known_ones() -> None:
    with pytest.raises(ProfileError, match=r"no profile 'sdm-630'; known: .*eastron-sdm630") as caught:
        find_profile("sdm-630")
    assert caught.value.path is None
    assert caught.value.line is None
    with pytest.raises(ProfileError, match=r"no profile 'eastron-sdm360' \(did you mean eastron-sdm630\?\)"):
        find_profile("eastron-sdm360")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="no such file"):
        find_profile(tmp_path / "gone.yaml")
