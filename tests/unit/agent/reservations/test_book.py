from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.reservations.book import Bay, Reservation, answer, expired, kept, lost, usable_by
from agent.transactions.records import Token

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ANNA = Token(id="ANNA", type="ISO14443")
BERT = Token(id="BERT", type="ISO14443")
ONE = Bay(evse_id=1, connector_type="cType2")
TWO = Bay(evse_id=2, connector_type="cType2")
CCS = Bay(evse_id=3, connector_type="cCCS2")


def made(number: int = 1, evse: int | None = None, kind: str | None = None) -> Reservation:
    return Reservation(id=number, token=ANNA, expires_at=LATER, evse_id=evse, connector_type=kind)


# making


def test_a_free_evse_can_be_reserved_once() -> None:
    assert answer([], made(evse=1), [ONE, TWO], NOW) == "Accepted"
    assert answer([made(evse=1)], made(2, evse=1), [ONE, TWO], NOW) == "Occupied"
    assert answer([made(evse=1)], made(2, evse=2), [ONE, TWO], NOW) == "Accepted"


def test_the_same_number_replaces() -> None:
    """H01.FR.02."""
    assert answer([made(evse=1)], made(1, evse=1), [ONE], NOW) == "Accepted"
    assert answer([made(evse=1)], made(1, evse=2), [ONE, TWO], NOW) == "Accepted"


def test_why_an_evse_cannot_be_had() -> None:
    """H01.FR.11, H01.FR.12, H01.FR.14."""
    assert answer([], made(evse=1), [replace(ONE, is_free=False)], NOW) == "Occupied"
    assert answer([], made(evse=1), [replace(ONE, is_faulted=True)], NOW) == "Faulted"
    assert answer([], made(evse=1), [replace(ONE, is_closed=True)], NOW) == "Unavailable"
    assert answer([], made(evse=7), [ONE], NOW) == "Rejected"
    assert answer([], made(evse=1, kind="cCCS2"), [ONE, CCS], NOW) == "Rejected"
    assert answer([], replace(made(evse=1), expires_at=NOW), [ONE], NOW) == "Rejected"


def test_why_none_can_be_had() -> None:
    broken, out = replace(ONE, is_faulted=True), replace(TWO, is_closed=True)
    assert answer([], made(), [broken, out], NOW) == "Unavailable"
    assert answer([], made(), [broken, replace(TWO, is_faulted=True)], NOW) == "Faulted"
    assert answer([], made(), [broken, replace(TWO, is_free=False)], NOW) == "Occupied"
    assert answer([], made(), [broken, TWO], NOW) == "Accepted"
    assert answer([], made(kind="cChaoJi"), [ONE, CCS], NOW) == "Rejected"


def test_an_evse_that_unbound_ones_need_is_not_given_away() -> None:
    """H01.FR.07, H01.FR.09."""
    assert answer([made()], made(2, evse=1), [ONE, TWO], NOW) == "Accepted"
    assert answer([made(), made(3)], made(2, evse=1), [ONE, TWO], NOW) == "Occupied"
    assert answer([made(), made(3)], made(4), [ONE, TWO], NOW) == "Occupied"
    assert answer([made(kind="cType2"), made(3, kind="cType2")], made(4), [ONE, TWO, CCS], NOW) == "Accepted"


# keeping


def test_unbound_ones_keep_what_they_cannot_spare() -> None:
    """H01.FR.20, H01.FR.24."""
    assert kept([made(evse=2)], [ONE, TWO]) == {2}
    assert kept([made()], [ONE, TWO]) == frozenset()
    assert kept([made(), made(2)], [ONE, TWO]) == {1, 2}
    assert kept([made(), made(2, evse=2)], [ONE, TWO]) == {1, 2}
    assert kept([made()], [ONE, replace(TWO, is_free=False)]) == {1}
    assert kept([made()], [replace(ONE, is_free=False)]) == {1}, "who stands there may be anybody"
    assert kept([made(kind="cCCS2")], [ONE, TWO, CCS]) == {3}
    assert kept([made(), made(2, kind="cType2")], [ONE, CCS]) == {1, 3}


