"""DiagnosticsStatusNotification of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Payload

DiagnosticsStatus = Literal["Idle", "Uploaded", "UploadFailed", "Uploading"]


class DiagnosticsStatusNotificationRequest(Payload, frozen=True, kw_only=True):
    """Request of the DiagnosticsStatusNotification action."""

    status: DiagnosticsStatus


class DiagnosticsStatusNotificationResponse(Payload, frozen=True, kw_only=True):
    """Response of the DiagnosticsStatusNotification action."""
