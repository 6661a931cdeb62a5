"""The certificate corpus: for every profile and each of its rules, a chain that breaks just that one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x448
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from certs import profiles
from certs.chains import Verdict, validate
from certs.csr import Subject
from certs.issuing import AUTHORITY, Authority, Terms
from certs.key_kinds import KeyKind, PublicKey, new_key_of
from certs.profiles import Profile
from certs.rules import Rule
from tests.unit.certs.remaking import remade

NOW = datetime.now(UTC) + timedelta(hours=1)
"""What is issued while the tests run is valid by then, however long they take."""
EMAID = "DE83DUIEN83QGZD"
ALL_USES = ("digital_signature", "content_commitment", "key_encipherment", "key_agreement")
SIGNING = Terms(usage=("digital_signature",))
AGREEING = Terms(usage=("key_agreement",))
Chain = tuple[x509.Certificate, ...]


@dataclass(frozen=True)
class Case:
    """A profile with what fulfils it."""

    profile: Profile
    subject: Subject
    terms: Terms
    key: KeyKind = "P-256"
    wrong_key: KeyKind = "P-384"


def subject(common_name: str = "CH-1", domain_component: str | None = None) -> Subject:
    return Subject(common_name=common_name, organization="Example", domain_component=domain_component)


CASES = {
    "station": Case(profiles.CHARGING_STATION, subject(), SIGNING),
    "backend": Case(profiles.BACKEND, subject("csms.example"), SIGNING),
    "firmware": Case(profiles.FIRMWARE_SIGNING, subject("Firmware"), SIGNING),
    "SECC -2": Case(profiles.SECC, subject(domain_component="CPO"), SIGNING),
    "contract -2": Case(profiles.CONTRACT, subject(EMAID), Terms(usage=ALL_USES)),
    "OEM -2": Case(
        profiles.PROVISIONING,
        subject("WDXABC123456789AB"),
        Terms(usage=("digital_signature", "key_agreement")),
    ),
    "CPS -2": Case(profiles.PROVISIONING_SERVICE, subject("CPS", "CPS"), SIGNING),
    "SECC -20": Case(profiles.SECC_20, subject(domain_component="CPO"), SIGNING, "P-521", "P-256"),
    "SECC -20 Ed448": Case(profiles.SECC_20, subject(domain_component="CPO"), SIGNING, "Ed448", "P-256"),
    "vehicle -20": Case(profiles.VEHICLE_20, subject("VIN"), SIGNING, "P-521", "P-256"),
    "contract -20": Case(profiles.CONTRACT_20, subject(EMAID), SIGNING, "Ed448", "P-256"),
    "OEM -20": Case(profiles.PROVISIONING_20, subject("WDXABC123456789AB"), AGREEING, "P-521", "P-256"),
    "CPS -20": Case(profiles.PROVISIONING_SERVICE_20, subject("CPS", "CPS"), SIGNING, "P-521", "P-256"),
}
STRICT = [name for name, case in CASES.items() if case.profile.is_strict]
LOOSE = [name for name, case in CASES.items() if not case.profile.is_strict]


@cache
def authorities(kind: KeyKind, count: int) -> tuple[Authority, Authority]:
    """Return a root, and the lowest of so many authorities below it."""
    root = Authority.root(subject("Root"), key=new_key_of(kind))
    last = root
    for number in range(count):
        last = last.below(subject(f"Sub-CA {number}"), key=new_key_of(kind))
    return root, last


def chain_of(case: Case, public_key: PublicKey | None = None, count: int = 1, **changed: object) -> Chain:
    """Return the case's chain, with these terms changed."""
    _, middle = authorities(case.key, count)
    key = public_key or new_key_of(case.key).public_key()
    terms = replace(case.terms, **changed)  # type: ignore[arg-type]
    return (middle.certify(case.subject.name, key, terms), *middle.chain)


def judged(case: Case, chain: Chain, profile: Profile | None = None, count: int = 1) -> Verdict:
    root, _ = authorities(case.key, count)
    return validate(chain, (root.certificate,), profile or case.profile, NOW)


def broken(case: Case, chain: Chain, count: int = 1) -> list[Rule]:
    return [finding.rule for finding in judged(case, chain, count=count).findings]


def changed(case: Case, make: Callable[[x509.Certificate, Authority], x509.Certificate]) -> Chain:
    """Return the case's chain with its leaf made anew."""
    _, middle = authorities(case.key, 1)
    leaf, *above = chain_of(case)
    return (make(leaf, middle), *above)


@pytest.mark.parametrize("name", CASES)
def test_a_good_chain_breaks_no_rule(name: str) -> None:
    verdict = judged(CASES[name], chain_of(CASES[name]))
    assert verdict.is_valid, str(verdict)
    assert verdict.warnings == ()


@pytest.mark.parametrize("name", CASES)
def test_the_key_may_not_be_used_for_it(name: str) -> None:
    case = CASES[name]
    assert broken(case, chain_of(case, usage=("data_encipherment",))) == [Rule.KEY_USAGE]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.profile.extended_key_usage])
