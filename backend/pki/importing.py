"""Takes over what somebody else made: authorities with their keys, and roots to be believed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from backend.pki.directory import TokenSigner, read, read_key, store_of
from backend.pki.duties import DUTIES, KINDS, ROOT
from backend.pki.errors import PkiError
from backend.pki.names import DutyName, Folder
from certs.chains import is_about_key_of
from certs.keystore import KeyStoreError
from certs.pem import FROM_DER, NotACertificate, name_of, read_bundle, write_bundle
from certs.rules import check_authority, check_dates, is_issued_by, why_unreadable


def take_over(directory: Path, name: DutyName, bundle: Path, key: Path, token: TokenSigner | None) -> str:
    """Make a certificate, before those above it in a PEM file, the one for a duty; return its name.

    Raises:
        PkiError: If the files do not go together, or their root is not believed yet.
    """
    duty = DUTIES[name]
    chain = _read(bundle)
    block = _text(key)
    signer = read_key(block, token, key)
    if not is_about_key_of(chain[0], signer.public_key()):
        raise PkiError(f"{key} is not the key of the first certificate in {bundle}")
    chain = tuple(one for one in chain if not is_issued_by(one, one))
    if not chain:
        raise PkiError(f"{bundle}: there is only a root in it; a duty is that of an authority below")
    roots = read(directory, token).roots(KINDS[duty.folder])
    if not any(is_issued_by(chain[-1], root) for root in roots):
        raise PkiError(
            f"{bundle}: no root in {duty.folder} issued {name_of(chain[-1])}; add its root first with: "
            f"chargehand-backend pki trust {duty.folder} FILE"
        )
    store = store_of(directory, duty.folder)
    try:
        store.open()
        store.delete(f"{duty.file}.pem")
        store.write(f"{duty.file}.key", block)
        store.write(f"{duty.file}.pem", write_bundle(chain))
    except KeyStoreError as error:
        raise PkiError(str(error)) from error
    return name_of(chain[0])


def trust(directory: Path, folder: Folder, file: Path, at: datetime) -> list[str]:
    """Add the roots and authorities of a PEM file to a folder; return what was added.

    Raises:
        PkiError: If one of them may not issue certificates, or is not valid now.
    """
    found = _read(file)
    for one in found:
        wrong = [*check_authority(one), *check_dates(one, at)]
        if wrong:
            raise PkiError(f"{file}: {'; '.join(map(str, wrong))}")
    store = store_of(directory, folder)
    try:
        store.open()
        for one in found:
            kind = ROOT if is_issued_by(one, one) else "authority"
            number = one.fingerprint(hashes.SHA256()).hex()[:16]
            store.write(f"{kind}-{number}.pem", write_bundle((one,)))
    except KeyStoreError as error:
        raise PkiError(str(error)) from error
    return [name_of(one) for one in found]


def _read(file: Path) -> tuple[x509.Certificate, ...]:
    try:
        found = read_bundle(_text(file))
    except NotACertificate as error:
        raise PkiError(f"{file}: {error}") from error
    if not found:
        raise PkiError(f"{file}: there is no certificate in it")
    for one in found:
        if (why := why_unreadable(one)) is not None:
            raise PkiError(f"{file}: {why}")
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii")
    except OSError as error:
        raise PkiError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PkiError(f"{file} is no PEM file; {FROM_DER}") from error
