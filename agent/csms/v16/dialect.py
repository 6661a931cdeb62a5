"""OCPP 1.6 as the rest of the agent sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from agent.authorization.contract import Evidence, StatusQuestion
from agent.authorization.verdicts import Verdict
from agent.costs.running import ConnectorUnplugged
from agent.csms.dialect import BootAnswer, EventAnswer, Handler, Part
from agent.csms.identity import Identity
from agent.csms.late import late
from agent.csms.stream_words import StreamWords
from agent.csms.v16 import (
    authorize,
    boot_notification,
    data_transfer,
    meter_values,
    status_notification,
    transaction,
)
from agent.csms.v16.costmsg import send as costmsg
from agent.csms.v16.pnc import send
from agent.csms.vehicle_records import EvAnswer, EvRequest
from agent.firmware.records import FirmwareStatus
from agent.logs.service import LogStatus
from agent.security.signing import Purpose
from agent.station.connector import ConnectorView
from agent.store.security_log import SecurityEvent
from agent.transactions.account import Account
from agent.transactions.records import Sample, Token, TransactionEvent
from agent.vendors.registry import Answer
from certs.hash_data import HashData
from ocppj.messages import v16
from ocppj.messages.fields import Payload
from ocppj.versions import Version


class Dialect16:
    """Implements `agent.csms.dialect.Dialect`."""

    version = Version.V16
    handlers: ClassVar[Mapping[str, Handler]] = {
        "CancelReservation": late("v16.cancel_reservation.handle"),
        "CertificateSigned": late("v16.certificate_signed.handle"),
        "ChangeAvailability": late("v16.change_availability.handle"),
        "ChangeConfiguration": late("v16.change_configuration.handle"),
        "ClearCache": late("v16.clear_cache.handle"),
        "ClearChargingProfile": late("v16.clear_charging_profile.handle"),
        "DataTransfer": late("v16.data_transfer.handle"),
        "DeleteCertificate": late("v16.delete_certificate.handle"),
        "ExtendedTriggerMessage": late("v16.extended_trigger_message.handle"),
        "GetCompositeSchedule": late("v16.get_composite_schedule.handle"),
        "GetConfiguration": late("v16.get_configuration.handle"),
        "GetDiagnostics": late("v16.get_diagnostics.handle"),
        "GetInstalledCertificateIds": late("v16.get_installed_certificate_ids.handle"),
        "GetLocalListVersion": late("v16.get_local_list_version.handle"),
        "GetLog": late("v16.get_log.handle"),
        "InstallCertificate": late("v16.install_certificate.handle"),
        "RemoteStartTransaction": late("v16.remote_start_transaction.handle"),
        "RemoteStopTransaction": late("v16.remote_stop_transaction.handle"),
        "ReserveNow": late("v16.reserve_now.handle"),
        "Reset": late("v16.reset.handle"),
        "SendLocalList": late("v16.send_local_list.handle"),
        "SetChargingProfile": late("v16.set_charging_profile.handle"),
        "SignedUpdateFirmware": late("v16.signed_update_firmware.handle"),
        "TriggerMessage": late("v16.trigger_message.handle"),
        "UnlockConnector": late("v16.unlock_connector.handle"),
        "UpdateFirmware": late("v16.update_firmware.handle"),
    }

    notices: ClassVar[Mapping[type[Any], Callable[[Any], Payload | None]]] = {
        ConnectorUnplugged: costmsg.unplugged,
        FirmwareStatus: late("v16.firmware_status.message"),
        LogStatus: late("v16.log_status.message"),
        SecurityEvent: late("v16.security_event.message"),
    }
    questions: ClassVar[Mapping[type[Any], tuple[Callable[[Any], Payload], Callable[[Any], Any]]]] = {}
    streams: ClassVar[StreamWords | None] = None
    largest: ClassVar[Mapping[str, str]] = {}

    def form(self, message: Payload) -> Payload:
        """Return the message: it is of this version."""
        return message

    def boot_notification(self, identity: Identity, reason: str) -> Payload:
        """Return BootNotification (4.2); this version does not tell why."""
        return boot_notification.message(identity)

    def read_boot(self, response: Payload) -> BootAnswer:
        """Read BootNotification.conf."""
        return boot_notification.read(cast("v16.BootNotificationResponse", response))

    def heartbeat(self) -> Payload:
        """Return Heartbeat (4.6)."""
        return v16.HeartbeatRequest()

    def read_time(self, response: Payload) -> datetime:
        """Read Heartbeat.conf."""
        return cast("v16.HeartbeatResponse", response).current_time

    def status(self, view: ConnectorView) -> tuple[str, str, str | None]:
        """Return the word for the connector, and what is wrong with it."""
        return status_notification.status(view), status_notification.error_code(view), view.fault

    def status_notification(self, view: ConnectorView, at: datetime) -> Payload:
        """Return StatusNotification (4.9)."""
        return status_notification.message(view, at)

    def status_between(self, told: ConnectorView, view: ConnectorView) -> ConnectorView | None:
        """Return what the table of 4.9 wants told in between."""
        return status_notification.between(told, view)

    def station_status(self, at: datetime, *, is_open: bool, warning: str | None) -> Payload:
        """Return StatusNotification of connector 0 (4.9)."""
        return status_notification.whole_station(at, is_available=is_open, warning=warning)

    def authorize(self, token: Token, evidence: Evidence) -> Payload:
        """Return Authorize (4.1), or for a contract the message of the application note."""
        if token.type == "eMAID" or evidence != Evidence():
            return send.authorize(token, evidence)
        return authorize.message(token)

    def read_verdict(self, response: Payload) -> Verdict:
        """Read the answer to either.

        Raises:
            CannotBeTold: If the backend knows nothing of contracts.
        """
        if isinstance(response, v16.AuthorizeResponse):
            return authorize.verdict(response.id_tag_info)
        return send.read_verdict(response)

    def next_part(self, account: Account, event: TransactionEvent) -> Part | None:
        """Return what is still to be told of the event (4.7, 4.8, 4.10)."""
        return transaction.next_part(account, event)

    def answered(self, account: Account, event: TransactionEvent, response: Payload) -> Account:
        """Return the account after the backend's answer."""
        return transaction.answered(account, event, response)

    def read_event_answer(self, response: Payload) -> EventAnswer:
        """Read StartTransaction.conf, StopTransaction.conf or MeterValues.conf."""
        info = transaction.id_tag_info(response)
        return EventAnswer(verdict=None if info is None else authorize.verdict(info))

    def certificate_status(self, question: StatusQuestion) -> Payload:
        """Return GetCertificateStatus of the application note."""
        return send.certificate_status(question)

    def read_certificate_status(self, response: Payload) -> str | None:
        """Read the answer to it."""
        return send.read_certificate_status(response)

    def ev_certificate(self, request: EvRequest) -> Payload:
        """Return Get15118EVCertificate of the application note."""
        return send.ev_certificate(request)

    def read_ev_certificate(self, response: Payload) -> EvAnswer:
        """Read the answer to it."""
        return send.read_ev_certificate(response)

    def sign_certificate(self, request: str, purpose: Purpose, root: HashData | None) -> Payload:
        """Return SignCertificate: the security extension's (5.10) for the link, else the note's."""
        if purpose == "client":
            return v16.SignCertificateRequest(csr=request)
        return send.sign_certificate(request, purpose)

    def read_signing(self, response: Payload) -> bool:
        """Read the answer to either."""
        if isinstance(response, v16.SignCertificateResponse):
            return response.status == "Accepted"
        return send.read_signing(response)

    def meter_values(self, evse_id: int, sample: Sample) -> Payload:
        """Return MeterValues (4.7)."""
        return meter_values.message(evse_id, (sample,))

    def data_transfer(self, vendor_id: str, message_id: str | None, data: Any) -> Payload:
        """Return DataTransfer (4.3)."""
        return data_transfer.message(vendor_id, message_id, data)

    def read_data_transfer(self, response: Payload) -> Answer:
        """Read DataTransfer.conf."""
        return data_transfer.read(response)
