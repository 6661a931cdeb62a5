"""The two objects that the server speaks ISO 15118-20 through: one for each kind of current."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from agent.iso15118.conversation import Chance, Link, Resting
from agent.iso15118.facts import Charger, Facts
from agent.iso15118.iso20 import (
    ac,
    ac_loop,
    authorization,
    certificates,
    dc,
    dc_loop,
    delivery,
    ending,
    metering,
    schedules,
    services,
    setup,
)
from agent.iso15118.iso20.messages import read
from agent.iso15118.iso20.replies import refusal, unread
from agent.iso15118.iso20.session import Kept, Session, seconds
from agent.iso15118.iso20.states import ENERGISED, TABLE, Kind, Phase
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Answer, Request, Turn
from agent.iso15118.v2gtp import Frame

LOOP_S: Final = 0.5
"""How long a vehicle may take for its next request while energy flows (-20, tables 216 and 217)."""

_HANDLERS: Final[Mapping[str, Callable[[Session, Request, Facts], Turn[Session]]]] = {
    "SessionSetupReq": setup.set_up,
    "AuthorizationSetupReq": authorization.set_up_authorization,
    "AuthorizationReq": authorization.authorize,
    "CertificateInstallationReq": certificates.install,
    "ServiceDiscoveryReq": services.discover,
    "ServiceDetailReq": services.detail,
    "ServiceSelectionReq": services.select,
    "ScheduleExchangeReq": schedules.exchange,
    "PowerDeliveryReq": delivery.deliver,
    "MeteringConfirmationReq": metering.confirm,
    "SessionStopReq": ending.stop,
    "AC_ChargeParameterDiscoveryReq": ac.discover_parameters,
    "AC_ChargeLoopReq": ac_loop.loop,
    "DC_ChargeParameterDiscoveryReq": dc.discover_parameters,
    "DC_CableCheckReq": dc.check_cable,
    "DC_PreChargeReq": dc.pre_charge,
    "DC_ChargeLoopReq": dc_loop.loop,
    "DC_WeldingDetectionReq": dc.detect_welding,
}


@dataclass(frozen=True, slots=True)
class Iso20:
    """ISO 15118-20 on one kind of current (a `Conversation`).

    `loop_s`: how long a vehicle may take for its next request while energy flows.
    """

    kind: Kind
    loop_s: float = LOOP_S

    @property
    def name(self) -> str:
        """As logs call it."""
        return f"ISO 15118-20 {self.kind}"

    @property
    def namespace(self) -> str:
        """As supportedAppProtocol names it."""
        return f"urn:iso:std:iso:15118:-20:{self.kind}"

    @property
    def version(self) -> tuple[int, int]:
        """Major and minor."""
        return 1, 0

    def begin(self, charger: Charger, link: Link, resting: Resting | None, chance: Chance) -> Session:
        """Return the state in which SessionSetupReq is waited for."""
        session = Session(kind=self.kind, charger=charger, link=link, chance=chance, loop_s=self.loop_s)
        if resting is None or resting.protocol != self.name or not isinstance(resting.kept, Kept):
            return session
        return replace(session, kept=resting.kept, resting_id=resting.session_id)

    def read(self, frame: Frame) -> Request:
        """Return the request in a frame.

        Raises:
            CannotDecode: If there is none.
        """
        return read(self.kind, frame)

    def step(self, state: Session, request: Request, facts: Facts) -> Turn[Session]:
        """Return the answer, or the deed that must be done before."""
        session = replace(state, at_s=seconds(facts.now))
        try:
            _check(session, request, facts)
            return _HANDLERS[request.name](session, request, facts)
        except Refused as refused:
            return refusal(session, request, refused)

    def refuse(self, state: Session, why: str) -> Answer[Session] | None:
        """Return the answer to what could not be read: FAILED, as the response that is most waited for."""
        waited_for = next(iter(TABLE[state.kind][state.phase]), None)
        return None if waited_for is None else unread(state, waited_for, why)

    def rest(self, state: Session) -> Resting:
        """Return what is to be kept of a session that ended in a pause."""
        return Resting(protocol=self.name, session_id=state.session_id, kept=ending.kept_of(state))


def _check(session: Session, request: Request, facts: Facts) -> None:
    """Refuse what is of another session or out of sequence, and in an emergency all but an end."""
    if session.phase is not Phase.SETUP and request.message["Header"]["SessionID"] != session.session_id:
        raise Refused("FAILED_UnknownSession", "it names another session")
    if request.name not in TABLE[session.kind][session.phase]:
        raise Refused("FAILED_SequenceError", f"it came when {session.phase.value}")
    if session.phase not in ENERGISED or _is_an_end(request):
        return
    if facts.is_emergency or facts.has_tripped:
        raise Refused("FAILED", facts.fault or "emergency")
    if session.kind == "DC" and facts.isolation == "fault":
        raise Refused("FAILED", "the isolation is faulty")


def _is_an_end(request: Request) -> bool:
    return request.name == "SessionStopReq" or request.message.get("ChargeProgress") == "Stop"
