"""The PKI directory: certificates, the keys of our own authorities, and the roots that are believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from backend.pki.duties import DUTIES, KINDS, ROOT, Duty
from backend.pki.errors import PkiError
from backend.pki.names import FOLDERS, DutyName, Folder
from certs.chains import is_about_key_of
from certs.issuing import Authority
from certs.key_kinds import Key
from certs.keystore import KeyStore, KeyStoreError
from certs.pem import NotACertificate, read_bundle
from certs.root_files import Kind
from certs.rules import is_issued_by, why_unreadable

_MOST_ABOVE = 4
_SIGNERS = (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey, ed448.Ed448PrivateKey)


class TokenSigner(Protocol):
    """Finds the keys that are in a PKCS #11 token (`certs.token_keys`)."""

    def signer(self, block: str) -> ec.EllipticCurvePrivateKey:
        """Return what signs with the key that a block stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A certificate in the directory with those above it, leaf first; `key` None: not ours to sign with."""

    folder: Folder
    file: str
    chain: tuple[x509.Certificate, ...]
    key: Key | None = None

    @property
    def is_root(self) -> bool:
        """Whether it is believed by itself."""
        return self.file == ROOT or self.file.startswith(f"{ROOT}-")

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate that the file is about."""
        return self.chain[0]

    @property
    def authority(self) -> Authority | None:
        """It as somebody who signs, if the key is here."""
        if self.key is None:
            return None
        return Authority(key=self.key, certificate=self.certificate, chain=() if self.is_root else self.chain)


class Authorities:
    """What the directory held when it was read."""

    def __init__(self, holdings: Sequence[Holding]) -> None:
        self.holdings = tuple(holdings)

    def of(self, name: DutyName) -> Authority | None:
        """Return who has a duty; None if nobody here has it."""
        duty = DUTIES[name]
        for holding in self.holdings:
            if (holding.folder, holding.file) == (duty.folder, duty.file):
                return holding.authority
        return None

    def need(self, name: DutyName) -> Authority:
        """Return who has a duty.

        Raises:
            PkiError: If nobody here has it.
        """
        found = self.of(name)
        if found is None:
            duty = DUTIES[name]
            raise PkiError(
                f"nobody here {duty.what}: {duty.folder}/{duty.file}.pem with its .key is missing; "
                "to make or import it: chargehand-backend pki init or pki import"
            )
        return found

    def roots(self, kind: Kind) -> tuple[x509.Certificate, ...]:
        """Return the roots that are believed for a kind of certificate."""
        return tuple(one.certificate for one in self.holdings if one.is_root and KINDS[one.folder] == kind)

    @property
    def issuers(self) -> tuple[Authority, ...]:
        """Everybody here who can issue, and so can say what was revoked."""
        found = (one.authority for one in self.holdings if _may_issue(one.certificate))
        return tuple(one for one in found if one is not None)

    def has_issued(self, issuer: x509.Certificate, serial_number: int) -> bool:
        """Return whether a certificate in the directory has this number, and is of this issuer."""
        return any(
            certificate.serial_number == serial_number and is_issued_by(certificate, issuer)
            for holding in self.holdings
            for certificate in holding.chain
        )

    def above(self, leaf: x509.Certificate, kind: Kind) -> tuple[x509.Certificate, ...]:
        """Return the authorities above a leaf that came alone, as far as they are in the directory."""
        known = {
            certificate
            for holding in self.holdings
            if KINDS[holding.folder] == kind and not holding.is_root
            for certificate in holding.chain
        }
        found: list[x509.Certificate] = []
        last = leaf
        while len(found) < _MOST_ABOVE:
            issuer = next((one for one in known if one not in found and is_issued_by(last, one)), None)
            if issuer is None:
                break
            found.append(issuer)
            last = issuer
        return tuple(found)


def read(directory: Path, token: TokenSigner | None = None) -> Authorities:
    """Read the directory.

    Raises:
        PkiError: If it is not there, or a file in it cannot be used.
    """
    if not directory.is_dir():
        raise PkiError(f"{directory}: no such directory; to make it: chargehand-backend pki init")
    return Authorities([one for folder in FOLDERS for one in _folder(directory, folder, token)])


def store_of(directory: Path, folder: Folder) -> KeyStore:
    """Return the key store that a folder is."""
    return KeyStore(directory / folder)


def place(directory: Path, duty: Duty) -> Path:
    """Return where the certificate of a duty lies."""
    return directory / duty.folder / f"{duty.file}.pem"


def _folder(directory: Path, folder: Folder, token: TokenSigner | None) -> Iterator[Holding]:
    store = store_of(directory, folder)
    for name in store.names("*.pem"):
        file = name.removesuffix(".pem")
        path = store.path(name)
        try:
            text, block = store.read(name) or "", store.read(f"{file}.key")
        except KeyStoreError as error:
            raise PkiError(str(error)) from error
        try:
            chain = read_bundle(text)
        except NotACertificate as error:
            raise PkiError(f"{path}: {error}; restore or delete it") from error
        if not chain:
            raise PkiError(f"{path}: there is no certificate in it; restore or delete it")
        for certificate in chain:
            if (why := why_unreadable(certificate)) is not None:
                raise PkiError(f"{path}: {why}")
        key = None if block is None else read_key(block, token, store.path(f"{file}.key"))
        if key is not None and not is_about_key_of(chain[0], key.public_key()):
            raise PkiError(f"{path}: the first certificate is not for the key in {file}.key")
        yield Holding(folder=folder, file=file, chain=chain, key=key)


def read_key(block: str, token: TokenSigner | None, path: Path) -> Key:
    """Return the key that a PEM block is, or stands for.

    Raises:
        PkiError: If there is none that signs.
    """
    try:
        if "PKCS#11 PROVIDER URI" in block:
            if token is None:
                raise PkiError(
                    f"{path}: the key is in a token; name it in [pki] token_module and token_label"
                )
            return token.signer(block)
        key = load_pem_private_key(block.encode("ascii"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm, KeyStoreError) as error:
        raise PkiError(
            f"{path}: no private key can be read ({error}); it is PKCS #8 without a password"
        ) from error
    if not isinstance(key, _SIGNERS):
        raise PkiError(f"{path}: this kind of key signs nothing")
    return key


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
