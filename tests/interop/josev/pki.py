"""Lays a development PKI (`make pki`) out as Josev's vehicle wants it: fixed names, DER and PEM."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.serialization import Encoding

from certs.pem import read_bundle

Edition = Literal["2", "20"]

_PASSWORDS: Final = ("oemLeafPassword", "contractLeafPassword")


def lay_out(made: Path, josev: Path, *, edition: Edition, has_contract: bool = True) -> Path:
    """Write what a vehicle has, of the PKI in `made`, and return the folder that Josev is to be told.

    In -20 a vehicle shows its own certificate in TLS; in -2 the one that it was provisioned with.
    """
    certificates = josev / "iso15118_2" / "certs"  # Josev calls it so for every edition
    keys = josev / "iso15118_2" / "private_keys"
    for folder in (certificates, keys):
        folder.mkdir(parents=True)
    _root(made / f"v2g-{edition}" / "root.pem", certificates / "v2gRootCACert")
    _root(made / f"oem-{edition}" / "root.pem", certificates / "oemRootCACert")
    vehicle = made / f"oem-{edition}" / ("vehicle" if edition == "20" else "provisioning")
    _leaf(vehicle, certificates / "oem", keys / "oemLeaf.key")
    if has_contract:
        _leaf(made / f"mo-{edition}" / "contract", certificates / "mo", keys / "contractLeaf.key")
        (certificates / "moLeafCert.der").rename(certificates / "contractLeafCert.der")
    for name in _PASSWORDS:
        (keys / f"{name}.txt").write_text("", "ascii")  # none
    return josev


def _root(pem: Path, target: Path) -> None:
    target.with_suffix(".pem").write_bytes(pem.read_bytes())
    [root] = read_bundle(pem.read_text("ascii"))
    target.with_suffix(".der").write_bytes(root.public_bytes(Encoding.DER))


def _leaf(stem: Path, target: Path, key: Path) -> None:
    """Write a leaf, the two authorities above it, and all of them as a chain."""
    pem = stem.with_suffix(".pem").read_text("ascii")
    for name, certificate in zip(("LeafCert", "SubCA2Cert", "SubCA1Cert"), read_bundle(pem), strict=True):
        Path(f"{target}{name}.der").write_bytes(certificate.public_bytes(Encoding.DER))
    Path(f"{target}CertChain.pem").write_text(pem, "ascii")
    key.write_bytes(stem.with_suffix(".key").read_bytes())
