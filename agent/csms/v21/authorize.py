"""Authorize as OCPP 2.1 has it: payments as tokens, and drivers with tariffs of their own (C18, I08)."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import msgspec

from agent.authorization.contract import Evidence
from agent.authorization.verdicts import Verdict
from agent.csms.v21 import tariff
from agent.csms.v21.carry import carry
from agent.csms.v201 import authorize
from agent.transactions.records import Token
from ocppj.messages import v21, v201
from ocppj.messages.fields import Payload


def message(token: Token, evidence: Evidence) -> Payload:
    """Return the question."""
    asked = carry(authorize.message(token, evidence))
    return msgspec.structs.replace(asked, id_token=id_token(token))


def read(response: v21.AuthorizeResponse) -> Verdict:
    """Return the backend's verdict with the driver's own tariff."""
    verdict = authorize.read(cast("v201.AuthorizeResponse", response))
    return replace(verdict, tariff=None if response.tariff is None else tariff.read(response.tariff))


def id_token(token: Token) -> v21.IdTokenType:
    """Return a token as this version writes it."""
    carried = cast("v21.IdTokenType", carry(authorize.id_token(token)))
    return msgspec.structs.replace(carried, type=token.type) if token.type == "DirectPayment" else carried
