from __future__ import annotations

from pathlib import Path

import pytest

from agent.csms.dialect import Reply
from agent.csms.v201.trigger_message import handle
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.station.test_station import ANNA


async def trigger(
    office: Office, what: v201.MessageTriggerEnumType, evse: v201.EVSEType | None = None
) -> Reply:
    return await handle(v201.TriggerMessageRequest(requested_message=what, evse=evse), office.context)


def status(reply: Reply) -> str:
    assert isinstance(reply.response, v201.TriggerMessageResponse)
    assert (reply.after is None) == (reply.response.status != "Accepted")
    return reply.response.status


async def done(office: Office, what: v201.MessageTriggerEnumType, evse: v201.EVSEType | None = None) -> None:
    reply = await trigger(office, what, evse)
    assert status(reply) == "Accepted"
    assert office.sent == [], "F06.FR.04: the answer goes first"
    await office.carry_out(reply)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("Heartbeat", v201.HeartbeatRequest()),
        ("FirmwareStatusNotification", v201.FirmwareStatusNotificationRequest(status="Idle")),
        ("LogStatusNotification", v201.LogStatusNotificationRequest(status="Idle")),
    ],
)
async def test_messages_of_the_station(
    tmp_path: Path, what: v201.MessageTriggerEnumType, message: object
) -> None:
    """F06.FR.15, F06.FR.16; an EVSE that does not matter is ignored (F06.FR.03)."""
    async with office(tmp_path) as backend:
        await done(backend, what, v201.EVSEType(id=99))
        assert backend.sent == [message]


async def test_boot_notification_only_until_the_station_is_accepted(tmp_path: Path) -> None:
    """F06.FR.17."""
    async with office(tmp_path) as backend:
        assert status(await trigger(backend, "BootNotification")) == "Rejected"
        backend.is_registered = False
        await done(backend, "BootNotification")
        assert backend.boots == 1


async def test_the_status_of_a_connector_that_is_named(tmp_path: Path) -> None:
    """F06.FR.12."""
    async with office(tmp_path) as backend:
        await done(backend, "StatusNotification", v201.EVSEType(id=2, connector_id=1))
        assert backend.statuses == [2]
        unknown = v201.EVSEType(id=3, connector_id=1), v201.EVSEType(id=1, connector_id=2)
        for evse in (None, v201.EVSEType(id=1), *unknown):
            assert status(await trigger(backend, "StatusNotification", evse)) == "Rejected"


async def test_meter_values_of_one_evse_or_all(tmp_path: Path) -> None:
    """F06.FR.06."""
    async with office(tmp_path) as backend:
        await done(backend, "MeterValues", v201.EVSEType(id=2))
        [values] = backend.sent
        assert isinstance(values, v201.MeterValuesRequest)
        assert values.evse_id == 2
        assert {value.context for value in values.meter_value[0].sampled_value} == {"Trigger"}
        backend.sent.clear()
        await done(backend, "MeterValues")
        assert [
            message.evse_id for message in backend.sent if isinstance(message, v201.MeterValuesRequest)
        ] == [
            1,
            2,
        ]


async def test_meter_values_of_a_silent_meter_are_rejected(tmp_path: Path) -> None:
    """F06.FR.10: what is accepted is sent."""
    async with office(tmp_path) as backend:
        meter = backend.place.benches[1].meter
        meter.is_silent = True
        reads = meter.reads
        await backend.place.benches[1].until(lambda: meter.reads > reads + 1)
        backend.place.clock.advance(6)
        assert status(await trigger(backend, "MeterValues", v201.EVSEType(id=1))) == "Rejected"


async def test_transaction_events_of_what_runs(tmp_path: Path) -> None:
    """F06.FR.07."""
    async with office(tmp_path) as backend:
        assert status(await trigger(backend, "TransactionEvent")) == "Rejected"
        await backend.place.plug(1)
        await backend.place.accepted(ANNA)
        assert status(await trigger(backend, "TransactionEvent", v201.EVSEType(id=2))) == "Rejected"
        await done(backend, "TransactionEvent")
        event = (await backend.place.events())[-1]
        backend.is_registered = False
        assert status(await trigger(backend, "TransactionEvent")) == "Rejected", "B02.FR.02: they wait"
    assert (event.trigger, event.samples[0].context) == ("Trigger", "Trigger")


async def test_what_this_version_cannot_send(tmp_path: Path) -> None:
    """F06.FR.08; TC_F_27_CS."""
    async with office(tmp_path) as backend:
        assert status(await trigger(backend, "PublishFirmwareStatusNotification")) == "NotImplemented"


@pytest.mark.parametrize(
    ("what", "purpose"),
    [
        ("SignChargingStationCertificate", "client"),
        ("SignV2GCertificate", "secc"),
        ("SignCombinedCertificate", "combined"),
    ],
)
async def test_a_new_key_waits_for_its_certificate_before_the_answer(
    tmp_path: Path, what: v201.MessageTriggerEnumType, purpose: str
) -> None:
    """A02.FR.02: what follows the answer sends it."""
    async with office(tmp_path) as backend:
        reply = await trigger(backend, what)
        assert status(reply) == "Accepted"
        assert reply.after is not None
        names = [file.name for file in (tmp_path / "certificates").iterdir()]
        assert names == [f"waiting-{purpose}.pem"]


async def test_without_an_organization_no_certificate_is_asked_for(tmp_path: Path) -> None:
    """What A02 presupposes."""
    async with office(tmp_path, SecurityCtrlr__OrganizationName="") as backend:
        assert status(await trigger(backend, "SignChargingStationCertificate")) == "Rejected"
