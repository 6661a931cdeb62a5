"""OCPP 2.1 as the rest of the agent sees it: 2.0.1, and what it adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from agent.authorization.chain_status import ChainQuestion
from agent.authorization.contract import Evidence
from agent.authorization.verdicts import Verdict
from agent.csms.dialect import EventAnswer, Handler, Part
from agent.csms.late import late
from agent.csms.stream_words import StreamWords
from agent.csms.v21 import (
    authorize,
    meter_values,
    periodic_event_streams,
    sign_certificate,
    smart,
    transaction_event,
    vehicle_certificates,
)
from agent.csms.v21.carry import carry
from agent.csms.v201.dialect import Dialect201
from agent.csms.vehicle_records import EvAnswer, EvRequest
from agent.firmware.publishing import Publishing
from agent.firmware.records import FirmwareStatus
from agent.logs.service import LogStatus
from agent.monitoring.records import MonitorEvents
from agent.payments.records import Report, VatQuestion
from agent.security.signing import Purpose
from agent.transactions.account import Account
from agent.transactions.records import Sample, Token, TransactionEvent
from certs.hash_data import HashData
from ocppj.messages import v21, v201
from ocppj.messages.fields import Payload
from ocppj.versions import Version


class Dialect21(Dialect201):
    """Implements `agent.csms.dialect.Dialect`."""

    version = Version.V21
    handlers: ClassVar[Mapping[str, Handler]] = {
        **Dialect201.handlers,
        **smart.HANDLERS,
        "AdjustPeriodicEventStream": late("v21.periodic_event_streams.adjust"),
        "CertificateSigned": late("v21.certificate_signed.handle"),
        "ClearVariableMonitoring": periodic_event_streams.settling(
            late("v201.clear_variable_monitoring.handle")
        ),
        "GetDisplayMessages": late("v21.display_messages.get_messages"),
        "GetInstalledCertificateIds": late("v21.certificate_types.listed"),
        "GetMonitoringReport": late("v21.get_monitoring_report.handle"),
        "GetPeriodicEventStream": late("v21.periodic_event_streams.get"),
        "InstallCertificate": late("v21.certificate_types.install"),
        "SetDisplayMessage": late("v21.display_messages.set_message"),
        "SetMonitoringBase": periodic_event_streams.settling(late("v201.set_monitoring_base.handle")),
        "SetNetworkProfile": late("v21.set_network_profile.handle"),
        "SetVariableMonitoring": periodic_event_streams.settling(late("v21.set_variable_monitoring.handle")),
        "ChangeTransactionTariff": late("v21.change_transaction_tariff.handle"),
        "ClearTariffs": late("v21.clear_tariffs.handle"),
        "GetTariffs": late("v21.get_tariffs.handle"),
        "NotifyWebPaymentStarted": late("v21.notify_web_payment_started.handle"),
        "SetDefaultTariff": late("v21.set_default_tariff.handle"),
        "TriggerMessage": late("v21.trigger_message.handle"),
    }
    notices: ClassVar[Mapping[type[Any], Callable[[Any], Payload | None]]] = {
        **Dialect201.notices,
        FirmwareStatus: late("v21.job_statuses.firmware_status"),
        LogStatus: late("v21.job_statuses.log_status"),
        Publishing: late("v21.job_statuses.publishing"),
        **smart.NOTICES,
        MonitorEvents: late("v21.notify_event.message"),
    }
    questions: ClassVar[Mapping[type[Any], tuple[Callable[[Any], Payload], Callable[[Any], Any]]]] = {
        **Dialect201.questions,
        **smart.QUESTIONS,
        ChainQuestion: (
            late("v21.get_certificate_chain_status.message"),
            late("v21.get_certificate_chain_status.read"),
        ),
        Report: (late("v21.settlement.report"), late("v21.settlement.read_report")),
        VatQuestion: (late("v21.settlement.vat"), late("v21.settlement.read_vat")),
    }
    streams: ClassVar[StreamWords | None] = periodic_event_streams.Words()

    def sign_certificate(self, request: str, purpose: Purpose, root: HashData | None) -> Payload:
        """Return SignCertificate (A02, A03)."""
        return sign_certificate.message(request, purpose, root)

    def meter_values(self, evse_id: int, sample: Sample) -> Payload:
        """Return MeterValues (J01)."""
        told = meter_values.meter_value(sample)
        return carry(v201.MeterValuesRequest(evse_id=evse_id, meter_value=(told,)))

    def ev_certificate(self, request: EvRequest) -> Payload:
        """Return Get15118EVCertificate (M01)."""
        return vehicle_certificates.ev_certificate(request)

    def read_ev_certificate(self, response: Payload) -> EvAnswer:
        """Read Get15118EVCertificateResponse."""
        return vehicle_certificates.read_ev_certificate(cast("v21.Get15118EVCertificateResponse", response))

    def form(self, message: Payload) -> Payload:
        """Return the message in 2.1's types, whichever of the two versions made it."""
        return carry(message)

    def authorize(self, token: Token, evidence: Evidence) -> Payload:
        """Return Authorize (C01, C18)."""
        return authorize.message(token, evidence)

    def read_verdict(self, response: Payload) -> Verdict:
        """Read AuthorizeResponse (I08)."""
        return authorize.read(cast("v21.AuthorizeResponse", response))

    def read_event_answer(self, response: Payload) -> EventAnswer:
        """Read TransactionEventResponse (E16)."""
        return transaction_event.read_answer(cast("v21.TransactionEventResponse", response))

    def next_part(self, account: Account, event: TransactionEvent) -> Part | None:
        """Return TransactionEvent, once."""
        if event.seq_no == account.told_seq_no:
            return None
        return Part(request=transaction_event.message(event))
