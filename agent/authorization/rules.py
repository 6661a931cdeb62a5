"""When the station's own knowledge of a token decides: pure rules of OCPP 2.0.1 C10 to C15."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.authorization.verdicts import Verdict

Source = Literal["list", "cache"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the station knows of a token by itself, and from where."""

    verdict: Verdict
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the station is set. `asks_again` are the sources whose refusal the backend may overrule."""

    asks_backend: bool = True
    pre_authorizes: bool = False
    authorizes_offline: bool = True
    admits_unknown_offline: bool = False
    asks_again: frozenset[Source] = frozenset({"list", "cache"})


def settled(known: Known | None, rules: Rules, now: datetime) -> Verdict | None:
    """Return the verdict that needs no backend, or None if the backend is to be asked.

    A token that is known as good is, if LocalPreAuthorize (C12.FR.02, C14.FR.04). One that is known as
    anything else is asked about (C12.FR.05, C14.FR.03), unless DisablePostAuthorize; one that was good until
    its date is as if unknown (C14.FR.05). With DisableRemoteAuthorization nothing is ever asked.
    """
    if known is None:
        return None if rules.asks_backend else Verdict(status="Unknown")
    verdict = known.verdict.at(now)
    if not rules.asks_backend:
        return verdict
    if known.verdict.is_accepted:
        return verdict if verdict.is_accepted and rules.pre_authorizes else None
    return None if known.source in rules.asks_again else verdict


def unreachable(known: Known | None, rules: Rules, now: datetime) -> Verdict:
    """Return the verdict when the backend was to be asked and could not be (C13, C15).

    A token that is known not to be good, or only until its date, is not unknown: OfflineTxForUnknownIdEnabled
    does not let it in (C13.FR.06).
    """
    if known is None:
        return Verdict(status="Accepted" if rules.admits_unknown_offline else "Offline")
    verdict = known.verdict.at(now)
    if not verdict.is_accepted or rules.authorizes_offline or rules.admits_unknown_offline:
        return verdict
    return Verdict(status="Offline")
