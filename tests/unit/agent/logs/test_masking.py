from __future__ import annotations

import pytest

from agent.logs.masking import mask


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("fetching ftp://ann:s3cret@host/x", "fetching ftp://***@host/x"),
        ("Authorization: Basic YTpi, next", "Authorization: Basic ***, next"),
        ('{"authorization": "bearer abc.def"}', '{"authorization": "bearer ***"}'),
        ("password=hunter2 user=ann", "password=*** user=ann"),
        ('"password": "with space"', '"password": ***'),
        ("-----BEGIN EC PRIVATE KEY-----MHcCAQ", "-----BEGIN EC PRIVATE KEY-----***"),
        ("the station's own 0123456789abcdef is here", "the station's own *** is here"),
        ("EVSE 1: charging at 16 A, see https://host/a@b", "EVSE 1: charging at 16 A, see https://host/a@b"),
    ],
)
def test_secrets_go_and_the_rest_stays(line: str, masked: str) -> None:
    assert mask(["0123456789abcdef", "", "A"])(line) == masked
