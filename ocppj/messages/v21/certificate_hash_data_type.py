"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str40, Str128


class CertificateHashDataType(Payload, frozen=True, kw_only=True):
    """Part of CustomerInformationRequest, DeleteCertificateRequest and 4 more."""

    hash_algorithm: v21.HashAlgorithmEnumType
    issuer_name_hash: Str128
    issuer_key_hash: Str128
    serial_number: Str40
    custom_data: Maybe[CustomDataType] = None
