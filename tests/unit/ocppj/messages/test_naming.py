from __future__ import annotations

import pytest

from ocppj.messages import naming

NAMES = {
    "evseId": "evse_id",
    "idToken": "id_token",
    "SoC": "soc",
    "soC": "soc",
    "targetSoC": "target_soc",
    "iso15118CertificateHashData": "iso15118_certificate_hash_data",
    "limit_L2": "limit_l2",
    "responderURL": "responder_url",
    "evMaxV2XEnergyRequest": "ev_max_v2x_energy_request",
    "v2xFreqWattCurve": "v2x_freq_watt_curve",
    "prioritizedEMAIDs": "prioritized_emaids",
    "ePriceLevel": "e_price_level",
    "evSupportedDERControl": "ev_supported_der_control",
    "from": "from_",
}


@pytest.mark.parametrize("wire", NAMES)
def test_attributes_are_snake_case(wire: str) -> None:
    assert naming.attribute(wire) == NAMES[wire]


def test_camel_is_what_msgspec_makes_of_an_attribute() -> None:
    assert naming.camel("evse_id") == "evseId"
    assert naming.camel("limit_l2") == "limitL2"


def test_a_nested_type_is_named_by_its_holder_first() -> None:
    assert naming.inline_type("IdTagInfo", "status") == "AuthorizationStatus"
    assert naming.inline_type("MeterValue", "sampledValue") == "SampledValue"
    assert naming.inline_type("TransactionData", "sampledValue") == "TransactionSampledValue"


def test_an_unnamed_nested_type_stops_the_generator() -> None:
    with pytest.raises(KeyError, match="surprise"):
        naming.inline_type("Anything", "surprise")
