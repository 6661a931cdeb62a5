"""Whether a value may be written to a variable (B05.FR.07: type, limits, members)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation

from agent.variables.declared import Variable


class ValueRefused(ValueError):
    """The value does not fit the variable; the message says what would. `code` is OCPP's word for why."""

    def __init__(self, why: str, code: str = "InvalidValue") -> None:
        super().__init__(why)
        self.code = code


def checked(variable: Variable, text: str) -> str:
    """Return the value as it is to be stored: trimmed, and spelt as the standard spells it.

    Raises:
        ValueRefused: If it does not fit, with what would.
    """
    text = text.strip()
    if not variable.min_length <= len(text) <= variable.max_length:
        what = f" of {', '.join(variable.members)}" if variable.members else ""
        raise ValueRefused(
            f"{variable.name} takes {variable.min_length} to {variable.max_length} characters{what}"
        )
    match variable.type:
        case "boolean":
            return _boolean(variable, text)
        case "integer":
            return _integer(variable, text)
        case "decimal":
            return _decimal(variable, text)
        case "dateTime":
            return _date_time(variable, text)
        case "OptionList":
            return _members(variable, [text], exactly_one=True)
        case "MemberList" | "SequenceList":
            return _members(variable, [part.strip() for part in text.split(",") if part.strip()])
        case "string":
            return text


def _boolean(variable: Variable, text: str) -> str:
    if text.lower() not in ("true", "false"):
        raise ValueRefused(f"{variable.name} takes true or false")
    return text.lower()


def _integer(variable: Variable, text: str) -> str:
    low, high = variable.minimum, variable.maximum
    wanted = f"{variable.name} takes a whole number" + (f" from {low} to {high}" if low is not None else "")
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit():
        raise ValueRefused(wanted)
    value = int(text)
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueRefused(wanted)
    return str(value)


def _decimal(variable: Variable, text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValueRefused(f"{variable.name} takes a number")
    return str(value)


def _date_time(variable: Variable, text: str) -> str:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueRefused(f"{variable.name} takes a time such as 2026-01-31T12:00:00Z") from None
    return text


def _members(variable: Variable, parts: list[str], *, exactly_one: bool = False) -> str:
    known = {member.casefold(): member for member in variable.members}
    unknown = [part for part in parts if part.casefold() not in known]
    is_empty = not parts and variable.min_length > 0
    if unknown or is_empty or (exactly_one and len(parts) != 1):
        raise ValueRefused(
            f"{variable.name} takes {', '.join(variable.members)}"
            + (f", not {', '.join(unknown)}" if unknown else "")
        )
    return ",".join(dict.fromkeys(known[part.casefold()] for part in parts))
