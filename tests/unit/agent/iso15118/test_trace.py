from __future__ import annotations

from agent.iso15118.trace import LONGEST, readable


def test_a_message_is_a_line_with_what_one_looks_for() -> None:
    message = {
        "Header": {"SessionID": bytes(range(8))},
        "Body": {"WeldingReq": {"EVTargetVoltage": 400}},
    }
    assert readable(message) == (
        '{"Header": {"SessionID": "0001020304050607"}, "Body": {"WeldingReq": {"EVTargetVoltage": 400}}}'
    )


def test_who_pays_and_what_signs_is_not_in_it() -> None:
    said = readable(
        {
            "PaymentDetailsReq": {
                "eMAID": "DE83DUIEN83QGZD",
                "ContractSignatureCertChain": {
                    "Certificate": b"c" * 700,
                    "SubCertificates": [b"s" * 600] * 2,
                },
            },
            "eMAID": {"value": "DE83DUIEN83QGZD", "Id": "id4"},
            "ContractSignatureEncryptedPrivateKey": {"value": b"k" * 48},
            "PCID": "WDXEXAMPLE0000012",
        }
    )
    assert "DE83" not in said
    assert "WDX" not in said
    assert "<700 bytes>" in said
    assert '["<600 bytes>", "<600 bytes>"]' in said
    assert "<48 bytes>" in said
    assert b"k".hex() * 4 not in said


def test_what_is_long_is_cut_off() -> None:
    said = readable({"text": "x" * 10_000})
    assert len(said) < LONGEST + 50
    assert said.endswith("(10012 characters)")
