from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

from agent.iso15118 import carrier as carrier_module
from agent.iso15118 import channel as channel_module
from agent.iso15118.discovery import Security
from agent.iso15118.interface import InterfaceModem
from agent.iso15118.server import Secc, Settings, replaces
from agent.iso15118.tls import VehicleRoots
from agent.iso15118.turns import DrawAtMost, Energise, Failed, Introduce
from agent.iso15118.v2gtp import Frame, PayloadType
from tests.stack.needed import command
from tests.unit.agent.iso15118.pki import credential, good_word, issued, show, trusting
from tests.unit.agent.iso15118.small import (
    NAMESPACE,
    SmallConversation,
    SmallEvse,
    SmallKeyring,
    serving,
    vehicle,
)

DASH_20_AC = "urn:iso:std:iso:15118:-20:AC"


def keyring() -> SmallKeyring:
    roots = VehicleRoots(
        roots=(issued("oem-20")["root"].chain[0],), at=datetime.now(UTC), clock_is_trusted=True
    )
    return SmallKeyring((credential("v2g-20"), credential("v2g-2", staple=good_word("v2g-2"))), roots)


async def discover(secc: Secc, request: str = "01fe9000000000020000") -> bytes:
    """Ask where the charger is, as a vehicle does, but not by multicast: the loopback has none."""
    assert secc.servers is not None
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as asking:
        asking.setblocking(False)
        asking.bind(("::1", 0))
        asking.sendto(bytes.fromhex(request), ("::1", secc._settings.sdp_port))
        async with asyncio.timeout(10):
            return await asyncio.get_running_loop().sock_recv(asking, 100)


async def test_a_vehicle_is_told_where_the_charger_is() -> None:
    async with serving(SmallEvse(), [SmallConversation()], keyring()) as secc:
        assert secc.servers is not None
        answer = await discover(secc)
        assert answer[8:24] == secc.servers.address.packed
        assert int.from_bytes(answer[24:26]) == secc.servers.tls_port
        assert answer[26] == Security.TLS
        answer = await discover(secc, "01fe9000000000021000")
        assert int.from_bytes(answer[24:26]) == secc.servers.plain_port
        assert secc.figures.discoveries == 2


async def test_without_a_certificate_there_is_no_tls() -> None:
    async with serving(SmallEvse(), [SmallConversation()]) as secc:
        answer = await discover(secc)
        assert answer[26] == Security.NONE


async def test_other_datagrams_get_no_answer_and_do_no_harm() -> None:
    async with serving(SmallEvse(), [SmallConversation()], tls="required") as secc:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as asking:
            for junk in (b"", b"\x01", b"\xff" * 1400, bytes.fromhex("01fe9000000000020099")):
                asking.sendto(junk, ("::1", secc._settings.sdp_port))
            asking.sendto(bytes.fromhex("01fe9000000000020000"), ("::1", secc._settings.sdp_port))
            async with asyncio.timeout(10):
                while secc.figures.ignored_datagrams < 5:  # the last for want of a certificate
                    await asyncio.sleep(0.01)
        assert secc.figures.discoveries == 0


async def test_a_session_from_agreement_to_end() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        assert await car.agree() == {"ResponseCode": "OK_SuccessfulNegotiation", "SchemaID": 1}
        answer = await car.ask("SessionSetupReq", {"EVCCID": b"\x02\0\0\0\0\1"})
        assert answer["ResponseCode"] == "OK_NewSessionEstablished"
        assert any(car.session_id)
        assert (await car.start())["ResponseCode"] == "OK"
        assert evse.is_powered()
        assert (await car.stop())["ResponseCode"] == "OK"
        assert await evse.ending() == ("terminate", "")
        assert not evse.is_powered()
        assert evse.told == [
            "ISO 15118-2",
            Introduce("020000000001"),
            Energise(),
            DrawAtMost(Decimal(16)),
            ("terminate", ""),
        ]
        car.writer.close()
    assert secc.figures.sessions == {"terminate": 1}


async def test_a_vehicle_that_speaks_something_else_is_told_so() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        assert await car.agree(("urn:din:70121:2012:MsgDef", 2, 0)) == {
            "ResponseCode": "Failed_NoNegotiation"
        }
        car.writer.write_eof()
        assert await car.heard_the_end() == b""
    assert evse.told == []
    assert secc.figures.failed_agreements == 1


