"""What the log lines of a task are about: named once where it begins, and in every line that it says.

`agent.system.journal` makes fields of it, so that `journalctl CHARGEHAND_EVSE=1` finds all of an EVSE, also
what parts say that know nothing of EVSEs. Tasks that are started inside inherit it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

EVSE: Final = "CHARGEHAND_EVSE"
TRANSACTION: Final = "CHARGEHAND_TRANSACTION"
MESSAGE: Final = "OCPP_MESSAGE_ID"
ACTION: Final = "OCPP_ACTION"

_CURRENT: ContextVar[Mapping[str, str]] = ContextVar("concerning")


@contextmanager
def concerning(
    *,
    evse: int | None = None,
    transaction: str | None = None,
    message: str | None = None,
    action: str | None = None,
) -> Iterator[None]:
    """Have what is logged inside carry these, besides what is known already; None says nothing."""
    new = {
        EVSE: None if evse is None else str(evse),
        TRANSACTION: transaction,
        MESSAGE: message,
        ACTION: action,
    }
    known = {name: value for name, value in new.items() if value is not None}
    token = _CURRENT.set({**present(), **known})
    try:
        yield
    finally:
        _CURRENT.reset(token)


def present() -> Mapping[str, str]:
    """Return the fields of a line that is logged now."""
    return _CURRENT.get({})
