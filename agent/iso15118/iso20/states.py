"""Which requests are possible in which phase of a session, and what may follow."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, Literal

Kind = Literal["AC", "DC"]
Table = Mapping["Phase", Mapping[str, frozenset["Phase"]]]


class Phase(Enum):
    """How far a session is."""

    SETUP = "nothing has been said yet"
    AUTHORIZATION_SETUP = "how a driver can be authorized is to be asked"
    AUTHORIZATION = "the driver is to be authorized"
    EXPIRING = "the driver is authorized by a contract that ends soon, and may get another"
    SERVICES = "the services are to be asked for"
    DETAILS = "the details of one are to be asked for"
    SELECTION = "one is to be chosen"
    JOINED = "a session goes on after a pause"
    PARAMETERS = "the limits of both are to be told"
    SCHEDULES = "a schedule is to be agreed on"
    CABLE_CHECK = "cable and output are to be tested"
    PRE_CHARGE = "the output is to be brought to the battery's voltage"
    DELIVERY = "energy is to be asked for"
    LOOP = "energy flows"
    STANDBY = "energy could flow, and does not for a while"
    RENEGOTIATION = "energy flows, and another schedule is to be agreed on"
    STOPPED = "no energy flows any more"
    OVER = "all is said"


_STOP: Final = "SessionStopReq"
_DELIVER: Final = "PowerDeliveryReq"
_CONFIRM: Final = "MeteringConfirmationReq"
_EXCHANGE: Final = "ScheduleExchangeReq"


def _table(kind: Kind) -> Table:
    parameters, loop = f"{kind}_ChargeParameterDiscoveryReq", f"{kind}_ChargeLoopReq"
    agreed = Phase.DELIVERY if kind == "AC" else Phase.CABLE_CHECK
    over = {_STOP: {Phase.OVER}}
    over_or_again = {_STOP: {Phase.OVER, Phase.SERVICES}}
    running = {Phase.LOOP, Phase.STANDBY, Phase.RENEGOTIATION, Phase.STOPPED}
    rows: dict[Phase, dict[str, set[Phase]]] = {
        Phase.SETUP: {"SessionSetupReq": {Phase.AUTHORIZATION_SETUP, Phase.JOINED}},
        Phase.AUTHORIZATION_SETUP: {"AuthorizationSetupReq": {Phase.AUTHORIZATION}, **over},
        Phase.AUTHORIZATION: {
            "AuthorizationReq": {Phase.AUTHORIZATION, Phase.EXPIRING, Phase.SERVICES, Phase.OVER},
            "CertificateInstallationReq": {Phase.AUTHORIZATION},
            **over,
        },
        Phase.EXPIRING: {
            "ServiceDiscoveryReq": {Phase.DETAILS},
            "CertificateInstallationReq": {Phase.EXPIRING},
            "AuthorizationReq": {Phase.EXPIRING, Phase.SERVICES},
            **over_or_again,
        },
        Phase.SERVICES: {"ServiceDiscoveryReq": {Phase.DETAILS}, **over_or_again},
        Phase.DETAILS: {"ServiceDetailReq": {Phase.SELECTION}, **over_or_again},
        Phase.SELECTION: {
            "ServiceDetailReq": {Phase.SELECTION},
            "ServiceSelectionReq": {Phase.PARAMETERS},
            **over_or_again,
        },
        Phase.JOINED: {
            parameters: {Phase.SCHEDULES},
            "ServiceDiscoveryReq": {Phase.DETAILS},
            **over_or_again,
        },
        Phase.PARAMETERS: {parameters: {Phase.SCHEDULES}, **over_or_again},
        Phase.SCHEDULES: {_EXCHANGE: {Phase.SCHEDULES, agreed}, **over_or_again},
        Phase.DELIVERY: {
            _DELIVER: {Phase.DELIVERY, Phase.LOOP, Phase.STANDBY, Phase.STOPPED},
            **over_or_again,
        },
        Phase.LOOP: {loop: {Phase.LOOP}, _DELIVER: running, _CONFIRM: {Phase.LOOP}},
        Phase.STANDBY: {loop: {Phase.STANDBY}, _DELIVER: running, _CONFIRM: {Phase.STANDBY}},
        Phase.RENEGOTIATION: {
            _EXCHANGE: {Phase.RENEGOTIATION},
            loop: {Phase.RENEGOTIATION},
            _DELIVER: running,
            _CONFIRM: {Phase.RENEGOTIATION},
        },
        Phase.STOPPED: {**over_or_again},
        Phase.OVER: {},
    }
    if kind == "DC":
        rows[Phase.CABLE_CHECK] = {
            "DC_CableCheckReq": {Phase.CABLE_CHECK, Phase.PRE_CHARGE},
            **over_or_again,
        }
        rows[Phase.PRE_CHARGE] = {"DC_PreChargeReq": {Phase.PRE_CHARGE, Phase.DELIVERY}, **over_or_again}
        rows[Phase.DELIVERY]["DC_PreChargeReq"] = {Phase.PRE_CHARGE, Phase.DELIVERY}
        rows[Phase.STOPPED] = {"DC_WeldingDetectionReq": {Phase.STOPPED}, **over_or_again}
    return {
        phase: {name: frozenset(following) for name, following in row.items()} for phase, row in rows.items()
    }


TABLE: Final[Mapping[Kind, Table]] = {"AC": _table("AC"), "DC": _table("DC")}
"""By kind of current. A request that is refused ends the session (`Phase.OVER`), whatever is written here.

While energy can flow, a vehicle has to end that (PowerDelivery) before it ends the session. The request
named first in a phase is the one that is most waited for.
"""

ENERGISED: Final = frozenset(
    {
        Phase.CABLE_CHECK,
        Phase.PRE_CHARGE,
        Phase.DELIVERY,
        Phase.LOOP,
        Phase.STANDBY,
        Phase.RENEGOTIATION,
    }
)
"""Where the power is on, or about to come on."""