@pytest.mark.parametrize(
    ("junk", "why"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "what the vehicle sent is no message"),
        (bytes.fromhex("01fe8001ffffffff"), "bytes are announced"),
        (bytes.fromhex("01fe800100000010"), "the vehicle closed the connection"),
    ],
)
async def test_garbage_after_the_start_takes_the_power_off(junk: bytes, why: str) -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()
        await car.start()
        car.writer.write(junk)
        car.writer.write_eof()
        ending, said = await evse.ending()
        assert ending == "error"
        assert why in said
        assert not evse.is_powered()
        await car.heard_the_end()


async def test_what_cannot_be_read_gets_the_answer_of_its_protocol() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()
        car.writer.write(Frame(PayloadType.EXI, b"\x80\xff\xff").to_bytes())
        assert (await car.hear()).payload_type == PayloadType.EXI
        assert await evse.ending() == ("error", "unreadable")


async def test_a_payload_type_of_no_standard_is_passed_over() -> None:
    async with serving(SmallEvse(), [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()
        car.writer.write(Frame(0xA001, b"maker's own").to_bytes())
        assert (await car.start())["ResponseCode"] == "OK"


async def test_an_error_of_ours_takes_the_power_off(caplog: pytest.LogCaptureFixture) -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()
        await car.start()
        car.say("ServiceDetailReq", {"ServiceID": 1})
        assert await evse.ending() == ("error", "an error of the charger's: ZeroDivisionError")
        await car.heard_the_end()
        assert "the conversation with vehicle ..0001 failed" in caplog.text
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()


async def test_a_conversation_that_never_answers_is_ended() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()
        car.say("AuthorizationReq", {})
        assert await evse.ending() == ("error", "ISO 15118-2 wants ever more done for one AuthorizationReq")


async def test_a_deed_that_is_not_done_in_time_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier_module, "WITHIN_S", {Energise: 0.05})
    evse = SmallEvse()
    evse.contactor = None
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()
        assert (await car.start())["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"
        assert await evse.ending() == ("error", "no power")


async def test_a_failed_deed_is_the_conversations_to_answer() -> None:
    evse = SmallEvse()
    evse.contactor = Failed("it is welded")
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()
        assert (await car.start())["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"


async def test_a_silent_vehicle_loses_the_power() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation(next_within_s=0.2)]) as secc, vehicle(secc) as car:
        await car.set_up()
        car.writer.write(b"\x01\xfe")  # the beginning of a message is none
        assert await evse.ending() == ("error", "half a message within 0.2 s")
        await car.heard_the_end()


async def test_a_vehicle_that_does_not_begin_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier_module, "SETUP_S", 0.2)
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        for byte in b"\x01\xfe\x80\x01":
            car.writer.write(bytes([byte]))
        assert await car.heard_the_end() == b""
        assert evse.told == []


async def test_a_lost_connection_takes_the_power_off() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()
        await car.start()
        car.writer.transport.abort()
        ending, _ = await evse.ending()
        assert ending == "error"
        assert not evse.is_powered()


async def test_an_unplugged_vehicle_loses_the_power_and_its_session() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as car:
        await car.set_up()
        await car.start()
        evse.is_unplugged.set()
        assert await evse.ending() == ("error", "the vehicle was unplugged")
        await car.heard_the_end()


async def test_the_agent_ends_only_once_the_power_is_off() -> None:
    evse = SmallEvse()
    async with AsyncExitStack() as stack:
        async with serving(evse, [SmallConversation()]) as secc:
            car = await stack.enter_async_context(vehicle(secc))
            await car.set_up()
            await car.start()
            evse.end_takes.clear()
            asyncio.get_running_loop().call_later(0.1, evse.end_takes.set)
        assert evse.told[-1] == ("error", "the agent stops")
        assert not evse.is_powered()


async def test_a_paused_session_is_taken_up_again() -> None:
    evse, conversation = SmallEvse(), SmallConversation()
    async with serving(evse, [conversation]) as secc:
        async with vehicle(secc) as car:
            await car.set_up()
            session_id = car.session_id
            await car.stop("Pause")
            assert await evse.ending() == ("pause", "")
        async with vehicle(secc) as car:
            car.session_id = session_id
            assert (await car.set_up())["ResponseCode"] == "OK_OldSessionJoined"
            assert car.session_id == session_id
            await car.stop()
        async with vehicle(secc) as car:
            car.session_id = session_id
            assert (await car.set_up())["ResponseCode"] == "OK_NewSessionEstablished"


