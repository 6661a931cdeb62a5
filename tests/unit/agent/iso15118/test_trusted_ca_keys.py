"""trusted_ca_keys on a real connection: the chain of the root that a vehicle names comes back."""

from __future__ import annotations

import asyncio
import ssl

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from agent.iso15118.credentials import Credential
from certs.csr import Subject
from certs.issuing import Authority
from tests.unit.agent.iso15118.pki import credential
from tests.unit.agent.iso15118.small import SmallConversation, SmallEvse, SmallKeyring, serving
from tests.unit.agent.iso15118.test_client_hello import client, hello_of, vector

_TRUSTED_CA_KEYS = b"\x00\x03"
_CERTIFICATE_SHA1 = b"\x03"
_HEADS = 5, 4, 2, 32
"""Bytes of the record's head, of the message's, of the version and of the random."""


def naming(hello: bytes, digest: bytes) -> bytes:
    """Return a ClientHello in one record that names a root besides (RFC 6066, section 6)."""
    body = hello[sum(_HEADS[:2]) :]
    at = sum(_HEADS[2:])
    for size in (1, 2, 1):  # past the session's id, the suites and the compressions
        at += size + int.from_bytes(body[at : at + size], "big")
    more = _TRUSTED_CA_KEYS + vector(2, vector(2, _CERTIFICATE_SHA1 + digest))
    body = body[:at] + vector(2, body[at + 2 :] + more)
    return hello[:3] + vector(2, b"\x01" + vector(3, body))


def of_another_root() -> Credential:
    root = Authority.root(Subject(common_name="Other Root", organization="Other"))
    key, chain = root.issue(Subject(common_name="CH-1", organization="Other", domain_component="CPO"))
    return Credential(key=key, chain=(*chain, root.certificate))


async def first_words(port: int, hello: bytes) -> bytes:
    """Return what the charger answers, which in TLS 1.2 nobody encrypts yet."""
    reader, writer = await asyncio.open_connection("::1", port)
    writer.write(hello)
    heard = b""
    async with asyncio.timeout(10):
        while b"\x0e\x00\x00\x00" not in heard:  # ServerHelloDone
            more = await reader.read(1 << 14)
            assert more, heard.hex()
            heard += more
    writer.close()
    return heard


@pytest.mark.parametrize("named", [0, 1])
async def test_the_root_that_a_vehicle_names_decides_what_it_is_shown(named: int) -> None:
    """Its place in the keyring does not."""
    keys = (credential("v2g-2"), of_another_root())
    hello = hello_of(client(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2))
    digest = keys[named].chain[-1].fingerprint(hashes.SHA1())
    async with serving(SmallEvse(), [SmallConversation()], SmallKeyring(keys)) as secc:
        assert secc.servers is not None
        assert secc.servers.tls_port is not None
        heard = await first_words(secc.servers.tls_port, naming(hello, digest))
    shown = [one.chain[0].public_bytes(Encoding.DER) in heard for one in keys]
    assert shown == [named == 0, named == 1]
