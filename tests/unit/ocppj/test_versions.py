from __future__ import annotations

import pytest

from ocppj.versions import Version


@pytest.mark.parametrize("name", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
def test_the_subprotocol_names_the_version(name: str) -> None:
    assert Version(name).subprotocol == name
