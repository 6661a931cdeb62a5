"""Why an upload or an update went wrong, in OCPP 2.1."""

from __future__ import annotations

from agent.csms.v21.dialect import Dialect21
from agent.firmware.records import FirmwareStatus
from agent.logs.service import LogStatus
from ocppj.messages import v21


def test_what_went_wrong_is_said() -> None:
    """And nothing where nothing did; what is too long is cut."""
    update = FirmwareStatus(status="DownloadFailed", request_id=7, why="no route to host" * 40)
    told = Dialect21.notices[FirmwareStatus](update)
    assert isinstance(told, v21.FirmwareStatusNotificationRequest)
    assert (told.status, told.request_id) == ("DownloadFailed", 7)
    assert told.status_info is not None
    assert told.status_info.additional_info == update.why[:512]
    upload = Dialect21.notices[LogStatus](LogStatus(status="UploadFailure", request_id=8, why="refused"))
    assert isinstance(upload, v21.LogStatusNotificationRequest)
    assert upload.status_info == v21.StatusInfoType(reason_code="Unspecified", additional_info="refused")
    fine = Dialect21.notices[FirmwareStatus](FirmwareStatus(status="Installed", request_id=7))
    assert isinstance(fine, v21.FirmwareStatusNotificationRequest)
    assert fine.status_info is None
