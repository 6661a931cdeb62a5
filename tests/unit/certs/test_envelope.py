"""Private keys in envelopes: another implementation's is opened, ours are, and others' keys open nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certs.envelope import Envelope, EnvelopeRefused, seal, seal_20, unseal, unseal_20

ELSEWHERE = json.loads(Path(__file__).with_name("signed_elsewhere.json").read_text("ascii"))["envelope"]
P_256, P_521 = ec.SECP256R1(), ec.SECP521R1()


def of_number(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(text, 16), P_256)


def test_an_envelope_of_another_implementation() -> None:
    envelope = Envelope(bytes.fromhex(ELSEWHERE["public"]), bytes.fromhex(ELSEWHERE["encrypted"]))
    found = unseal(envelope, of_number(ELSEWHERE["oem_key"]))
    assert found.private_numbers() == of_number(ELSEWHERE["contract_key"]).private_numbers()


@pytest.mark.parametrize("number", [1, 2**200, None])
def test_the_owner_opens_it(number: int | None) -> None:
    vehicle = ec.generate_private_key(P_256)
    contract = ec.generate_private_key(P_256) if number is None else ec.derive_private_key(number, P_256)
    envelope = seal(contract, vehicle.public_key())
    assert (len(envelope.public), len(envelope.encrypted)) == (65, 48)
    assert unseal(envelope, vehicle).private_numbers() == contract.private_numbers()
    assert seal(contract, vehicle.public_key()).public != envelope.public, "each with a key of its own"


def test_nobody_else_gets_the_key() -> None:
    contract = ec.generate_private_key(P_256)
    envelope = seal(contract, ec.generate_private_key(P_256).public_key())
    try:
        other = unseal(envelope, ec.generate_private_key(P_256))
    except EnvelopeRefused:
        return
    assert other.private_numbers() != contract.private_numbers()


def test_the_later_edition_notices_changes_and_other_keys() -> None:
    vehicle, contract = ec.generate_private_key(P_521), ec.generate_private_key(P_521)
    envelope = seal_20(contract, vehicle.public_key())
    assert (len(envelope.public), len(envelope.encrypted)) == (133, 94)
    assert unseal_20(envelope, vehicle).private_numbers() == contract.private_numbers()
    with pytest.raises(EnvelopeRefused, match="for another key, or was changed"):
        unseal_20(envelope, ec.generate_private_key(P_521))
    changed = envelope.encrypted[:-1] + bytes([envelope.encrypted[-1] ^ 1])
    with pytest.raises(EnvelopeRefused, match="for another key, or was changed"):
        unseal_20(replace(envelope, encrypted=changed), vehicle)


def test_keys_of_other_curves() -> None:
    small, large = ec.generate_private_key(P_256), ec.generate_private_key(P_521)
    for sealing, contract, receiver in ((seal, small, large), (seal_20, large, small)):
        with pytest.raises(EnvelopeRefused, match="the receiver's key is not on the curve"):
            sealing(contract, receiver.public_key())
        with pytest.raises(EnvelopeRefused, match="the contract's key is not on the curve"):
            sealing(receiver, contract.public_key())


def test_what_is_no_envelope() -> None:
    small, large = ec.generate_private_key(P_256), ec.generate_private_key(P_521)
    with pytest.raises(EnvelopeRefused, match="47 bytes"):
        unseal(Envelope(b"", bytes(47)), small)
    with pytest.raises(EnvelopeRefused, match="95 bytes"):
        unseal_20(Envelope(b"", bytes(95)), large)
    with pytest.raises(EnvelopeRefused, match="no point of the curve"):
        unseal(Envelope(b"\x04" + bytes(64), bytes(48)), small)
