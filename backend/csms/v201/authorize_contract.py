"""Authorize with a contract (C07): its certificates are judged first, then whether it may charge."""

from __future__ import annotations

import logging

from backend.authorization.verdict import Verdict
from backend.csms.incoming import Answer, Incoming
from backend.csms.v201.authorize import Authorize, is_about_contract
from backend.csms.v201.hash_data import named
from backend.csms.v201.id_token_info import id_token_info
from backend.db.group_commit import GroupCommit
from backend.pki.contract_check import Asked, ContractCheck
from ocppj.messages import v201

log = logging.getLogger(__name__)


class AuthorizeContract:
    """Answers every Authorize: those without a contract are looked up alone, many at once."""

    def __init__(self, authorize: Authorize, commits: GroupCommit, contracts: ContractCheck) -> None:
        self._authorize = authorize
        self._commits = commits
        self._contracts = contracts

    async def answer(self, item: Incoming[v201.AuthorizeRequest]) -> Answer:
        """Return whether it may charge.

        Raises:
            NotStored: If the database cannot be asked.
        """
        answer = await self._commits.store(self._authorize, item)
        if not is_about_contract(item.request) or not isinstance(answer, v201.AuthorizeResponse):
            return answer
        request = item.request
        hashed = request.iso15118_certificate_hash_data or ()
        asked = Asked(
            emaid=request.id_token.id_token,
            chain=request.certificate,
            named=[(named(one), one.responder_url) for one in hashed],
        )
        status, why = await self._contracts.judge(asked)
        if status == "Accepted":
            return v201.AuthorizeResponse(id_token_info=answer.id_token_info, certificate_status=status)
        log.warning("%s: the contract ..%s: %s, %s", item.identity, asked.emaid[-4:], status, why)
        info = answer.id_token_info
        refused = id_token_info(Verdict("Invalid")) if info.status == "Accepted" else info
        return v201.AuthorizeResponse(id_token_info=refused, certificate_status=status)
