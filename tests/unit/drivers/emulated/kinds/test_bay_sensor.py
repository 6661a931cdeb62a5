from __future__ import annotations

from drivers.emulated.kinds.bay_sensor import BaySensor, make_bay_sensor
from tests.profiles import shipped_profile
from tests.unit.drivers.emulated.places import Place

INPUTS = shipped_profile("waveshare-modbus-rtu-io-8ch")


def test_it_sees_the_vehicle_that_parks_plugs_in_and_drives_off() -> None:
    place = Place()
    sensor = make_bay_sensor(place.surroundings(INPUTS))
    assert isinstance(sensor, BaySensor)
    occupied = INPUTS.point("occupied")
    assert sensor.shows(occupied) is False
    place.bay.plug_in()
    assert sensor.shows(occupied) is True
    place.bay.unplug()
    assert sensor.shows(occupied) is True, "it stands there still"
    place.bay.plug_in()
    place.bay.depart()
    assert sensor.shows(occupied) is False
    assert not place.bay.state.ev.plugged, "it did not tear the cable"
    assert sensor.shows(INPUTS.point("output_mode_1")) is None


def test_only_a_bay_sensor_is_one() -> None:
    assert make_bay_sensor(Place().surroundings("eastron-sdm630")) is None
