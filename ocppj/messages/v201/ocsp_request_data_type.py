"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from msgspec import field

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str40, Str128, Str512


class OCSPRequestDataType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeRequest, GetCertificateStatusRequest."""

    custom_data: Maybe[CustomDataType] = None
    hash_algorithm: v201.HashAlgorithmEnumType
    issuer_name_hash: Str128
    issuer_key_hash: Str128
    serial_number: Str40
    responder_url: Str512 = field(name="responderURL")
