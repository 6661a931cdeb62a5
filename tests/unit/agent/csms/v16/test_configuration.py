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


ALL: dict[str, str | None] = {
    # 9.1, Core
    "AllowOfflineTxForUnknownId": "true",
    "AuthorizationCacheEnabled": "false",
    "AuthorizeRemoteTxRequests": "false",
    "ClockAlignedDataInterval": "900",
    "ConnectionTimeOut": "45",
    "ConnectorPhaseRotation": "1.RST,2.RST",
    "GetConfigurationMaxKeys": None,
    "HeartbeatInterval": "600",
    "LocalAuthorizeOffline": "false",
    "LocalPreAuthorize": "true",
    "MaxEnergyOnInvalidId": "500",
    "MeterValuesAlignedData": "Voltage",
    "MeterValuesAlignedDataMaxLength": None,
    "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import",
    "MeterValuesSampledDataMaxLength": None,
    "MeterValueSampleInterval": "60",
    "NumberOfConnectors": None,
    "ResetRetries": "2",
    "StopTransactionOnEVSideDisconnect": "true",
    "StopTransactionOnInvalidId": "false",
    "StopTxnAlignedData": "Energy.Active.Import.Register",
    "StopTxnAlignedDataMaxLength": None,
    "StopTxnSampledData": "Energy.Active.Import.Register",
    "StopTxnSampledDataMaxLength": None,
    "SupportedFeatureProfiles": None,
    "TransactionMessageAttempts": "4",
    "TransactionMessageRetryInterval": "20",
    "UnlockConnectorOnEVSideDisconnect": "true",
    "WebSocketPingInterval": "30",
    # 9.2, Local Auth List Management
    "LocalAuthListEnabled": "true",
    "LocalAuthListMaxLength": None,
    "SendLocalListMaxLength": None,
    # 9.3, Reservation
    "ReserveConnectorZeroSupported": None,
    # 9.4, Smart Charging
    "ChargeProfileMaxStackLevel": None,
    "ChargingScheduleAllowedChargingRateUnit": None,
    "ChargingScheduleMaxPeriods": None,
    "ConnectorSwitch3to1PhaseSupported": None,
    "MaxChargingProfilesInstalled": None,
    # 9.5 with the errata, Firmware Management
    "SupportedFileTransferProtocols": None,
    # the security extension
    "AdditionalRootCertificateCheck": None,
    "AuthorizationKey": "another-password-of-ours",
    "CertificateSignedMaxChainSize": None,
    "CertificateStoreMaxLength": None,
    "CpoName": "Operator",
    "SecurityProfile": "1",
    # Plug & Charge
    "CentralContractValidationAllowed": "true",
    "CertSigningRepeatTimes": "2",
    "CertSigningWaitMinimum": "90",
    "ContractValidationOffline": "false",
    "ISO15118PnCEnabled": "false",
    # prices and costs
    "CustomDisplayCostAndPrice": None,
    "CustomIdleFeeAfterStop": "true",
    "CustomMultiLanguageMessages": None,
    "DefaultPrice": '{"priceText": "0.30/kWh"}',
    "NextTimeOffsetTransitionDateTime": None,
    "NumberOfDecimalsForCostValues": "3",
    "TimeOffset": None,
    # signed meter values
    "AlignedDataSignReadings": None,
    "AlignedDataSignUpdatedReadings": None,
    "PublicKeyWithSignedMeterValue": "Never",
    "SampledDataSignReadings": "false",
    "SampledDataSignStartedReadings": "false",
    "SampledDataSignUpdatedReadings": None,
}
"""Every key with a value that it takes; None for those that the backend may only read."""

NOT_HERE = (
    "BlinkRepeat",
    "ConnectorPhaseRotationMaxLength",
    "LightIntensity",
    "MeterPublicKey1",
    "MinimumStatusDuration",
    "StartTxnSampledData",
    "SupportedFeatureProfilesMaxLength",
)
"""What the standard leaves to the charge point, and this one has not; the meters here do not sign."""
AFTER_RESTART = ("SecurityProfile",)


def test_the_table_has_every_key() -> None:
    assert {key.name for key in keys().values()} == set(ALL)


@pytest.mark.parametrize(("key", "value"), ALL.items())
async def test_every_key_is_read_and_written_as_the_standard_has_it(
    tmp_path: Path, key: str, value: str | None
) -> None:
    async with office(tmp_path) as place:
        before = (await read(place, key.upper()))[key]
        assert before.readonly is (value is None)
        if value is None:
            assert before.value is not None
            assert await change(place, key, before.value) == "Rejected"
            assert (await read(place, key))[key] == before
            return
        assert await change(place, key, value) == ("RebootRequired" if key in AFTER_RESTART else "Accepted")
        assert (await read(place, key))[key].value == (None if key == "AuthorizationKey" else value)


@pytest.mark.parametrize("key", NOT_HERE)
async def test_what_is_not_here_is_not_supported(tmp_path: Path, key: str) -> None:
    async with office(tmp_path) as place:
        assert await read(place, key) == {}
        assert await change(place, key, "1") == "NotSupported"


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("0.RTS,1.RTS,2.RTS", "Accepted"),
        ("1.TSR", "Accepted"),
        ("1.RST,2.RTS", "Rejected"),
        ("3.RST", "Rejected"),
        ("1.XYZ", "Rejected"),
        ("RST", "Rejected"),
    ],
)
async def test_the_wiring_of_all_connectors_is_one_key(tmp_path: Path, value: str, status: str) -> None:
    async with office(tmp_path) as place:
        assert await change(place, "ConnectorPhaseRotation", value) == status


@pytest.mark.parametrize(("value", "status"), [("0", "Rejected"), ("4", "Rejected"), ("x", "Rejected")])
async def test_what_is_no_security_profile(tmp_path: Path, value: str, status: str) -> None:
    async with office(tmp_path) as place:
        assert await change(place, "SecurityProfile", value) == status


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