async def test_a_vehicle_may_come_back_before_its_former_connection_is_closed() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as paused:
        await paused.set_up()
        await paused.stop("Pause")
        await evse.ending()
        async with vehicle(secc) as car:
            car.session_id = paused.session_id
            assert (await car.set_up())["ResponseCode"] == "OK_OldSessionJoined"


async def test_a_connection_without_a_session_does_not_spend_the_one_that_rests() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc:
        async with vehicle(secc) as car:
            await car.set_up()
            session_id = car.session_id
            await car.stop("Pause")
        async with vehicle(secc) as car:
            await car.agree()
        async with vehicle(secc) as car:
            car.session_id = session_id
            assert (await car.set_up())["ResponseCode"] == "OK_OldSessionJoined"


async def test_a_session_rests_no_longer_than_the_vehicle_is_plugged_in() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc:
        async with vehicle(secc) as car:
            await car.set_up()
            session_id = car.session_id
            await car.stop("Pause")
            await evse.ending()
        evse.is_unplugged.set()
        while secc._resting is not None:
            await asyncio.sleep(0)
        evse.is_unplugged.clear()
        async with vehicle(secc) as car:
            car.session_id = session_id
            assert (await car.set_up())["ResponseCode"] == "OK_NewSessionEstablished"


async def test_a_vehicle_that_connects_anew_gives_up_its_former_connection() -> None:
    evse = SmallEvse()
    async with serving(evse, [SmallConversation()]) as secc, vehicle(secc) as first:
        await first.set_up()
        await first.start()
        async with vehicle(secc) as second:
            await second.set_up()
            assert ("error", "the vehicle has connected anew") in evse.told
            assert evse.told[-2:] == ["ISO 15118-2", Introduce("020000000001")]
            await first.heard_the_end()
            assert (await second.start())["ResponseCode"] == "OK"


def test_only_the_vehicle_itself_replaces_its_connection() -> None:
    assert replaces("fe80::1", None)
    assert replaces("fe80::1", "fe80::1")
    assert not replaces("fe80::2", "fe80::1")


async def test_a_session_over_tls_12(monkeypatch: pytest.MonkeyPatch) -> None:
    evse, conversation = SmallEvse(), SmallConversation()
    dash_20 = SmallConversation(DASH_20_AC)
    context = trusting("v2g-2")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with serving(evse, [dash_20, conversation], keyring()) as secc, vehicle(secc, context) as car:
        assert (await car.agree((DASH_20_AC, 2, 0), (NAMESPACE, 2, 0)))["SchemaID"] == 2
        await car.ask("SessionSetupReq", {"EVCCID": b"\x02\0\0\0\0\1"})
        await car.start()
        await car.stop()
        assert await evse.ending() == ("terminate", "")
    assert conversation.links[0].is_tls
    assert conversation.links[0].vehicle_chain == ()


async def test_dash_20_is_spoken_with_vehicles_that_show_who_they_are(tmp_path: Path) -> None:
    dash_20 = SmallConversation(DASH_20_AC)
    nobody = trusting("v2g-20")
    somebody = show(trusting("v2g-20"), issued("oem-20")["vehicle"], tmp_path)
    async with serving(SmallEvse(), [dash_20, SmallConversation()], keyring()) as secc:
        async with vehicle(secc, somebody) as car:
            assert (await car.agree((DASH_20_AC, 2, 0), (NAMESPACE, 2, 0)))["SchemaID"] == 1
        assert dash_20.links[0].is_tls
        assert len(dash_20.links[0].vehicle_chain) == 3
        async with vehicle(secc, nobody) as car:
            assert (await car.agree((DASH_20_AC, 2, 0), (NAMESPACE, 2, 0)))["SchemaID"] == 2


