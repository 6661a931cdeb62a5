"""SetNetworkProfile: the backend says where it, or another, can be reached (B09)."""

from __future__ import annotations

import logging

from msgspec.structs import replace

from agent.csms.dialect import Context, Reply
from agent.network.profiles import SLOTS, NetworkProfile, OcppVersion, Refusal
from agent.store.database import StoreError
from ocppj.messages import v201

log = logging.getLogger(__name__)

_VERSIONS: dict[v201.OCPPVersionEnumType, OcppVersion] = {"OCPP20": "2.0.1", "OCPP16": "1.6"}


async def handle(request: v201.SetNetworkProfileRequest, context: Context) -> Reply:
    """Store the profile; it is used after a restart, once NetworkConfigurationPriority names its slot."""
    data = request.connection_data
    refused, version = unusable(request), _VERSIONS.get(data.ocpp_version)
    if refused is not None:
        return refuse(request.configuration_slot, refused)
    if version is None:
        why = f"this station speaks {' and '.join(_VERSIONS)}"
        return refuse(request.configuration_slot, Refusal("InvalidNetworkConf", why))
    return await store(request, NetworkProfile(url="", security=1, versions=(version,)), context)


async def store(request: v201.SetNetworkProfileRequest, profile: NetworkProfile, context: Context) -> Reply:
    """Store what is usable; `profile` has what only the version knows."""
    data, slot = request.connection_data, request.configuration_slot
    whole = replace(
        profile,
        url=data.ocpp_csms_url,
        security=1 if data.security_profile == 1 else 2 if data.security_profile == 2 else 3,
        message_timeout_s=data.message_timeout,
        interface=data.ocpp_interface,
    )
    try:
        refused = await context.network.put(slot, whole)
    except StoreError as error:
        log.error("network profile %d not set: %s", slot, error)
        return _reply("Failed", Refusal("InternalError", "it cannot be stored"))
    return _reply("Accepted") if refused is None else refuse(slot, refused)


def refuse(slot: int, refused: Refusal) -> Reply:
    """Return the answer that says why not."""
    log.warning("network profile %d refused: %s", slot, refused.why)
    return _reply("Rejected", refused)


def unusable(request: v201.SetNetworkProfileRequest) -> Refusal | None:
    """Return what this station cannot do, rather than leave it out (B09.FR.02, B09.FR.05)."""
    data = request.connection_data
    if str(request.configuration_slot) not in SLOTS:
        return Refusal("InvalidConfSlot", f"the slots are {', '.join(SLOTS)}")
    if data.ocpp_transport != "JSON":
        return Refusal("InvalidNetworkConf", "OCPP over SOAP is not supported")
    if data.security_profile not in (1, 2, 3):
        return Refusal("InvalidNetworkConf", "the security profiles are 1, 2 and 3")
    if data.apn is not None:
        return Refusal("UnsupportedParam", "the modem is not set up by this station's agent: leave apn out")
    if data.vpn is not None:
        return Refusal("UnsupportedParam", "no VPN is set up by this station's agent: leave vpn out")
    return None


def _reply(status: v201.SetNetworkProfileStatusEnumType, refusal: Refusal | None = None) -> Reply:
    info = None
    if refusal is not None:
        info = v201.StatusInfoType(reason_code=refusal.code, additional_info=refusal.why[:512])
    return Reply(v201.SetNetworkProfileResponse(status=status, status_info=info))
