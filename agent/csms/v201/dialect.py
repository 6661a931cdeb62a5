"""OCPP 2.0.1 as the rest of the agent sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, cast, get_args

from agent.authorization.contract import Evidence, StatusQuestion
from agent.authorization.verdicts import Verdict
from agent.csms.dialect import BootAnswer, EventAnswer, Handler, Part
from agent.csms.identity import Identity
from agent.csms.late import late
from agent.csms.stream_words import StreamWords
from agent.csms.v201 import (
    authorize,
    boot_notification,
    data_transfer,
    meter_values,
    sign_certificate,
    transaction_event,
    vehicle_certificates,
)
from agent.csms.vehicle_records import EvAnswer, EvRequest
from agent.firmware.publishing import Publishing
from agent.firmware.records import FirmwareStatus
from agent.logs.service import LogStatus
from agent.monitoring.records import MonitorEvents
from agent.reservations.service import ReservationEnded
from agent.security.signing import Purpose
from agent.smartcharging.external import LimitCleared, LimitSet
from agent.smartcharging.needs import Chosen, Needs
from agent.station.connector import ConnectorView
from agent.station.evse import ConnectorStatus
from agent.store.security_log import SecurityEvent
from agent.transactions.account import Account
from agent.transactions.records import Sample, Token, TransactionEvent
from agent.vendors.registry import Answer
from certs.hash_data import HashData
from ocppj.messages import v201
from ocppj.messages.fields import Payload
from ocppj.versions import Version


class Dialect201:
    """Implements `agent.csms.dialect.Dialect`."""

    version: Version = Version.V201
    handlers: ClassVar[Mapping[str, Handler]] = {
        "CancelReservation": late("v201.cancel_reservation.handle"),
        "ChangeAvailability": late("v201.change_availability.handle"),
        "CertificateSigned": late("v201.certificate_signed.handle"),
        "ClearCache": late("v201.clear_cache.handle"),
        "CostUpdated": late("v201.cost_updated.handle"),
        "ClearChargingProfile": late("v201.clear_charging_profile.handle"),
        "ClearDisplayMessage": late("v201.clear_display_message.handle"),
        "CustomerInformation": late("v201.customer_information.handle"),
        "DataTransfer": late("v201.data_transfer.handle"),
        "DeleteCertificate": late("v201.delete_certificate.handle"),
        "ClearVariableMonitoring": late("v201.clear_variable_monitoring.handle"),
        "GetBaseReport": late("v201.get_base_report.handle"),
        "GetChargingProfiles": late("v201.get_charging_profiles.handle"),
        "GetCompositeSchedule": late("v201.get_composite_schedule.handle"),
        "GetDisplayMessages": late("v201.get_display_messages.handle"),
        "GetInstalledCertificateIds": late("v201.get_installed_certificate_ids.handle"),
        "GetLocalListVersion": late("v201.get_local_list_version.handle"),
        "GetReport": late("v201.get_report.handle"),
        "GetMonitoringReport": late("v201.get_monitoring_report.handle"),
        "GetTransactionStatus": late("v201.get_transaction_status.handle"),
        "GetLog": late("v201.get_log.handle"),
        "GetVariables": late("v201.get_variables.handle"),
        "InstallCertificate": late("v201.install_certificate.handle"),
        "PublishFirmware": late("v201.publish_firmware.handle"),
        "RequestStartTransaction": late("v201.request_start_transaction.handle"),
        "RequestStopTransaction": late("v201.request_stop_transaction.handle"),
        "ReserveNow": late("v201.reserve_now.handle"),
        "Reset": late("v201.reset.handle"),
        "SendLocalList": late("v201.send_local_list.handle"),
        "SetChargingProfile": late("v201.set_charging_profile.handle"),
        "SetNetworkProfile": late("v201.set_network_profile.handle"),
        "SetDisplayMessage": late("v201.set_display_message.handle"),
        "SetMonitoringBase": late("v201.set_monitoring_base.handle"),
        "SetMonitoringLevel": late("v201.set_monitoring_level.handle"),
        "SetVariableMonitoring": late("v201.set_variable_monitoring.handle"),
        "SetVariables": late("v201.set_variables.handle"),
        "TriggerMessage": late("v201.trigger_message.handle"),
        "UnlockConnector": late("v201.unlock_connector.handle"),
        "UnpublishFirmware": late("v201.unpublish_firmware.handle"),
        "UpdateFirmware": late("v201.update_firmware.handle"),
    }

    notices: ClassVar[Mapping[type[Any], Callable[[Any], Payload | None]]] = {
        LimitSet: late("v201.charging_limit.limit_set"),
        LimitCleared: late("v201.charging_limit.limit_cleared"),
        ReservationEnded: late("v201.reservation_status_update.message"),
        SecurityEvent: late("v201.security_event.message"),
        MonitorEvents: late("v201.notify_event.message"),
        FirmwareStatus: late("v201.update_firmware.status"),
        LogStatus: late("v201.get_log.status"),
        Publishing: late("v201.publish_firmware.status"),
    }

    questions: ClassVar[Mapping[type[Any], tuple[Callable[[Any], Payload], Callable[[Any], Any]]]] = {
        Needs: (late("v201.ev_needs.needs_message"), late("v201.ev_needs.read_needs")),
        Chosen: (late("v201.ev_needs.schedule_message"), late("v201.ev_needs.read_schedule")),
    }
    streams: ClassVar[StreamWords | None] = None
    largest: ClassVar[Mapping[str, str]] = {
        "ClearVariableMonitoring": "MonitoringCtrlr.BytesPerMessage[ClearVariableMonitoring]",
        "GetReport": "DeviceDataCtrlr.BytesPerMessage[GetReport]",
        "GetVariables": "DeviceDataCtrlr.BytesPerMessage[GetVariables]",
        "SendLocalList": "LocalAuthListCtrlr.BytesPerMessage",
        "SetVariableMonitoring": "MonitoringCtrlr.BytesPerMessage[SetVariableMonitoring]",
        "SetVariables": "DeviceDataCtrlr.BytesPerMessage[SetVariables]",
    }

    def form(self, message: Payload) -> Payload:
        """Return the message: it is of this version."""
        return message

    def boot_notification(self, identity: Identity, reason: str) -> Payload:
        """Return BootNotification (B01)."""
        known = reason if reason in get_args(v201.BootReasonEnumType) else "Unknown"
        return boot_notification.message(identity, cast("v201.BootReasonEnumType", known))

    def read_boot(self, response: Payload) -> BootAnswer:
        """Read BootNotificationResponse."""
        return boot_notification.read(cast("v201.BootNotificationResponse", response))

    def heartbeat(self) -> Payload:
        """Return Heartbeat (G02)."""
        return v201.HeartbeatRequest()

    def read_time(self, response: Payload) -> datetime:
        """Read HeartbeatResponse."""
        return cast("v201.HeartbeatResponse", response).current_time

    def status(self, view: ConnectorView) -> ConnectorStatus:
        """Return the connector's status."""
        return view.status

    def status_notification(self, view: ConnectorView, at: datetime) -> Payload:
        """Return StatusNotification (G01)."""
        return v201.StatusNotificationRequest(
            timestamp=at,
            connector_status=view.status,
            evse_id=view.evse_id,
            connector_id=view.connector_id,
        )

    def status_between(self, told: ConnectorView, view: ConnectorView) -> ConnectorView | None:
        """Return None: here any status may follow any other."""
        return None

    def station_status(self, at: datetime, *, is_open: bool, warning: str | None) -> None:
        """Say nothing: the connectors' statuses tell it."""

    def authorize(self, token: Token, evidence: Evidence) -> Payload:
        """Return Authorize (C01)."""
        return authorize.message(token, evidence)

    def read_verdict(self, response: Payload) -> Verdict:
        """Read AuthorizeResponse."""
        return authorize.read(cast("v201.AuthorizeResponse", response))

    def next_part(self, account: Account, event: TransactionEvent) -> Part | None:
        """Return TransactionEvent (E01 and following), once."""
        if event.seq_no == account.told_seq_no:
            return None
        return Part(request=transaction_event.message(event))

    def answered(self, account: Account, event: TransactionEvent, response: Payload) -> Account:
        """Return the account with this event told."""
        return replace(account, told_seq_no=event.seq_no)

    def read_event_answer(self, response: Payload) -> EventAnswer:
        """Read TransactionEventResponse."""
        return transaction_event.read_answer(cast("v201.TransactionEventResponse", response))

    def certificate_status(self, question: StatusQuestion) -> Payload:
        """Return GetCertificateStatus (M06)."""
        return vehicle_certificates.certificate_status(question)

    def read_certificate_status(self, response: Payload) -> str | None:
        """Read GetCertificateStatusResponse."""
        answer = cast("v201.GetCertificateStatusResponse", response)
        return vehicle_certificates.read_certificate_status(answer)

    def ev_certificate(self, request: EvRequest) -> Payload:
        """Return Get15118EVCertificate (M01)."""
        return vehicle_certificates.ev_certificate(request)

    def read_ev_certificate(self, response: Payload) -> EvAnswer:
        """Read Get15118EVCertificateResponse."""
        answer = cast("v201.Get15118EVCertificateResponse", response)
        return vehicle_certificates.read_ev_certificate(answer)

    def sign_certificate(self, request: str, purpose: Purpose, root: HashData | None) -> Payload:
        """Return SignCertificate (A02, A03)."""
        return sign_certificate.message(request, purpose)

    def read_signing(self, response: Payload) -> bool:
        """Read SignCertificateResponse."""
        return sign_certificate.is_taken(cast("v201.SignCertificateResponse", response))

    def meter_values(self, evse_id: int, sample: Sample) -> Payload:
        """Return MeterValues (J01)."""
        return v201.MeterValuesRequest(evse_id=evse_id, meter_value=(meter_values.meter_value(sample),))

    def data_transfer(self, vendor_id: str, message_id: str | None, data: Any) -> Payload:
        """Return DataTransfer (P02)."""
        return data_transfer.message(vendor_id, message_id, data)

    def read_data_transfer(self, response: Payload) -> Answer:
        """Read DataTransferResponse."""
        return data_transfer.read(response)
