"""When a contract certificate (Plug & Charge) lets its driver charge: pure rules of OCPP 2.0.1 C07."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.authorization.chain_status import StatusOf
from agent.authorization.rules import Known, Rules, unreachable
from agent.authorization.verdicts import Verdict
from certs.hash_data import HashData

MOST_STATUS_QUESTIONS = 4
"""OCPP's limit on the certificates whose status can be asked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusQuestion:
    """A certificate whose revocation the backend is to look up, and where."""

    named: HashData
    responder_url: str


Flaw = Literal["CertificateExpired", "CertificateRevoked", "CertChainError", "SignatureError"]
"""What the station itself can have against certificates, of AuthorizeCertificateStatusEnumType."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the station itself found about a contract's chain.

    `outcome` is "valid", "invalid", or "no root": nothing is wrong with it but that no root for it is
    installed here; `flaw` is what a vehicle is told of one that is not valid. `questions` are about the leaf
    and the authorities above it, in this order; `lookups` are the same certificates, and those besides whose
    status is in a list.
    """

    outcome: Literal["valid", "invalid", "no root"]
    why: str = ""
    flaw: Flaw = "CertChainError"
    questions: tuple[StatusQuestion, ...] = ()
    lookups: tuple[StatusOf, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the backend is given besides the eMAID; `chain` is PEM, "" where the station judged itself."""

    questions: tuple[StatusQuestion, ...] = ()
    chain: str = ""


def refusal(flaw: Flaw) -> Verdict:
    """Return the verdict on a contract whose certificates have this flaw."""
    return Verdict(status="Expired" if flaw == "CertificateExpired" else "Invalid", certificate=flaw)


def evidence(checked: Checked, chain: str, *, backend_may_judge: bool) -> Evidence | None:
    """Return what to ask the backend with, or None if the contract is refused without asking.

    The status of the certificates is asked for (C07.FR.02); the chain goes along where the station cannot
    judge it and CentralContractValidationAllowed lets the backend do so (C07.FR.06).
    """
    if checked.outcome == "valid":
        return Evidence(questions=checked.questions[:MOST_STATUS_QUESTIONS])
    if checked.outcome == "no root" and backend_may_judge:
        return Evidence(chain=chain)
    return None


def offline(
    checked: Checked, known: Known | None, rules: Rules, now: datetime, *, may_judge: bool
) -> Verdict:
    """Return the verdict when the backend cannot be reached.

    Without ContractValidationOffline nobody charges (C07.FR.07). With it, a chain that is valid (C07.FR.08)
    makes the eMAID count as any other token does: by list and cache (C07.FR.09, C07.FR.10), and as unknown if
    they do not have it (C07.FR.11, C07.FR.12).
    """
    if not may_judge:
        return Verdict(status="Offline")
    if checked.outcome != "valid":
        return refusal(checked.flaw)
    return unreachable(known, rules, now)
