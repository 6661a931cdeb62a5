"""Parts of messages of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Payload
from ocppj.messages.v16.bounds import Str40, Str128

HashAlgorithmEnumType = Literal["SHA256", "SHA384", "SHA512"]


class CertificateHashDataType(Payload, frozen=True, kw_only=True):
    """Part of DeleteCertificateRequest, GetInstalledCertificateIdsResponse."""

    hash_algorithm: HashAlgorithmEnumType
    issuer_name_hash: Str128
    issuer_key_hash: Str128
    serial_number: Str40
