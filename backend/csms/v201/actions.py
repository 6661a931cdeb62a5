"""Everything that a charging station may call in OCPP 2.0.1, and who answers it."""

from __future__ import annotations

from functools import partial
from typing import Any

from backend.csms.incoming import Actions, Answer, Awaited, Immediate, Incoming, Stored
from backend.csms.settings import CsmsSettings
from backend.csms.v201 import data_transfer, heartbeat, kept, refused
from backend.csms.v201.authorize import Authorize, AuthorizeWithoutContracts
from backend.csms.v201.authorize_contract import AuthorizeContract
from backend.csms.v201.boot_notification import BootNotification
from backend.csms.v201.firmware_status_notification import FirmwareStatusNotification
from backend.csms.v201.get_15118_ev_certificate import Get15118EvCertificate
from backend.csms.v201.get_certificate_status import GetCertificateStatus
from backend.csms.v201.meter_values import MeterValues
from backend.csms.v201.notify_report import NotifyReport
from backend.csms.v201.security_event_notification import SecurityEventNotification
from backend.csms.v201.sign_certificate import SignCertificate
from backend.csms.v201.status_notification import StatusNotification
from backend.csms.v201.transaction_event import TransactionEvent
from backend.db.group_commit import GroupCommit, Handler
from backend.pki.assembly import Pki
from ocppj.messages.fields import Payload


def actions(
    settings: CsmsSettings,
    transaction_event: TransactionEvent,
    commits: GroupCommit,
    pki: Pki | None,
) -> Actions:
    """Return the table. The link answers calls that are missing here with NotSupported.

    Without a PKI whatever is about certificates is refused, each in its own words.
    """
    handlers: dict[str, Handler[Any, Answer]] = {
        "Authorize": AuthorizeWithoutContracts(settings),
        "BootNotification": BootNotification(settings),
        "FirmwareStatusNotification": FirmwareStatusNotification(),
        "MeterValues": MeterValues(),
        "NotifyReport": NotifyReport(),
        "SecurityEventNotification": SecurityEventNotification(),
        "StatusNotification": StatusNotification(),
        "TransactionEvent": transaction_event,
        **kept.HANDLERS,
    }
    return {
        **{action: Stored(handler) for action, handler in handlers.items()},
        **{action: Immediate(partial(_refuse, answer)) for action, answer in refused.ANSWERS.items()},
        "DataTransfer": Immediate(data_transfer.answer),
        "Heartbeat": Immediate(heartbeat.answer),
        **({} if pki is None else _about_certificates(settings, commits, pki)),
    }


def _about_certificates(settings: CsmsSettings, commits: GroupCommit, pki: Pki) -> Actions:
    contracts = AuthorizeContract(Authorize(settings), commits, pki.contracts)
    return {
        "Authorize": Awaited(contracts.answer),
        "Get15118EVCertificate": Awaited(Get15118EvCertificate(pki.provisioning).answer),
        "GetCertificateStatus": Awaited(GetCertificateStatus(pki.statuses).answer),
        "SignCertificate": Stored(SignCertificate(pki.authorities, pki.delivery.wake)),
    }


def _refuse(answer: Payload, _incoming: Incoming[Payload]) -> Answer:
    return answer