# using


def test_who_may_use_what() -> None:
    """H03.FR.03, H03.FR.04."""
    own, of_group = made(evse=1), replace(made(2), token=BERT, group_id="Fleet")
    assert usable_by([own], ONE, ANNA, None) == own
    assert usable_by([own], ONE, replace(ANNA, id="anna"), None) == own
    assert usable_by([own], ONE, BERT, "Fleet") is None
    assert usable_by([own], TWO, ANNA, None) is None
    assert usable_by([of_group], TWO, ANNA, "FLEET") == of_group
    assert usable_by([of_group], TWO, ANNA, None) is None
    assert usable_by([own, of_group], ONE, ANNA, "Fleet") == own
    assert usable_by([own, of_group], ONE, BERT, "Fleet") is None, "another's own EVSE"
    assert usable_by([made(kind="cCCS2")], ONE, ANNA, None) is None


# ending


def test_what_is_out_of_order_or_service_is_lost() -> None:
    """H01.FR.16, H01.FR.17."""
    bound, first, second = made(9, evse=1), made(1), made(2)
    assert lost([bound, first], [ONE, TWO]) == []
    assert lost([bound], [replace(ONE, is_free=False), TWO]) == [], "it will be free again"
    assert lost([bound, first], [replace(ONE, is_faulted=True), TWO]) == [bound]
    assert lost([second, first], [ONE, replace(TWO, is_closed=True)]) == [second]
    assert lost([first], [replace(ONE, is_closed=True)]) == [first]


def test_time_ends_it() -> None:
    """H04.FR.01."""
    assert expired([made()], LATER - timedelta(seconds=1)) == []
    assert expired([made()], LATER) == [made()]


def test_it_can_be_stored() -> None:
    one = replace(made(evse=1, kind="sType2"), group_id="Fleet")
    assert msgspec.json.decode(msgspec.json.encode(one), type=Reservation) == one


kinds = st.sampled_from(["cType2", "cCCS2"])
bays = st.lists(
    st.builds(
        Bay,
        evse_id=st.just(0),
        connector_type=kinds,
        is_free=st.booleans(),
        is_faulted=st.booleans(),
        is_closed=st.booleans(),
    ),
    min_size=1,
    max_size=4,
).map(lambda found: [replace(bay, evse_id=number) for number, bay in enumerate(found, start=1)])
wishes = st.lists(st.tuples(st.sampled_from([None, 1, 2, 3]), st.none() | kinds), max_size=4).map(
    lambda found: [made(number, evse, kind) for number, (evse, kind) in enumerate(found, start=1)]
)


def _can_all_come(book: list[Reservation], places: list[Bay]) -> bool:
    """Whether everybody with a reservation could stand somewhere at the same time, by trying everything."""
    usable = [bay for bay in places if bay.is_free and bay.works]
    return any(
        all(bay.fits(one) for one, bay in zip(book, chosen, strict=True))
        for chosen in permutations(usable, len(book))
    )


@settings(max_examples=150, deadline=None)
@given(places=bays, asked=wishes)
def test_everybody_who_was_promised_an_evse_can_have_one(places: list[Bay], asked: list[Reservation]) -> None:
    """Whatever is asked for in whatever order; and nobody else takes one that is needed."""
    book: list[Reservation] = []
    for wish in asked:
        if answer(book, wish, places, NOW) == "Accepted":
            book.append(wish)
        else:
            assert not _can_all_come([*book, wish], places) or wish.evse_id is not None
        assert _can_all_come(book, places)
    for bay in places:
        if bay.evse_id not in kept(book, places) and bay.is_free:
            without = [replace(one, is_free=one.is_free and one != bay) for one in places]
            assert _can_all_come(book, without)
    assert lost(book, places) == []
