from __future__ import annotations

import pytest

from ocppj.errors import ErrorCode, OcppError
from ocppj.versions import Version

CODES_16 = {
    "NotImplemented",
    "NotSupported",
    "InternalError",
    "ProtocolError",
    "SecurityError",
    "FormationViolation",
    "PropertyConstraintViolation",
    "OccurenceConstraintViolation",
    "TypeConstraintViolation",
    "GenericError",
}
"""OCPP-J 1.6, table 7, with the two misspellings that its errata keep."""


def test_16_puts_only_its_own_codes_on_the_wire() -> None:
    assert {code.wire(Version.V16) for code in ErrorCode} == CODES_16


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
def test_2x_spells_the_codes_right_and_has_two_more(version: Version) -> None:
    codes = {code.wire(version) for code in ErrorCode}
    corrected = (CODES_16 - {"FormationViolation", "OccurenceConstraintViolation"}) | {
        "FormatViolation",
        "OccurrenceConstraintViolation",
    }
    assert codes == corrected | {"MessageTypeNotSupported", "RpcFrameworkError"}


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("code", list(ErrorCode))
def test_a_code_is_read_in_the_spelling_of_any_version(version: Version, code: ErrorCode) -> None:
    read = ErrorCode.read(code.wire(version))
    assert read is not None
    assert read.wire(version) == code.wire(version)


def test_an_unknown_code_is_none() -> None:
    assert ErrorCode.read("Whatever") is None


def test_the_exception_says_what_is_wrong() -> None:
    error = OcppError(ErrorCode.SECURITY_ERROR, "not accepted yet", {"wait": 5})
    assert str(error) == "SecurityError: not accepted yet"
    assert (error.code, error.description, error.details) == (
        ErrorCode.SECURITY_ERROR,
        "not accepted yet",
        {"wait": 5},
    )
    assert str(OcppError(ErrorCode.GENERIC_ERROR)) == "GenericError"