async def test_dash_20_without_tls_is_for_those_who_ask_for_it() -> None:
    for plain_iso20, chosen in ((False, 2), (True, 1)):
        offered = [SmallConversation(DASH_20_AC), SmallConversation()]
        async with (
            serving(SmallEvse(), offered, plain_iso20=plain_iso20) as secc,
            vehicle(secc) as car,
        ):
            assert (await car.agree((DASH_20_AC, 2, 0), (NAMESPACE, 2, 0)))["SchemaID"] == chosen


async def test_a_vehicle_of_unknown_roots_has_no_session(tmp_path: Path) -> None:
    evse = SmallEvse()
    stranger = show(trusting("v2g-20"), issued("oem-20", "Ed448")["vehicle"], tmp_path)
    async with serving(evse, [SmallConversation(DASH_20_AC)], keyring()) as secc:
        async with vehicle(secc, stranger) as car:
            with pytest.raises((ssl.SSLError, OSError, EOFError)):
                await car.agree((DASH_20_AC, 2, 0))
        async with asyncio.timeout(10):
            while secc.figures.failed_handshakes < 1:
                await asyncio.sleep(0.01)
        assert evse.told == []


async def test_a_vehicle_that_can_take_no_chain_is_told_so_in_tls() -> None:
    only_12 = trusting("v2g-2")
    only_12.maximum_version = ssl.TLSVersion.TLSv1_2
    async with serving(SmallEvse(), [SmallConversation()], SmallKeyring((credential("v2g-20"),))) as secc:
        with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
            async with vehicle(secc, only_12):
                pass
        async with asyncio.timeout(10):
            while secc.figures.failed_handshakes < 1:
                await asyncio.sleep(0.01)


async def test_a_plain_vehicle_at_the_tls_port_is_turned_away() -> None:
    async with serving(SmallEvse(), [SmallConversation()], keyring()) as secc:
        assert secc.servers is not None
        _, writer = await asyncio.open_connection("::1", secc.servers.tls_port)
        writer.write(bytes.fromhex("01fe8001"))
        async with asyncio.timeout(10):
            while secc.figures.failed_handshakes < 1:
                await asyncio.sleep(0.01)
        writer.close()


async def test_a_slow_handshake_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_module, "HANDSHAKE_S", 0.2)
    async with serving(SmallEvse(), [SmallConversation()], keyring()) as secc:
        assert secc.servers is not None
        reader, writer = await asyncio.open_connection("::1", secc.servers.tls_port)
        writer.write(b"\x16\x03")
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        assert secc.figures.failed_handshakes == 1
        writer.close()


async def test_openssls_own_client_is_shown_the_authoritys_word() -> None:
    async with serving(SmallEvse(), [SmallConversation()], keyring()) as secc:
        assert secc.servers is not None
        client = await asyncio.create_subprocess_exec(
            *(
                command("openssl"),
                "s_client",
                "-connect",
                f"[::1]:{secc.servers.tls_port}",
                "-status",
                "-tls1_2",
            ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await client.communicate()
    text = said.decode()
    assert "OCSP Response Status: successful" in text
    assert "Cert Status: good" in text
    assert "ECDHE-ECDSA-AES128-SHA256" in text


@pytest.mark.parametrize(("tls", "what"), [("required", "answers none"), ("offered", "offers no TLS")])
async def test_a_missing_certificate_is_said_with_where_it_comes_from(
    caplog: pytest.LogCaptureFixture, tls: Literal["required", "offered"], what: str
) -> None:
    async with serving(SmallEvse(), [SmallConversation()], tls=tls):
        async with asyncio.timeout(10):
            while f"{what} until the backend has had one made (SignV2GCertificate)" not in caplog.text:
                await asyncio.sleep(0.01)


async def test_an_interface_that_is_not_there_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    secc = Secc(InterfaceModem("no-modem"), Settings(), SmallEvse(), [SmallConversation()], SmallKeyring())
    running = asyncio.create_task(secc.run())
    await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert caplog.text.count("the interface no-modem is not there") == 1
    assert secc.servers is None


async def test_messages_are_logged_for_whoever_asks(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with (
        serving(SmallEvse(), [SmallConversation()], messages_are_logged=True) as secc,
        vehicle(secc) as car,
    ):
        await car.set_up()
    assert 'v2g < SessionSetupReq {"Header": {"SessionID": "0000000000000000"}' in caplog.text
    assert '"ResponseCode": "OK_NewSessionEstablished"' in caplog.text
