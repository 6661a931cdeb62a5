from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed448

from certs.csr import Subject, signing_request, write_key
from certs.keys import FileKeys


def test_a_key_in_a_file_signs() -> None:
    keys = FileKeys()
    block = keys.new()
    signer = keys.signer(block)
    request = signing_request(signer, Subject(common_name="CH-1", organization="Example"))
    read = x509.load_pem_x509_csr(request.encode())
    assert read.is_signature_valid
    assert read.public_key() == signer.public_key()
    assert keys.new() != block


@pytest.mark.parametrize("block", ["", "text", write_key(ed448.Ed448PrivateKey.generate())])
def test_what_is_no_such_key(block: str) -> None:
    with pytest.raises(ValueError, match=r"PEM|EC key"):
        FileKeys().signer(block)
