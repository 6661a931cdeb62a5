from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from agent.iso15118.client_hello import TLS_12, TLS_13, AuthorityForm, ClientHello, TrustedAuthority
from agent.iso15118.credentials import Credential, choose
from certs.csr import Subject
from certs.issuing import Authority
from tests.unit.agent.iso15118.pki import credential

P256, P521, ED448 = 0x0403, 0x0603, 0x0808


def hello(
    *versions: int, signatures: tuple[int, ...] = (), trusted: tuple[TrustedAuthority, ...] = ()
) -> ClientHello:
    return ClientHello(versions=frozenset(versions), signatures=frozenset(signatures), trusted=trusted)


def of_another_root(name: str = "Other Root") -> Credential:
    root = Authority.root(Subject(common_name=name, organization="Other"))
    key, chain = root.issue(Subject(common_name="CH-1", organization="Other", domain_component="CPO"))
    return Credential(key=key, chain=(*chain, root.certificate))


def named(root: x509.Certificate, form: AuthorityForm) -> TrustedAuthority:
    """Name a root as a vehicle does."""
    if form == "name":
        return TrustedAuthority(form, root.subject.public_bytes())
    digest = hashes.Hash(hashes.SHA1())
    if form == "certificate SHA-1":
        digest.update(root.public_bytes(Encoding.DER))
    else:
        digest.update(root.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return TrustedAuthority(form, digest.finalize())


def test_a_vehicle_is_shown_the_chain_of_its_version() -> None:
    of_2, of_20 = credential("v2g-2"), credential("v2g-20")
    for versions, expected, version in (
        ((TLS_12,), of_2, "TLS 1.2"),
        ((TLS_12, TLS_13), of_20, "TLS 1.3"),
        ((TLS_13,), of_20, "TLS 1.3"),
    ):
        shown = choose(hello(*versions), [of_2, of_20])
        assert shown is not None
        assert (shown.credential, shown.version, shown.is_trusted) == (expected, version, False)


def test_without_a_chain_of_dash_20_there_is_that_of_dash_2() -> None:
    of_2 = credential("v2g-2")
    shown = choose(hello(TLS_12, TLS_13), [of_2])
    assert shown is not None
    assert shown.version == "TLS 1.2"
    shown = choose(hello(TLS_13), [of_2])
    assert shown is not None
    assert shown.version == "TLS 1.3"


def test_a_chain_of_dash_20_is_nothing_for_tls_12() -> None:
    assert choose(hello(TLS_12), [credential("v2g-20")]) is None
    assert choose(hello(0x0302), [credential("v2g-2")]) is None


def test_a_vehicle_is_shown_no_signature_that_it_cannot_read() -> None:
    p521, ed448, p256 = credential("v2g-20"), credential("v2g-20", "Ed448"), credential("v2g-2")
    for signatures, expected in (((P256, ED448), ed448), ((P521,), p521), ((P256,), p256)):
        shown = choose(hello(TLS_13, signatures=signatures), [p521, ed448, p256])
        assert shown is not None
        assert shown.credential is expected
    assert choose(hello(TLS_13, signatures=(0x0503,)), [p521, ed448, p256]) is None


@pytest.mark.parametrize("form", ["name", "certificate SHA-1", "key SHA-1"])
def test_the_root_that_a_vehicle_names_decides(form: AuthorityForm) -> None:
    first, second, third = credential("v2g-2"), of_another_root(), of_another_root("Third Root")
    wanted = named(second.chain[-1], form)
    unknown = TrustedAuthority(form, b"somebody else's")
    shown = choose(hello(TLS_12, trusted=(unknown, wanted)), [first, second, third])
    assert shown is not None
    assert shown.credential is second
    assert shown.is_trusted
    shown = choose(hello(TLS_12, trusted=(unknown,)), [first, second])
    assert shown is not None
    assert shown.credential is first
    assert not shown.is_trusted


def test_a_named_root_counts_more_than_the_version() -> None:
    of_2, of_20 = credential("v2g-2"), credential("v2g-20")
    trusted = (named(of_2.chain[-1], "name"),)
    shown = choose(hello(TLS_12, TLS_13, trusted=trusted), [of_20, of_2])
    assert shown is not None
    assert (shown.credential, shown.version) == (of_2, "TLS 1.2")
