"""A CSMS behind TLS, with an authority of its own that certifies stations, too."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from cryptography import x509

from certs.csr import Subject
from certs.issuing import Authority, Terms, key_text
from certs.pem import write_bundle
from certs.rules import common_name
from tests.conformance.kit import Csms
from tests.stack.tls_front import TlsFront

SERIAL = "0001"
"""The serial number that the station file of the tests names."""
ROOT = Subject(common_name="Operator Root", organization="Operator")
SUB_CA = replace(ROOT, common_name="Operator Sub-CA")
SERVER = replace(ROOT, common_name="localhost")
STATION = replace(ROOT, common_name=SERIAL)


@dataclass(frozen=True)
class Operator:
    """The operator's hierarchy, and files for whoever needs some."""

    directory: Path
    root: Authority = field(default_factory=lambda: Authority.root(ROOT))

    @cached_property
    def sub_ca(self) -> Authority:
        return self.root.below(SUB_CA)

    @property
    def root_pem(self) -> str:
        return write_bundle((self.root.certificate,))

    @property
    def ca_file(self) -> str:
        return str(self._write("root.pem", self.root_pem))

    def server(
        self, subject: Subject = SERVER, terms: Terms | None = None, issuer: Authority | None = None
    ) -> ssl.SSLContext:
        """Return what a server with a certificate of ours speaks."""
        key, chain = (issuer or self.sub_ca).issue(subject, terms)
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self._write("server.pem", key_text(key) + write_bundle(chain)))
        return made

    def outdated_server(self) -> ssl.SSLContext:
        """Return what a server speaks that knows TLS 1.1 at most."""
        made = self.server()
        made.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made.minimum_version = ssl.TLSVersion.TLSv1
            made.maximum_version = ssl.TLSVersion.TLSv1_1
        return made

    def mutual(self) -> ssl.SSLContext:
        """Return what a server speaks that wants a certificate of ours from its clients."""
        made = self.server()
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(cadata=self.root_pem)
        return made

    def station(self, terms: Terms | None = None) -> Mapping[str, str]:
        """Return the keys of the station file for a certificate that the manufacturer installed."""
        key, chain = self.sub_ca.issue(STATION, terms)
        return {
            "ca_file": self.ca_file,
            "certificate_file": str(self._write("station.pem", write_bundle(chain))),
            "key_file": str(self._write("station.key", key_text(key))),
        }

    def answer(self, request: str, terms: Terms | None = None) -> str:
        """Certify what a station asks for."""
        return write_bundle(self.sub_ca.answer(request, terms))

    def _write(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.write_text(text, "ascii")
        return path


OLD = Terms(valid_from=timedelta(days=-30), valid_for=timedelta(days=300))
EXPIRED = Terms(valid_from=timedelta(days=-30), valid_for=timedelta(days=10))


@contextmanager
def behind_tls(csms: Csms, context: ssl.SSLContext, port: int = 0) -> Iterator[TlsFront]:
    """Put TLS in front of a CSMS."""
    with TlsFront(context, csms.port, port) as front:
        yield front


def url_of(front: TlsFront) -> str:
    """Return what goes into the station file."""
    return f"wss://localhost:{front.port}/ocpp"


def client_of(front: TlsFront) -> x509.Certificate:
    """Return the certificate of the latest client that had one."""
    der = front.clients[-1]
    assert der is not None, "it showed none"
    return x509.load_der_x509_certificate(der)


def name_of_client(front: TlsFront) -> str:
    """Return the common name that the latest client showed."""
    return common_name(client_of(front))
