"""The messages of OCPP 1.6 and its security extension, each loaded on first use. Generated: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocppj.messages.on_demand import on_demand

PLACES: Final[dict[str, str]] = {
    "AuthorizationData": "send_local_list",
    "AuthorizationStatus": "id_tag_info",
    "AuthorizeRequest": "authorize",
    "AuthorizeResponse": "authorize",
    "AvailabilityStatus": "change_availability",
    "AvailabilityType": "change_availability",
    "BootNotificationRequest": "boot_notification",
    "BootNotificationResponse": "boot_notification",
    "CancelReservationRequest": "cancel_reservation",
    "CancelReservationResponse": "cancel_reservation",
    "CancelReservationStatus": "cancel_reservation",
    "CertificateHashDataType": "certificate_hash_data_type",
    "CertificateSignedRequest": "certificate_signed",
    "CertificateSignedResponse": "certificate_signed",
    "CertificateSignedStatusEnumType": "certificate_signed",
    "CertificateUseEnumType": "certificate_use_enum_type",
    "ChangeAvailabilityRequest": "change_availability",
    "ChangeAvailabilityResponse": "change_availability",
    "ChangeConfigurationRequest": "change_configuration",
    "ChangeConfigurationResponse": "change_configuration",
    "ChargePointErrorCode": "status_notification",
    "ChargePointStatus": "status_notification",
    "ChargingProfile": "charging_profile",
    "ChargingProfileKindType": "charging_profile",
    "ChargingProfilePurposeType": "charging_profile_purpose_type",
    "ChargingProfileStatus": "set_charging_profile",
    "ChargingRateUnitType": "charging_schedule",
    "ChargingSchedule": "charging_schedule",
    "ChargingSchedulePeriod": "charging_schedule",
    "ClearCacheRequest": "clear_cache",
    "ClearCacheResponse": "clear_cache",
    "ClearCacheStatus": "clear_cache",
    "ClearChargingProfileRequest": "clear_charging_profile",
    "ClearChargingProfileResponse": "clear_charging_profile",
    "ClearChargingProfileStatus": "clear_charging_profile",
    "ConfigurationStatus": "change_configuration",
    "DataTransferRequest": "data_transfer",
    "DataTransferResponse": "data_transfer",
    "DataTransferStatus": "data_transfer",
    "DeleteCertificateRequest": "delete_certificate",
    "DeleteCertificateResponse": "delete_certificate",
    "DeleteCertificateStatusEnumType": "delete_certificate",
    "DiagnosticsStatus": "diagnostics_status_notification",
    "DiagnosticsStatusNotificationRequest": "diagnostics_status_notification",
    "DiagnosticsStatusNotificationResponse": "diagnostics_status_notification",
    "ExtendedTriggerMessageRequest": "extended_trigger_message",
    "ExtendedTriggerMessageResponse": "extended_trigger_message",
    "FirmwareStatus": "firmware_status_notification",
    "FirmwareStatusEnumType": "signed_firmware_status_notification",
    "FirmwareStatusNotificationRequest": "firmware_status_notification",
    "FirmwareStatusNotificationResponse": "firmware_status_notification",
    "FirmwareType": "signed_update_firmware",
    "GenericStatusEnumType": "sign_certificate",
    "GetCompositeScheduleRequest": "get_composite_schedule",
    "GetCompositeScheduleResponse": "get_composite_schedule",
    "GetCompositeScheduleStatus": "get_composite_schedule",
    "GetConfigurationRequest": "get_configuration",
    "GetConfigurationResponse": "get_configuration",
    "GetDiagnosticsRequest": "get_diagnostics",
    "GetDiagnosticsResponse": "get_diagnostics",
    "GetInstalledCertificateIdsRequest": "get_installed_certificate_ids",
    "GetInstalledCertificateIdsResponse": "get_installed_certificate_ids",
    "GetInstalledCertificateStatusEnumType": "get_installed_certificate_ids",
    "GetLocalListVersionRequest": "get_local_list_version",
    "GetLocalListVersionResponse": "get_local_list_version",
    "GetLogRequest": "get_log",
    "GetLogResponse": "get_log",
    "HashAlgorithmEnumType": "certificate_hash_data_type",
    "HeartbeatRequest": "heartbeat",
    "HeartbeatResponse": "heartbeat",
    "IdTagInfo": "id_tag_info",
    "InstallCertificateRequest": "install_certificate",
    "InstallCertificateResponse": "install_certificate",
    "InstallCertificateStatusEnumType": "install_certificate",
    "KeyValue": "get_configuration",
    "Location": "location",
    "LogEnumType": "get_log",
    "LogParametersType": "get_log",
    "LogStatusEnumType": "get_log",
    "LogStatusNotificationRequest": "log_status_notification",
    "LogStatusNotificationResponse": "log_status_notification",
    "Measurand": "location",
    "MessageTrigger": "trigger_message",
    "MessageTriggerEnumType": "extended_trigger_message",
    "MeterValue": "meter_values",
    "MeterValuesRequest": "meter_values",
    "MeterValuesResponse": "meter_values",
    "Phase": "location",
    "ReadingContext": "location",
    "Reason": "stop_transaction",
    "RecurrencyKindType": "charging_profile",
    "RegistrationStatus": "boot_notification",
    "RemoteStartStopStatus": "remote_start_stop_status",
    "RemoteStartTransactionRequest": "remote_start_transaction",
    "RemoteStartTransactionResponse": "remote_start_transaction",
    "RemoteStopTransactionRequest": "remote_stop_transaction",
    "RemoteStopTransactionResponse": "remote_stop_transaction",
    "ReservationStatus": "reserve_now",
    "ReserveNowRequest": "reserve_now",
    "ReserveNowResponse": "reserve_now",
    "ResetRequest": "reset",
    "ResetResponse": "reset",
    "ResetStatus": "reset",
    "ResetType": "reset",
    "SampledValue": "meter_values",
    "SecurityEventNotificationRequest": "security_event_notification",
    "SecurityEventNotificationResponse": "security_event_notification",
    "SendLocalListRequest": "send_local_list",
    "SendLocalListResponse": "send_local_list",
    "SetChargingProfileRequest": "set_charging_profile",
    "SetChargingProfileResponse": "set_charging_profile",
    "SignCertificateRequest": "sign_certificate",
    "SignCertificateResponse": "sign_certificate",
    "SignedFirmwareStatusNotificationRequest": "signed_firmware_status_notification",
    "SignedFirmwareStatusNotificationResponse": "signed_firmware_status_notification",
    "SignedUpdateFirmwareRequest": "signed_update_firmware",
    "SignedUpdateFirmwareResponse": "signed_update_firmware",
    "StartTransactionRequest": "start_transaction",
    "StartTransactionResponse": "start_transaction",
    "StatusNotificationRequest": "status_notification",
    "StatusNotificationResponse": "status_notification",
    "StopTransactionRequest": "stop_transaction",
    "StopTransactionResponse": "stop_transaction",
    "TransactionData": "stop_transaction",
    "TransactionSampledValue": "stop_transaction",
    "TransactionUnitOfMeasure": "stop_transaction",
    "TriggerMessageRequest": "trigger_message",
    "TriggerMessageResponse": "trigger_message",
    "TriggerMessageStatus": "trigger_message",
    "TriggerMessageStatusEnumType": "extended_trigger_message",
    "UnitOfMeasure": "meter_values",
    "UnlockConnectorRequest": "unlock_connector",
    "UnlockConnectorResponse": "unlock_connector",
    "UnlockStatus": "unlock_connector",
    "UpdateFirmwareRequest": "update_firmware",
    "UpdateFirmwareResponse": "update_firmware",
    "UpdateFirmwareStatusEnumType": "signed_update_firmware",
    "UpdateStatus": "send_local_list",
    "UpdateType": "send_local_list",
    "UploadLogStatusEnumType": "log_status_notification",
    "ValueFormat": "location",
}
"""Which module each type is in."""
CALLS: Final[tuple[str, ...]] = (
    "Authorize",
    "BootNotification",
    "CancelReservation",
    "CertificateSigned",
    "ChangeAvailability",
    "ChangeConfiguration",
    "ClearCache",
    "ClearChargingProfile",
    "DataTransfer",
    "DeleteCertificate",
    "DiagnosticsStatusNotification",
    "ExtendedTriggerMessage",
    "FirmwareStatusNotification",
    "GetCompositeSchedule",
    "GetConfiguration",
    "GetDiagnostics",
    "GetInstalledCertificateIds",
    "GetLocalListVersion",
    "GetLog",
    "Heartbeat",
    "InstallCertificate",
    "LogStatusNotification",
    "MeterValues",
    "RemoteStartTransaction",
    "RemoteStopTransaction",
    "ReserveNow",
    "Reset",
    "SecurityEventNotification",
    "SendLocalList",
    "SetChargingProfile",
    "SignCertificate",
    "SignedFirmwareStatusNotification",
    "SignedUpdateFirmware",
    "StartTransaction",
    "StatusNotification",
    "StopTransaction",
    "TriggerMessage",
    "UnlockConnector",
    "UpdateFirmware",
)
SENDS: Final[tuple[str, ...]] = ()
DRAFT_4: Final[frozenset[str]] = frozenset(
    [
        "AuthorizeRequest",
        "AuthorizeResponse",
        "BootNotificationRequest",
        "BootNotificationResponse",
        "CancelReservationRequest",
        "CancelReservationResponse",
        "ChangeAvailabilityRequest",
        "ChangeAvailabilityResponse",
        "ChangeConfigurationRequest",
        "ChangeConfigurationResponse",
        "ClearCacheRequest",
        "ClearCacheResponse",
        "ClearChargingProfileRequest",
        "ClearChargingProfileResponse",
        "DataTransferRequest",
        "DataTransferResponse",
        "DiagnosticsStatusNotificationRequest",
        "DiagnosticsStatusNotificationResponse",
        "FirmwareStatusNotificationRequest",
        "FirmwareStatusNotificationResponse",
        "GetCompositeScheduleRequest",
        "GetCompositeScheduleResponse",
        "GetConfigurationRequest",
        "GetConfigurationResponse",
        "GetDiagnosticsRequest",
        "GetDiagnosticsResponse",
        "GetLocalListVersionRequest",
        "GetLocalListVersionResponse",
        "HeartbeatRequest",
        "HeartbeatResponse",
        "MeterValuesRequest",
        "MeterValuesResponse",
        "RemoteStartTransactionRequest",
        "RemoteStartTransactionResponse",
        "RemoteStopTransactionRequest",
        "RemoteStopTransactionResponse",
        "ReserveNowRequest",
        "ReserveNowResponse",
        "ResetRequest",
        "ResetResponse",
        "SendLocalListRequest",
        "SendLocalListResponse",
        "SetChargingProfileRequest",
        "SetChargingProfileResponse",
        "StartTransactionRequest",
        "StartTransactionResponse",
        "StatusNotificationRequest",
        "StatusNotificationResponse",
        "StopTransactionRequest",
        "StopTransactionResponse",
        "TriggerMessageRequest",
        "TriggerMessageResponse",
        "UnlockConnectorRequest",
        "UnlockConnectorResponse",
        "UpdateFirmwareRequest",
        "UpdateFirmwareResponse",
    ]
)
"""Messages of schemas of draft 4, to which 1.0 is no integer."""

if TYPE_CHECKING:
    from ocppj.messages.v16.authorize import AuthorizeRequest as AuthorizeRequest
    from ocppj.messages.v16.authorize import AuthorizeResponse as AuthorizeResponse
    from ocppj.messages.v16.boot_notification import BootNotificationRequest as BootNotificationRequest
    from ocppj.messages.v16.boot_notification import BootNotificationResponse as BootNotificationResponse
    from ocppj.messages.v16.boot_notification import RegistrationStatus as RegistrationStatus
    from ocppj.messages.v16.cancel_reservation import CancelReservationRequest as CancelReservationRequest
    from ocppj.messages.v16.cancel_reservation import CancelReservationResponse as CancelReservationResponse
    from ocppj.messages.v16.cancel_reservation import CancelReservationStatus as CancelReservationStatus
    from ocppj.messages.v16.certificate_hash_data_type import (
        CertificateHashDataType as CertificateHashDataType,
    )
    from ocppj.messages.v16.certificate_hash_data_type import HashAlgorithmEnumType as HashAlgorithmEnumType
    from ocppj.messages.v16.certificate_signed import CertificateSignedRequest as CertificateSignedRequest
    from ocppj.messages.v16.certificate_signed import CertificateSignedResponse as CertificateSignedResponse
    from ocppj.messages.v16.certificate_signed import (
        CertificateSignedStatusEnumType as CertificateSignedStatusEnumType,
    )
    from ocppj.messages.v16.certificate_use_enum_type import CertificateUseEnumType as CertificateUseEnumType
    from ocppj.messages.v16.change_availability import AvailabilityStatus as AvailabilityStatus
    from ocppj.messages.v16.change_availability import AvailabilityType as AvailabilityType
    from ocppj.messages.v16.change_availability import ChangeAvailabilityRequest as ChangeAvailabilityRequest
    from ocppj.messages.v16.change_availability import (
        ChangeAvailabilityResponse as ChangeAvailabilityResponse,
    )
    from ocppj.messages.v16.change_configuration import (
        ChangeConfigurationRequest as ChangeConfigurationRequest,
    )
    from ocppj.messages.v16.change_configuration import (
        ChangeConfigurationResponse as ChangeConfigurationResponse,
    )
    from ocppj.messages.v16.change_configuration import ConfigurationStatus as ConfigurationStatus
    from ocppj.messages.v16.charging_profile import ChargingProfile as ChargingProfile
    from ocppj.messages.v16.charging_profile import ChargingProfileKindType as ChargingProfileKindType
    from ocppj.messages.v16.charging_profile import RecurrencyKindType as RecurrencyKindType
    from ocppj.messages.v16.charging_profile_purpose_type import (
        ChargingProfilePurposeType as ChargingProfilePurposeType,
    )
    from ocppj.messages.v16.charging_schedule import ChargingRateUnitType as ChargingRateUnitType
    from ocppj.messages.v16.charging_schedule import ChargingSchedule as ChargingSchedule
    from ocppj.messages.v16.charging_schedule import ChargingSchedulePeriod as ChargingSchedulePeriod
    from ocppj.messages.v16.clear_cache import ClearCacheRequest as ClearCacheRequest
    from ocppj.messages.v16.clear_cache import ClearCacheResponse as ClearCacheResponse
    from ocppj.messages.v16.clear_cache import ClearCacheStatus as ClearCacheStatus
    from ocppj.messages.v16.clear_charging_profile import (
        ClearChargingProfileRequest as ClearChargingProfileRequest,
    )
    from ocppj.messages.v16.clear_charging_profile import (
        ClearChargingProfileResponse as ClearChargingProfileResponse,
    )
    from ocppj.messages.v16.clear_charging_profile import (
        ClearChargingProfileStatus as ClearChargingProfileStatus,
    )
    from ocppj.messages.v16.data_transfer import DataTransferRequest as DataTransferRequest
    from ocppj.messages.v16.data_transfer import DataTransferResponse as DataTransferResponse
    from ocppj.messages.v16.data_transfer import DataTransferStatus as DataTransferStatus
    from ocppj.messages.v16.delete_certificate import DeleteCertificateRequest as DeleteCertificateRequest
    from ocppj.messages.v16.delete_certificate import DeleteCertificateResponse as DeleteCertificateResponse
    from ocppj.messages.v16.delete_certificate import (
        DeleteCertificateStatusEnumType as DeleteCertificateStatusEnumType,
    )
    from ocppj.messages.v16.diagnostics_status_notification import DiagnosticsStatus as DiagnosticsStatus
    from ocppj.messages.v16.diagnostics_status_notification import (
        DiagnosticsStatusNotificationRequest as DiagnosticsStatusNotificationRequest,
    )
    from ocppj.messages.v16.diagnostics_status_notification import (
        DiagnosticsStatusNotificationResponse as DiagnosticsStatusNotificationResponse,
    )
    from ocppj.messages.v16.extended_trigger_message import (
        ExtendedTriggerMessageRequest as ExtendedTriggerMessageRequest,
    )
    from ocppj.messages.v16.extended_trigger_message import (
        ExtendedTriggerMessageResponse as ExtendedTriggerMessageResponse,
    )
    from ocppj.messages.v16.extended_trigger_message import MessageTriggerEnumType as MessageTriggerEnumType
    from ocppj.messages.v16.extended_trigger_message import (
        TriggerMessageStatusEnumType as TriggerMessageStatusEnumType,
    )
    from ocppj.messages.v16.firmware_status_notification import FirmwareStatus as FirmwareStatus
    from ocppj.messages.v16.firmware_status_notification import (
        FirmwareStatusNotificationRequest as FirmwareStatusNotificationRequest,
    )
    from ocppj.messages.v16.firmware_status_notification import (
        FirmwareStatusNotificationResponse as FirmwareStatusNotificationResponse,
    )
    from ocppj.messages.v16.get_composite_schedule import (
        GetCompositeScheduleRequest as GetCompositeScheduleRequest,
    )
    from ocppj.messages.v16.get_composite_schedule import (
        GetCompositeScheduleResponse as GetCompositeScheduleResponse,
    )
    from ocppj.messages.v16.get_composite_schedule import (
        GetCompositeScheduleStatus as GetCompositeScheduleStatus,
    )
    from ocppj.messages.v16.get_configuration import GetConfigurationRequest as GetConfigurationRequest
    from ocppj.messages.v16.get_configuration import GetConfigurationResponse as GetConfigurationResponse
    from ocppj.messages.v16.get_configuration import KeyValue as KeyValue
    from ocppj.messages.v16.get_diagnostics import GetDiagnosticsRequest as GetDiagnosticsRequest
    from ocppj.messages.v16.get_diagnostics import GetDiagnosticsResponse as GetDiagnosticsResponse
    from ocppj.messages.v16.get_installed_certificate_ids import (
        GetInstalledCertificateIdsRequest as GetInstalledCertificateIdsRequest,
    )
    from ocppj.messages.v16.get_installed_certificate_ids import (
        GetInstalledCertificateIdsResponse as GetInstalledCertificateIdsResponse,
    )
    from ocppj.messages.v16.get_installed_certificate_ids import (
        GetInstalledCertificateStatusEnumType as GetInstalledCertificateStatusEnumType,
    )
    from ocppj.messages.v16.get_local_list_version import (
        GetLocalListVersionRequest as GetLocalListVersionRequest,
    )
    from ocppj.messages.v16.get_local_list_version import (
        GetLocalListVersionResponse as GetLocalListVersionResponse,
    )
    from ocppj.messages.v16.get_log import GetLogRequest as GetLogRequest
    from ocppj.messages.v16.get_log import GetLogResponse as GetLogResponse
    from ocppj.messages.v16.get_log import LogEnumType as LogEnumType
    from ocppj.messages.v16.get_log import LogParametersType as LogParametersType
    from ocppj.messages.v16.get_log import LogStatusEnumType as LogStatusEnumType
    from ocppj.messages.v16.heartbeat import HeartbeatRequest as HeartbeatRequest
    from ocppj.messages.v16.heartbeat import HeartbeatResponse as HeartbeatResponse
    from ocppj.messages.v16.id_tag_info import AuthorizationStatus as AuthorizationStatus
    from ocppj.messages.v16.id_tag_info import IdTagInfo as IdTagInfo
    from ocppj.messages.v16.install_certificate import InstallCertificateRequest as InstallCertificateRequest
    from ocppj.messages.v16.install_certificate import (
        InstallCertificateResponse as InstallCertificateResponse,
    )
    from ocppj.messages.v16.install_certificate import (
        InstallCertificateStatusEnumType as InstallCertificateStatusEnumType,
    )
    from ocppj.messages.v16.location import Location as Location
    from ocppj.messages.v16.location import Measurand as Measurand
    from ocppj.messages.v16.location import Phase as Phase
    from ocppj.messages.v16.location import ReadingContext as ReadingContext
    from ocppj.messages.v16.location import ValueFormat as ValueFormat
    from ocppj.messages.v16.log_status_notification import (
        LogStatusNotificationRequest as LogStatusNotificationRequest,
    )
    from ocppj.messages.v16.log_status_notification import (
        LogStatusNotificationResponse as LogStatusNotificationResponse,
    )
    from ocppj.messages.v16.log_status_notification import UploadLogStatusEnumType as UploadLogStatusEnumType
    from ocppj.messages.v16.meter_values import MeterValue as MeterValue
    from ocppj.messages.v16.meter_values import MeterValuesRequest as MeterValuesRequest
    from ocppj.messages.v16.meter_values import MeterValuesResponse as MeterValuesResponse
    from ocppj.messages.v16.meter_values import SampledValue as SampledValue
    from ocppj.messages.v16.meter_values import UnitOfMeasure as UnitOfMeasure
    from ocppj.messages.v16.remote_start_stop_status import RemoteStartStopStatus as RemoteStartStopStatus
    from ocppj.messages.v16.remote_start_transaction import (
        RemoteStartTransactionRequest as RemoteStartTransactionRequest,
    )
    from ocppj.messages.v16.remote_start_transaction import (
        RemoteStartTransactionResponse as RemoteStartTransactionResponse,
    )
    from ocppj.messages.v16.remote_stop_transaction import (
        RemoteStopTransactionRequest as RemoteStopTransactionRequest,
    )
    from ocppj.messages.v16.remote_stop_transaction import (
        RemoteStopTransactionResponse as RemoteStopTransactionResponse,
    )
    from ocppj.messages.v16.reserve_now import ReservationStatus as ReservationStatus
    from ocppj.messages.v16.reserve_now import ReserveNowRequest as ReserveNowRequest
    from ocppj.messages.v16.reserve_now import ReserveNowResponse as ReserveNowResponse
    from ocppj.messages.v16.reset import ResetRequest as ResetRequest
    from ocppj.messages.v16.reset import ResetResponse as ResetResponse
    from ocppj.messages.v16.reset import ResetStatus as ResetStatus
    from ocppj.messages.v16.reset import ResetType as ResetType
    from ocppj.messages.v16.security_event_notification import (
        SecurityEventNotificationRequest as SecurityEventNotificationRequest,
    )
    from ocppj.messages.v16.security_event_notification import (
        SecurityEventNotificationResponse as SecurityEventNotificationResponse,
    )
    from ocppj.messages.v16.send_local_list import AuthorizationData as AuthorizationData
    from ocppj.messages.v16.send_local_list import SendLocalListRequest as SendLocalListRequest
    from ocppj.messages.v16.send_local_list import SendLocalListResponse as SendLocalListResponse
    from ocppj.messages.v16.send_local_list import UpdateStatus as UpdateStatus
    from ocppj.messages.v16.send_local_list import UpdateType as UpdateType
    from ocppj.messages.v16.set_charging_profile import ChargingProfileStatus as ChargingProfileStatus
    from ocppj.messages.v16.set_charging_profile import SetChargingProfileRequest as SetChargingProfileRequest
    from ocppj.messages.v16.set_charging_profile import (
        SetChargingProfileResponse as SetChargingProfileResponse,
    )
    from ocppj.messages.v16.sign_certificate import GenericStatusEnumType as GenericStatusEnumType
    from ocppj.messages.v16.sign_certificate import SignCertificateRequest as SignCertificateRequest
    from ocppj.messages.v16.sign_certificate import SignCertificateResponse as SignCertificateResponse
    from ocppj.messages.v16.signed_firmware_status_notification import (
        FirmwareStatusEnumType as FirmwareStatusEnumType,
    )
    from ocppj.messages.v16.signed_firmware_status_notification import (
        SignedFirmwareStatusNotificationRequest as SignedFirmwareStatusNotificationRequest,
    )
    from ocppj.messages.v16.signed_firmware_status_notification import (
        SignedFirmwareStatusNotificationResponse as SignedFirmwareStatusNotificationResponse,
    )
    from ocppj.messages.v16.signed_update_firmware import FirmwareType as FirmwareType
    from ocppj.messages.v16.signed_update_firmware import (
        SignedUpdateFirmwareRequest as SignedUpdateFirmwareRequest,
    )
    from ocppj.messages.v16.signed_update_firmware import (
        SignedUpdateFirmwareResponse as SignedUpdateFirmwareResponse,
    )
    from ocppj.messages.v16.signed_update_firmware import (
        UpdateFirmwareStatusEnumType as UpdateFirmwareStatusEnumType,
    )
    from ocppj.messages.v16.start_transaction import StartTransactionRequest as StartTransactionRequest
    from ocppj.messages.v16.start_transaction import StartTransactionResponse as StartTransactionResponse
    from ocppj.messages.v16.status_notification import ChargePointErrorCode as ChargePointErrorCode
    from ocppj.messages.v16.status_notification import ChargePointStatus as ChargePointStatus
    from ocppj.messages.v16.status_notification import StatusNotificationRequest as StatusNotificationRequest
    from ocppj.messages.v16.status_notification import (
        StatusNotificationResponse as StatusNotificationResponse,
    )
    from ocppj.messages.v16.stop_transaction import Reason as Reason
    from ocppj.messages.v16.stop_transaction import StopTransactionRequest as StopTransactionRequest
    from ocppj.messages.v16.stop_transaction import StopTransactionResponse as StopTransactionResponse
    from ocppj.messages.v16.stop_transaction import TransactionData as TransactionData
    from ocppj.messages.v16.stop_transaction import TransactionSampledValue as TransactionSampledValue
    from ocppj.messages.v16.stop_transaction import TransactionUnitOfMeasure as TransactionUnitOfMeasure
    from ocppj.messages.v16.trigger_message import MessageTrigger as MessageTrigger
    from ocppj.messages.v16.trigger_message import TriggerMessageRequest as TriggerMessageRequest
    from ocppj.messages.v16.trigger_message import TriggerMessageResponse as TriggerMessageResponse
    from ocppj.messages.v16.trigger_message import TriggerMessageStatus as TriggerMessageStatus
    from ocppj.messages.v16.unlock_connector import UnlockConnectorRequest as UnlockConnectorRequest
    from ocppj.messages.v16.unlock_connector import UnlockConnectorResponse as UnlockConnectorResponse
    from ocppj.messages.v16.unlock_connector import UnlockStatus as UnlockStatus
    from ocppj.messages.v16.update_firmware import UpdateFirmwareRequest as UpdateFirmwareRequest
    from ocppj.messages.v16.update_firmware import UpdateFirmwareResponse as UpdateFirmwareResponse
else:
    __getattr__ = on_demand(__name__, PLACES)
