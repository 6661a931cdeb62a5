"""SetNetworkProfile of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import Str6, Str20, Str255, Str512

APNAuthenticationEnumType = Literal["CHAP", "NONE", "PAP", "AUTO"]
OCPPInterfaceEnumType = Literal[
    "Wired0", "Wired1", "Wired2", "Wired3", "Wireless0", "Wireless1", "Wireless2", "Wireless3"
]
OCPPTransportEnumType = Literal["JSON", "SOAP"]
OCPPVersionEnumType = Literal["OCPP12", "OCPP15", "OCPP16", "OCPP20"]
SetNetworkProfileStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
VPNEnumType = Literal["IKEv2", "IPSec", "L2TP", "PPTP"]


class APNType(Payload, frozen=True, kw_only=True):
    """Part of SetNetworkProfileRequest."""

    custom_data: Maybe[CustomDataType] = None
    apn: Str512
    apn_user_name: Maybe[Str20] = None
    apn_password: Maybe[Str20] = None
    sim_pin: Maybe[Integer] = None
    preferred_network: Maybe[Str6] = None
    use_only_preferred_network: Maybe[bool] = None
    apn_authentication: APNAuthenticationEnumType


class NetworkConnectionProfileType(Payload, frozen=True, kw_only=True):
    """Part of SetNetworkProfileRequest."""

    custom_data: Maybe[CustomDataType] = None
    apn: Maybe[APNType] = None
    ocpp_version: OCPPVersionEnumType
    ocpp_transport: OCPPTransportEnumType
    ocpp_csms_url: Str512
    message_timeout: Integer
    security_profile: Integer
    ocpp_interface: OCPPInterfaceEnumType
    vpn: Maybe[VPNType] = None


class VPNType(Payload, frozen=True, kw_only=True):
    """Part of SetNetworkProfileRequest."""

    custom_data: Maybe[CustomDataType] = None
    server: Str512
    user: Str20
    group: Maybe[Str20] = None
    password: Str20
    key: Str255
    type: VPNEnumType


class SetNetworkProfileRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetNetworkProfile action."""

    custom_data: Maybe[CustomDataType] = None
    configuration_slot: Integer
    connection_data: NetworkConnectionProfileType


class SetNetworkProfileResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetNetworkProfile action."""

    custom_data: Maybe[CustomDataType] = None
    status: SetNetworkProfileStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
