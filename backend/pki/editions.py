"""The two editions of ISO 15118 that know contracts, as the provisioning service tells them apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec

from backend.pki import ev_messages, ev_messages_20
from backend.pki.ev_messages import Action, Asked, Grant, Unreadable, Why
from backend.pki.names import DutyName
from certs.envelope import Envelope, seal, seal_20
from certs.exi.tables import Name
from certs.issuing import Authority
from certs.profiles import PROVISIONING, PROVISIONING_20, Profile
from certs.signatures import SigningKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What differs. `longest_emaid` are the characters that its message has room for."""

    name: str
    namespace: str
    schema: Name
    curve: ec.EllipticCurve
    contracts: DutyName
    service: DutyName
    vehicle: Profile
    longest_emaid: int
    seal: Callable[[ec.EllipticCurvePrivateKey, object], Envelope]
    read: Callable[[str, Action], Asked]
    write: Callable[[Asked, Grant, Authority, SigningKey, datetime], str]
    refuse: Callable[[Asked, Why, datetime], str]


EDITION_2 = Edition(
    name="ISO 15118-2",
    namespace=ev_messages.NAMESPACE,
    schema="iso2",
    curve=ec.SECP256R1(),
    contracts="contracts",
    service="provisioning",
    vehicle=PROVISIONING,
    longest_emaid=15,
    seal=seal,
    read=ev_messages.read,
    write=ev_messages.write,
    refuse=ev_messages.refuse,
)
EDITION_20 = Edition(
    name="ISO 15118-20",
    namespace=ev_messages_20.NAMESPACE,
    schema="iso20_common",
    curve=ec.SECP521R1(),
    contracts="contracts-20",
    service="provisioning-20",
    vehicle=PROVISIONING_20,
    longest_emaid=255,
    seal=seal_20,
    read=ev_messages_20.read,
    write=ev_messages_20.write,
    refuse=ev_messages_20.refuse,
)


def edition_of(namespace: str) -> Edition:
    """Return the edition whose messages a charger says that it passes on.

    Raises:
        Unreadable: If it is none that knows contracts.
    """
    for edition in (EDITION_2, EDITION_20):
        if edition.namespace == namespace:
            return edition
    raise Unreadable(
        f"nobody here reads {namespace!r}; {EDITION_2.namespace} and {EDITION_20.namespace} are read"
    )
