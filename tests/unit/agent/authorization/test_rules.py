"""C10 to C15 as a table: what is known, how the station is set, and what follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent.authorization.rules import Known, Rules, Source, settled, unreachable
from agent.authorization.verdicts import Verdict
from tests.unit.agent.hardware import START

BOTH: tuple[Source, ...] = ("list", "cache")


def known(status: str = "Accepted", source: Source = "list", *, is_old: bool = False) -> Known:
    expires_at = START - timedelta(hours=1) if is_old else None
    return Known(verdict=Verdict(status=status, expires_at=expires_at), source=source)


def online(known: Known | None, rules: Rules) -> str | None:
    """Return the status; None if the backend is asked."""
    verdict = settled(known, rules, START)
    return None if verdict is None else verdict.status


def offline(known: Known | None, rules: Rules) -> str:
    return unreachable(known, rules, START).status


@pytest.mark.parametrize("source", BOTH)
def test_a_good_token_waits_for_the_backend_unless_it_is_pre_authorized(source: Source) -> None:
    """C12.FR.02, C14.FR.04: LocalPreAuthorize."""
    assert online(known(source=source), Rules()) is None
    assert online(known(source=source), Rules(pre_authorizes=True)) == "Accepted"


@pytest.mark.parametrize("source", BOTH)
@pytest.mark.parametrize("pre_authorizes", [True, False])
def test_a_token_that_is_not_good_is_asked_about(source: Source, *, pre_authorizes: bool) -> None:
    """C12.FR.05, C14.FR.03."""
    assert online(known("Blocked", source), Rules(pre_authorizes=pre_authorizes)) is None


@pytest.mark.parametrize("source", BOTH)
def test_nor_is_it_asked_about_if_its_source_has_the_last_word(source: Source) -> None:
    """C14.FR.03 with DisablePostAuthorize, each of list and cache for itself."""
    [other] = set(BOTH) - {source}
    rules = Rules(asks_again=frozenset({other}))
    assert online(known("Blocked", source), rules) == "Blocked"
    assert online(known("Blocked", other), rules) is None


@pytest.mark.parametrize("admits_unknown", [False, True])
def test_a_token_past_its_date_is_asked_about_and_is_no_good_offline(*, admits_unknown: bool) -> None:
    """C14.FR.05, C13.FR.05, C13.FR.06: even if its source has the last word on what it refuses."""
    rules = Rules(pre_authorizes=True, asks_again=frozenset(), admits_unknown_offline=admits_unknown)
    assert online(known(is_old=True), rules) is None
    assert offline(known(is_old=True), rules) == "Expired"


def test_with_remote_authorization_disabled_nothing_is_asked() -> None:
    """DisableRemoteAuthorization."""
    rules = Rules(asks_backend=False)
    assert online(None, rules) == "Unknown"
    assert online(known(), rules) == "Accepted"
    assert online(known("Blocked"), rules) == "Blocked"


@pytest.mark.parametrize(
    ("what", "authorizes_offline", "admits_unknown", "status"),
    [
        (None, True, False, "Offline"),  # C13.FR.05
        (None, True, True, "Accepted"),  # C15.FR.08, C13.FR.06
        (known(), True, False, "Accepted"),  # C13.FR.05
        (known(), False, False, "Offline"),
        (known(), False, True, "Accepted"),
        (known("Blocked"), True, False, "Blocked"),  # C13.FR.05
        (known("Blocked"), True, True, "Blocked"),  # C13.FR.06: what is known is not unknown
        (known("Blocked"), False, True, "Blocked"),
    ],
)
def test_offline(what: Known | None, status: str, *, authorizes_offline: bool, admits_unknown: bool) -> None:
    rules = Rules(authorizes_offline=authorizes_offline, admits_unknown_offline=admits_unknown)
    assert offline(what, rules) == status
