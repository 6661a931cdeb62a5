from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.csms.v16 import change_configuration, get_configuration
from agent.csms.v16.configuration import keys
from agent.variables.declared import declared
from ocppj.codec import encode
from ocppj.errors import OcppError
from ocppj.messages import v16
from tests.unit.agent.csms.v201.handling import Office, office


async def read(place: Office, *names: str) -> dict[str, v16.KeyValue]:
    request = v16.GetConfigurationRequest(key=names or None)
    response: Any = (await get_configuration.handle(request, place.context)).response
    encode(response)
    return {one.key: one for one in response.configuration_key or ()}


async def change(place: Office, key: str, value: str) -> str:
    request = v16.ChangeConfigurationRequest(key=key, value=value)
    response: Any = (await change_configuration.handle(request, place.context)).response
    status: str = response.status
    return status


def test_every_key_stands_for_a_variable_there_is() -> None:
    known = {variable.name for variable in declared()}
    named = {key.variable for key in keys().values() if key.variable is not None}
    assert named <= known


async def test_all_keys(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        told = await read(place)
        assert told["NumberOfConnectors"].value == str(len(place.place.station.evses))
        assert told["HeartbeatInterval"] == v16.KeyValue(key="HeartbeatInterval", readonly=False, value="300")
        assert told["ChargingScheduleAllowedChargingRateUnit"].value == "Current,Power"
        assert told["ChargeProfileMaxStackLevel"].readonly
        assert "Core" in str(told["SupportedFeatureProfiles"].value)
        assert told["AuthorizationKey"].value is None


async def test_names_compare_without_case_and_unknown_ones_come_back(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        request = v16.GetConfigurationRequest(key=("heartbeatINTERVAL", "NoSuchKey"))
        response: Any = (await get_configuration.handle(request, place.context)).response
        assert [one.key for one in response.configuration_key] == ["HeartbeatInterval"]
        assert response.unknown_key == ("NoSuchKey",)


async def test_an_empty_text_for_all_keys_means_all(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        assert len(await read(place, "")) == len(keys())


async def test_too_many_keys_at_a_time(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        most = place.place.settings.integer("DeviceDataCtrlr.ItemsPerMessage[GetVariables]")
        with pytest.raises(OcppError, match="at most"):
            await read(place, *(["HeartbeatInterval"] * (most + 1)))


async def test_a_change_is_the_device_models(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        assert await change(place, "meterValueSampleInterval", "30") == "Accepted"
        assert place.place.settings.integer("SampledDataCtrlr.TxUpdatedInterval") == 30
        assert (await read(place, "MeterValueSampleInterval"))["MeterValueSampleInterval"].value == "30"


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("NoSuchKey", "1", "NotSupported"),
        ("NumberOfConnectors", "3", "Rejected"),
        ("SupportedFeatureProfiles", "Core", "Rejected"),
        ("ChargeProfileMaxStackLevel", "3", "Rejected"),
        ("HeartbeatInterval", "-1", "Rejected"),
        ("HeartbeatInterval", "soon", "Rejected"),
        ("MeterValuesSampledData", "Voltage,Weather", "Rejected"),
        ("StopTransactionOnInvalidId", "FALSE", "Accepted"),
    ],
)
async def test_what_may_be_changed(tmp_path: Path, key: str, value: str, status: str) -> None:
    async with office(tmp_path) as place:
        assert await change(place, key, value) == status


async def test_a_new_password_is_used_on_a_new_connection(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        request = v16.ChangeConfigurationRequest(key="AuthorizationKey", value="a-password-of-20-char")
        reply = await change_configuration.handle(request, place.context)
        await place.carry_out(reply)
        assert place.reconnects == 1