def test_an_extended_key_usage_for_something_else(name: str) -> None:
    case = CASES[name]
    wrong = (ExtendedKeyUsageOID.EMAIL_PROTECTION,)
    assert broken(case, chain_of(case, extended_usage=wrong)) == [Rule.KEY_USAGE]
    right = (ExtendedKeyUsageOID.EMAIL_PROTECTION, case.profile.extended_key_usage)
    assert broken(case, chain_of(case, extended_usage=right)) == []


@pytest.mark.parametrize("name", STRICT)
@pytest.mark.parametrize("oid", [ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE])
def test_an_extension_that_must_be_there_and_critical(name: str, oid: x509.ObjectIdentifier) -> None:
    case = CASES[name]
    without = changed(case, lambda leaf, issuer: remade(leaf, issuer, drop=(oid,)))
    assert broken(case, without) == [Rule.NOT_CRITICAL]
    uncritical = changed(case, lambda leaf, issuer: remade(leaf, issuer, uncritical=(oid,)))
    assert broken(case, uncritical) == [Rule.NOT_CRITICAL]


@pytest.mark.parametrize("oid", [ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE])
def test_the_same_of_an_authority(oid: x509.ObjectIdentifier) -> None:
    case = CASES["SECC -2"]
    root, _ = authorities(case.key, 1)
    leaf, middle = chain_of(case)
    [finding] = judged(case, (leaf, remade(middle, root, uncritical=(oid,)))).findings
    assert (finding.rule, finding.place) == (Rule.NOT_CRITICAL, "authority 1 above the leaf")


@pytest.mark.parametrize("name", LOOSE)
def test_where_the_standard_is_not_so_strict_extensions_may_be_missing(name: str) -> None:
    case = CASES[name]
    bare = (ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE)
    assert broken(case, changed(case, lambda leaf, issuer: remade(leaf, issuer, drop=bare))) == []


@pytest.mark.parametrize("name", CASES)
def test_a_critical_extension_that_nobody_understands(name: str) -> None:
    case = CASES[name]
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
    critical = changed(case, lambda leaf, issuer: remade(leaf, issuer, add=((odd, True),)))
    assert broken(case, critical) == [Rule.NOT_UNDERSTOOD]
    assert broken(case, changed(case, lambda leaf, issuer: remade(leaf, issuer, add=((odd, False),)))) == []


def test_an_authority_with_constraints_that_nobody_acts_upon() -> None:
    case = CASES["station"]
    root, _ = authorities(case.key, 1)
    leaf, middle = chain_of(case)
    names = x509.NameConstraints(permitted_subtrees=[x509.DNSName("example")], excluded_subtrees=None)
    constrained = remade(middle, root, add=((names, True),))
    assert broken(case, (leaf, constrained)) == [Rule.NOT_UNDERSTOOD]


@pytest.mark.parametrize("name", STRICT)
def test_a_leaf_that_may_issue(name: str) -> None:
    case = CASES[name]
    assert broken(case, chain_of(case, is_authority=True)) == [Rule.IS_A_CA]


@pytest.mark.parametrize("name", STRICT)
def test_the_wrong_curve(name: str) -> None:
    case = CASES[name]
    assert broken(case, chain_of(case, new_key_of(case.wrong_key).public_key())) == [Rule.WRONG_KEY]


@pytest.mark.parametrize("name", STRICT)
def test_the_wrong_kind_of_key(name: str) -> None:
    case = CASES[name]
    for key in (rsa.generate_private_key(65537, 2048), ed25519.Ed25519PrivateKey.generate()):
        made = key.public_key()
        assert broken(case, chain_of(case, made)) == [Rule.WRONG_KEY]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["SECC -2", "SECC -20", "contract -20"])
def test_an_authority_with_the_wrong_curve(name: str) -> None:
    case = CASES[name]
    root, _ = authorities(case.key, 1)
    middle = root.below(subject("Odd Sub-CA"), key=new_key_of(case.wrong_key))
    needed = case.profile.signature_hashes or frozenset()
    hash_algorithm = hashes.SHA256() if "sha256" in needed else hashes.SHA512()
    terms = replace(case.terms, hash=hash_algorithm)
    chain = middle.issue(case.subject, terms, new_key_of(case.key))[1]
    [finding] = judged(case, chain).findings
    assert (finding.rule, finding.place) == (Rule.WRONG_KEY, "authority 1 above the leaf")


@pytest.mark.parametrize("name", [name for name in STRICT if CASES[name].key != "Ed448"])
def test_the_wrong_hash(name: str) -> None:
    case = CASES[name]
    chain = changed(case, lambda leaf, issuer: remade(leaf, issuer, hash_algorithm=hashes.SHA384()))
    assert broken(case, chain) == [Rule.WRONG_SIGNATURE]


def test_x448_is_for_provisioning_and_issues_nothing() -> None:
    key = x448.X448PrivateKey.generate().public_key()
    assert broken(CASES["OEM -20"], chain_of(CASES["OEM -20"], key)) == []
    assert broken(CASES["vehicle -20"], chain_of(CASES["vehicle -20"], key)) == [Rule.WRONG_KEY]


