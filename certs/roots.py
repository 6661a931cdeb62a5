"""The roots that are trusted, by what they are trusted for.

Whatever can be installed can be listed and deleted: only certificates that issued themselves come in, or,
where a new root must be vouched for, those that the root before them issued.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from certs.pem import NotACertificate, name_of, read_bundle, write_bundle
from certs.root_files import KINDS, Kind, RootFiles
from certs.rules import Finding, Rule, check_authority, check_dates, check_root, check_strength, is_issued_by


class RootRefused(ValueError):
    """A certificate that cannot be a root here; says which rules it breaks."""

    def __init__(self, findings: Collection[Finding]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = tuple(findings)


class StoreFull(ValueError):
    """There are as many roots of this kind as there may be, and none of them has expired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """One installed root. `issuer` is itself, but for one that the root before it vouched for."""

    kind: Kind
    file: str
    certificate: x509.Certificate
    issuer: x509.Certificate
    is_fallback: bool


class Roots:
    """The installed roots; `most` of each kind."""

    def __init__(self, files: RootFiles, most: int) -> None:
        self._files = files
        self._most = most

    def all(self, kinds: Collection[Kind] = KINDS) -> tuple[Root, ...]:
        """Return the roots of these kinds; a file that holds something else counts for nothing.

        Raises:
            KeyStoreError: If they cannot be read.
        """
        read = (
            self._read(kind, file, is_fallback=is_fallback)
            for kind in KINDS
            if kind in kinds
            for is_fallback in (False, True)
            for file in self._files.names(kind, fallback=is_fallback)
        )
        return tuple(root for root in read if root is not None)

    def trusted(self, kind: Kind) -> tuple[x509.Certificate, ...]:
        """Return the certificates that a chain of this kind may end at."""
        return tuple(root.certificate for root in self.all((kind,)))

    def install(self, kind: Kind, certificate: x509.Certificate, at: datetime) -> None:
        """Trust a root. One that is installed already is written again; an expired one makes room.

        Raises:
            RootRefused: If it is no root, or not valid now.
            StoreFull: If there is no room.
            KeyStoreError: If it cannot be stored.
        """
        findings = check_root(certificate, at)
        if findings:
            raise RootRefused(findings)
        file, present = self._files.name(kind, _number(certificate)), self._files.names(kind)
        if file not in present and len(present) >= self._most:
            self._make_room(kind, at)
        self._files.write(file, write_bundle((certificate,)))

    def replace(self, kind: Kind, certificate: x509.Certificate, at: datetime) -> None:
        """Trust a root in place of the one there is, which must have signed it, and stays to fall back to.

        Raises:
            RootRefused: If the root before it did not sign it, or it is not valid now.
            KeyStoreError: If it cannot be stored.
        """
        before = [root for root in self.all((kind,)) if not root.is_fallback]
        if not before:
            self.install(kind, certificate, at)
            return
        others = [root for root in before if root.certificate != certificate]
        if len(others) < len(before):  # again, perhaps because the power went before the answer
            self._retire(others)
            return
        issuer = next((one for one in before if is_issued_by(certificate, one.certificate)), None)
        if issuer is None:
            raise RootRefused([Finding(Rule.SIGNATURE, name_of(certificate), "not by the root it replaces")])
        findings = [
            *check_dates(certificate, at),
            *check_authority(certificate),
            *check_strength(certificate),
        ]
        if findings:
            raise RootRefused(findings)
        self._files.drop_fallback(kind)
        text = write_bundle((certificate, issuer.certificate))
        self._files.write(self._files.name(kind, _number(certificate)), text)
        self._retire(before)

    def delete(self, root: Root) -> None:
        """Trust a root no longer.

        Raises:
            KeyStoreError: If it cannot be deleted.
        """
        self._files.delete(root.file)

    def _retire(self, roots: Collection[Root]) -> None:
        for root in roots:
            self._files.make_fallback(root.file)

    def _make_room(self, kind: Kind, at: datetime) -> None:
        """Delete what is of no use: a file that is no root any more, or else a root that expired."""
        for file in self._files.names(kind):
            root = self._read(kind, file, is_fallback=False)
            if root is None or root.certificate.not_valid_after_utc < at:
                self._files.delete(file)
                return
        raise StoreFull(f"there are {self._most} {kind} roots, which is all there is room for")

    def _read(self, kind: Kind, file: str, *, is_fallback: bool) -> Root | None:
        try:
            certificates = read_bundle(self._files.read(file))
        except NotACertificate:
            return None
        return Root(
            kind=kind,
            file=file,
            certificate=certificates[0],
            issuer=certificates[-1],
            is_fallback=is_fallback,
        )


def _number(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()[:32]
