"""Which actions a version has and which types carry them. Versions and types are loaded on first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType

from ocppj.errors import ErrorCode, OcppError
from ocppj.messages.fields import Payload
from ocppj.versions import Version

_REQUEST, _RESPONSE = "Request", "Response"
_PACKAGES = {Version.V16: "v16", Version.V201: "v201", Version.V21: "v21"}


@dataclass(frozen=True, slots=True)
class Catalog:
    """The actions of one version, called and answered or sent without an answer, and the types."""

    calls: frozenset[str]
    sends: frozenset[str]
    types: ModuleType
    """Each is loaded when it is first used."""


@cache
def catalog(version: Version) -> Catalog:
    """Return the actions of the version, importing its package on the first call."""
    package = import_module(f"ocppj.messages.{_PACKAGES[version]}")
    return Catalog(calls=frozenset(package.CALLS), sends=frozenset(package.SENDS), types=package)


def actions(version: Version) -> frozenset[str]:
    """Return the actions that the version calls (CALL and CALLRESULT)."""
    return catalog(version).calls


def sends(version: Version) -> frozenset[str]:
    """Return the actions that the version sends without expecting an answer (SEND, OCPP 2.1 only)."""
    return catalog(version).sends


@cache
def request_type(version: Version, action: str) -> type[Payload]:
    """Return the type of the action's request.

    Raises:
        OcppError: NotImplemented, if the version does not know the action.
    """
    return _type(version, actions(version), action, f"{action}{_REQUEST}")


@cache
def response_type(version: Version, action: str) -> type[Payload]:
    """Return the type of the action's response.

    Raises:
        OcppError: NotImplemented, if the version does not know the action.
    """
    return _type(version, actions(version), action, f"{action}{_RESPONSE}")


@cache
def send_type(version: Version, action: str) -> type[Payload]:
    """Return the type of a message that is sent without an answer.

    Raises:
        OcppError: NotImplemented, if the version does not know the action.
    """
    return _type(version, sends(version), action, action)


@cache
def version_of(kind: type[Payload]) -> Version:
    """Return the version whose message this type is, or part of.

    Raises:
        TypeError: If it is not of any version.
    """
    for version, package in _PACKAGES.items():
        if kind.__module__.startswith(f"ocppj.messages.{package}."):
            return version
    raise TypeError(f"{kind.__qualname__} is not an OCPP message")


@cache
def action_of(kind: type[Payload]) -> str:
    """Return the action of a request, response or SEND message: "BootNotification".

    Raises:
        TypeError: If it is not a whole message.
    """
    known, name = catalog(version_of(kind)), kind.__name__
    for suffix in (_REQUEST, _RESPONSE):
        if name.endswith(suffix) and name.removesuffix(suffix) in known.calls:
            return name.removesuffix(suffix)
    if name in known.sends:
        return name
    raise TypeError(f"{kind.__qualname__} is part of a message, not a message")


@cache
def takes_whole_floats(kind: type[Payload]) -> bool:
    """Return whether 1.0 is an integer to the message's schema: those of draft 4 say no."""
    return kind.__name__ not in catalog(version_of(kind)).types.DRAFT_4


def _type(version: Version, known: frozenset[str], action: str, name: str) -> type[Payload]:
    if action not in known:
        raise OcppError(ErrorCode.NOT_IMPLEMENTED, f"{version.value} has no action {action[:50]!r}")
    found: type[Payload] = getattr(catalog(version).types, name)
    return found
