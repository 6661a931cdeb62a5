from __future__ import annotations

import ssl
from http import HTTPStatus

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.http11 import Response

from agent.csms import tls
from agent.security.credentials import Login, Trouble
from certs.csr import Subject
from certs.issuing import Authority
from certs.pem import write_bundle

ROOT = write_bundle((Authority.root(Subject(common_name="Root", organization="Example")).certificate,))


def login(security: int = 2, roots: str | None = ROOT, *, below: bool = False) -> Login:
    return Login(security=security, password="", identity=None, roots=roots, takes_root_below=below)


def secure(made: ssl.SSLContext | None) -> ssl.SSLContext:
    assert made is not None
    return made


def test_profile_1_has_no_tls() -> None:
    assert tls.context(login(1)) is None


def test_what_is_offered() -> None:
    """A00.FR.313, A00.FR.320, A00.FR.321, A00.FR.416, A00.FR.423, A00.FR.424."""
    made = secure(tls.context(login()))
    assert made.minimum_version is ssl.TLSVersion.TLSv1_2
    assert made.options & ssl.OP_NO_COMPRESSION
    assert made.verify_mode is ssl.CERT_REQUIRED
    assert made.check_hostname
    offered = {suite["name"] for suite in made.get_ciphers()}
    assert set(tls.CIPHER_SUITES.split(":")) <= offered
    assert all("GCM" in name or "CHACHA20" in name for name in offered), "authenticated encryption only"


def test_only_the_installed_roots_are_believed() -> None:
    assert len(secure(tls.context(login())).get_ca_certs()) == 1
    assert secure(tls.context(login(roots=""))).get_ca_certs() == []


def test_a_root_that_another_vouched_for_is_an_end_of_chains_where_it_may_be() -> None:
    assert secure(tls.context(login(below=True))).verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN
    assert not secure(tls.context(login())).verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (HTTPStatus.UNAUTHORIZED, Trouble.STATION_REFUSED),
        (HTTPStatus.FORBIDDEN, Trouble.STATION_REFUSED),
        (HTTPStatus.BAD_GATEWAY, None),
        (HTTPStatus.BAD_REQUEST, None),
    ],
)
def test_what_an_http_answer_says_of_the_credentials(status: HTTPStatus, found: Trouble | None) -> None:
    outer = OSError("no connection")
    outer.__cause__ = InvalidStatus(Response(status, "", Headers()))
    assert tls.trouble(outer, login()) is found


def test_an_ordinary_loss_says_nothing() -> None:
    assert tls.trouble(ConnectionResetError("reset"), login()) is None
    assert tls.trouble(ssl.SSLError(1, "something else"), login()) is None
    assert tls.chain_of(None) == frozenset()
