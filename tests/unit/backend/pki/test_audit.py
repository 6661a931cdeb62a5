from __future__ import annotations

from backend.pki.audit import Installed, compare, wanted
from backend.pki.directory import Authorities
from certs.csr import Subject
from certs.hashing import hash_data
from certs.issuing import Authority


def test_what_stations_should_have(authorities: Authorities) -> None:
    kinds = sorted(one.type for one in wanted(authorities))
    assert kinds == [
        "CSMSRootCertificate",
        "MORootCertificate",
        "MORootCertificate",
        "ManufacturerRootCertificate",
        "V2GRootCertificate",
        "V2GRootCertificate",
    ]


def test_what_is_missing_and_what_nobody_wants(authorities: Authorities) -> None:
    should = wanted(authorities)
    there = should[0]
    other = Authority.root(Subject(common_name="Other", organization="O")).certificate
    named = hash_data(there.certificate, there.certificate, "SHA512")
    has = (
        Installed(type=there.type, named=named),
        Installed(type="V2GRootCertificate", named=hash_data(other, other)),
        Installed(type="V2GCertificateChain", named=hash_data(other, other)),
    )
    findings = compare(should, has)
    assert [one.verdict for one in findings] == ["present", *["missing"] * (len(should) - 1), "unexpected"]
    assert findings[-1].named == hash_data(other, other)


def test_a_root_of_the_right_kind_only(authorities: Authorities) -> None:
    """The CSMS root among those for contracts: missing there, and unexpected here."""
    should = [one for one in wanted(authorities) if one.type == "CSMSRootCertificate"]
    named = hash_data(should[0].certificate, should[0].certificate)
    verdicts = [one.verdict for one in compare(should, [Installed(type="MORootCertificate", named=named)])]
    assert verdicts == ["missing", "unexpected"]
