"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

CertificateSigningUseEnumType = Literal["ChargingStationCertificate", "V2GCertificate", "V2G20Certificate"]
