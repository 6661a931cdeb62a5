"""A sensible request of every name."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agent.iso15118.iso20.rational import rational

if TYPE_CHECKING:
    from tests.unit.agent.iso15118.iso20.vehicle import Vehicle

Fields = dict[str, Any]
ID_OF_SERVICE = {"AC": 1, "DC": 2, "AC_BPT": 5, "DC_BPT": 6}


def number(value: int | str) -> dict[str, int]:
    """Return a RationalNumber."""
    return rational(Decimal(value))


def plan(powers: list[tuple[int, int]], *, number_of_tuple: int = 1, **mode: str) -> Fields:
    """Return EVPowerProfile for scheduled control: durations (s) and powers (W)."""
    entries = [{"Duration": duration, "Power": number(power)} for duration, power in powers]
    return {
        "TimeAnchor": 0,
        "Scheduled_EVPPTControlMode": {"SelectedScheduleTupleID": number_of_tuple, **mode},
        "EVPowerProfileEntries": {"EVPowerProfileEntry": entries},
    }


def start(profile: Fields) -> Fields:
    """Return a PowerDeliveryReq with a plan."""
    return {"EVProcessing": "Finished", "ChargeProgress": "Start", "EVPowerProfile": profile}


def _ac_parameters(vehicle: Vehicle) -> Fields:
    mode = {"EVMaximumChargePower": number(11000), "EVMinimumChargePower": number(1400)}
    if vehicle.prefix:
        mode |= {"EVMaximumDischargePower": number(10000), "EVMinimumDischargePower": number(0)}
    return {f"{vehicle.prefix}AC_CPDReqEnergyTransferMode": mode}


def _dc_parameters(vehicle: Vehicle) -> Fields:
    mode = {
        "EVMaximumChargePower": number(50000),
        "EVMinimumChargePower": number(100),
        "EVMaximumChargeCurrent": number(125),
        "EVMinimumChargeCurrent": number(1),
        "EVMaximumVoltage": number(450),
        "EVMinimumVoltage": number(200),
    }
    if vehicle.prefix:
        mode |= {
            "EVMaximumDischargePower": number(10000),
            "EVMinimumDischargePower": number(0),
            "EVMaximumDischargeCurrent": number(30),
            "EVMinimumDischargeCurrent": number(0),
        }
    return {f"{vehicle.prefix}DC_CPDReqEnergyTransferMode": mode}


def _exchange(vehicle: Vehicle) -> Fields:
    mode: Fields = {"DepartureTime": 7200, "EVTargetEnergyRequest": number(20000)}
    if vehicle.control == "Dynamic":
        mode |= {
            "MinimumSOC": 30,
            "TargetSOC": 80,
            "EVMaximumEnergyRequest": number(40000),
            "EVMinimumEnergyRequest": number(-2000),
        }
    return {"MaximumSupportingPoints": 12, f"{vehicle.control}_SEReqControlMode": mode}


def _deliver(vehicle: Vehicle) -> Fields:
    profile = plan([(1800, 11000), (1800, 5000)])
    if vehicle.control == "Dynamic":
        del profile["Scheduled_EVPPTControlMode"]
        profile["Dynamic_EVPPTControlMode"] = {}
    return start(profile)


_ENERGIES: Fields = {
    "EVTargetEnergyRequest": number(20000),
    "EVMaximumEnergyRequest": number(40000),
    "EVMinimumEnergyRequest": number(-2000),
}


def _ac_loop(vehicle: Vehicle) -> Fields:
    mode: Fields = {"EVPresentActivePower": number(10000)}
    if vehicle.control == "Dynamic":
        mode |= _ENERGIES | {
            "EVMaximumChargePower": number(11000),
            "EVMinimumChargePower": number(1400),
            "EVPresentReactivePower": number(0),
        }
        if vehicle.prefix:
            mode |= {"EVMaximumDischargePower": number(10000), "EVMinimumDischargePower": number(0)}
    return {
        "DisplayParameters": {"PresentSOC": 40},
        "MeterInfoRequested": True,
        f"{vehicle.prefix}{vehicle.control}_AC_CLReqControlMode": mode,
    }


def dc_loop(vehicle: Vehicle, **more: int | str) -> Fields:
    """Return a DC_ChargeLoopReq with other values in its control mode."""
    mode: Fields = {"EVTargetCurrent": number(100), "EVTargetVoltage": number(400)}
    if vehicle.control == "Dynamic":
        mode = _ENERGIES | {
            "EVMaximumChargePower": number(40000),
            "EVMinimumChargePower": number(100),
            "EVMaximumChargeCurrent": number(120),
            "EVMaximumVoltage": number(430),
            "EVMinimumVoltage": number(200),
        }
        if vehicle.prefix:
            mode |= {
                "EVMaximumDischargePower": number(10000),
                "EVMinimumDischargePower": number(0),
                "EVMaximumDischargeCurrent": number(30),
            }
    mode |= {name: number(value) for name, value in more.items()}
    return {
        "MeterInfoRequested": False,
        "EVPresentVoltage": number(390),
        f"{vehicle.prefix}{vehicle.control}_DC_CLReqControlMode": mode,
    }


def _install(_vehicle: Vehicle) -> Fields:
    return {
        "OEMProvisioningCertificateChain": {"Id": "id1", "Certificate": b"none"},
        "ListOfRootCertificateIDs": {
            "RootCertificateID": [{"X509IssuerName": "CN=Root", "X509SerialNumber": 1}]
        },
        "MaximumContractCertificateChains": 1,
    }


def _confirm(vehicle: Vehicle) -> Fields:
    data = {
        "Id": "id1",
        "SessionID": vehicle.session_id,
        "MeterInfo": {"MeterID": "M1", "ChargedEnergyReadingWh": 1000},
        "Dynamic_SMDTControlMode": {},
    }
    return {"SignedMeteringData": data}


def _select(vehicle: Vehicle) -> Fields:
    wanted = {"ServiceID": ID_OF_SERVICE[vehicle.service], "ParameterSetID": vehicle.parameter_set}
    return {"SelectedEnergyTransferService": wanted}


def _pre_charge(_vehicle: Vehicle) -> Fields:
    volts = {"EVPresentVoltage": number(390), "EVTargetVoltage": number(400)}
    return {"EVProcessing": "Finished", **volts}


REQUESTS: dict[str, Callable[[Vehicle], Fields]] = {
    "SessionSetupReq": lambda _vehicle: {"EVCCID": "WMIV1234567890ABCDEX"},
    "AuthorizationSetupReq": lambda _vehicle: {},
    "AuthorizationReq": lambda _vehicle: {
        "SelectedAuthorizationService": "EIM",
        "EIM_AReqAuthorizationMode": {},
    },
    "CertificateInstallationReq": _install,
    "ServiceDiscoveryReq": lambda _vehicle: {},
    "ServiceDetailReq": lambda vehicle: {"ServiceID": ID_OF_SERVICE[vehicle.service]},
    "ServiceSelectionReq": _select,
    "ScheduleExchangeReq": _exchange,
    "PowerDeliveryReq": _deliver,
    "MeteringConfirmationReq": _confirm,
    "SessionStopReq": lambda _vehicle: {"ChargingSession": "Terminate"},
    "VehicleCheckInReq": lambda _vehicle: {"EVCheckInStatus": "CheckIn", "ParkingMethod": "Manual"},
    "VehicleCheckOutReq": lambda _vehicle: {"EVCheckOutStatus": "CheckOut", "CheckOutTime": 1},
    "AC_ChargeParameterDiscoveryReq": _ac_parameters,
    "AC_ChargeLoopReq": _ac_loop,
    "DC_ChargeParameterDiscoveryReq": _dc_parameters,
    "DC_CableCheckReq": lambda _vehicle: {},
    "DC_PreChargeReq": _pre_charge,
    "DC_ChargeLoopReq": dc_loop,
    "DC_WeldingDetectionReq": lambda _vehicle: {"EVProcessing": "Ongoing"},
}
