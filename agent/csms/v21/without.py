"""What asks for features that this station does not have: feeding back, grid services, battery swaps.

Where the answer has a word for that, it is said so; else the call is refused as NotSupported, which says that
the station knows the message and has nothing to do with it.
"""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v21

_NO_V2X = v21.StatusInfoType(
    reason_code="UnsupportedRequest", additional_info="this station feeds nothing back"
)
_NO_DER = v21.StatusInfoType(reason_code="UnsupportedRequest", additional_info="this station has no inverter")


async def frequency_signal(request: v21.AFRRSignalRequest, context: Context) -> Reply:
    """Follow no signal: no period has a curve for it (Q08.FR.11)."""
    info = v21.StatusInfoType(reason_code="NoSignalWattCurve")
    return Reply(v21.AFRRSignalResponse(status="Rejected", status_info=info))


async def allowed_energy_transfer(request: v21.NotifyAllowedEnergyTransferRequest, context: Context) -> Reply:
    """Renegotiate no service with the vehicle."""
    return Reply(v21.NotifyAllowedEnergyTransferResponse(status="Rejected", status_info=_NO_V2X))


async def set_der_control(request: v21.SetDERControlRequest, context: Context) -> Reply:
    """Take no control, of whatever type."""
    return Reply(v21.SetDERControlResponse(status="NotSupported", status_info=_NO_DER))


async def get_der_control(request: v21.GetDERControlRequest, context: Context) -> Reply:
    """Report no control."""
    return Reply(v21.GetDERControlResponse(status="NotSupported", status_info=_NO_DER))


async def clear_der_control(request: v21.ClearDERControlRequest, context: Context) -> Reply:
    """Clear no control."""
    return Reply(v21.ClearDERControlResponse(status="NotSupported", status_info=_NO_DER))


async def battery_swap(request: v21.RequestBatterySwapRequest, context: Context) -> Reply:
    """Refuse.

    Raises:
        OcppError: Always.
    """
    raise OcppError(ErrorCode.NOT_SUPPORTED, "this station swaps no batteries")
