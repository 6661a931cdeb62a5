"""Makes the operator's own authorities: roots, those below them, and the provisioning service.

What is there stays. A key is written before its certificate, so that a power cut leaves nothing half usable;
run again, it goes on. For production the roots' keys belong elsewhere: move `root.key` away once all is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from backend.pki.directory import Authorities, Holding, TokenSigner, read, read_key, store_of
from backend.pki.duties import ROOT
from backend.pki.errors import PkiError
from backend.pki.names import Folder
from backend.pki.terms import Wording
from certs.csr import Subject, write_key
from certs.issuing import AUTHORITY, Authority, Terms
from certs.key_kinds import Key, KeyKind, new_key_of
from certs.keys import Keys
from certs.keystore import KeyStoreError
from certs.pem import write_bundle

ROOT_LASTS = timedelta(days=20 * 365)
AUTHORITY_LASTS = timedelta(days=10 * 365)
SERVICE_LASTS = timedelta(days=2 * 365)
RENEW_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A certificate that is to be there; `above` is the file of its issuer, "" for a root."""

    file: str
    name: str
    above: str
    path_length: int | None = None
    domain_component: str | None = None

    @property
    def is_leaf(self) -> bool:
        """Whether it signs messages, not certificates."""
        return self.path_length is None


def _hierarchy(kind: str, *authorities: str) -> tuple[Post, ...]:
    posts = [
        Post(file=ROOT, name=f"{kind} Root", above="", path_length=len(authorities), domain_component=kind)
    ]
    for depth, name in zip(range(len(authorities) - 1, -1, -1), authorities, strict=True):
        posts.append(Post(file=_file(name), name=name, above=posts[-1].file, path_length=depth))
    return tuple(posts)


def _file(name: str) -> str:
    return name.lower().replace(" ", "-")


_SERVICE = Post(
    file="provisioning-service", name="Provisioning Service", above="cps-sub-ca-2", domain_component="CPS"
)
_V2G = (
    *_hierarchy("V2G", "CPO Sub-CA 1", "CPO Sub-CA 2"),
    replace(_hierarchy("V2G", "CPS Sub-CA 1", "CPS Sub-CA 2")[1], above=ROOT),
    _hierarchy("V2G", "CPS Sub-CA 1", "CPS Sub-CA 2")[2],
    _SERVICE,
)
_MO = _hierarchy("MO", "MO Sub-CA 1", "MO Sub-CA 2")
PLANS: dict[Folder, tuple[Post, ...]] = {
    "csms": tuple(replace(post, domain_component=None) for post in _hierarchy("CSMS", "CSMS Sub-CA")),
    "v2g-2": _V2G,
    "mo-2": _MO,
}


def _for_20(posts: tuple[Post, ...]) -> tuple[Post, ...]:
    """Return a plan whose root is not mistaken for the other edition's."""
    return (replace(posts[0], name=f"{posts[0].name} 20"), *posts[1:])


PLANS_20: dict[Folder, tuple[Post, ...]] = {"v2g-20": _for_20(_V2G), "mo-20": _for_20(_MO)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """Who makes authorities: whose they are, where their keys are made, and what they say."""

    organization: str
    wording: Wording
    tokens: TokenSigner | None = None
    keys: Keys | None = None
    """Where keys are made; None: as files."""


def found(directory: Path, founder: Founder, at: datetime, *, with_20: bool = False) -> list[str]:
    """Make what is missing, and a provisioning service whose certificate ends soon anew; return which.

    Raises:
        PkiError: If the directory cannot be used, or an issuer's key is not here.
    """
    if with_20 and founder.keys is not None:
        raise PkiError("a token makes keys on P-256, and ISO 15118-20 needs P-521: leave one of them out")
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = [*_make(directory, PLANS, "P-256", founder, at)]
        if with_20:
            made += _make(directory, PLANS_20, "P-521", founder, at)
    except (OSError, KeyStoreError) as error:
        raise PkiError(f"{directory}: {error}") from error
    return made


def _make(
    directory: Path, plans: dict[Folder, tuple[Post, ...]], kind: KeyKind, founder: Founder, at: datetime
) -> Iterator[str]:
    for folder, posts in plans.items():
        store_of(directory, folder).open()
        for post in posts:
            authorities = read(directory, founder.tokens)
            there = _find(authorities, folder, post.file)
            if there is None or _ends_soon(there, post, at):
                _appoint(directory, folder, post, authorities, kind, founder)
                yield f"{folder}/{post.file}.pem"


def _appoint(
    directory: Path, folder: Folder, post: Post, authorities: Authorities, kind: KeyKind, founder: Founder
) -> None:
    store = store_of(directory, folder)
    block = write_key(new_key_of(kind)) if founder.keys is None else founder.keys.new()
    key = read_key(block, founder.tokens, store.path(f"{post.file}.key"))
    subject = Subject(
        common_name=post.name, organization=founder.organization, domain_component=post.domain_component
    )
    if not post.above:
        certificate = Authority.root(subject, replace(AUTHORITY, valid_for=ROOT_LASTS), key).certificate
        above: tuple[x509.Certificate, ...] = ()
    else:
        issuer = _issuer(authorities, folder, post)
        certificate = issuer.certify(subject.name, _public(key), _terms(post, founder.wording))
        above = issuer.chain
    store.delete(f"{post.file}.pem")
    store.write(f"{post.file}.key", block)
    store.write(f"{post.file}.pem", write_bundle((certificate, *above)))


def _issuer(authorities: Authorities, folder: Folder, post: Post) -> Authority:
    above = _find(authorities, folder, post.above)
    authority = None if above is None else above.authority
    if authority is None:
        raise PkiError(
            f"{folder}/{post.file}.pem is missing, and {post.above}.key, which would sign it, is not here; "
            "import it with: chargehand-backend pki import"
        )
    return authority


def _terms(post: Post, wording: Wording) -> Terms:
    where = wording.terms("secc").ocsp_url
    if post.is_leaf:
        return Terms(valid_for=SERVICE_LASTS, usage=("digital_signature",), ocsp_url=where)
    return replace(AUTHORITY, valid_for=AUTHORITY_LASTS, path_length=post.path_length, ocsp_url=where)


def _public(key: Key) -> ec.EllipticCurvePublicKey:
    public = key.public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise PkiError("keys that are made here are on elliptic curves")
    return public


def _find(authorities: Authorities, folder: Folder, file: str) -> Holding | None:
    return next((one for one in authorities.holdings if (one.folder, one.file) == (folder, file)), None)


def _ends_soon(there: Holding, post: Post, at: datetime) -> bool:
    return post.is_leaf and there.certificate.not_valid_after_utc < at + RENEW_WITHIN
