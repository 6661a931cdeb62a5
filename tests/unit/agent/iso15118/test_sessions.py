"""ISO 15118-2 as it is, over real connections: what the parts show alone, shown together."""

from __future__ import annotations

import ssl

import pytest

from agent.iso15118.iso2.conversation import Iso2
from agent.iso15118.turns import Deliver, Introduce
from tests.unit.agent.iso15118.courses import DEEDS, ReadyEvse, charge
from tests.unit.agent.iso15118.pki import credential, trusting
from tests.unit.agent.iso15118.small import SmallKeyring, serving, vehicle


def tls_12() -> ssl.SSLContext:
    context = trusting("v2g-2")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


@pytest.mark.parametrize("is_tls", [False, True])
@pytest.mark.parametrize("is_dc", [False, True])
async def test_a_whole_session(*, is_dc: bool, is_tls: bool) -> None:
    evse = ReadyEvse(is_dc=is_dc)
    async with (
        serving(evse, [Iso2()], SmallKeyring((credential("v2g-2"),))) as secc,
        vehicle(secc, tls_12() if is_tls else None) as car,
    ):
        codes = [answer["ResponseCode"] async for _, answer in charge(car, is_dc=is_dc, loops=20)]
        assert all(code.startswith("OK") for code in codes)
        assert await evse.ending() == ("terminate", "")
        assert [one for one in evse.told if one in DEEDS] == DEEDS
        assert evse.told[1] == Introduce("020000000001")
        if is_dc:
            assert any(isinstance(one, Deliver) for one in evse.told)
    assert secc.figures.sessions == {"terminate": 1}
    assert secc.figures.messages == len(codes) - 1


async def test_a_request_out_of_sequence_ends_with_its_code_and_without_power() -> None:
    evse = ReadyEvse(is_dc=False)
    async with serving(evse, [Iso2()]) as secc, vehicle(secc) as car:
        async for name, _ in charge(car, is_dc=False, loops=1):
            if name == "ChargingStatusReq":
                break
        assert evse.is_powered()
        assert (await car.ask("ServiceDiscoveryReq", {}))["ResponseCode"] == "FAILED_SequenceError"
        ending, _ = await evse.ending()
        assert ending == "error"
        assert evse.told[-1] == evse.how
