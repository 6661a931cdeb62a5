"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from msgspec import field

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str40, Str128, Str2000


class OCSPRequestDataType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeRequest, GetCertificateStatusRequest."""

    hash_algorithm: v21.HashAlgorithmEnumType
    issuer_name_hash: Str128
    issuer_key_hash: Str128
    serial_number: Str40
    responder_url: Str2000 = field(name="responderURL")
    custom_data: Maybe[CustomDataType] = None
