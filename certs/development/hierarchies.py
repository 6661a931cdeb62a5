"""Which roots, authorities and leaves a charging site has to do with, and how they are issued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certs import profiles
from certs.csr import Subject
from certs.issuing import AUTHORITY, Authority, Terms
from certs.key_kinds import Key, KeyKind, new_key_of
from certs.profiles import Profile

_ROOT_LASTS = timedelta(days=3650)
_SIGNING = ("digital_signature",)
_CONTRACT = ("digital_signature", "content_commitment", "key_encipherment", "key_agreement")
_PROVISIONING = ("digital_signature", "key_agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is asked for. Names are those that the leaves get; `ocsp_url` "" leaves it out."""

    organization: str = "Example"
    station: str = "CH-1"
    hosts: tuple[str, ...] = ("localhost",)
    emaid: str = "DE83DUIEN83QGZD"
    pcid: str = "WDXEXAMPLE0000012"
    days: int = 365
    ocsp_url: str = ""
    keys_20: KeyKind = "P-521"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A leaf that is wanted: `file` names it, `authorities` those between it and the root, highest first."""

    file: str
    what: str
    common_name: str
    profile: Profile
    usage: tuple[str, ...] = _SIGNING
    extended_usage: tuple[x509.ObjectIdentifier, ...] = ()
    authorities: tuple[str, ...]
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """A root with the leaves below it, in a folder of its own."""

    folder: str
    root: str
    keys: KeyKind = "P-256"
    domain_component: str | None = None
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A key with its chain; for authorities and roots it is their own. `profile` is a leaf's."""

    file: str
    what: str
    key: Key
    chain: tuple[x509.Certificate, ...]
    root: x509.Certificate
    profile: Profile | None = None


def hierarchies(wishes: Wishes) -> tuple[Hierarchy, ...]:
    """Return every hierarchy: those of ISO 15118-2, those of -20, and those of OCPP."""
    return (*_v2g(wishes, is_20=False), *_v2g(wishes, is_20=True), *_ocpp(wishes))


def issue(hierarchy: Hierarchy, wishes: Wishes) -> Iterator[Issued]:
    """Yield the root, every authority once, and the leaves."""
    top = Subject(
        common_name=hierarchy.root,
        organization=wishes.organization,
        domain_component=hierarchy.domain_component,
    )
    root = Authority.root(top, replace(AUTHORITY, valid_for=_ROOT_LASTS), new_key_of(hierarchy.keys))
    yield Issued(
        file="root", what=hierarchy.root, key=root.key, chain=(root.certificate,), root=root.certificate
    )
    made: dict[str, Authority] = {}
    for leaf in hierarchy.leaves:
        issuer = root
        for number, name in enumerate(leaf.authorities):
            if name not in made:
                depth = len(leaf.authorities) - 1 - number
                terms = replace(AUTHORITY, path_length=depth, ocsp_url=wishes.ocsp_url or None)
                subject = Subject(common_name=name, organization=wishes.organization)
                made[name] = issuer.below(subject, terms, new_key_of(hierarchy.keys))
                yield Issued(
                    file=name.lower().replace(" ", "-"),
                    what=name,
                    key=made[name].key,
                    chain=made[name].chain,
                    root=root.certificate,
                )
            issuer = made[name]
        yield _leaf(leaf, issuer, root, hierarchy.keys, wishes)


def _leaf(leaf: Leaf, issuer: Authority, root: Authority, keys: KeyKind, wishes: Wishes) -> Issued:
    subject = Subject(
        common_name=leaf.common_name,
        organization=wishes.organization,
        domain_component=leaf.profile.domain_component,
    )
    terms = Terms(
        valid_for=timedelta(days=wishes.days),
        usage=leaf.usage,
        extended_usage=leaf.extended_usage,
        hosts=leaf.hosts,
        ocsp_url=wishes.ocsp_url or None,
    )
    key, chain = issuer.issue(subject, terms, new_key_of(keys))
    return Issued(
        file=leaf.file, what=leaf.what, key=key, chain=chain, root=root.certificate, profile=leaf.profile
    )


