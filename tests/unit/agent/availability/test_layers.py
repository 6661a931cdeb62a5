from __future__ import annotations

import pytest

from agent.availability.layers import covers, is_closed
from agent.variables.model import STATION, Place


@pytest.mark.parametrize("place", [STATION, Place(1), Place(1, 1)])
def test_any_layer_closes_a_connector(place: Place) -> None:
    assert is_closed({place}, 1, 1)
    assert covers(place, 1, 1)


@pytest.mark.parametrize("place", [Place(2), Place(2, 1), Place(1, 2)])
def test_another_place_does_not(place: Place) -> None:
    assert not is_closed({place}, 1, 1)
    assert not covers(place, 1, 1)
