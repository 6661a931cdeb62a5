from __future__ import annotations

import pytest

from agent.transactions.points import CONDITIONS, Condition, Points, parse_points, start_is_due, stop_is_due

NOTHING: frozenset[str] = frozenset()


def test_a_start_point_that_comes_true_starts() -> None:
    """E01.FR.01, E01.FR.02, E01.FR.03, E01.FR.04, E01.FR.05, E01.FR.06."""
    for condition in CONDITIONS:
        points = Points(start=frozenset({condition}))
        assert start_is_due(frozenset(), frozenset({condition}), points)
        assert not start_is_due(frozenset({condition}), frozenset({condition}), points)


def test_a_point_that_is_not_configured_does_not_start() -> None:
    assert not start_is_due(frozenset(), frozenset({"EVConnected"}), Points(start=frozenset({"Authorized"})))


def test_a_start_point_that_held_all_along_starts_with_the_next_arrival() -> None:
    """E01.FR.02: connected, and no transaction has started yet."""
    points = Points(start=frozenset({"EVConnected"}))
    assert start_is_due(frozenset({"EVConnected"}), frozenset({"EVConnected", "Authorized"}), points)


def test_a_stop_point_that_is_lost_stops() -> None:
    """E06.FR.01, E06.FR.02, E06.FR.03, E06.FR.06, E06.FR.07."""
    everything = frozenset(CONDITIONS)
    for condition in CONDITIONS:
        points = Points(stop=frozenset({condition}))
        assert stop_is_due(everything, everything - {condition}, points)
        assert not stop_is_due(everything, everything, points)


def test_a_transaction_that_nobody_holds_stops_whatever_is_configured() -> None:
    assert stop_is_due(frozenset({"EVConnected"}), frozenset(), Points(stop=frozenset({"EnergyTransfer"})))


def test_points_are_read_from_a_member_list() -> None:
    assert parse_points("EVConnected, Authorized,") == frozenset({"EVConnected", "Authorized"})
    assert parse_points("") == NOTHING


def test_a_point_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no Sunrise; choose from ParkingBayOccupancy, EVConnected"):
        parse_points("EVConnected,Sunrise")


def test_energy_begins_a_transaction_whatever_is_configured() -> None:
    """A bay's sensor may be blind; nobody charges without a transaction."""
    points = Points(start=frozenset({"ParkingBayOccupancy"}))
    ready: frozenset[Condition] = frozenset({"EVConnected", "Authorized", "PowerPathClosed"})
    assert not start_is_due(frozenset(), ready, points)
    assert start_is_due(ready, ready | {"EnergyTransfer"}, points)


@pytest.mark.parametrize(
    ("start", "stop", "holds"),
    [
        ("Authorized", "EVConnected", False),
        ("ParkingBayOccupancy", "EVConnected", True),
        ("Authorized", "ParkingBayOccupancy", True),
    ],
)
def test_a_vehicle_in_the_bay_holds_a_transaction_that_is_about_the_bay(
    start: Condition, stop: Condition, *, holds: bool
) -> None:
    points = Points(start=frozenset({start}), stop=frozenset({stop}))
    bay: frozenset[Condition] = frozenset({"ParkingBayOccupancy"})
    assert stop_is_due(bay | {"Authorized"}, bay, points) is not holds
    assert stop_is_due(bay, frozenset(), points)
