"""Parts of messages of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

CertificateUseEnumType = Literal["CentralSystemRootCertificate", "ManufacturerRootCertificate"]
