"""The error codes of CALLERROR and CALLRESULTERROR, and the exception that carries one.

OCPP-J 1.6 (table 7) defines ten codes and misspells two of them; its errata (5.1, 5.2) keep the misspelling
on the wire. OCPP 2.0.1 and 2.1 (part 4, section 4.3) correct it and add two codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from ocppj.versions import Version


class ErrorCode(StrEnum):
    """Every error code of every version, spelled as in OCPP 2.x."""

    FORMAT_VIOLATION = "FormatViolation"
    GENERIC_ERROR = "GenericError"
    INTERNAL_ERROR = "InternalError"
    MESSAGE_TYPE_NOT_SUPPORTED = "MessageTypeNotSupported"
    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    OCCURRENCE_CONSTRAINT_VIOLATION = "OccurrenceConstraintViolation"
    PROPERTY_CONSTRAINT_VIOLATION = "PropertyConstraintViolation"
    PROTOCOL_ERROR = "ProtocolError"
    RPC_FRAMEWORK_ERROR = "RpcFrameworkError"
    SECURITY_ERROR = "SecurityError"
    TYPE_CONSTRAINT_VIOLATION = "TypeConstraintViolation"

    def wire(self, version: Version) -> str:
        """Return the spelling that `version` puts on the wire.

        OCPP 1.6 has no MessageTypeNotSupported, and its FormationViolation covers a broken PDU.
        """
        return _WIRE_16.get(self, self.value) if version is Version.V16 else self.value

    @classmethod
    def read(cls, text: str) -> ErrorCode | None:
        """Return the code a peer meant, in the spelling of any version; None if no version defines it."""
        return _READ.get(text)


_WIRE_16 = {
    ErrorCode.FORMAT_VIOLATION: "FormationViolation",
    ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION: "OccurenceConstraintViolation",
    ErrorCode.RPC_FRAMEWORK_ERROR: "FormationViolation",
    ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED: "GenericError",
}

_READ = {code.value: code for code in ErrorCode} | {
    "FormationViolation": ErrorCode.FORMAT_VIOLATION,
    "OccurenceConstraintViolation": ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
}

NO_DETAILS: Mapping[str, Any] = MappingProxyType({})


class OcppError(Exception):
    """A message that must be answered with an error code, or was answered with one."""

    def __init__(
        self, code: ErrorCode, description: str = "", details: Mapping[str, Any] = NO_DETAILS
    ) -> None:
        super().__init__(f"{code}: {description}" if description else str(code))
        self.code = code
        self.description = description
        self.details = details
