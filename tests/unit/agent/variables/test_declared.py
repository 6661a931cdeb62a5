from __future__ import annotations

import pytest

from agent.variables.checks import checked
from agent.variables.declared import MEASURANDS, Variable, declared

_REQUIRED = """
AlignedDataCtrlr.Interval AlignedDataCtrlr.Measurands AlignedDataCtrlr.TxEndedInterval
AlignedDataCtrlr.TxEndedMeasurands AuthCtrlr.AuthorizeRemoteStart AuthCtrlr.LocalAuthorizeOffline
AuthCtrlr.LocalPreAuthorize ChargingStation.AvailabilityState ChargingStation.Available
ChargingStation.SupplyPhases ClockCtrlr.DateTime ClockCtrlr.TimeSource Connector.Available
Connector.ConnectorType Connector.SupplyPhases DeviceDataCtrlr.BytesPerMessage[GetReport]
DeviceDataCtrlr.BytesPerMessage[GetVariables] DeviceDataCtrlr.BytesPerMessage[SetVariables]
DeviceDataCtrlr.ItemsPerMessage[GetReport] DeviceDataCtrlr.ItemsPerMessage[GetVariables]
DeviceDataCtrlr.ItemsPerMessage[SetVariables] EVSE.AvailabilityState EVSE.Available EVSE.Power
EVSE.SupplyPhases OCPPCommCtrlr.FileTransferProtocols OCPPCommCtrlr.MessageTimeout[Default]
OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent] OCPPCommCtrlr.MessageAttempts[TransactionEvent]
OCPPCommCtrlr.NetworkConfigurationPriority OCPPCommCtrlr.NetworkProfileConnectionAttempts
OCPPCommCtrlr.OfflineThreshold OCPPCommCtrlr.ResetRetries OCPPCommCtrlr.UnlockOnEVSideDisconnect
SampledDataCtrlr.TxEndedInterval SampledDataCtrlr.TxEndedMeasurands SampledDataCtrlr.TxStartedMeasurands
SampledDataCtrlr.TxUpdatedInterval SampledDataCtrlr.TxUpdatedMeasurands SecurityCtrlr.CertificateEntries
SecurityCtrlr.OrganizationName SecurityCtrlr.SecurityProfile TxCtrlr.EVConnectionTimeOut
LocalAuthListCtrlr.Entries LocalAuthListCtrlr.ItemsPerMessage LocalAuthListCtrlr.BytesPerMessage
TxCtrlr.StopTxOnEVSideDisconnect TxCtrlr.StopTxOnInvalidId TxCtrlr.TxStartPoint TxCtrlr.TxStopPoint
"""
"""What OCPP 2.0.1 requires of a station with this station's functional blocks (part 2, appendix 3)."""


def test_every_variable_the_standard_requires_is_declared() -> None:
    """B07.FR.08."""
    assert set(_REQUIRED.split()) <= {variable.name for variable in declared()}


def test_names_are_unique() -> None:
    names = [variable.name for variable in declared()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("variable", declared(), ids=lambda variable: variable.name)
def test_a_default_is_a_value_that_could_be_written(variable: Variable) -> None:
    if variable.default and variable.default != "":
        assert checked(variable, variable.default) == variable.default
    assert variable.help.endswith(".")


def test_the_parts_of_a_name() -> None:
    [timeout] = [item for item in declared() if item.name == "OCPPCommCtrlr.MessageTimeout[Default]"]
    assert (timeout.component, timeout.variable, timeout.instance) == (
        "OCPPCommCtrlr",
        "MessageTimeout",
        "Default",
    )
    [plain] = [item for item in declared() if item.name == "TxCtrlr.TxStartPoint"]
    assert (plain.component, plain.variable, plain.instance) == ("TxCtrlr", "TxStartPoint", None)


def test_measurands_stand_for_what_meters_can_measure() -> None:
    [ended] = [item for item in declared() if item.name == "SampledDataCtrlr.TxEndedMeasurands"]
    assert ended.members == MEASURANDS
