"""The messages of OCPP 2.1, each loaded on first use. Generated: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ocppj.messages.on_demand import on_demand

PLACES: Final[dict[str, str]] = {
    "ACChargingParametersType": "notify_ev_charging_needs",
    "AFRRSignalRequest": "afrr_signal",
    "AFRRSignalResponse": "afrr_signal",
    "APNAuthenticationEnumType": "set_network_profile",
    "APNType": "set_network_profile",
    "AbsolutePriceScheduleType": "charging_schedule_type",
    "AdditionalInfoType": "id_token_type",
    "AdditionalSelectedServicesType": "charging_schedule_type",
    "AddressType": "address_type",
    "AdjustPeriodicEventStreamRequest": "adjust_periodic_event_stream",
    "AdjustPeriodicEventStreamResponse": "adjust_periodic_event_stream",
    "AttributeEnumType": "attribute_enum_type",
    "AuthorizationData": "send_local_list",
    "AuthorizationStatusEnumType": "id_token_info_type",
    "AuthorizeCertificateStatusEnumType": "authorize",
    "AuthorizeRequest": "authorize",
    "AuthorizeResponse": "authorize",
    "BatteryDataType": "battery_swap",
    "BatterySwapEventEnumType": "battery_swap",
    "BatterySwapRequest": "battery_swap",
    "BatterySwapResponse": "battery_swap",
    "BootNotificationRequest": "boot_notification",
    "BootNotificationResponse": "boot_notification",
    "BootReasonEnumType": "boot_notification",
    "CancelReservationRequest": "cancel_reservation",
    "CancelReservationResponse": "cancel_reservation",
    "CancelReservationStatusEnumType": "cancel_reservation",
    "CertificateActionEnumType": "get15118_ev_certificate",
    "CertificateHashDataChainType": "get_installed_certificate_ids",
    "CertificateHashDataType": "certificate_hash_data_type",
    "CertificateSignedRequest": "certificate_signed",
    "CertificateSignedResponse": "certificate_signed",
    "CertificateSignedStatusEnumType": "certificate_signed",
    "CertificateSigningUseEnumType": "certificate_signing_use_enum_type",
    "CertificateStatusEnumType": "get_certificate_chain_status",
    "CertificateStatusRequestInfoType": "get_certificate_chain_status",
    "CertificateStatusSourceEnumType": "get_certificate_chain_status",
    "CertificateStatusType": "get_certificate_chain_status",
    "ChangeAvailabilityRequest": "change_availability",
    "ChangeAvailabilityResponse": "change_availability",
    "ChangeAvailabilityStatusEnumType": "change_availability",
    "ChangeTransactionTariffRequest": "change_transaction_tariff",
    "ChangeTransactionTariffResponse": "change_transaction_tariff",
    "ChargingLimitType": "notify_charging_limit",
    "ChargingNeedsType": "notify_ev_charging_needs",
    "ChargingPeriodType": "transaction_event",
    "ChargingProfileCriterionType": "get_charging_profiles",
    "ChargingProfileKindEnumType": "charging_profile_type",
    "ChargingProfilePurposeEnumType": "charging_profile_purpose_enum_type",
    "ChargingProfileStatusEnumType": "charging_profile_status_enum_type",
    "ChargingProfileType": "charging_profile_type",
    "ChargingRateUnitEnumType": "charging_schedule_period_type",
    "ChargingSchedulePeriodType": "charging_schedule_period_type",
    "ChargingScheduleType": "charging_schedule_type",
    "ChargingScheduleUpdateType": "charging_schedule_update_type",
    "ChargingStateEnumType": "transaction_event",
    "ChargingStationType": "boot_notification",
    "ClearCacheRequest": "clear_cache",
    "ClearCacheResponse": "clear_cache",
    "ClearCacheStatusEnumType": "clear_cache",
    "ClearChargingProfileRequest": "clear_charging_profile",
    "ClearChargingProfileResponse": "clear_charging_profile",
    "ClearChargingProfileStatusEnumType": "clear_charging_profile",
    "ClearChargingProfileType": "clear_charging_profile",
    "ClearDERControlRequest": "clear_der_control",
    "ClearDERControlResponse": "clear_der_control",
    "ClearDisplayMessageRequest": "clear_display_message",
    "ClearDisplayMessageResponse": "clear_display_message",
    "ClearMessageStatusEnumType": "clear_display_message",
    "ClearMonitoringResultType": "clear_variable_monitoring",
    "ClearMonitoringStatusEnumType": "clear_variable_monitoring",
    "ClearTariffsRequest": "clear_tariffs",
    "ClearTariffsResponse": "clear_tariffs",
    "ClearTariffsResultType": "clear_tariffs",
    "ClearVariableMonitoringRequest": "clear_variable_monitoring",
    "ClearVariableMonitoringResponse": "clear_variable_monitoring",
    "ClearedChargingLimitRequest": "cleared_charging_limit",
    "ClearedChargingLimitResponse": "cleared_charging_limit",
    "ClosePeriodicEventStreamRequest": "close_periodic_event_stream",
    "ClosePeriodicEventStreamResponse": "close_periodic_event_stream",
    "ComponentCriterionEnumType": "get_report",
    "ComponentType": "component_type",
    "ComponentVariableType": "component_variable_type",
    "CompositeScheduleType": "get_composite_schedule",
    "ConnectorStatusEnumType": "status_notification",
    "ConstantStreamDataType": "constant_stream_data_type",
    "ConsumptionCostType": "charging_schedule_type",
    "ControlModeEnumType": "notify_ev_charging_needs",
    "CostDetailsType": "transaction_event",
    "CostDimensionEnumType": "transaction_event",
    "CostDimensionType": "transaction_event",
    "CostKindEnumType": "charging_schedule_type",
    "CostType": "charging_schedule_type",
    "CostUpdatedRequest": "cost_updated",
    "CostUpdatedResponse": "cost_updated",
    "CustomerInformationRequest": "customer_information",
    "CustomerInformationResponse": "customer_information",
    "CustomerInformationStatusEnumType": "customer_information",
    "DCChargingParametersType": "notify_ev_charging_needs",
    "DERChargingParametersType": "notify_ev_charging_needs",
    "DERControlEnumType": "der_control_enum_type",
    "DERControlStatusEnumType": "der_control_status_enum_type",
    "DERCurveGetType": "report_der_control",
    "DERCurvePointsType": "enter_service_type",
    "DERCurveType": "enter_service_type",
    "DERUnitEnumType": "enter_service_type",
    "DataEnumType": "notify_report",
    "DataTransferRequest": "data_transfer",
    "DataTransferResponse": "data_transfer",
    "DataTransferStatusEnumType": "data_transfer",
    "DayOfWeekEnumType": "tariff_type",
    "DeleteCertificateRequest": "delete_certificate",
    "DeleteCertificateResponse": "delete_certificate",
    "DeleteCertificateStatusEnumType": "delete_certificate",
    "DisplayMessageStatusEnumType": "set_display_message",
    "EVAbsolutePriceScheduleEntryType": "notify_ev_charging_needs",
    "EVAbsolutePriceScheduleType": "notify_ev_charging_needs",
    "EVEnergyOfferType": "notify_ev_charging_needs",
    "EVPowerScheduleEntryType": "notify_ev_charging_needs",
    "EVPowerScheduleType": "notify_ev_charging_needs",
    "EVPriceRuleType": "notify_ev_charging_needs",
    "EVSEType": "evse_type",
    "EnergyTransferModeEnumType": "energy_transfer_mode_enum_type",
    "EnterServiceGetType": "report_der_control",
    "EnterServiceType": "enter_service_type",
    "EventDataType": "notify_event",
    "EventNotificationEnumType": "event_notification_enum_type",
    "EventTriggerEnumType": "notify_event",
    "EvseKindEnumType": "tariff_type",
    "FirmwareStatusEnumType": "firmware_status_notification",
    "FirmwareStatusNotificationRequest": "firmware_status_notification",
    "FirmwareStatusNotificationResponse": "firmware_status_notification",
    "FirmwareType": "update_firmware",
    "FixedPFGetType": "report_der_control",
    "FixedPFType": "enter_service_type",
    "FixedVarGetType": "report_der_control",
    "FixedVarType": "enter_service_type",
    "FreqDroopGetType": "report_der_control",
    "FreqDroopType": "enter_service_type",
    "GenericDeviceModelStatusEnumType": "generic_device_model_status_enum_type",
    "GenericStatusEnumType": "generic_status_enum_type",
    "Get15118EVCertificateRequest": "get15118_ev_certificate",
    "Get15118EVCertificateResponse": "get15118_ev_certificate",
    "GetBaseReportRequest": "get_base_report",
    "GetBaseReportResponse": "get_base_report",
    "GetCertificateChainStatusRequest": "get_certificate_chain_status",
    "GetCertificateChainStatusResponse": "get_certificate_chain_status",
    "GetCertificateIdUseEnumType": "get_installed_certificate_ids",
    "GetCertificateStatusEnumType": "get_certificate_status",
    "GetCertificateStatusRequest": "get_certificate_status",
    "GetCertificateStatusResponse": "get_certificate_status",
    "GetChargingProfileStatusEnumType": "get_charging_profiles",
    "GetChargingProfilesRequest": "get_charging_profiles",
    "GetChargingProfilesResponse": "get_charging_profiles",
    "GetCompositeScheduleRequest": "get_composite_schedule",
    "GetCompositeScheduleResponse": "get_composite_schedule",
    "GetDERControlRequest": "get_der_control",
    "GetDERControlResponse": "get_der_control",
    "GetDisplayMessagesRequest": "get_display_messages",
    "GetDisplayMessagesResponse": "get_display_messages",
    "GetDisplayMessagesStatusEnumType": "get_display_messages",
    "GetInstalledCertificateIdsRequest": "get_installed_certificate_ids",
    "GetInstalledCertificateIdsResponse": "get_installed_certificate_ids",
    "GetInstalledCertificateStatusEnumType": "get_installed_certificate_ids",
    "GetLocalListVersionRequest": "get_local_list_version",
    "GetLocalListVersionResponse": "get_local_list_version",
    "GetLogRequest": "get_log",
    "GetLogResponse": "get_log",
    "GetMonitoringReportRequest": "get_monitoring_report",
    "GetMonitoringReportResponse": "get_monitoring_report",
    "GetPeriodicEventStreamRequest": "get_periodic_event_stream",
    "GetPeriodicEventStreamResponse": "get_periodic_event_stream",
    "GetReportRequest": "get_report",
    "GetReportResponse": "get_report",
    "GetTariffsRequest": "get_tariffs",
    "GetTariffsResponse": "get_tariffs",
    "GetTransactionStatusRequest": "get_transaction_status",
    "GetTransactionStatusResponse": "get_transaction_status",
    "GetVariableDataType": "get_variables",
    "GetVariableResultType": "get_variables",
    "GetVariableStatusEnumType": "get_variables",
    "GetVariablesRequest": "get_variables",
    "GetVariablesResponse": "get_variables",
    "GradientGetType": "report_der_control",
    "GradientType": "enter_service_type",
    "GridEventFaultEnumType": "notify_der_alarm",
    "HashAlgorithmEnumType": "hash_algorithm_enum_type",
    "HeartbeatRequest": "heartbeat",
    "HeartbeatResponse": "heartbeat",
    "HysteresisType": "enter_service_type",
    "IdTokenInfoType": "id_token_info_type",
    "IdTokenType": "id_token_type",
    "InstallCertificateRequest": "install_certificate",
    "InstallCertificateResponse": "install_certificate",
    "InstallCertificateStatusEnumType": "install_certificate",
    "InstallCertificateUseEnumType": "install_certificate",
    "IslandingDetectionEnumType": "notify_ev_charging_needs",
    "Iso15118EVCertificateStatusEnumType": "get15118_ev_certificate",
    "LimitAtSoCType": "charging_schedule_type",
    "LimitMaxDischargeGetType": "report_der_control",
    "LimitMaxDischargeType": "enter_service_type",
    "LocationEnumType": "meter_value_type",
    "LogEnumType": "get_log",
    "LogParametersType": "get_log",
    "LogStatusEnumType": "get_log",
    "LogStatusNotificationRequest": "log_status_notification",
    "LogStatusNotificationResponse": "log_status_notification",
    "MeasurandEnumType": "meter_value_type",
    "MessageContentType": "message_content_type",
    "MessageFormatEnumType": "message_content_type",
    "MessageInfoType": "message_info_type",
    "MessagePriorityEnumType": "message_priority_enum_type",
    "MessageStateEnumType": "message_priority_enum_type",
    "MessageTriggerEnumType": "trigger_message",
    "MeterValueType": "meter_value_type",
    "MeterValuesRequest": "meter_values",
    "MeterValuesResponse": "meter_values",
    "MobilityNeedsModeEnumType": "notify_ev_charging_needs",
    "ModemType": "boot_notification",
    "MonitorEnumType": "monitor_enum_type",
    "MonitoringBaseEnumType": "set_monitoring_base",
    "MonitoringCriterionEnumType": "get_monitoring_report",
    "MonitoringDataType": "notify_monitoring_report",
    "MutabilityEnumType": "notify_report",
    "NetworkConnectionProfileType": "set_network_profile",
    "NotifyAllowedEnergyTransferRequest": "notify_allowed_energy_transfer",
    "NotifyAllowedEnergyTransferResponse": "notify_allowed_energy_transfer",
    "NotifyAllowedEnergyTransferStatusEnumType": "notify_allowed_energy_transfer",
    "NotifyChargingLimitRequest": "notify_charging_limit",
    "NotifyChargingLimitResponse": "notify_charging_limit",
    "NotifyCustomerInformationRequest": "notify_customer_information",
    "NotifyCustomerInformationResponse": "notify_customer_information",
    "NotifyDERAlarmRequest": "notify_der_alarm",
    "NotifyDERAlarmResponse": "notify_der_alarm",
    "NotifyDERStartStopRequest": "notify_der_start_stop",
    "NotifyDERStartStopResponse": "notify_der_start_stop",
    "NotifyDisplayMessagesRequest": "notify_display_messages",
    "NotifyDisplayMessagesResponse": "notify_display_messages",
    "NotifyEVChargingNeedsRequest": "notify_ev_charging_needs",
    "NotifyEVChargingNeedsResponse": "notify_ev_charging_needs",
    "NotifyEVChargingNeedsStatusEnumType": "notify_ev_charging_needs",
    "NotifyEVChargingScheduleRequest": "notify_ev_charging_schedule",
    "NotifyEVChargingScheduleResponse": "notify_ev_charging_schedule",
    "NotifyEventRequest": "notify_event",
    "NotifyEventResponse": "notify_event",
    "NotifyMonitoringReportRequest": "notify_monitoring_report",
    "NotifyMonitoringReportResponse": "notify_monitoring_report",
    "NotifyPeriodicEventStream": "notify_periodic_event_stream",
    "NotifyPriorityChargingRequest": "notify_priority_charging",
    "NotifyPriorityChargingResponse": "notify_priority_charging",
    "NotifyReportRequest": "notify_report",
    "NotifyReportResponse": "notify_report",
    "NotifySettlementRequest": "notify_settlement",
    "NotifySettlementResponse": "notify_settlement",
    "NotifyWebPaymentStartedRequest": "notify_web_payment_started",
    "NotifyWebPaymentStartedResponse": "notify_web_payment_started",
    "OCPPInterfaceEnumType": "set_network_profile",
    "OCPPTransportEnumType": "set_network_profile",
    "OCPPVersionEnumType": "set_network_profile",
    "OCSPRequestDataType": "ocsp_request_data_type",
    "OpenPeriodicEventStreamRequest": "open_periodic_event_stream",
    "OpenPeriodicEventStreamResponse": "open_periodic_event_stream",
    "OperationModeEnumType": "operation_mode_enum_type",
    "OperationalStatusEnumType": "change_availability",
    "OverstayRuleListType": "charging_schedule_type",
    "OverstayRuleType": "charging_schedule_type",
    "PaymentStatusEnumType": "notify_settlement",
    "PeriodicEventStreamParamsType": "periodic_event_stream_params_type",
    "PhaseEnumType": "meter_value_type",
    "PowerDuringCessationEnumType": "enter_service_type",
    "PreconditioningStatusEnumType": "transaction_event",
    "PriceLevelScheduleEntryType": "charging_schedule_type",
    "PriceLevelScheduleType": "charging_schedule_type",
    "PriceRuleStackType": "charging_schedule_type",
    "PriceRuleType": "charging_schedule_type",
    "PriceType": "price_type",
    "PriorityChargingStatusEnumType": "use_priority_charging",
    "PublishFirmwareRequest": "publish_firmware",
    "PublishFirmwareResponse": "publish_firmware",
    "PublishFirmwareStatusEnumType": "publish_firmware_status_notification",
    "PublishFirmwareStatusNotificationRequest": "publish_firmware_status_notification",
    "PublishFirmwareStatusNotificationResponse": "publish_firmware_status_notification",
    "PullDynamicScheduleUpdateRequest": "pull_dynamic_schedule_update",
    "PullDynamicScheduleUpdateResponse": "pull_dynamic_schedule_update",
    "RationalNumberType": "charging_schedule_type",
    "ReactivePowerParamsType": "enter_service_type",
    "ReadingContextEnumType": "meter_value_type",
    "ReasonEnumType": "transaction_event",
    "RecurrencyKindEnumType": "charging_profile_type",
    "RegistrationStatusEnumType": "boot_notification",
    "RelativeTimeIntervalType": "charging_schedule_type",
    "ReportBaseEnumType": "get_base_report",
    "ReportChargingProfilesRequest": "report_charging_profiles",
    "ReportChargingProfilesResponse": "report_charging_profiles",
    "ReportDERControlRequest": "report_der_control",
    "ReportDERControlResponse": "report_der_control",
    "ReportDataType": "notify_report",
    "RequestBatterySwapRequest": "request_battery_swap",
    "RequestBatterySwapResponse": "request_battery_swap",
    "RequestStartStopStatusEnumType": "request_start_stop_status_enum_type",
    "RequestStartTransactionRequest": "request_start_transaction",
    "RequestStartTransactionResponse": "request_start_transaction",
    "RequestStopTransactionRequest": "request_stop_transaction",
    "RequestStopTransactionResponse": "request_stop_transaction",
    "ReservationStatusUpdateRequest": "reservation_status_update",
    "ReservationStatusUpdateResponse": "reservation_status_update",
    "ReservationUpdateStatusEnumType": "reservation_status_update",
    "ReserveNowRequest": "reserve_now",
    "ReserveNowResponse": "reserve_now",
    "ReserveNowStatusEnumType": "reserve_now",
    "ResetEnumType": "reset",
    "ResetRequest": "reset",
    "ResetResponse": "reset",
    "ResetStatusEnumType": "reset",
    "SalesTariffEntryType": "charging_schedule_type",
    "SalesTariffType": "charging_schedule_type",
    "SampledValueType": "meter_value_type",
    "SecurityEventNotificationRequest": "security_event_notification",
    "SecurityEventNotificationResponse": "security_event_notification",
    "SendLocalListRequest": "send_local_list",
    "SendLocalListResponse": "send_local_list",
    "SendLocalListStatusEnumType": "send_local_list",
    "SetChargingProfileRequest": "set_charging_profile",
    "SetChargingProfileResponse": "set_charging_profile",
    "SetDERControlRequest": "set_der_control",
    "SetDERControlResponse": "set_der_control",
    "SetDefaultTariffRequest": "set_default_tariff",
    "SetDefaultTariffResponse": "set_default_tariff",
    "SetDisplayMessageRequest": "set_display_message",
    "SetDisplayMessageResponse": "set_display_message",
    "SetMonitoringBaseRequest": "set_monitoring_base",
    "SetMonitoringBaseResponse": "set_monitoring_base",
    "SetMonitoringDataType": "set_variable_monitoring",
    "SetMonitoringLevelRequest": "set_monitoring_level",
    "SetMonitoringLevelResponse": "set_monitoring_level",
    "SetMonitoringResultType": "set_variable_monitoring",
    "SetMonitoringStatusEnumType": "set_variable_monitoring",
    "SetNetworkProfileRequest": "set_network_profile",
    "SetNetworkProfileResponse": "set_network_profile",
    "SetNetworkProfileStatusEnumType": "set_network_profile",
    "SetVariableDataType": "set_variables",
    "SetVariableMonitoringRequest": "set_variable_monitoring",
    "SetVariableMonitoringResponse": "set_variable_monitoring",
    "SetVariableResultType": "set_variables",
    "SetVariableStatusEnumType": "set_variables",
    "SetVariablesRequest": "set_variables",
    "SetVariablesResponse": "set_variables",
    "SignCertificateRequest": "sign_certificate",
    "SignCertificateResponse": "sign_certificate",
    "SignedMeterValueType": "meter_value_type",
    "StatusInfoType": "status_info_type",
    "StatusNotificationRequest": "status_notification",
    "StatusNotificationResponse": "status_notification",
    "StreamDataElementType": "notify_periodic_event_stream",
    "TariffAssignmentType": "get_tariffs",
    "TariffChangeStatusEnumType": "change_transaction_tariff",
    "TariffClearStatusEnumType": "clear_tariffs",
    "TariffConditionsFixedType": "tariff_type",
    "TariffConditionsType": "tariff_type",
    "TariffCostEnumType": "transaction_event",
    "TariffEnergyPriceType": "tariff_type",
    "TariffEnergyType": "tariff_type",
    "TariffFixedPriceType": "tariff_type",
    "TariffFixedType": "tariff_type",
    "TariffGetStatusEnumType": "get_tariffs",
    "TariffKindEnumType": "get_tariffs",
    "TariffSetStatusEnumType": "set_default_tariff",
    "TariffTimePriceType": "tariff_type",
    "TariffTimeType": "tariff_type",
    "TariffType": "tariff_type",
    "TaxRateType": "price_type",
    "TaxRuleType": "charging_schedule_type",
    "TotalCostType": "transaction_event",
    "TotalPriceType": "transaction_event",
    "TotalUsageType": "transaction_event",
    "TransactionEventEnumType": "transaction_event",
    "TransactionEventRequest": "transaction_event",
    "TransactionEventResponse": "transaction_event",
    "TransactionLimitType": "transaction_event",
    "TransactionType": "transaction_event",
    "TriggerMessageRequest": "trigger_message",
    "TriggerMessageResponse": "trigger_message",
    "TriggerMessageStatusEnumType": "trigger_message",
    "TriggerReasonEnumType": "transaction_event",
    "UnitOfMeasureType": "meter_value_type",
    "UnlockConnectorRequest": "unlock_connector",
    "UnlockConnectorResponse": "unlock_connector",
    "UnlockStatusEnumType": "unlock_connector",
    "UnpublishFirmwareRequest": "unpublish_firmware",
    "UnpublishFirmwareResponse": "unpublish_firmware",
    "UnpublishFirmwareStatusEnumType": "unpublish_firmware",
    "UpdateDynamicScheduleRequest": "update_dynamic_schedule",
    "UpdateDynamicScheduleResponse": "update_dynamic_schedule",
    "UpdateEnumType": "send_local_list",
    "UpdateFirmwareRequest": "update_firmware",
    "UpdateFirmwareResponse": "update_firmware",
    "UpdateFirmwareStatusEnumType": "update_firmware",
    "UploadLogStatusEnumType": "log_status_notification",
    "UsePriorityChargingRequest": "use_priority_charging",
    "UsePriorityChargingResponse": "use_priority_charging",
    "V2XChargingParametersType": "notify_ev_charging_needs",
    "V2XFreqWattPointType": "charging_schedule_period_type",
    "V2XSignalWattPointType": "charging_schedule_period_type",
    "VPNEnumType": "set_network_profile",
    "VPNType": "set_network_profile",
    "VariableAttributeType": "notify_report",
    "VariableCharacteristicsType": "notify_report",
    "VariableMonitoringType": "notify_monitoring_report",
    "VariableType": "variable_type",
    "VatNumberValidationRequest": "vat_number_validation",
    "VatNumberValidationResponse": "vat_number_validation",
    "VoltageParamsType": "enter_service_type",
}
"""Which module each type is in."""
CALLS: Final[tuple[str, ...]] = (
    "AFRRSignal",
    "AdjustPeriodicEventStream",
    "Authorize",
    "BatterySwap",
    "BootNotification",
    "CancelReservation",
    "CertificateSigned",
    "ChangeAvailability",
    "ChangeTransactionTariff",
    "ClearCache",
    "ClearChargingProfile",
    "ClearDERControl",
    "ClearDisplayMessage",
    "ClearTariffs",
    "ClearVariableMonitoring",
    "ClearedChargingLimit",
    "ClosePeriodicEventStream",
    "CostUpdated",
    "CustomerInformation",
    "DataTransfer",
    "DeleteCertificate",
    "FirmwareStatusNotification",
    "Get15118EVCertificate",
    "GetBaseReport",
    "GetCertificateChainStatus",
    "GetCertificateStatus",
    "GetChargingProfiles",
    "GetCompositeSchedule",
    "GetDERControl",
    "GetDisplayMessages",
    "GetInstalledCertificateIds",
    "GetLocalListVersion",
    "GetLog",
    "GetMonitoringReport",
    "GetPeriodicEventStream",
    "GetReport",
    "GetTariffs",
    "GetTransactionStatus",
    "GetVariables",
    "Heartbeat",
    "InstallCertificate",
    "LogStatusNotification",
    "MeterValues",
    "NotifyAllowedEnergyTransfer",
    "NotifyChargingLimit",
    "NotifyCustomerInformation",
    "NotifyDERAlarm",
    "NotifyDERStartStop",
    "NotifyDisplayMessages",
    "NotifyEVChargingNeeds",
    "NotifyEVChargingSchedule",
    "NotifyEvent",
    "NotifyMonitoringReport",
    "NotifyPriorityCharging",
    "NotifyReport",
    "NotifySettlement",
    "NotifyWebPaymentStarted",
    "OpenPeriodicEventStream",
    "PublishFirmware",
    "PublishFirmwareStatusNotification",
    "PullDynamicScheduleUpdate",
    "ReportChargingProfiles",
    "ReportDERControl",
    "RequestBatterySwap",
    "RequestStartTransaction",
    "RequestStopTransaction",
    "ReservationStatusUpdate",
    "ReserveNow",
    "Reset",
    "SecurityEventNotification",
    "SendLocalList",
    "SetChargingProfile",
    "SetDERControl",
    "SetDefaultTariff",
    "SetDisplayMessage",
    "SetMonitoringBase",
    "SetMonitoringLevel",
    "SetNetworkProfile",
    "SetVariableMonitoring",
    "SetVariables",
    "SignCertificate",
    "StatusNotification",
    "TransactionEvent",
    "TriggerMessage",
    "UnlockConnector",
    "UnpublishFirmware",
    "UpdateDynamicSchedule",
    "UpdateFirmware",
    "UsePriorityCharging",
    "VatNumberValidation",
)
SENDS: Final[tuple[str, ...]] = ("NotifyPeriodicEventStream",)
DRAFT_4: Final[frozenset[str]] = frozenset()
"""Messages of schemas of draft 4, to which 1.0 is no integer."""

if TYPE_CHECKING:
    from ocppj.messages.v21.address_type import AddressType as AddressType
    from ocppj.messages.v21.adjust_periodic_event_stream import (
        AdjustPeriodicEventStreamRequest as AdjustPeriodicEventStreamRequest,
    )
    from ocppj.messages.v21.adjust_periodic_event_stream import (
        AdjustPeriodicEventStreamResponse as AdjustPeriodicEventStreamResponse,
    )
    from ocppj.messages.v21.afrr_signal import AFRRSignalRequest as AFRRSignalRequest
    from ocppj.messages.v21.afrr_signal import AFRRSignalResponse as AFRRSignalResponse
    from ocppj.messages.v21.attribute_enum_type import AttributeEnumType as AttributeEnumType
    from ocppj.messages.v21.authorize import (
        AuthorizeCertificateStatusEnumType as AuthorizeCertificateStatusEnumType,
    )
    from ocppj.messages.v21.authorize import AuthorizeRequest as AuthorizeRequest
    from ocppj.messages.v21.authorize import AuthorizeResponse as AuthorizeResponse
    from ocppj.messages.v21.battery_swap import BatteryDataType as BatteryDataType
    from ocppj.messages.v21.battery_swap import BatterySwapEventEnumType as BatterySwapEventEnumType
    from ocppj.messages.v21.battery_swap import BatterySwapRequest as BatterySwapRequest
    from ocppj.messages.v21.battery_swap import BatterySwapResponse as BatterySwapResponse
    from ocppj.messages.v21.boot_notification import BootNotificationRequest as BootNotificationRequest
    from ocppj.messages.v21.boot_notification import BootNotificationResponse as BootNotificationResponse
    from ocppj.messages.v21.boot_notification import BootReasonEnumType as BootReasonEnumType
    from ocppj.messages.v21.boot_notification import ChargingStationType as ChargingStationType
    from ocppj.messages.v21.boot_notification import ModemType as ModemType
    from ocppj.messages.v21.boot_notification import RegistrationStatusEnumType as RegistrationStatusEnumType
    from ocppj.messages.v21.cancel_reservation import CancelReservationRequest as CancelReservationRequest
    from ocppj.messages.v21.cancel_reservation import CancelReservationResponse as CancelReservationResponse
    from ocppj.messages.v21.cancel_reservation import (
        CancelReservationStatusEnumType as CancelReservationStatusEnumType,
    )
    from ocppj.messages.v21.certificate_hash_data_type import (
        CertificateHashDataType as CertificateHashDataType,
    )
    from ocppj.messages.v21.certificate_signed import CertificateSignedRequest as CertificateSignedRequest
    from ocppj.messages.v21.certificate_signed import CertificateSignedResponse as CertificateSignedResponse
    from ocppj.messages.v21.certificate_signed import (
        CertificateSignedStatusEnumType as CertificateSignedStatusEnumType,
    )
    from ocppj.messages.v21.certificate_signing_use_enum_type import (
        CertificateSigningUseEnumType as CertificateSigningUseEnumType,
    )
    from ocppj.messages.v21.change_availability import ChangeAvailabilityRequest as ChangeAvailabilityRequest
    from ocppj.messages.v21.change_availability import (
        ChangeAvailabilityResponse as ChangeAvailabilityResponse,
    )
    from ocppj.messages.v21.change_availability import (
        ChangeAvailabilityStatusEnumType as ChangeAvailabilityStatusEnumType,
    )
    from ocppj.messages.v21.change_availability import OperationalStatusEnumType as OperationalStatusEnumType
    from ocppj.messages.v21.change_transaction_tariff import (
        ChangeTransactionTariffRequest as ChangeTransactionTariffRequest,
    )
    from ocppj.messages.v21.change_transaction_tariff import (
        ChangeTransactionTariffResponse as ChangeTransactionTariffResponse,
    )
    from ocppj.messages.v21.change_transaction_tariff import (
        TariffChangeStatusEnumType as TariffChangeStatusEnumType,
    )
    from ocppj.messages.v21.charging_profile_purpose_enum_type import (
        ChargingProfilePurposeEnumType as ChargingProfilePurposeEnumType,
    )
    from ocppj.messages.v21.charging_profile_status_enum_type import (
        ChargingProfileStatusEnumType as ChargingProfileStatusEnumType,
    )
    from ocppj.messages.v21.charging_profile_type import (
        ChargingProfileKindEnumType as ChargingProfileKindEnumType,
    )
    from ocppj.messages.v21.charging_profile_type import ChargingProfileType as ChargingProfileType
    from ocppj.messages.v21.charging_profile_type import RecurrencyKindEnumType as RecurrencyKindEnumType
    from ocppj.messages.v21.charging_schedule_period_type import (
        ChargingRateUnitEnumType as ChargingRateUnitEnumType,
    )
    from ocppj.messages.v21.charging_schedule_period_type import (
        ChargingSchedulePeriodType as ChargingSchedulePeriodType,
    )
    from ocppj.messages.v21.charging_schedule_period_type import V2XFreqWattPointType as V2XFreqWattPointType
    from ocppj.messages.v21.charging_schedule_period_type import (
        V2XSignalWattPointType as V2XSignalWattPointType,
    )
    from ocppj.messages.v21.charging_schedule_type import (
        AbsolutePriceScheduleType as AbsolutePriceScheduleType,
    )
    from ocppj.messages.v21.charging_schedule_type import (
        AdditionalSelectedServicesType as AdditionalSelectedServicesType,
    )
    from ocppj.messages.v21.charging_schedule_type import ChargingScheduleType as ChargingScheduleType
    from ocppj.messages.v21.charging_schedule_type import ConsumptionCostType as ConsumptionCostType
    from ocppj.messages.v21.charging_schedule_type import CostKindEnumType as CostKindEnumType
    from ocppj.messages.v21.charging_schedule_type import CostType as CostType
    from ocppj.messages.v21.charging_schedule_type import LimitAtSoCType as LimitAtSoCType
    from ocppj.messages.v21.charging_schedule_type import OverstayRuleListType as OverstayRuleListType
    from ocppj.messages.v21.charging_schedule_type import OverstayRuleType as OverstayRuleType
    from ocppj.messages.v21.charging_schedule_type import (
        PriceLevelScheduleEntryType as PriceLevelScheduleEntryType,
    )
    from ocppj.messages.v21.charging_schedule_type import PriceLevelScheduleType as PriceLevelScheduleType
    from ocppj.messages.v21.charging_schedule_type import PriceRuleStackType as PriceRuleStackType
    from ocppj.messages.v21.charging_schedule_type import PriceRuleType as PriceRuleType
    from ocppj.messages.v21.charging_schedule_type import RationalNumberType as RationalNumberType
    from ocppj.messages.v21.charging_schedule_type import RelativeTimeIntervalType as RelativeTimeIntervalType
    from ocppj.messages.v21.charging_schedule_type import SalesTariffEntryType as SalesTariffEntryType
    from ocppj.messages.v21.charging_schedule_type import SalesTariffType as SalesTariffType
    from ocppj.messages.v21.charging_schedule_type import TaxRuleType as TaxRuleType
    from ocppj.messages.v21.charging_schedule_update_type import (
        ChargingScheduleUpdateType as ChargingScheduleUpdateType,
    )
    from ocppj.messages.v21.clear_cache import ClearCacheRequest as ClearCacheRequest
    from ocppj.messages.v21.clear_cache import ClearCacheResponse as ClearCacheResponse
    from ocppj.messages.v21.clear_cache import ClearCacheStatusEnumType as ClearCacheStatusEnumType
    from ocppj.messages.v21.clear_charging_profile import (
        ClearChargingProfileRequest as ClearChargingProfileRequest,
    )
    from ocppj.messages.v21.clear_charging_profile import (
        ClearChargingProfileResponse as ClearChargingProfileResponse,
    )
    from ocppj.messages.v21.clear_charging_profile import (
        ClearChargingProfileStatusEnumType as ClearChargingProfileStatusEnumType,
    )
    from ocppj.messages.v21.clear_charging_profile import ClearChargingProfileType as ClearChargingProfileType
    from ocppj.messages.v21.clear_der_control import ClearDERControlRequest as ClearDERControlRequest
    from ocppj.messages.v21.clear_der_control import ClearDERControlResponse as ClearDERControlResponse
    from ocppj.messages.v21.clear_display_message import (
        ClearDisplayMessageRequest as ClearDisplayMessageRequest,
    )
    from ocppj.messages.v21.clear_display_message import (
        ClearDisplayMessageResponse as ClearDisplayMessageResponse,
    )
    from ocppj.messages.v21.clear_display_message import (
        ClearMessageStatusEnumType as ClearMessageStatusEnumType,
    )
    from ocppj.messages.v21.clear_tariffs import ClearTariffsRequest as ClearTariffsRequest
    from ocppj.messages.v21.clear_tariffs import ClearTariffsResponse as ClearTariffsResponse
    from ocppj.messages.v21.clear_tariffs import ClearTariffsResultType as ClearTariffsResultType
    from ocppj.messages.v21.clear_tariffs import TariffClearStatusEnumType as TariffClearStatusEnumType
    from ocppj.messages.v21.clear_variable_monitoring import (
        ClearMonitoringResultType as ClearMonitoringResultType,
    )
    from ocppj.messages.v21.clear_variable_monitoring import (
        ClearMonitoringStatusEnumType as ClearMonitoringStatusEnumType,
    )
    from ocppj.messages.v21.clear_variable_monitoring import (
        ClearVariableMonitoringRequest as ClearVariableMonitoringRequest,
    )
    from ocppj.messages.v21.clear_variable_monitoring import (
        ClearVariableMonitoringResponse as ClearVariableMonitoringResponse,
    )
    from ocppj.messages.v21.cleared_charging_limit import (
        ClearedChargingLimitRequest as ClearedChargingLimitRequest,
    )
    from ocppj.messages.v21.cleared_charging_limit import (
        ClearedChargingLimitResponse as ClearedChargingLimitResponse,
    )
    from ocppj.messages.v21.close_periodic_event_stream import (
        ClosePeriodicEventStreamRequest as ClosePeriodicEventStreamRequest,
    )
    from ocppj.messages.v21.close_periodic_event_stream import (
        ClosePeriodicEventStreamResponse as ClosePeriodicEventStreamResponse,
    )
    from ocppj.messages.v21.component_type import ComponentType as ComponentType
    from ocppj.messages.v21.component_variable_type import ComponentVariableType as ComponentVariableType
    from ocppj.messages.v21.constant_stream_data_type import ConstantStreamDataType as ConstantStreamDataType
    from ocppj.messages.v21.cost_updated import CostUpdatedRequest as CostUpdatedRequest
    from ocppj.messages.v21.cost_updated import CostUpdatedResponse as CostUpdatedResponse
    from ocppj.messages.v21.customer_information import (
        CustomerInformationRequest as CustomerInformationRequest,
    )
    from ocppj.messages.v21.customer_information import (
        CustomerInformationResponse as CustomerInformationResponse,
    )
    from ocppj.messages.v21.customer_information import (
        CustomerInformationStatusEnumType as CustomerInformationStatusEnumType,
    )
    from ocppj.messages.v21.data_transfer import DataTransferRequest as DataTransferRequest
    from ocppj.messages.v21.data_transfer import DataTransferResponse as DataTransferResponse
    from ocppj.messages.v21.data_transfer import DataTransferStatusEnumType as DataTransferStatusEnumType
    from ocppj.messages.v21.delete_certificate import DeleteCertificateRequest as DeleteCertificateRequest
    from ocppj.messages.v21.delete_certificate import DeleteCertificateResponse as DeleteCertificateResponse
    from ocppj.messages.v21.delete_certificate import (
        DeleteCertificateStatusEnumType as DeleteCertificateStatusEnumType,
    )
    from ocppj.messages.v21.der_control_enum_type import DERControlEnumType as DERControlEnumType
    from ocppj.messages.v21.der_control_status_enum_type import (
        DERControlStatusEnumType as DERControlStatusEnumType,
    )
    from ocppj.messages.v21.energy_transfer_mode_enum_type import (
        EnergyTransferModeEnumType as EnergyTransferModeEnumType,
    )
    from ocppj.messages.v21.enter_service_type import DERCurvePointsType as DERCurvePointsType
    from ocppj.messages.v21.enter_service_type import DERCurveType as DERCurveType
    from ocppj.messages.v21.enter_service_type import DERUnitEnumType as DERUnitEnumType
    from ocppj.messages.v21.enter_service_type import EnterServiceType as EnterServiceType
    from ocppj.messages.v21.enter_service_type import FixedPFType as FixedPFType
    from ocppj.messages.v21.enter_service_type import FixedVarType as FixedVarType
    from ocppj.messages.v21.enter_service_type import FreqDroopType as FreqDroopType
    from ocppj.messages.v21.enter_service_type import GradientType as GradientType
    from ocppj.messages.v21.enter_service_type import HysteresisType as HysteresisType
    from ocppj.messages.v21.enter_service_type import LimitMaxDischargeType as LimitMaxDischargeType
    from ocppj.messages.v21.enter_service_type import (
        PowerDuringCessationEnumType as PowerDuringCessationEnumType,
    )
    from ocppj.messages.v21.enter_service_type import ReactivePowerParamsType as ReactivePowerParamsType
    from ocppj.messages.v21.enter_service_type import VoltageParamsType as VoltageParamsType
    from ocppj.messages.v21.event_notification_enum_type import (
        EventNotificationEnumType as EventNotificationEnumType,
    )
    from ocppj.messages.v21.evse_type import EVSEType as EVSEType
    from ocppj.messages.v21.firmware_status_notification import (
        FirmwareStatusEnumType as FirmwareStatusEnumType,
    )
    from ocppj.messages.v21.firmware_status_notification import (
        FirmwareStatusNotificationRequest as FirmwareStatusNotificationRequest,
    )
    from ocppj.messages.v21.firmware_status_notification import (
        FirmwareStatusNotificationResponse as FirmwareStatusNotificationResponse,
    )
    from ocppj.messages.v21.generic_device_model_status_enum_type import (
        GenericDeviceModelStatusEnumType as GenericDeviceModelStatusEnumType,
    )
    from ocppj.messages.v21.generic_status_enum_type import GenericStatusEnumType as GenericStatusEnumType
    from ocppj.messages.v21.get15118_ev_certificate import (
        CertificateActionEnumType as CertificateActionEnumType,
    )
    from ocppj.messages.v21.get15118_ev_certificate import (
        Get15118EVCertificateRequest as Get15118EVCertificateRequest,
    )
    from ocppj.messages.v21.get15118_ev_certificate import (
        Get15118EVCertificateResponse as Get15118EVCertificateResponse,
    )
    from ocppj.messages.v21.get15118_ev_certificate import (
        Iso15118EVCertificateStatusEnumType as Iso15118EVCertificateStatusEnumType,
    )
    from ocppj.messages.v21.get_base_report import GetBaseReportRequest as GetBaseReportRequest
    from ocppj.messages.v21.get_base_report import GetBaseReportResponse as GetBaseReportResponse
    from ocppj.messages.v21.get_base_report import ReportBaseEnumType as ReportBaseEnumType
    from ocppj.messages.v21.get_certificate_chain_status import (
        CertificateStatusEnumType as CertificateStatusEnumType,
    )
    from ocppj.messages.v21.get_certificate_chain_status import (
        CertificateStatusRequestInfoType as CertificateStatusRequestInfoType,
    )
    from ocppj.messages.v21.get_certificate_chain_status import (
        CertificateStatusSourceEnumType as CertificateStatusSourceEnumType,
    )
    from ocppj.messages.v21.get_certificate_chain_status import CertificateStatusType as CertificateStatusType
    from ocppj.messages.v21.get_certificate_chain_status import (
        GetCertificateChainStatusRequest as GetCertificateChainStatusRequest,
    )
    from ocppj.messages.v21.get_certificate_chain_status import (
        GetCertificateChainStatusResponse as GetCertificateChainStatusResponse,
    )
    from ocppj.messages.v21.get_certificate_status import (
        GetCertificateStatusEnumType as GetCertificateStatusEnumType,
    )
    from ocppj.messages.v21.get_certificate_status import (
        GetCertificateStatusRequest as GetCertificateStatusRequest,
    )
    from ocppj.messages.v21.get_certificate_status import (
        GetCertificateStatusResponse as GetCertificateStatusResponse,
    )
    from ocppj.messages.v21.get_charging_profiles import (
        ChargingProfileCriterionType as ChargingProfileCriterionType,
    )
    from ocppj.messages.v21.get_charging_profiles import (
        GetChargingProfilesRequest as GetChargingProfilesRequest,
    )
    from ocppj.messages.v21.get_charging_profiles import (
        GetChargingProfilesResponse as GetChargingProfilesResponse,
    )
    from ocppj.messages.v21.get_charging_profiles import (
        GetChargingProfileStatusEnumType as GetChargingProfileStatusEnumType,
    )
    from ocppj.messages.v21.get_composite_schedule import CompositeScheduleType as CompositeScheduleType
    from ocppj.messages.v21.get_composite_schedule import (
        GetCompositeScheduleRequest as GetCompositeScheduleRequest,
    )
    from ocppj.messages.v21.get_composite_schedule import (
        GetCompositeScheduleResponse as GetCompositeScheduleResponse,
    )
    from ocppj.messages.v21.get_der_control import GetDERControlRequest as GetDERControlRequest
    from ocppj.messages.v21.get_der_control import GetDERControlResponse as GetDERControlResponse
    from ocppj.messages.v21.get_display_messages import GetDisplayMessagesRequest as GetDisplayMessagesRequest
    from ocppj.messages.v21.get_display_messages import (
        GetDisplayMessagesResponse as GetDisplayMessagesResponse,
    )
    from ocppj.messages.v21.get_display_messages import (
        GetDisplayMessagesStatusEnumType as GetDisplayMessagesStatusEnumType,
    )
    from ocppj.messages.v21.get_installed_certificate_ids import (
        CertificateHashDataChainType as CertificateHashDataChainType,
    )
    from ocppj.messages.v21.get_installed_certificate_ids import (
        GetCertificateIdUseEnumType as GetCertificateIdUseEnumType,
    )
    from ocppj.messages.v21.get_installed_certificate_ids import (
        GetInstalledCertificateIdsRequest as GetInstalledCertificateIdsRequest,
    )
    from ocppj.messages.v21.get_installed_certificate_ids import (
        GetInstalledCertificateIdsResponse as GetInstalledCertificateIdsResponse,
    )
    from ocppj.messages.v21.get_installed_certificate_ids import (
        GetInstalledCertificateStatusEnumType as GetInstalledCertificateStatusEnumType,
    )
    from ocppj.messages.v21.get_local_list_version import (
        GetLocalListVersionRequest as GetLocalListVersionRequest,
    )
    from ocppj.messages.v21.get_local_list_version import (
        GetLocalListVersionResponse as GetLocalListVersionResponse,
    )
    from ocppj.messages.v21.get_log import GetLogRequest as GetLogRequest
    from ocppj.messages.v21.get_log import GetLogResponse as GetLogResponse
    from ocppj.messages.v21.get_log import LogEnumType as LogEnumType
    from ocppj.messages.v21.get_log import LogParametersType as LogParametersType
    from ocppj.messages.v21.get_log import LogStatusEnumType as LogStatusEnumType
    from ocppj.messages.v21.get_monitoring_report import (
        GetMonitoringReportRequest as GetMonitoringReportRequest,
    )
    from ocppj.messages.v21.get_monitoring_report import (
        GetMonitoringReportResponse as GetMonitoringReportResponse,
    )
    from ocppj.messages.v21.get_monitoring_report import (
        MonitoringCriterionEnumType as MonitoringCriterionEnumType,
    )
    from ocppj.messages.v21.get_periodic_event_stream import (
        GetPeriodicEventStreamRequest as GetPeriodicEventStreamRequest,
    )
    from ocppj.messages.v21.get_periodic_event_stream import (
        GetPeriodicEventStreamResponse as GetPeriodicEventStreamResponse,
    )
    from ocppj.messages.v21.get_report import ComponentCriterionEnumType as ComponentCriterionEnumType
    from ocppj.messages.v21.get_report import GetReportRequest as GetReportRequest
    from ocppj.messages.v21.get_report import GetReportResponse as GetReportResponse
    from ocppj.messages.v21.get_tariffs import GetTariffsRequest as GetTariffsRequest
    from ocppj.messages.v21.get_tariffs import GetTariffsResponse as GetTariffsResponse
    from ocppj.messages.v21.get_tariffs import TariffAssignmentType as TariffAssignmentType
    from ocppj.messages.v21.get_tariffs import TariffGetStatusEnumType as TariffGetStatusEnumType
    from ocppj.messages.v21.get_tariffs import TariffKindEnumType as TariffKindEnumType
    from ocppj.messages.v21.get_transaction_status import (
        GetTransactionStatusRequest as GetTransactionStatusRequest,
    )
    from ocppj.messages.v21.get_transaction_status import (
        GetTransactionStatusResponse as GetTransactionStatusResponse,
    )
    from ocppj.messages.v21.get_variables import GetVariableDataType as GetVariableDataType
    from ocppj.messages.v21.get_variables import GetVariableResultType as GetVariableResultType
    from ocppj.messages.v21.get_variables import GetVariablesRequest as GetVariablesRequest
    from ocppj.messages.v21.get_variables import GetVariablesResponse as GetVariablesResponse
    from ocppj.messages.v21.get_variables import GetVariableStatusEnumType as GetVariableStatusEnumType
    from ocppj.messages.v21.hash_algorithm_enum_type import HashAlgorithmEnumType as HashAlgorithmEnumType
    from ocppj.messages.v21.heartbeat import HeartbeatRequest as HeartbeatRequest
    from ocppj.messages.v21.heartbeat import HeartbeatResponse as HeartbeatResponse
    from ocppj.messages.v21.id_token_info_type import (
        AuthorizationStatusEnumType as AuthorizationStatusEnumType,
    )
    from ocppj.messages.v21.id_token_info_type import IdTokenInfoType as IdTokenInfoType
    from ocppj.messages.v21.id_token_type import AdditionalInfoType as AdditionalInfoType
    from ocppj.messages.v21.id_token_type import IdTokenType as IdTokenType
    from ocppj.messages.v21.install_certificate import InstallCertificateRequest as InstallCertificateRequest
    from ocppj.messages.v21.install_certificate import (
        InstallCertificateResponse as InstallCertificateResponse,
    )
    from ocppj.messages.v21.install_certificate import (
        InstallCertificateStatusEnumType as InstallCertificateStatusEnumType,
    )
    from ocppj.messages.v21.install_certificate import (
        InstallCertificateUseEnumType as InstallCertificateUseEnumType,
    )
    from ocppj.messages.v21.log_status_notification import (
        LogStatusNotificationRequest as LogStatusNotificationRequest,
    )
    from ocppj.messages.v21.log_status_notification import (
        LogStatusNotificationResponse as LogStatusNotificationResponse,
    )
    from ocppj.messages.v21.log_status_notification import UploadLogStatusEnumType as UploadLogStatusEnumType
    from ocppj.messages.v21.message_content_type import MessageContentType as MessageContentType
    from ocppj.messages.v21.message_content_type import MessageFormatEnumType as MessageFormatEnumType
    from ocppj.messages.v21.message_info_type import MessageInfoType as MessageInfoType
    from ocppj.messages.v21.message_priority_enum_type import (
        MessagePriorityEnumType as MessagePriorityEnumType,
    )
    from ocppj.messages.v21.message_priority_enum_type import MessageStateEnumType as MessageStateEnumType
    from ocppj.messages.v21.meter_value_type import LocationEnumType as LocationEnumType
    from ocppj.messages.v21.meter_value_type import MeasurandEnumType as MeasurandEnumType
    from ocppj.messages.v21.meter_value_type import MeterValueType as MeterValueType
    from ocppj.messages.v21.meter_value_type import PhaseEnumType as PhaseEnumType
    from ocppj.messages.v21.meter_value_type import ReadingContextEnumType as ReadingContextEnumType
    from ocppj.messages.v21.meter_value_type import SampledValueType as SampledValueType
    from ocppj.messages.v21.meter_value_type import SignedMeterValueType as SignedMeterValueType
    from ocppj.messages.v21.meter_value_type import UnitOfMeasureType as UnitOfMeasureType
    from ocppj.messages.v21.meter_values import MeterValuesRequest as MeterValuesRequest
    from ocppj.messages.v21.meter_values import MeterValuesResponse as MeterValuesResponse
    from ocppj.messages.v21.monitor_enum_type import MonitorEnumType as MonitorEnumType
    from ocppj.messages.v21.notify_allowed_energy_transfer import (
        NotifyAllowedEnergyTransferRequest as NotifyAllowedEnergyTransferRequest,
    )
    from ocppj.messages.v21.notify_allowed_energy_transfer import (
        NotifyAllowedEnergyTransferResponse as NotifyAllowedEnergyTransferResponse,
    )
    from ocppj.messages.v21.notify_allowed_energy_transfer import (
        NotifyAllowedEnergyTransferStatusEnumType as NotifyAllowedEnergyTransferStatusEnumType,
    )
    from ocppj.messages.v21.notify_charging_limit import ChargingLimitType as ChargingLimitType
    from ocppj.messages.v21.notify_charging_limit import (
        NotifyChargingLimitRequest as NotifyChargingLimitRequest,
    )
    from ocppj.messages.v21.notify_charging_limit import (
        NotifyChargingLimitResponse as NotifyChargingLimitResponse,
    )
    from ocppj.messages.v21.notify_customer_information import (
        NotifyCustomerInformationRequest as NotifyCustomerInformationRequest,
    )
    from ocppj.messages.v21.notify_customer_information import (
        NotifyCustomerInformationResponse as NotifyCustomerInformationResponse,
    )
    from ocppj.messages.v21.notify_der_alarm import GridEventFaultEnumType as GridEventFaultEnumType
    from ocppj.messages.v21.notify_der_alarm import NotifyDERAlarmRequest as NotifyDERAlarmRequest
    from ocppj.messages.v21.notify_der_alarm import NotifyDERAlarmResponse as NotifyDERAlarmResponse
    from ocppj.messages.v21.notify_der_start_stop import (
        NotifyDERStartStopRequest as NotifyDERStartStopRequest,
    )
    from ocppj.messages.v21.notify_der_start_stop import (
        NotifyDERStartStopResponse as NotifyDERStartStopResponse,
    )
    from ocppj.messages.v21.notify_display_messages import (
        NotifyDisplayMessagesRequest as NotifyDisplayMessagesRequest,
    )
    from ocppj.messages.v21.notify_display_messages import (
        NotifyDisplayMessagesResponse as NotifyDisplayMessagesResponse,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import (
        ACChargingParametersType as ACChargingParametersType,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import ChargingNeedsType as ChargingNeedsType
    from ocppj.messages.v21.notify_ev_charging_needs import ControlModeEnumType as ControlModeEnumType
    from ocppj.messages.v21.notify_ev_charging_needs import (
        DCChargingParametersType as DCChargingParametersType,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import (
        DERChargingParametersType as DERChargingParametersType,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import (
        EVAbsolutePriceScheduleEntryType as EVAbsolutePriceScheduleEntryType,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import (
        EVAbsolutePriceScheduleType as EVAbsolutePriceScheduleType,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import EVEnergyOfferType as EVEnergyOfferType
    from ocppj.messages.v21.notify_ev_charging_needs import (
        EVPowerScheduleEntryType as EVPowerScheduleEntryType,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import EVPowerScheduleType as EVPowerScheduleType
    from ocppj.messages.v21.notify_ev_charging_needs import EVPriceRuleType as EVPriceRuleType
    from ocppj.messages.v21.notify_ev_charging_needs import (
        IslandingDetectionEnumType as IslandingDetectionEnumType,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import (
        MobilityNeedsModeEnumType as MobilityNeedsModeEnumType,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import (
        NotifyEVChargingNeedsRequest as NotifyEVChargingNeedsRequest,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import (
        NotifyEVChargingNeedsResponse as NotifyEVChargingNeedsResponse,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import (
        NotifyEVChargingNeedsStatusEnumType as NotifyEVChargingNeedsStatusEnumType,
    )
    from ocppj.messages.v21.notify_ev_charging_needs import (
        V2XChargingParametersType as V2XChargingParametersType,
    )
    from ocppj.messages.v21.notify_ev_charging_schedule import (
        NotifyEVChargingScheduleRequest as NotifyEVChargingScheduleRequest,
    )
    from ocppj.messages.v21.notify_ev_charging_schedule import (
        NotifyEVChargingScheduleResponse as NotifyEVChargingScheduleResponse,
    )
    from ocppj.messages.v21.notify_event import EventDataType as EventDataType
    from ocppj.messages.v21.notify_event import EventTriggerEnumType as EventTriggerEnumType
    from ocppj.messages.v21.notify_event import NotifyEventRequest as NotifyEventRequest
    from ocppj.messages.v21.notify_event import NotifyEventResponse as NotifyEventResponse
    from ocppj.messages.v21.notify_monitoring_report import MonitoringDataType as MonitoringDataType
    from ocppj.messages.v21.notify_monitoring_report import (
        NotifyMonitoringReportRequest as NotifyMonitoringReportRequest,
    )
    from ocppj.messages.v21.notify_monitoring_report import (
        NotifyMonitoringReportResponse as NotifyMonitoringReportResponse,
    )
    from ocppj.messages.v21.notify_monitoring_report import VariableMonitoringType as VariableMonitoringType
    from ocppj.messages.v21.notify_periodic_event_stream import (
        NotifyPeriodicEventStream as NotifyPeriodicEventStream,
    )
    from ocppj.messages.v21.notify_periodic_event_stream import StreamDataElementType as StreamDataElementType
    from ocppj.messages.v21.notify_priority_charging import (
        NotifyPriorityChargingRequest as NotifyPriorityChargingRequest,
    )
    from ocppj.messages.v21.notify_priority_charging import (
        NotifyPriorityChargingResponse as NotifyPriorityChargingResponse,
    )
    from ocppj.messages.v21.notify_report import DataEnumType as DataEnumType
    from ocppj.messages.v21.notify_report import MutabilityEnumType as MutabilityEnumType
    from ocppj.messages.v21.notify_report import NotifyReportRequest as NotifyReportRequest
    from ocppj.messages.v21.notify_report import NotifyReportResponse as NotifyReportResponse
    from ocppj.messages.v21.notify_report import ReportDataType as ReportDataType
    from ocppj.messages.v21.notify_report import VariableAttributeType as VariableAttributeType
    from ocppj.messages.v21.notify_report import VariableCharacteristicsType as VariableCharacteristicsType
    from ocppj.messages.v21.notify_settlement import NotifySettlementRequest as NotifySettlementRequest
    from ocppj.messages.v21.notify_settlement import NotifySettlementResponse as NotifySettlementResponse
    from ocppj.messages.v21.notify_settlement import PaymentStatusEnumType as PaymentStatusEnumType
    from ocppj.messages.v21.notify_web_payment_started import (
        NotifyWebPaymentStartedRequest as NotifyWebPaymentStartedRequest,
    )
    from ocppj.messages.v21.notify_web_payment_started import (
        NotifyWebPaymentStartedResponse as NotifyWebPaymentStartedResponse,
    )
    from ocppj.messages.v21.ocsp_request_data_type import OCSPRequestDataType as OCSPRequestDataType
    from ocppj.messages.v21.open_periodic_event_stream import (
        OpenPeriodicEventStreamRequest as OpenPeriodicEventStreamRequest,
    )
    from ocppj.messages.v21.open_periodic_event_stream import (
        OpenPeriodicEventStreamResponse as OpenPeriodicEventStreamResponse,
    )
    from ocppj.messages.v21.operation_mode_enum_type import OperationModeEnumType as OperationModeEnumType
    from ocppj.messages.v21.periodic_event_stream_params_type import (
        PeriodicEventStreamParamsType as PeriodicEventStreamParamsType,
    )
    from ocppj.messages.v21.price_type import PriceType as PriceType
    from ocppj.messages.v21.price_type import TaxRateType as TaxRateType
    from ocppj.messages.v21.publish_firmware import PublishFirmwareRequest as PublishFirmwareRequest
    from ocppj.messages.v21.publish_firmware import PublishFirmwareResponse as PublishFirmwareResponse
    from ocppj.messages.v21.publish_firmware_status_notification import (
        PublishFirmwareStatusEnumType as PublishFirmwareStatusEnumType,
    )
    from ocppj.messages.v21.publish_firmware_status_notification import (
        PublishFirmwareStatusNotificationRequest as PublishFirmwareStatusNotificationRequest,
    )
    from ocppj.messages.v21.publish_firmware_status_notification import (
        PublishFirmwareStatusNotificationResponse as PublishFirmwareStatusNotificationResponse,
    )
    from ocppj.messages.v21.pull_dynamic_schedule_update import (
        PullDynamicScheduleUpdateRequest as PullDynamicScheduleUpdateRequest,
    )
    from ocppj.messages.v21.pull_dynamic_schedule_update import (
        PullDynamicScheduleUpdateResponse as PullDynamicScheduleUpdateResponse,
    )
    from ocppj.messages.v21.report_charging_profiles import (
        ReportChargingProfilesRequest as ReportChargingProfilesRequest,
    )
    from ocppj.messages.v21.report_charging_profiles import (
        ReportChargingProfilesResponse as ReportChargingProfilesResponse,
    )
    from ocppj.messages.v21.report_der_control import DERCurveGetType as DERCurveGetType
    from ocppj.messages.v21.report_der_control import EnterServiceGetType as EnterServiceGetType
    from ocppj.messages.v21.report_der_control import FixedPFGetType as FixedPFGetType
    from ocppj.messages.v21.report_der_control import FixedVarGetType as FixedVarGetType
    from ocppj.messages.v21.report_der_control import FreqDroopGetType as FreqDroopGetType
    from ocppj.messages.v21.report_der_control import GradientGetType as GradientGetType
    from ocppj.messages.v21.report_der_control import LimitMaxDischargeGetType as LimitMaxDischargeGetType
    from ocppj.messages.v21.report_der_control import ReportDERControlRequest as ReportDERControlRequest
    from ocppj.messages.v21.report_der_control import ReportDERControlResponse as ReportDERControlResponse
    from ocppj.messages.v21.request_battery_swap import RequestBatterySwapRequest as RequestBatterySwapRequest
    from ocppj.messages.v21.request_battery_swap import (
        RequestBatterySwapResponse as RequestBatterySwapResponse,
    )
    from ocppj.messages.v21.request_start_stop_status_enum_type import (
        RequestStartStopStatusEnumType as RequestStartStopStatusEnumType,
    )
    from ocppj.messages.v21.request_start_transaction import (
        RequestStartTransactionRequest as RequestStartTransactionRequest,
    )
    from ocppj.messages.v21.request_start_transaction import (
        RequestStartTransactionResponse as RequestStartTransactionResponse,
    )
    from ocppj.messages.v21.request_stop_transaction import (
        RequestStopTransactionRequest as RequestStopTransactionRequest,
    )
    from ocppj.messages.v21.request_stop_transaction import (
        RequestStopTransactionResponse as RequestStopTransactionResponse,
    )
    from ocppj.messages.v21.reservation_status_update import (
        ReservationStatusUpdateRequest as ReservationStatusUpdateRequest,
    )
    from ocppj.messages.v21.reservation_status_update import (
        ReservationStatusUpdateResponse as ReservationStatusUpdateResponse,
    )
    from ocppj.messages.v21.reservation_status_update import (
        ReservationUpdateStatusEnumType as ReservationUpdateStatusEnumType,
    )
    from ocppj.messages.v21.reserve_now import ReserveNowRequest as ReserveNowRequest
    from ocppj.messages.v21.reserve_now import ReserveNowResponse as ReserveNowResponse
    from ocppj.messages.v21.reserve_now import ReserveNowStatusEnumType as ReserveNowStatusEnumType
    from ocppj.messages.v21.reset import ResetEnumType as ResetEnumType
    from ocppj.messages.v21.reset import ResetRequest as ResetRequest
    from ocppj.messages.v21.reset import ResetResponse as ResetResponse
    from ocppj.messages.v21.reset import ResetStatusEnumType as ResetStatusEnumType
    from ocppj.messages.v21.security_event_notification import (
        SecurityEventNotificationRequest as SecurityEventNotificationRequest,
    )
    from ocppj.messages.v21.security_event_notification import (
        SecurityEventNotificationResponse as SecurityEventNotificationResponse,
    )
    from ocppj.messages.v21.send_local_list import AuthorizationData as AuthorizationData
    from ocppj.messages.v21.send_local_list import SendLocalListRequest as SendLocalListRequest
    from ocppj.messages.v21.send_local_list import SendLocalListResponse as SendLocalListResponse
    from ocppj.messages.v21.send_local_list import SendLocalListStatusEnumType as SendLocalListStatusEnumType
    from ocppj.messages.v21.send_local_list import UpdateEnumType as UpdateEnumType
    from ocppj.messages.v21.set_charging_profile import SetChargingProfileRequest as SetChargingProfileRequest
    from ocppj.messages.v21.set_charging_profile import (
        SetChargingProfileResponse as SetChargingProfileResponse,
    )
    from ocppj.messages.v21.set_default_tariff import SetDefaultTariffRequest as SetDefaultTariffRequest
    from ocppj.messages.v21.set_default_tariff import SetDefaultTariffResponse as SetDefaultTariffResponse
    from ocppj.messages.v21.set_default_tariff import TariffSetStatusEnumType as TariffSetStatusEnumType
    from ocppj.messages.v21.set_der_control import SetDERControlRequest as SetDERControlRequest
    from ocppj.messages.v21.set_der_control import SetDERControlResponse as SetDERControlResponse
    from ocppj.messages.v21.set_display_message import (
        DisplayMessageStatusEnumType as DisplayMessageStatusEnumType,
    )
    from ocppj.messages.v21.set_display_message import SetDisplayMessageRequest as SetDisplayMessageRequest
    from ocppj.messages.v21.set_display_message import SetDisplayMessageResponse as SetDisplayMessageResponse
    from ocppj.messages.v21.set_monitoring_base import MonitoringBaseEnumType as MonitoringBaseEnumType
    from ocppj.messages.v21.set_monitoring_base import SetMonitoringBaseRequest as SetMonitoringBaseRequest
    from ocppj.messages.v21.set_monitoring_base import SetMonitoringBaseResponse as SetMonitoringBaseResponse
    from ocppj.messages.v21.set_monitoring_level import SetMonitoringLevelRequest as SetMonitoringLevelRequest
    from ocppj.messages.v21.set_monitoring_level import (
        SetMonitoringLevelResponse as SetMonitoringLevelResponse,
    )
    from ocppj.messages.v21.set_network_profile import APNAuthenticationEnumType as APNAuthenticationEnumType
    from ocppj.messages.v21.set_network_profile import APNType as APNType
    from ocppj.messages.v21.set_network_profile import (
        NetworkConnectionProfileType as NetworkConnectionProfileType,
    )
    from ocppj.messages.v21.set_network_profile import OCPPInterfaceEnumType as OCPPInterfaceEnumType
    from ocppj.messages.v21.set_network_profile import OCPPTransportEnumType as OCPPTransportEnumType
    from ocppj.messages.v21.set_network_profile import OCPPVersionEnumType as OCPPVersionEnumType
    from ocppj.messages.v21.set_network_profile import SetNetworkProfileRequest as SetNetworkProfileRequest
    from ocppj.messages.v21.set_network_profile import SetNetworkProfileResponse as SetNetworkProfileResponse
    from ocppj.messages.v21.set_network_profile import (
        SetNetworkProfileStatusEnumType as SetNetworkProfileStatusEnumType,
    )
    from ocppj.messages.v21.set_network_profile import VPNEnumType as VPNEnumType
    from ocppj.messages.v21.set_network_profile import VPNType as VPNType
    from ocppj.messages.v21.set_variable_monitoring import SetMonitoringDataType as SetMonitoringDataType
    from ocppj.messages.v21.set_variable_monitoring import SetMonitoringResultType as SetMonitoringResultType
    from ocppj.messages.v21.set_variable_monitoring import (
        SetMonitoringStatusEnumType as SetMonitoringStatusEnumType,
    )
    from ocppj.messages.v21.set_variable_monitoring import (
        SetVariableMonitoringRequest as SetVariableMonitoringRequest,
    )
    from ocppj.messages.v21.set_variable_monitoring import (
        SetVariableMonitoringResponse as SetVariableMonitoringResponse,
    )
    from ocppj.messages.v21.set_variables import SetVariableDataType as SetVariableDataType
    from ocppj.messages.v21.set_variables import SetVariableResultType as SetVariableResultType
    from ocppj.messages.v21.set_variables import SetVariablesRequest as SetVariablesRequest
    from ocppj.messages.v21.set_variables import SetVariablesResponse as SetVariablesResponse
    from ocppj.messages.v21.set_variables import SetVariableStatusEnumType as SetVariableStatusEnumType
    from ocppj.messages.v21.sign_certificate import SignCertificateRequest as SignCertificateRequest
    from ocppj.messages.v21.sign_certificate import SignCertificateResponse as SignCertificateResponse
    from ocppj.messages.v21.status_info_type import StatusInfoType as StatusInfoType
    from ocppj.messages.v21.status_notification import ConnectorStatusEnumType as ConnectorStatusEnumType
    from ocppj.messages.v21.status_notification import StatusNotificationRequest as StatusNotificationRequest
    from ocppj.messages.v21.status_notification import (
        StatusNotificationResponse as StatusNotificationResponse,
    )
    from ocppj.messages.v21.tariff_type import DayOfWeekEnumType as DayOfWeekEnumType
    from ocppj.messages.v21.tariff_type import EvseKindEnumType as EvseKindEnumType
    from ocppj.messages.v21.tariff_type import TariffConditionsFixedType as TariffConditionsFixedType
    from ocppj.messages.v21.tariff_type import TariffConditionsType as TariffConditionsType
    from ocppj.messages.v21.tariff_type import TariffEnergyPriceType as TariffEnergyPriceType
    from ocppj.messages.v21.tariff_type import TariffEnergyType as TariffEnergyType
    from ocppj.messages.v21.tariff_type import TariffFixedPriceType as TariffFixedPriceType
    from ocppj.messages.v21.tariff_type import TariffFixedType as TariffFixedType
    from ocppj.messages.v21.tariff_type import TariffTimePriceType as TariffTimePriceType
    from ocppj.messages.v21.tariff_type import TariffTimeType as TariffTimeType
    from ocppj.messages.v21.tariff_type import TariffType as TariffType
    from ocppj.messages.v21.transaction_event import ChargingPeriodType as ChargingPeriodType
    from ocppj.messages.v21.transaction_event import ChargingStateEnumType as ChargingStateEnumType
    from ocppj.messages.v21.transaction_event import CostDetailsType as CostDetailsType
    from ocppj.messages.v21.transaction_event import CostDimensionEnumType as CostDimensionEnumType
    from ocppj.messages.v21.transaction_event import CostDimensionType as CostDimensionType
    from ocppj.messages.v21.transaction_event import (
        PreconditioningStatusEnumType as PreconditioningStatusEnumType,
    )
    from ocppj.messages.v21.transaction_event import ReasonEnumType as ReasonEnumType
    from ocppj.messages.v21.transaction_event import TariffCostEnumType as TariffCostEnumType
    from ocppj.messages.v21.transaction_event import TotalCostType as TotalCostType
    from ocppj.messages.v21.transaction_event import TotalPriceType as TotalPriceType
    from ocppj.messages.v21.transaction_event import TotalUsageType as TotalUsageType
    from ocppj.messages.v21.transaction_event import TransactionEventEnumType as TransactionEventEnumType
    from ocppj.messages.v21.transaction_event import TransactionEventRequest as TransactionEventRequest
    from ocppj.messages.v21.transaction_event import TransactionEventResponse as TransactionEventResponse
    from ocppj.messages.v21.transaction_event import TransactionLimitType as TransactionLimitType
    from ocppj.messages.v21.transaction_event import TransactionType as TransactionType
    from ocppj.messages.v21.transaction_event import TriggerReasonEnumType as TriggerReasonEnumType
    from ocppj.messages.v21.trigger_message import MessageTriggerEnumType as MessageTriggerEnumType
    from ocppj.messages.v21.trigger_message import TriggerMessageRequest as TriggerMessageRequest
    from ocppj.messages.v21.trigger_message import TriggerMessageResponse as TriggerMessageResponse
    from ocppj.messages.v21.trigger_message import (
        TriggerMessageStatusEnumType as TriggerMessageStatusEnumType,
    )
    from ocppj.messages.v21.unlock_connector import UnlockConnectorRequest as UnlockConnectorRequest
    from ocppj.messages.v21.unlock_connector import UnlockConnectorResponse as UnlockConnectorResponse
    from ocppj.messages.v21.unlock_connector import UnlockStatusEnumType as UnlockStatusEnumType
    from ocppj.messages.v21.unpublish_firmware import UnpublishFirmwareRequest as UnpublishFirmwareRequest
    from ocppj.messages.v21.unpublish_firmware import UnpublishFirmwareResponse as UnpublishFirmwareResponse
    from ocppj.messages.v21.unpublish_firmware import (
        UnpublishFirmwareStatusEnumType as UnpublishFirmwareStatusEnumType,
    )
    from ocppj.messages.v21.update_dynamic_schedule import (
        UpdateDynamicScheduleRequest as UpdateDynamicScheduleRequest,
    )
    from ocppj.messages.v21.update_dynamic_schedule import (
        UpdateDynamicScheduleResponse as UpdateDynamicScheduleResponse,
    )
    from ocppj.messages.v21.update_firmware import FirmwareType as FirmwareType
    from ocppj.messages.v21.update_firmware import UpdateFirmwareRequest as UpdateFirmwareRequest
    from ocppj.messages.v21.update_firmware import UpdateFirmwareResponse as UpdateFirmwareResponse
    from ocppj.messages.v21.update_firmware import (
        UpdateFirmwareStatusEnumType as UpdateFirmwareStatusEnumType,
    )
    from ocppj.messages.v21.use_priority_charging import (
        PriorityChargingStatusEnumType as PriorityChargingStatusEnumType,
    )
    from ocppj.messages.v21.use_priority_charging import (
        UsePriorityChargingRequest as UsePriorityChargingRequest,
    )
    from ocppj.messages.v21.use_priority_charging import (
        UsePriorityChargingResponse as UsePriorityChargingResponse,
    )
    from ocppj.messages.v21.variable_type import VariableType as VariableType
    from ocppj.messages.v21.vat_number_validation import (
        VatNumberValidationRequest as VatNumberValidationRequest,
    )
    from ocppj.messages.v21.vat_number_validation import (
        VatNumberValidationResponse as VatNumberValidationResponse,
    )
else:
    __getattr__ = on_demand(__name__, PLACES)
