"""A certificate that breaks one rule is refused for that rule, and for no other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from certs.chains import validate
from certs.csr import Subject
from certs.issuing import AUTHORITY, Authority, Terms, _signed
from certs.key_kinds import Key
from certs.profiles import CHARGING_STATION, Profile
from certs.rules import Rule, check_root

NOW = datetime.now(UTC) + timedelta(hours=1)
"""What is issued while the tests run is valid by then, however long they take."""
ROOT = Subject(common_name="Example Root", organization="Example")
MIDDLE = Subject(common_name="Example Sub-CA", organization="Example")
LEAF = Subject(common_name="CH-1", organization="Example")


@dataclass(frozen=True)
class Hierarchy:
    root: Authority
    middle: Authority

    def leaf(
        self, terms: Terms | None = None, subject: Subject = LEAF, key: Key | None = None
    ) -> tuple[x509.Certificate, ...]:
        return self.middle.issue(subject, terms, key)[1]


def hierarchy(root: Terms = AUTHORITY, middle: Terms = AUTHORITY, middle_key: Key | None = None) -> Hierarchy:
    top = Authority.root(ROOT, root)
    return Hierarchy(top, top.below(MIDDLE, middle, middle_key))


@pytest.fixture(scope="module")
def good() -> Hierarchy:
    return hierarchy()


def broken(
    chain: tuple[x509.Certificate, ...],
    roots: tuple[x509.Certificate, ...],
    profile: Profile = CHARGING_STATION,
    at: datetime = NOW,
) -> list[Rule]:
    return [finding.rule for finding in validate(chain, roots, profile, at).findings]


def test_a_good_chain_is_valid_and_returned_up_to_its_root(good: Hierarchy) -> None:
    chain = good.leaf()
    verdict = validate(chain, (good.root.certificate,), CHARGING_STATION, NOW)
    assert verdict.is_valid
    assert verdict.chain == (*chain, good.root.certificate)


@pytest.mark.parametrize("key", ["rsa", "p384", "p521"])
def test_other_strong_keys_are_as_good(good: Hierarchy, key: str) -> None:
    curves = {"p384": ec.SECP384R1, "p521": ec.SECP521R1}
    made: Key
    made = rsa.generate_private_key(65537, 2048) if key == "rsa" else ec.generate_private_key(curves[key]())
    assert broken(good.leaf(key=made), (good.root.certificate,)) == []


def test_the_order_of_authorities_in_a_bundle_does_not_matter() -> None:
    top = Authority.root(ROOT)
    second = top.below(MIDDLE).below(replace(MIDDLE, common_name="Second"))
    leaf, nearest, farthest = second.issue(LEAF)[1]
    assert broken((leaf, farthest, nearest), (top.certificate,)) == []


def test_a_root_in_the_bundle_is_trusted_only_if_it_is_installed(good: Hierarchy) -> None:
    with_root = (*good.leaf(), good.root.certificate)
    assert broken(with_root, (good.root.certificate,)) == []
    assert broken(with_root, ()) == [Rule.ISSUER_UNKNOWN]


def test_of_several_roots_of_one_name_the_right_one_is_found(good: Hierarchy) -> None:
    namesakes = tuple(Authority.root(ROOT).certificate for _ in range(3))
    assert broken(good.leaf(), (*namesakes, good.root.certificate)) == []


def test_a_cross_signed_authority_is_followed_to_the_root_that_is_trusted(good: Hierarchy) -> None:
    other = Authority.root(replace(ROOT, common_name="Other Root"))
    cross = other.certify(MIDDLE.name, good.middle.key.public_key(), AUTHORITY)
    leaf, middle = good.leaf()
    assert broken((leaf, middle, cross), (other.certificate,)) == []
    assert broken((leaf, middle, cross), (good.root.certificate,)) == []


def test_an_expired_way_up_is_left_for_one_that_is_valid(good: Hierarchy) -> None:
    old = Terms(
        is_authority=True, usage=AUTHORITY.usage, valid_from=timedelta(days=-9), valid_for=timedelta(days=1)
    )
    expired = good.root.certify(MIDDLE.name, good.middle.key.public_key(), old)
    leaf, middle = good.leaf()
    assert broken((leaf, expired, middle), (good.root.certificate,)) == []
    assert broken((leaf, expired), (good.root.certificate,)) == [Rule.EXPIRED]


def test_nobody_who_is_trusted_issued_it(good: Hierarchy) -> None:
    verdict = validate(good.leaf(), (), CHARGING_STATION, NOW)
    assert verdict.is_unknown
    assert "CN=Example Root" in str(verdict)


def test_its_issuer_did_not_sign_it(good: Hierarchy) -> None:
    forged = hierarchy().middle.issue(LEAF)[1][0]
    assert broken((forged, good.middle.certificate), (good.root.certificate,)) == [Rule.SIGNATURE]


@pytest.mark.parametrize("place", ["leaf", "middle", "root"])
@pytest.mark.parametrize(("begins", "rule"), [(-20, Rule.EXPIRED), (5, Rule.NOT_YET_VALID)])
def test_every_certificates_dates_count(place: str, begins: int, rule: Rule) -> None:
    dates = Terms(valid_from=timedelta(days=begins), valid_for=timedelta(days=10))
    authority = replace(AUTHORITY, valid_from=dates.valid_from, valid_for=dates.valid_for)
    built = hierarchy(
        root=authority if place == "root" else AUTHORITY,
        middle=authority if place == "middle" else AUTHORITY,
    )
    chain = built.leaf(dates if place == "leaf" else None)
    assert broken(chain, (built.root.certificate,)) == [rule]


def test_a_clock_that_is_years_off_is_seen_in_the_result(good: Hierarchy) -> None:
    verdict = validate(
        good.leaf(), (good.root.certificate,), CHARGING_STATION, datetime(1970, 1, 2, tzinfo=UTC)
    )
    assert {finding.rule for finding in verdict.findings} == {Rule.NOT_YET_VALID}
    assert "it is 1970-01-02" in str(verdict)


@pytest.mark.parametrize(
    "middle",
    [
        Terms(is_authority=False, usage=AUTHORITY.usage),
        Terms(is_authority=True, usage=("digital_signature",)),
    ],
    ids=["BasicConstraints", "KeyUsage"],
)
def test_what_is_no_authority_issues_nothing(middle: Terms) -> None:
    built = hierarchy(middle=middle)
    assert broken(built.leaf(), (built.root.certificate,)) == [Rule.NOT_A_CA]


def test_path_length() -> None:
    built = hierarchy(root=replace(AUTHORITY, path_length=0))
    assert broken(built.leaf(), (built.root.certificate,)) == [Rule.PATH_LENGTH]
    assert broken(built.root.issue(LEAF)[1], (built.root.certificate,)) == []


def test_an_authority_that_renews_its_own_key_does_not_lengthen_the_path() -> None:
    """RFC 5280, 4.2.1.9: what is self-issued does not count."""
    built = hierarchy(root=replace(AUTHORITY, path_length=1))
    successor = built.middle.below(MIDDLE)
    assert broken(successor.issue(LEAF)[1], (built.root.certificate,)) == []
    stranger = built.middle.below(replace(MIDDLE, common_name="Another Sub-CA"))
    assert broken(stranger.issue(LEAF)[1], (built.root.certificate,)) == [Rule.PATH_LENGTH]


@pytest.mark.parametrize("key", ["rsa", "p192"])
def test_a_weak_key(good: Hierarchy, key: str) -> None:
    """A00.FR.501, A00.FR.502, A00.FR.503."""
    weak: Key
    weak = rsa.generate_private_key(65537, 1024) if key == "rsa" else ec.generate_private_key(ec.SECP192R1())
    assert broken(good.leaf(key=weak), (good.root.certificate,)) == [Rule.KEY_TOO_WEAK]


def test_dsa_is_no_kind_of_key_here(good: Hierarchy) -> None:
    key = dsa.generate_private_key(1024).public_key()
    leaf = _signed(LEAF.name, MIDDLE.name, key, good.middle.key, Terms())  # type: ignore[arg-type]
    assert broken((leaf, good.middle.certificate), (good.root.certificate,)) == [Rule.WRONG_KEY]


def test_a_weak_hash(good: Hierarchy) -> None:
    """A00.FR.504."""
    weak = Terms(hash=hashes.SHA224())  # type: ignore[arg-type]
    assert broken(good.leaf(weak), (good.root.certificate,)) == [Rule.WEAK_HASH]


def test_key_usage(good: Hierarchy) -> None:
    """A00.FR.512: what the certificate says it is for is kept to."""
    assert broken(good.leaf(Terms(usage=("key_agreement",))), (good.root.certificate,)) == [Rule.KEY_USAGE]
    assert broken(good.leaf(Terms(usage=None)), (good.root.certificate,)) == []
    server = Terms(extended_usage=(ExtendedKeyUsageOID.SERVER_AUTH,))
    assert broken(good.leaf(server), (good.root.certificate,)) == [Rule.KEY_USAGE]
    client = Terms(extended_usage=(ExtendedKeyUsageOID.CLIENT_AUTH,))
    assert broken(good.leaf(client), (good.root.certificate,)) == []


def _named(good: Hierarchy, *parts: tuple[x509.ObjectIdentifier, str]) -> tuple[x509.Certificate, ...]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])
    return (good.middle.certify(name, key.public_key(), Terms()), good.middle.certificate)


def test_a_subject_without_its_parts(good: Hierarchy) -> None:
    """A00.FR.509, A00.FR.511."""
    common_name, organization = x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME
    roots = (good.root.certificate,)
    assert broken(_named(good, (organization, "Example")), roots) == [Rule.COMMON_NAME]
    assert broken(_named(good, (common_name, "CH-1")), roots) == [Rule.ORGANIZATION]


def test_a_finding_says_which_certificate_of_the_chain_it_is_about() -> None:
    old = replace(AUTHORITY, valid_from=timedelta(days=-20), valid_for=timedelta(days=10))
    built = hierarchy(middle=old)
    [finding] = validate(built.leaf(), (built.root.certificate,), CHARGING_STATION, NOW).findings
    assert finding.place == "authority 1 above the leaf"
    assert str(finding).startswith("O=Example,CN=Example Sub-CA (authority 1 above the leaf): expired (on ")


def test_a_clock_that_is_not_to_be_trusted_is_said_in_the_result(good: Hierarchy) -> None:
    roots = (good.root.certificate,)
    for at in (datetime(1970, 1, 2, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)):
        verdict = validate(good.leaf(), roots, CHARGING_STATION, at, is_clock_trusted=False)
        assert not verdict.is_valid
        assert verdict.is_only_about_time
        assert str(verdict).endswith("the clock is not to be trusted")
        assert not validate(good.leaf(), roots, CHARGING_STATION, at).is_only_about_time
    now = validate(good.leaf(), roots, CHARGING_STATION, NOW, is_clock_trusted=False)
    assert now.is_valid
    assert not now.is_only_about_time
    assert str(now) == "valid; the clock is not to be trusted"
    wrong = Terms(usage=("key_agreement",), valid_from=timedelta(days=-1), valid_for=timedelta(hours=1))
    verdict = validate(good.leaf(wrong), roots, CHARGING_STATION, NOW)
    assert not replace(verdict, is_clock_trusted=False).is_only_about_time, "its key usage is wrong too"


def test_a_bundle_without_end_is_refused_before_anything_is_tried(good: Hierarchy) -> None:
    leaf, middle = good.leaf()
    assert broken((leaf, *[middle] * 20), (good.root.certificate,)) == [Rule.TOO_LONG]


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        (replace(AUTHORITY, is_authority=False), Rule.NOT_A_CA),
        (replace(AUTHORITY, usage=("digital_signature",)), Rule.NOT_A_CA),
        (replace(AUTHORITY, valid_from=timedelta(days=-9), valid_for=timedelta(days=2)), Rule.EXPIRED),
        (replace(AUTHORITY, valid_from=timedelta(days=2)), Rule.NOT_YET_VALID),
    ],
)
def test_what_is_no_root(terms: Terms, rule: Rule) -> None:
    root = Authority.root(ROOT, terms).certificate
    assert [finding.rule for finding in check_root(root, NOW)] == [rule]


def test_only_what_issued_itself_is_a_root(good: Hierarchy) -> None:
    assert check_root(good.root.certificate, NOW) == ()
    found = check_root(good.middle.certificate, NOW)
    assert [finding.rule for finding in found] == [Rule.NOT_SELF_ISSUED]


def test_what_cannot_be_read_is_said_and_nothing_else_is_tried(good: Hierarchy) -> None:
    """A certificate whose extensions are no DER; in a chain, and as a root."""
    key = ec.generate_private_key(ec.SECP256R1())
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.15"), b"\x04\x00")  # KeyUsage
    made = with_extension(good, odd, key)
    assert broken((made, *good.middle.chain), (good.root.certificate,)) == [Rule.UNREADABLE]
    assert [finding.rule for finding in check_root(made, NOW)] == [Rule.UNREADABLE]


def with_extension(
    good: Hierarchy, extension: x509.ExtensionType, key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(LEAF.name)
        .issuer_name(good.middle.certificate.subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(extension, critical=True)
    )
    return builder.sign(good.middle.key, hashes.SHA256())
