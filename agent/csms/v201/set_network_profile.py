"""SetNetworkProfile: the backend says where it, or another, can be reached (B09)."""

from __future__ import annotations

import logging

from agent.csms.dialect import Context, Reply
from agent.network.profiles import SLOTS, NetworkProfile, OcppVersion, Refusal
from agent.store.database import StoreError
from ocppj.messages import v201

log = logging.getLogger(__name__)

_VERSIONS: dict[v201.OCPPVersionEnumType, OcppVersion] = {"OCPP20": "2.0.1", "OCPP16": "1.6"}


async def handle(request: v201.SetNetworkProfileRequest, context: Context) -> Reply:
    """Store the profile; it is used after a restart, once NetworkConfigurationPriority names its slot."""
    data = request.connection_data
    refused = _unusable(request)
    if refused is None:
        profile = NetworkProfile(
            url=data.ocpp_csms_url,
            security=1 if data.security_profile == 1 else 2 if data.security_profile == 2 else 3,
            versions=(_VERSIONS[data.ocpp_version],),
            message_timeout_s=data.message_timeout,
            interface=data.ocpp_interface,
        )
        try:
            refused = await context.network.put(request.configuration_slot, profile)
        except StoreError as error:
            log.error("network profile %d not set: %s", request.configuration_slot, error)
            return _reply("Failed", Refusal("InternalError", "it cannot be stored"))
    if refused is not None:
        log.warning("network profile %d refused: %s", request.configuration_slot, refused.why)
        return _reply("Rejected", refused)
    return _reply("Accepted")


def _unusable(request: v201.SetNetworkProfileRequest) -> Refusal | None:
    """Return what this station cannot do, rather than leave it out (B09.FR.02, B09.FR.05)."""
    data = request.connection_data
    if str(request.configuration_slot) not in SLOTS:
        return Refusal("InvalidConfSlot", f"the slots are {', '.join(SLOTS)}")
    if data.ocpp_transport != "JSON":
        return Refusal("InvalidNetworkConf", "OCPP over SOAP is not supported")
    if data.ocpp_version not in _VERSIONS:
        return Refusal("InvalidNetworkConf", f"this station speaks {' and '.join(_VERSIONS)}")
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
