"""What the backend signs with, and where that lies in the PKI directory.

The directory is laid out as `make pki` does it: a folder for each hierarchy, in which `root.pem` is its root,
`FILE.pem` a certificate with the authorities above it (leaf first, without the root) and `FILE.key` its key.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.pki.names import DutyName, Folder
from certs import profiles
from certs.key_kinds import KeyKind
from certs.profiles import Profile
from certs.root_files import Kind

ROOT = "root"
"""A root's file is called so, or begins with it and a hyphen where there are more."""

KINDS: dict[Folder, Kind] = {
    "csms": "CSMS",
    "v2g-2": "V2G",
    "v2g-20": "V2G",
    "mo-2": "MO",
    "mo-20": "MO",
    "oem-2": "OEM",
    "oem-20": "OEM",
    "manufacturer": "Manufacturer",
}
"""Whose roots a folder holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something that is signed. `profile` is that of the leaves, or of the signer if it is a leaf itself."""

    name: DutyName
    folder: Folder
    file: str
    what: str
    profile: Profile
    keys: KeyKind = "P-256"
    is_leaf: bool = False


DUTIES: dict[DutyName, Duty] = {
    duty.name: duty
    for duty in (
        Duty(
            name="stations",
            folder="csms",
            file="csms-sub-ca",
            what="certifies charging stations' keys for OCPP",
            profile=profiles.CHARGING_STATION,
        ),
        Duty(
            name="secc",
            folder="v2g-2",
            file="cpo-sub-ca-2",
            what="certifies charging stations' keys for vehicles (ISO 15118-2)",
            profile=profiles.SECC,
        ),
        Duty(
            name="contracts",
            folder="mo-2",
            file="mo-sub-ca-2",
            what="issues contracts (ISO 15118-2)",
            profile=profiles.CONTRACT,
        ),
        Duty(
            name="provisioning",
            folder="v2g-2",
            file="provisioning-service",
            what="signs contracts for vehicles (ISO 15118-2)",
            profile=profiles.PROVISIONING_SERVICE,
            is_leaf=True,
        ),
        Duty(
            name="contracts-20",
            folder="mo-20",
            file="mo-sub-ca-2",
            what="issues contracts (ISO 15118-20)",
            profile=profiles.CONTRACT_20,
            keys="P-521",
        ),
        Duty(
            name="provisioning-20",
            folder="v2g-20",
            file="provisioning-service",
            what="signs contracts for vehicles (ISO 15118-20)",
            profile=profiles.PROVISIONING_SERVICE_20,
            keys="P-521",
            is_leaf=True,
        ),
    )
}
