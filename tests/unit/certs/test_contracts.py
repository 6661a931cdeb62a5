"""A contract's certificates and its eMAID."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from certs.contracts import judge
from certs.csr import Subject
from certs.issuing import Authority, Terms
from certs.key_kinds import KeyKind, new_key_of
from certs.rules import Rule

NOW = datetime.now(UTC) + timedelta(hours=1)
"""What is issued while the tests run is valid by then, however long they take."""
EMAID = "DE83DUIEN83QGZD"
ALL_USES = Terms(usage=("digital_signature", "content_commitment", "key_encipherment", "key_agreement"))


def subject(common_name: str) -> Subject:
    return Subject(common_name=common_name, organization="MO")


@pytest.mark.parametrize("kind", ["P-256", "P-521", "Ed448"])
def test_the_key_says_which_edition_of_the_standard_counts(kind: KeyKind) -> None:
    root = Authority.root(subject("Root"), key=new_key_of(kind))
    chain = root.issue(subject(EMAID), ALL_USES, new_key_of(kind))[1]
    for emaid in (EMAID, "de-83d-uien83qgz-d"):
        assert judge(chain, (root.certificate,), emaid, NOW).is_valid
    assert judge(chain, (), EMAID, NOW).is_unknown
    mixed = root.issue(subject(EMAID), ALL_USES, new_key_of("P-384"))[1]
    findings = judge(mixed, (root.certificate,), EMAID, NOW).findings
    assert Rule.WRONG_KEY in {finding.rule for finding in findings}


def test_a_certificate_for_another_contract() -> None:
    root = Authority.root(subject("Root"))
    chain = root.issue(subject(EMAID), ALL_USES)[1]
    verdict = judge(chain, (root.certificate,), "DE83DUIEN83ZGQM", NOW)
    assert [finding.rule for finding in verdict.findings] == [Rule.OTHER_EMAID]
    assert not judge(chain, (), "DE83DUIEN83ZGQM", NOW).is_unknown, "nobody needs to be asked about it"


def test_a_wrong_check_digit_is_a_warning() -> None:
    root = Authority.root(subject("Root"))
    chain = root.issue(subject("DE8AC12E45L7899"), ALL_USES)[1]
    verdict = judge(chain, (root.certificate,), "DE-8AC-12E45L789-9", NOW)
    assert verdict.is_valid
    assert [finding.rule for finding in verdict.warnings] == [Rule.CHECK_DIGIT]


def test_without_a_clock_the_dates_are_said_to_be_a_guess() -> None:
    root = Authority.root(subject("Root"))
    chain = root.issue(subject(EMAID), ALL_USES)[1]
    verdict = judge(
        chain, (root.certificate,), EMAID, datetime(2001, 1, 1, tzinfo=UTC), is_clock_trusted=False
    )
    assert verdict.is_only_about_time
