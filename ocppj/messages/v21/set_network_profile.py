"""SetNetworkProfile of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, Str6, Str48, Str50, Str64, Str255, Str2000

APNAuthenticationEnumType = Literal["PAP", "CHAP", "NONE", "AUTO"]
OCPPInterfaceEnumType = Literal[
    "Wired0", "Wired1", "Wired2", "Wired3", "Wireless0", "Wireless1", "Wireless2", "Wireless3", "Any"
]
OCPPTransportEnumType = Literal["SOAP", "JSON"]
OCPPVersionEnumType = Literal["OCPP12", "OCPP15", "OCPP16", "OCPP20", "OCPP201", "OCPP21"]
SetNetworkProfileStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
VPNEnumType = Literal["IKEv2", "IPSec", "L2TP", "PPTP"]


class APNType(Payload, frozen=True, kw_only=True):
    """Part of SetNetworkProfileRequest."""

    apn: Str2000
    apn_user_name: Maybe[Str50] = None
    apn_password: Maybe[Str64] = None
    sim_pin: Maybe[Integer] = None
    preferred_network: Maybe[Str6] = None
    use_only_preferred_network: Maybe[bool] = None
    apn_authentication: APNAuthenticationEnumType
    custom_data: Maybe[CustomDataType] = None


class NetworkConnectionProfileType(Payload, frozen=True, kw_only=True):
    """Part of SetNetworkProfileRequest."""

    apn: Maybe[APNType] = None
    ocpp_version: Maybe[OCPPVersionEnumType] = None
    ocpp_interface: OCPPInterfaceEnumType
    ocpp_transport: OCPPTransportEnumType
    message_timeout: Integer
    ocpp_csms_url: Str2000
    security_profile: IntFrom0
    identity: Maybe[Str48] = None
    basic_auth_password: Maybe[Str64] = None
    vpn: Maybe[VPNType] = None
    custom_data: Maybe[CustomDataType] = None


class VPNType(Payload, frozen=True, kw_only=True):
    """Part of SetNetworkProfileRequest."""

    server: Str2000
    user: Str50
    group: Maybe[Str50] = None
    password: Str64
    key: Str255
    type: VPNEnumType
    custom_data: Maybe[CustomDataType] = None


class SetNetworkProfileRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetNetworkProfile action."""

    configuration_slot: Integer
    connection_data: NetworkConnectionProfileType
    custom_data: Maybe[CustomDataType] = None


class SetNetworkProfileResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetNetworkProfile action."""

    status: SetNetworkProfileStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
