"""What certificates say besides whom they name: for how long, what for, and where to ask about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from backend.pki.names import DutyName
from certs.hashing import hash_data
from certs.issuing import Terms

CONTRACT_USAGE = ("digital_signature", "content_commitment", "key_encipherment", "key_agreement")
LEAF_USAGE = ("digital_signature", "key_agreement")
OCSP_PATH = "/pki/ocsp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """For how long certificates are issued."""

    station: timedelta = timedelta(days=365)
    secc: timedelta = timedelta(days=90)
    contract: timedelta = timedelta(days=730)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What every certificate says; `public_url` None: nobody outside can ask about them."""

    lifetimes: Lifetimes = Lifetimes()
    public_url: str | None = None

    def terms(self, duty: DutyName, *, is_combined: bool = False) -> Terms:
        """Return the terms of a duty's leaves; `is_combined`: for OCPP and for vehicles at once."""
        is_contract = duty in ("contracts", "contracts-20")
        lasts = {"stations": self.lifetimes.station, "secc": self.lifetimes.secc}
        return Terms(
            valid_for=lasts.get(duty, self.lifetimes.contract),
            usage=CONTRACT_USAGE if is_contract else LEAF_USAGE,
            extended_usage=_BOTH if is_combined else _EXTENDED.get(duty, ()),
            ocsp_url=None if self.public_url is None else f"{self.public_url}{OCSP_PATH}",
        )


_BOTH = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)
_EXTENDED: dict[DutyName, tuple[ObjectIdentifier, ...]] = {
    "stations": (ExtendedKeyUsageOID.CLIENT_AUTH,),
    "secc": (ExtendedKeyUsageOID.SERVER_AUTH,),
}


def list_name(issuer: x509.Certificate) -> str:
    """Return what an authority's list of revoked certificates is called in its address."""
    return hash_data(issuer, issuer).issuer_key_hash[:16]