def _v2g(wishes: Wishes, *, is_20: bool) -> tuple[Hierarchy, ...]:
    edition, keys = ("20", wishes.keys_20) if is_20 else ("2", "P-256")
    leaves = {
        "V2G": _charger_leaves(wishes, is_20=is_20),
        "MO": _driver_leaves(wishes, is_20=is_20),
        "OEM": _vehicle_leaves(wishes, is_20=is_20),
    }
    return tuple(
        Hierarchy(
            folder=f"{kind.lower()}-{edition}",
            root=f"{kind} Root {edition}",
            keys=keys,
            domain_component=kind,
            leaves=of_kind,
        )
        for kind, of_kind in leaves.items()
    )


def _charger_leaves(wishes: Wishes, *, is_20: bool) -> tuple[Leaf, ...]:
    secc = Leaf(
        file="secc",
        what="the charging station, to vehicles",
        common_name=wishes.station,
        profile=profiles.SECC_20 if is_20 else profiles.SECC,
        authorities=("CPO Sub-CA 1", "CPO Sub-CA 2"),
    )
    service = Leaf(
        file="provisioning-service",
        what="signs contracts for vehicles",
        common_name="Provisioning Service",
        profile=profiles.PROVISIONING_SERVICE_20 if is_20 else profiles.PROVISIONING_SERVICE,
        authorities=("CPS Sub-CA 1", "CPS Sub-CA 2"),
    )
    return secc, service


def _driver_leaves(wishes: Wishes, *, is_20: bool) -> tuple[Leaf, ...]:
    contract = Leaf(
        file="contract",
        what="a driver's contract",
        common_name=wishes.emaid,
        profile=profiles.CONTRACT_20 if is_20 else profiles.CONTRACT,
        usage=_CONTRACT,
        authorities=("MO Sub-CA 1", "MO Sub-CA 2"),
    )
    return (contract,)


def _vehicle_leaves(wishes: Wishes, *, is_20: bool) -> tuple[Leaf, ...]:
    provisioning = Leaf(
        file="provisioning",
        what="a vehicle that wants a contract",
        common_name=wishes.pcid,
        profile=profiles.PROVISIONING_20 if is_20 else profiles.PROVISIONING,
        usage=_PROVISIONING,
        authorities=("OEM Sub-CA 1", "OEM Sub-CA 2"),
    )
    vehicle = Leaf(
        file="vehicle",
        what="a vehicle, in TLS",
        common_name=f"{wishes.pcid} TLS",
        profile=profiles.VEHICLE_20,
        authorities=provisioning.authorities,
    )
    return (provisioning, vehicle) if is_20 else (provisioning,)


def _ocpp(wishes: Wishes) -> tuple[Hierarchy, ...]:
    backend = Leaf(
        file="backend",
        what="the backend, to charging stations",
        common_name=wishes.hosts[0],
        profile=profiles.BACKEND,
        extended_usage=(ExtendedKeyUsageOID.SERVER_AUTH,),
        authorities=("CSMS Sub-CA",),
        hosts=wishes.hosts,
    )
    station = Leaf(
        file="station",
        what="the charging station, to the backend",
        common_name=wishes.station,
        profile=profiles.CHARGING_STATION,
        extended_usage=(ExtendedKeyUsageOID.CLIENT_AUTH,),
        authorities=backend.authorities,
    )
    firmware = Leaf(
        file="firmware",
        what="signs firmware",
        common_name="Firmware Signing",
        profile=profiles.FIRMWARE_SIGNING,
        extended_usage=(ExtendedKeyUsageOID.CODE_SIGNING,),
        authorities=(),
    )
    return (
        Hierarchy(folder="csms", root="CSMS Root", leaves=(backend, station)),
        Hierarchy(folder="manufacturer", root="Manufacturer Root", leaves=(firmware,)),
    )
