"""What the generated message modules are made of: the base class, and what JSON Schema has and Python lacks.

msgspec validates a member by its annotation. Four needs go beyond it, and each has a type here, whose runtime
side may differ from what a type checker sees:

- `Maybe[X]` is an optional member. To a type checker it is `X | None`; to msgspec it is `X`, so that null is
  refused, as the schemas demand, while an absent member reads as None.
- `Amount` is money: a Decimal read from a JSON number, never through a float, and never from a string.
- `Tenths` is a float with at most one decimal place (`multipleOf: 0.1` in OCPP 1.6), judged by its digits.
- `CustomDataType` is the one open object of OCPP 2.x: `vendorId` and whatever else the vendor adds.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

__all__ = ["Amount", "CustomDataType", "Integer", "Maybe", "Payload", "Tenths", "Timestamp"]

INT64_MIN = -(2**63)
INT64_MAX = 2**63 - 1

Integer = Annotated[int, Meta(ge=INT64_MIN, le=INT64_MAX)]
"""The schemas set no bound; this one keeps every integer storable."""

Timestamp = Annotated[datetime, Meta(tz=True)]
"""An RFC 3339 date-time; always aware."""

VENDOR_ID_LENGTH = 255
MONEY_DIGITS = 28
MONEY_LEAST_EXPONENT = -18


class Payload(
    Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, rename="camel"
):
    """Base of every message and object inside one: frozen, no unknown members, camelCase on the wire."""


if TYPE_CHECKING:
    from typing import Optional as Maybe

    Amount = Decimal
    Tenths = float
else:

    class Maybe:
        """An optional member, which JSON null does not satisfy."""

        def __class_getitem__(cls, member):
            return member

    class Amount(ABC):  # noqa: B024 - only its registered subclass Decimal is ever instantiated
        """Money as a JSON number."""

    class Tenths(ABC):  # noqa: B024 - only its registered subclasses float and int are ever instantiated
        """A number with at most one decimal place."""

    Amount.register(Decimal)
    Tenths.register(float)


class CustomDataType:
    """The vendor's own data in any object of OCPP 2.x: immutable, compared by value."""

    __slots__ = ("members", "vendor_id")
    vendor_id: str
    members: Mapping[str, Any]

    def __init__(self, vendor_id: str, members: Mapping[str, Any] = MappingProxyType({})) -> None:
        object.__setattr__(self, "vendor_id", vendor_id)
        object.__setattr__(self, "members", MappingProxyType(dict(members)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"CustomDataType is immutable, cannot set {name}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CustomDataType):
            return NotImplemented
        return self.vendor_id == other.vendor_id and self.members == other.members

    def __hash__(self) -> int:
        return hash(self.vendor_id)

    def __repr__(self) -> str:
        return f"CustomDataType(vendor_id={self.vendor_id!r}, members={dict(self.members)!r})"


def read_member(kind: type, value: Any) -> Any:
    """Read a member of one of the types above from plain JSON (msgspec's `dec_hook`).

    Raises:
        TypeError, ValueError: With msgspec's wording, so that one translation serves both.
    """
    if kind is CustomDataType:
        return _read_custom_data(value)
    number = _exact(value)
    return _read_amount(number) if kind is Amount else _read_tenths(number)


def write_member(value: Any) -> Any:
    """Turn a `CustomDataType` into plain JSON (msgspec's `enc_hook`).

    Raises:
        TypeError: If the value is of a type that has no place in an OCPP message.
    """
    if isinstance(value, CustomDataType):
        return {"vendorId": value.vendor_id, **value.members}
    raise TypeError(f"Expected a JSON value, got `{type(value).__name__}`")


def _exact(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if type(value) is int:
        return Decimal(value)
    raise TypeError(f"Expected `number`, got `{_json_name(value)}`")


def _read_amount(number: Decimal) -> Decimal:
    _, digits, exponent = number.as_tuple()
    if (
        not isinstance(exponent, int)
        or exponent < MONEY_LEAST_EXPONENT
        or len(digits) + exponent > MONEY_DIGITS
    ):
        raise ValueError(f"Expected an amount of at most {MONEY_DIGITS} digits")
    return number


def _read_tenths(number: Decimal) -> float:
    value = float(number)
    if number.as_tuple().exponent < -1 and number != round(number, 1):  # type: ignore[operator]  # JSON has no NaN
        raise ValueError("Expected a multiple of 0.1")
    return value


def _read_custom_data(value: Any) -> CustomDataType:
    if not isinstance(value, dict):
        raise TypeError(f"Expected `object`, got `{_json_name(value)}`")
    members = dict(value)
    if "vendorId" not in members:
        raise ValueError("Object missing required field `vendorId`")
    vendor_id = members.pop("vendorId")
    if not isinstance(vendor_id, str):
        raise TypeError(f"Expected `str`, got `{_json_name(vendor_id)}` for vendorId")
    if len(vendor_id) > VENDOR_ID_LENGTH:
        raise ValueError(f"Expected `str` of length <= {VENDOR_ID_LENGTH} for vendorId")
    return CustomDataType(vendor_id, members)


_JSON_NAMES = {
    dict: "object",
    list: "array",
    str: "str",
    bool: "bool",
    int: "int",
    Decimal: "float",
    type(None): "null",
}


def _json_name(value: Any) -> str:
    return _JSON_NAMES.get(type(value), type(value).__name__)