def test_the_vehicles_certificate_is_not_the_provisioning_certificate() -> None:
    vehicle, provisioning = CASES["vehicle -20"], CASES["OEM -20"]
    for case, other in ((vehicle, provisioning), (provisioning, vehicle)):
        verdict = judged(case, chain_of(case), other.profile)
        assert [finding.rule for finding in verdict.findings] == [Rule.KEY_USAGE]


@pytest.mark.parametrize("name", STRICT)
def test_too_many_bytes(name: str) -> None:
    case = CASES[name]
    hosts = [f"{number}.a-long-name-of-a-host.example" for number in range(40)]
    assert broken(case, chain_of(case, hosts=hosts)) == [Rule.TOO_LARGE]


@pytest.mark.parametrize("name", STRICT)
def test_too_many_certificates_below_the_root(name: str) -> None:
    case = CASES[name]
    most = case.profile.most_below_root or 0
    assert broken(case, chain_of(case, count=most - 1), count=most - 1) == []
    assert broken(case, chain_of(case, count=most), count=most) == [Rule.TOO_LONG]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.profile.domain_component])
@pytest.mark.parametrize("component", [None, "MO"])
def test_the_wrong_domain_component(name: str, component: str | None) -> None:
    case = CASES[name]
    wrong = replace(case, subject=replace(case.subject, domain_component=component))
    assert broken(wrong, chain_of(wrong)) == [Rule.DOMAIN_COMPONENT]


@pytest.mark.parametrize("name", ["contract -2", "contract -20"])
def test_a_contract_that_is_none(name: str) -> None:
    case = replace(CASES[name], subject=subject("Somebody"))
    assert broken(case, chain_of(case)) == [Rule.EMAID]


@pytest.mark.parametrize("name", ["contract -2", "contract -20"])
def test_a_wrong_check_digit_is_told_and_not_refused(name: str) -> None:
    case = replace(CASES[name], subject=subject("DE-83D-UIEN83QGZ-E"))
    verdict = judged(case, chain_of(case))
    assert verdict.is_valid
    assert [(finding.rule, finding.detail) for finding in verdict.warnings] == [
        (Rule.CHECK_DIGIT, "computed is D")
    ]


@pytest.mark.parametrize(
    ("name", "usage", "missing"),
    [("contract -2", ("digital_signature",), 3), ("OEM -2", ("key_agreement",), 1)],
)
def test_what_the_standard_wants_besides_is_told_and_not_refused(
    name: str, usage: tuple[str, ...], missing: int
) -> None:
    case = CASES[name]
    verdict = judged(case, chain_of(case, usage=usage))
    assert verdict.is_valid
    assert [finding.rule for finding in verdict.warnings] == [Rule.KEY_USAGE] * missing


@pytest.mark.parametrize("name", CASES)
def test_a_subject_without_a_common_name(name: str) -> None:
    case = CASES[name]
    _, middle = authorities(case.key, 1)
    rest = x509.Name([one for one in case.subject.name if one.oid != x509.NameOID.COMMON_NAME])
    leaf = middle.certify(rest, new_key_of(case.key).public_key(), case.terms)
    assert broken(case, (leaf, *middle.chain)) == [Rule.COMMON_NAME]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.profile.needs_organization])
def test_a_subject_without_an_organization(name: str) -> None:
    case = CASES[name]
    _, middle = authorities(case.key, 1)
    rest = x509.Name([one for one in case.subject.name if one.oid != x509.NameOID.ORGANIZATION_NAME])
    leaf = middle.certify(rest, new_key_of(case.key).public_key(), case.terms)
    assert broken(case, (leaf, *middle.chain)) == [Rule.ORGANIZATION]


@pytest.mark.parametrize("name", CASES)
def test_nobody_who_is_trusted_issued_it(name: str) -> None:
    case = CASES[name]
    assert validate(chain_of(case), (), case.profile, NOW).is_unknown


@pytest.mark.parametrize("name", STRICT)
def test_an_authority_below_the_root_is_no_anchor(name: str) -> None:
    """Only what is in the store of roots is trusted, whatever comes along in the bundle."""
    case = CASES[name]
    leaf, middle = chain_of(case)
    root, _ = authorities(case.key, 1)
    assert validate((leaf, middle, root.certificate), (), case.profile, NOW).is_unknown


def test_authorities_of_the_strict_profiles_are_such() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    case = CASES["SECC -2"]
    root, _ = authorities(case.key, 1)
    false = root.below(subject("No CA"), replace(AUTHORITY, is_authority=False), key)
    assert broken(case, false.issue(case.subject, case.terms)[1]) == [Rule.NOT_A_CA]


def test_ed448_signs_requests_and_is_answered() -> None:
    from certs.csr import signing_request  # noqa: PLC0415 - next to its use

    case = CASES["SECC -20 Ed448"]
    key = ed448.Ed448PrivateKey.generate()
    _, middle = authorities("Ed448", 1)
    chain = middle.answer(signing_request(key, case.subject), case.terms)
    assert chain[0].public_key() == key.public_key()
    assert broken(case, chain) == []
