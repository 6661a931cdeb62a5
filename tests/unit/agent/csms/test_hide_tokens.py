from __future__ import annotations

import logging

import pytest

from agent.csms.hide_tokens import FRAMES, HideTokens, hidden


@pytest.mark.parametrize(
    ("frame", "shown"),
    [
        (
            '[2,"1","Authorize",{"idToken":{"idToken":"04A2","type":"ISO14443"}}]',
            '[2,"1","Authorize",{"idToken":{"idToken":"***","type":"ISO14443"}}]',
        ),
        ('{"idTag" : "04A2","meterStart":5}', '{"idTag" : "***","meterStart":5}'),
        ('{"idTagInfo":{"parentIdTag":"04A2"}}', '{"idTagInfo":{"parentIdTag":"***"}}'),
        (r'{"idToken":"04\"A2","x":"y"}', '{"idToken":"***","x":"y"}'),
        ('{"idTag":"04A2 cut off he', '{"idTag":"***"'),
        ('{"meterStart":5}', '{"meterStart":5}'),
    ],
)
def test_tokens_are_hidden_and_nothing_else(frame: str, shown: str) -> None:
    assert hidden(frame) == shown


def test_the_logger_of_frames_hides_them(caplog: pytest.LogCaptureFixture) -> None:
    log, hides = logging.getLogger(FRAMES), HideTokens()
    log.addFilter(hides)
    try:
        with caplog.at_level(logging.INFO):
            log.info("ocpp %s %s", ">", '{"idTag":"04A2"}', extra={"fields": {"OCPP_ACTION": "Authorize"}})
    finally:
        log.removeFilter(hides)
    [record] = caplog.records
    assert record.getMessage() == 'ocpp > {"idTag":"***"}'
    assert record.fields == {"OCPP_ACTION": "Authorize"}  # type: ignore[attr-defined] # as the journal takes them
