"""Which actions a version has and which types carry them. A version's module is imported on first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from ocppj.errors import ErrorCode, OcppError
from ocppj.messages.fields import Payload
from ocppj.versions import Version

_MODULES = {Version.V16: "v16", Version.V201: "v201", Version.V21: "v21"}


@dataclass(frozen=True, slots=True)
class Catalog:
    """The messages of one version, by action."""

    requests: dict[str, type[Payload]]
    responses: dict[str, type[Payload]]
    sends: dict[str, type[Payload]]
    actions: dict[type[Payload], str]
    strict_integers: frozenset[type[Payload]]


@cache
def catalog(version: Version) -> Catalog:
    """Return the messages of the version, importing its module on the first call."""
    module = import_module(f"ocppj.messages.{_MODULES[version]}")
    requests, responses, sends = module.REQUESTS, module.RESPONSES, module.SENDS
    tables = (requests, responses, sends)
    return Catalog(
        requests=requests,
        responses=responses,
        sends=sends,
        actions={kind: action for table in tables for action, kind in table.items()},
        strict_integers=frozenset(
            kind for table in tables for kind in table.values() if kind.__name__ in module.DRAFT_4
        ),
    )


def actions(version: Version) -> frozenset[str]:
    """Return the actions that the version calls (CALL and CALLRESULT)."""
    return frozenset(catalog(version).requests)


def sends(version: Version) -> frozenset[str]:
    """Return the actions that the version sends without expecting an answer (SEND, OCPP 2.1 only)."""
    return frozenset(catalog(version).sends)


def request_type(version: Version, action: str) -> type[Payload]:
    """Return the type of the action's request.

    Raises:
        OcppError: NotImplemented, if the version does not know the action.
    """
    return _known(catalog(version).requests, version, action)


def response_type(version: Version, action: str) -> type[Payload]:
    """Return the type of the action's response.

    Raises:
        OcppError: NotImplemented, if the version does not know the action.
    """
    return _known(catalog(version).responses, version, action)


def send_type(version: Version, action: str) -> type[Payload]:
    """Return the type of a message that is sent without an answer.

    Raises:
        OcppError: NotImplemented, if the version does not know the action.
    """
    return _known(catalog(version).sends, version, action)


def version_of(message: Payload | type[Payload]) -> Version:
    """Return the version whose message this is.

    Raises:
        TypeError: If it is not a message of any version.
    """
    kind = message if isinstance(message, type) else type(message)
    for version, module in _MODULES.items():
        if kind.__module__ == f"ocppj.messages.{module}":
            return version
    raise TypeError(f"{kind.__qualname__} is not an OCPP message")


def action_of(message: Payload | type[Payload]) -> str:
    """Return the action of a request, response or SEND message: "BootNotification".

    Raises:
        TypeError: If it is not a whole message.
    """
    kind = message if isinstance(message, type) else type(message)
    action = catalog(version_of(kind)).actions.get(kind)
    if action is None:
        raise TypeError(f"{kind.__qualname__} is part of a message, not a message")
    return action


def _known(table: dict[str, type[Payload]], version: Version, action: str) -> type[Payload]:
    kind = table.get(action)
    if kind is None:
        raise OcppError(ErrorCode.NOT_IMPLEMENTED, f"{version.value} has no action {action[:50]!r}")
    return kind
