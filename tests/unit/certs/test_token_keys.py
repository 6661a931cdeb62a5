"""Keys in a token: SoftHSM, a PKCS #11 token of its own."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which

import pytest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certs.csr import Subject, signing_request
from certs.identities import Identities
from certs.issuing import Authority
from certs.keys import FileKeys, Keys, KeysUnusable
from certs.keystore import KeyStore
from certs.pem import write_bundle

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "1234"
SUBJECT = Subject(common_name="CH-1", organization="Example")
ROOT = Authority.root(Subject(common_name="Root", organization="Example"))

pytest.importorskip("pkcs11", reason="needs python-pkcs11")
pytestmark = pytest.mark.skipif(
    which("softhsm2-util") is None or not LIBRARY.exists(), reason="needs softhsm2 (Debian)"
)

from certs.token_keys import Token, TokenKeys  # noqa: E402 - only where python-pkcs11 is


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    directory = tmp_path_factory.mktemp("tokens")
    configuration = directory / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {directory}\nobjectstore.backend = file\n")
    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTHSM2_CONF", str(configuration))
    options = ["--init-token", "--free", "--label", "station keys", "--pin", PIN, "--so-pin", "5678"]
    subprocess.run(["softhsm2-util", *options], check=True, capture_output=True)
    return Token(LIBRARY, "station keys", PIN)


@pytest.fixture
def keys(token: Token) -> Keys:
    return TokenKeys(token)


def test_a_key_in_a_token_signs_requests_that_are_answered(keys: Keys, tmp_path: Path) -> None:
    """The whole way of a certificate: key, request, power cut, chain, signature."""
    block = keys.new()
    assert "PRIVATE KEY" not in block
    request = signing_request(keys.signer(block), SUBJECT)
    assert x509.load_pem_x509_csr(request.encode()).is_signature_valid
    store = KeyStore(tmp_path)
    store.open()
    identities = Identities(store, "secc")
    identities.begin(block, request)
    waiting = Identities(store, "secc").waiting()
    assert waiting is not None
    assert (waiting.private_key, waiting.request) == (block, request)
    [leaf] = ROOT.answer(waiting.request)
    identities.install(
        waiting.private_key, write_bundle((leaf,)), leaf.not_valid_before_utc, leaf.not_valid_after_utc
    )
    [identity] = identities.usable(datetime.now(UTC))
    assert identities.has(block)
    assert identities.chain(identity) == write_bundle((leaf,))
    signature = keys.signer(block).sign(b"a challenge", ec.ECDSA(hashes.SHA256()))
    public = leaf.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, b"a challenge", ec.ECDSA(hashes.SHA256()))


def test_the_key_never_leaves(keys: Keys) -> None:
    signer = keys.signer(keys.new())
    with pytest.raises(UnsupportedAlgorithm, match="never leaves"):
        signer.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(UnsupportedAlgorithm, match="never leaves"):
        signer.private_numbers()


def test_every_key_is_another(keys: Keys) -> None:
    one, other = keys.signer(keys.new()), keys.signer(keys.new())
    assert one.public_key() != other.public_key()
    assert one.key_size == 256


def test_an_authority_may_have_its_key_in_a_token(keys: Keys) -> None:
    root = Authority.root(SUBJECT, key=keys.signer(keys.new()))
    leaf = root.issue(Subject(common_name="Leaf", organization="Example"))[1][0]
    leaf.verify_directly_issued_by(root.certificate)
    assert leaf.not_valid_after_utc > datetime.now(UTC) + timedelta(days=300)


def test_keys_that_nobody_needs_are_destroyed(token: Token) -> None:
    keys = TokenKeys(token)
    kept, gone = keys.new(), keys.new()
    assert keys.keep_only([kept]) >= 1
    assert keys.signer(kept).key_size == 256
    with pytest.raises(KeysUnusable, match="NoSuchKey"):
        keys.signer(gone)


def test_a_wrong_pin_is_told_and_no_pin_is_shown(token: Token) -> None:
    wrong = TokenKeys(Token(token.module, token.label, "0000"))
    with pytest.raises(KeysUnusable, match="PinIncorrect") as error:
        wrong.new()
    assert "0000" not in str(error.value)
    assert PIN not in repr(token)


def test_a_token_that_is_not_there(token: Token) -> None:
    for missing in (Token(token.module, "other", PIN), Token(Path("/nowhere.so"), "x", PIN)):
        with pytest.raises(KeysUnusable, match="check module, label and PIN"):
            TokenKeys(missing).new()


def test_a_key_in_a_file_is_none_in_a_token(keys: Keys) -> None:
    with pytest.raises(ValueError, match="stands for no key"):
        keys.signer(FileKeys().new())
