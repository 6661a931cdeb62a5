"""RAPI and PN532 through a wire that damages every second answer: how the drivers' rules hold, 10,000 times.

Single answers are wrong at times, because the protocols' checksums have eight bits and RAPI's misses pairs;
if none were, the tests would be worth nothing.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.openevse import OpenEvse, Stored
from drivers.emulated.pn532 import Card, Pn532
from drivers.serial.pn532 import WAKE_UP, Pn532Receiver, Response, encode
from drivers.serial.pn532_commands import FEW_RETRIES, LIST_ONE_CARD, SAM_CONFIGURATION, parse_card
from drivers.serial.presence import Presence
from drivers.serial.rapi import RapiSession, Reply
from drivers.serial.rapi_answers import Params

ROUNDS = 10_000


def damaged(data: bytes, rng: Random) -> bytes:
    """Flip bits, lose, invent and double characters, up to three times."""
    wrong = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at, count = rng.randrange(len(wrong) + 1), rng.randint(1, 3)
        match rng.randrange(4):
            case 0 if at < len(wrong):
                wrong[at] ^= 1 << rng.randrange(8)
            case 1:
                del wrong[at : at + count]
            case 2:
                wrong[at:at] = rng.randbytes(count)
            case _:
                wrong[at:at] = wrong[at : at + count]
    return bytes(wrong)


def answers(board: OpenEvse, command: str, rng: Random) -> list[Params | None]:
    """Return what was understood of the answers to a command, None where it was nothing."""
    session, understood = RapiSession(), list[Params | None]()
    for _ in range(ROUNDS):
        said = board.hear(session.ask(command))
        heard = session.receive(damaged(said, rng) if rng.random() < 0.5 else said)
        replies = [one for one in heard if isinstance(one, Reply) and one.accepted]
        understood.append(replies[0].params if replies else None)
    return understood


def test_energy_and_state_that_are_read_twice_are_true() -> None:
    board = OpenEvse(
        ChargingBay("bay", clock_us=lambda: 0), clock_s=lambda: 0.0, stored=Stored(total_wh=11_223_344)
    )
    board.speak()
    for command, truth in (("GU", ("0", "11223344")), ("GS", ("01", "0", "01", "0000"))):
        heard = answers(board, command, Random(command))
        wrong = [params for params in heard if params not in (None, truth)]
        assert heard.count(truth) > ROUNDS * 0.45
        assert wrong, "no damage got past the checksum: the wire is too good for this test"
        assert not [first for first, second in pairwise(heard) if first == second and first in wrong]


def test_cards_that_are_seen_twice_are_true() -> None:
    rng = Random(532)
    chip, receiver, presence = Pn532(), Pn532Receiver(), Presence()
    for said in (WAKE_UP, encode(SAM_CONFIGURATION), encode(FEW_RETRIES)):
        chip.hear(said)
    truth, presented, wrong = "", 0, 0
    for round_number in range(ROUNDS):
        if round_number % 20 == 0:
            card = Card(rng.randbytes(rng.choice((4, 7, 10))))
            chip.put(card)
            truth = card.uid.hex().upper()
        said = chip.hear(encode(LIST_ONE_CARD))
        receiver.forget()
        for uid in _cards(receiver, damaged(said, rng) if rng.random() < 0.5 else said):
            wrong += uid != truth
            told = presence.look(uid)
            presented += told is not None
            assert told in (None, truth)
    assert presented == ROUNDS / 20
    assert wrong, "no damage got past the checksum: the wire is too good for this test"


def _cards(receiver: Pn532Receiver, data: bytes) -> list[str | None]:
    found = []
    for frame in receiver.receive(data):
        if isinstance(frame, Response) and frame.code == LIST_ONE_CARD[0] + 1:
            try:
                found.append(parse_card(frame.data))
            except ValueError:
                continue
    return found
