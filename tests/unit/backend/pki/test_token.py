"""Authorities whose keys are in a PKCS #11 token (SoftHSM): they are made there, and sign there.

In processes of their own: the library reads once in a process where its tokens are.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import pytest
from cryptography import x509

from backend.pki.directory import read
from backend.pki.errors import PkiError
from certs.chains import validate
from certs.pem import read_bundle
from certs.profiles import PROVISIONING_SERVICE
from certs.revocation import believe
from tests.stack.forked import command
from tests.unit.backend.databases import made_new

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
ANSWER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from backend.config import load_config
from backend.pki.assembly import token_of
from backend.pki.directory import read
from certs.responding import Known, Responder
from certs.revocation import question
from certs.revocation_lists import revocation_list
config = load_config(Path(sys.argv[1])).pki
authority = read(Path(config.directory), token_of(config)).need("contracts")
leaf = authority.certificate
above = read(Path(config.directory), token_of(config)).issuers
issuer = next(one for one in above if one.certificate.subject == leaf.issuer)
now = datetime.now(UTC)
folder = Path(sys.argv[2])
asked = question(leaf, issuer.certificate)
(folder / "answer").write_bytes(Responder.of(issuer).respond(asked, lambda _: Known(), now))
(folder / "list").write_bytes(revocation_list(issuer, [(leaf.serial_number, now)], now))
"""

pytest.importorskip("pkcs11", reason="needs python-pkcs11")
pytestmark = pytest.mark.skipif(
    which("softhsm2-util") is None or not LIBRARY.exists(), reason="needs softhsm2 (Debian)"
)


async def test_authorities_of_a_token(tmp_path: Path) -> None:
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(
        f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n"
    )
    environment = os.environ | {"SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf")}

    def run(*arguments: str) -> None:
        done = subprocess.run(
            arguments, env=environment, capture_output=True, text=True, timeout=50, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    options = ("--init-token", "--free", "--label", "authorities", "--pin", "1234", "--so-pin", "5678")
    run("softhsm2-util", *options)
    (tmp_path / "pin").write_text("1234\n")
    config = tmp_path / "backend.toml"
    config.write_text(
        '[cpo]\ncountry_code = "DE"\nparty_id = "CHH"\ncurrency = "EUR"\ntime_zone = "UTC"\n'
        f'[pki]\ntoken_module = "{LIBRARY}"\ntoken_label = "authorities"\ntoken_pin_file = "pin"\n'
    )
    await made_new(f"sqlite+aiosqlite:///{tmp_path / 'chargehand.db'}")
    run(*command("backend.cli", "pki", "init", "--config", str(config)))
    pki, now = tmp_path / "pki", datetime.now(UTC)
    for key in pki.glob("*/*.key"):
        assert "PRIVATE KEY" not in key.read_text()
        assert "PKCS#11 PROVIDER URI" in key.read_text()
    root = read_bundle((pki / "v2g-2/root.pem").read_text())
    service = read_bundle((pki / "v2g-2/provisioning-service.pem").read_text())
    assert validate(service, root, PROVISIONING_SERVICE, now).is_valid
    run(sys.executable, "-c", ANSWER, str(config), str(tmp_path))
    leaf, issuer = read_bundle((pki / "mo-2/mo-sub-ca-2.pem").read_text())[:2]
    answer = (tmp_path / "answer").read_bytes()
    assert believe(answer, leaf, issuer, datetime.now(UTC)).status == "good"
    crl = x509.load_der_x509_crl((tmp_path / "list").read_bytes())
    assert crl.get_revoked_certificate_by_serial_number(leaf.serial_number) is not None
    with pytest.raises(PkiError, match=r"name it in \[pki\] token_module"):
        read(pki)
