from __future__ import annotations

import pytest

from agent.transfer.errors import BadLocation, NotSupported
from agent.transfer.location import parse_location


def test_what_an_address_says() -> None:
    found = parse_location("SFTP://ann%40x:p%40ss%3Aword@[::1]:2222/a%20b/c.bin")
    assert (found.scheme, found.host, found.port, found.path) == ("sftp", "::1", 2222, "/a b/c.bin")
    assert (found.username, found.password) == ("ann@x", "p@ss:word")


@pytest.mark.parametrize(
    ("scheme", "port"), [("http", 80), ("https", 443), ("ftp", 21), ("ftps", 21), ("sftp", 22)]
)
def test_ports(scheme: str, port: int) -> None:
    found = parse_location(f"{scheme}://host/file")
    assert (found.port, str(found)) == (port, f"{scheme}://host/file")


def test_secrets_are_not_shown() -> None:
    found = parse_location("https://ann:secret@host:8443/logs?token=hidden")
    for text in (str(found), repr(found).replace(repr(found.path), "")):
        assert "secret" not in text
    assert str(found) == "https://host:8443/logs"
    assert found.path == "/logs?token=hidden"


def test_http_targets_stay_encoded_or_become_so() -> None:
    assert parse_location("http://host/a%20b c?x=ü").path == "/a%20b%20c?x=%C3%BC"
    assert parse_location("http://host").path == "/"


def test_a_name_in_a_folder() -> None:
    assert parse_location("http://host/logs/?k=1").with_name("a b").path == "/logs/a%20b?k=1"
    assert parse_location("ftp://host/logs").with_name("a b").path == "/logs/a b"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "firmware.bin",
        "http://",
        "http:///path",
        "http://host:0/",
        "http://host:99999/",
        "http://[::1/x",
        "ftp://host/a\r\nDELE b",
        "ftp://host/a%0d%0aDELE b",
        "ftp://us%0aer@host/a",
        "http://host/\x00",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(BadLocation):
        parse_location(text)


@pytest.mark.parametrize("text", ["file:///etc/passwd", "gopher://host/x", "javascript://host/x"])
def test_other_protocols(text: str) -> None:
    with pytest.raises((NotSupported, BadLocation)):
        parse_location(text)
