"""What an update is, and what is told of it. Free of any OCPP version, and as it is stored on flash."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Status = Literal[
    "DownloadScheduled",
    "Downloading",
    "Downloaded",
    "DownloadFailed",
    "SignatureVerified",
    "InvalidSignature",
    "InstallScheduled",
    "Installing",
    "InstallVerificationFailed",
    "InstallationFailed",
    "InstallRebooting",
    "Installed",
]

Verdict = Literal["Accepted", "AcceptedCanceled", "Rejected", "InvalidCertificate", "RevokedCertificate"]

Alarm = Literal["FirmwareUpdated", "InvalidFirmwareSignature", "InvalidFirmwareSigningCertificate"]
"""Security events, by the names of OCPP's list."""


class UpdateRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the backend wants installed. Without a certificate it is not signed."""

    request_id: int
    location: str
    retrieve_at: datetime
    install_at: datetime | None = None
    signing_certificate: str | None = None
    signature: str | None = None
    retries: int = 0
    retry_interval_s: int = 0

    @property
    def is_signed(self) -> bool:
        """Whether certificate and signature came with it, or at least one of them."""
        return self.signing_certificate is not None or self.signature is not None


class FirmwareStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A state that an update came to, for the backend; `why` says what kept it from getting further."""

    status: Status
    request_id: int
    why: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered to a request; `why` says more about a refusal."""

    verdict: Verdict
    why: str = ""
