"""The tables. Energy is integer Wh, money Decimal, time aware UTC; JSON is kept as the text that was checked.

Names follow OCPP 2.0.1 for what chargers report and OCPI 2.2.1 for what partners see.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from backend.db.types import Money, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)

BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite makes only INTEGER primary keys count up by themselves; they are 64 bits wide as well."""

locations = Table(
    "locations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("location_id", String(36), nullable=False, unique=True),
    Column("name", String(255), nullable=False),
    Column("address", String(45), nullable=False),
    Column("city", String(45), nullable=False),
    Column("postal_code", String(10)),
    Column("country", String(3), nullable=False),
    Column("latitude", String(10), nullable=False),
    Column("longitude", String(11), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("connector_standard", String(32), nullable=False),
    Column("connector_format", String(8), nullable=False),
    Column("connector_power_type", String(16), nullable=False),
)

charging_stations = Table(
    "charging_stations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", String(48), nullable=False, unique=True),
    Column("password_hash", String(255), nullable=False),
    Column("registration", String(8), nullable=False, server_default="Accepted"),
    Column("location_id", ForeignKey("locations.id"), nullable=False),
    Column("tariff_id", String(36)),
    Column("vendor", String(50)),
    Column("model", String(20)),
    Column("serial_number", String(25)),
    Column("firmware_version", String(50)),
    Column("firmware_status", String(32)),
    Column("boot_reason", String(20)),
    Column("booted_at", UtcDateTime),
    Column("last_seen_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
)

connectors = Table(
    "connectors",
    metadata,
    Column("station_id", ForeignKey("charging_stations.id"), primary_key=True),
    Column("evse_id", Integer, primary_key=True),
    Column("connector_id", Integer, primary_key=True),
    Column("status", String(16), nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid_key", String(36), nullable=False),
    Column("type", String(16), nullable=False),
    Column("uid", String(36), nullable=False),
    Column("contract_id", String(36), nullable=False),
    Column("group_id", String(36)),
    Column("valid", Boolean, nullable=False, server_default=true()),
    Column("blocked", Boolean, nullable=False, server_default=false()),
    Column("whitelist", String(16), nullable=False, server_default="ALLOWED"),
    Column("expires_at", UtcDateTime),
    Column("last_updated", UtcDateTime, nullable=False),
    UniqueConstraint("uid_key", "type"),
)

tariffs = Table(
    "tariffs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tariff_id", String(36), nullable=False, index=True),
    Column("document", Text, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

transactions = Table(
    "transactions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("session_id", String(36), nullable=False, unique=True),
    Column("station_id", ForeignKey("charging_stations.id"), nullable=False),
    Column("transaction_id", String(36), nullable=False),
    Column("evse_id", Integer),
    Column("connector_id", Integer),
    Column("remote_start_id", Integer),
    # what the session is billed by, fixed when its first event arrives
    Column("time_zone", String(64), nullable=False),
    Column("tariff_ref", ForeignKey("tariffs.id")),
    Column("rounding", String(32), nullable=False),
    # who charges
    Column("id_token", String(36)),
    Column("id_token_type", String(20)),
    Column("authorized", Boolean, nullable=False, server_default=false()),
    Column("auth_method", String(16)),
    # which events are here: all of 0 .. next_seq - 1, `event_count` in all, the last one is `ended_seq`
    Column("next_seq", Integer, nullable=False),
    Column("event_count", Integer, nullable=False),
    Column("ended_seq", Integer),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("stopped_reason", String(20)),
    Column("completed_at", UtcDateTime),
    Column("billing", String(8)),
    # the sum of the events 0 .. next_seq - 1
    Column("charging_state", String(16)),
    Column("has_charged", Boolean, nullable=False, server_default=false()),
    Column("last_event_at", UtcDateTime),
    Column("meter_start_wh", BigInteger),
    Column("meter_last_wh", BigInteger),
    Column("power_w", Integer),
    Column("charging_us", BigInteger, nullable=False, server_default="0"),
    Column("parking_us", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("station_id", "transaction_id"),
)
BILLING = ("PENDING", "DONE", "NONE", "FAILED")
"""Of a complete transaction: to be rated, has its CDR, needs none, could not be rated (see the log)."""

Index(
    "ix_transactions_billing_open",
    transactions.c.id,
    sqlite_where=transactions.c.billing.in_(("PENDING", "FAILED")),
    postgresql_where=transactions.c.billing.in_(("PENDING", "FAILED")),
)
"""What is open is few among many, and looked for after every session."""

transaction_events = Table(
    "transaction_events",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("transaction_ref", ForeignKey("transactions.id"), nullable=False),
    Column("seq_no", Integer, nullable=False),
    Column("message_id", String(36), nullable=False),
    Column("event_type", String(8), nullable=False),
    Column("trigger_reason", String(24), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("charging_state", String(16)),
    Column("energy_first_wh", BigInteger),
    Column("energy_wh", BigInteger),
    Column("power_w", Integer),
    Column("frame", Text, nullable=False),
    Column("answer", Text, nullable=False),
    UniqueConstraint("transaction_ref", "seq_no"),
)

event_conflicts = Table(
    "event_conflicts",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("transaction_ref", ForeignKey("transactions.id"), nullable=False, index=True),
    Column("seq_no", Integer, nullable=False),
    Column("message_id", String(36), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("frame", Text, nullable=False),
    UniqueConstraint("transaction_ref", "seq_no", "message_id"),
)

meter_values = Table(
    "meter_values",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("station_id", ForeignKey("charging_stations.id"), nullable=False),
    Column("evse_id", Integer, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("energy_wh", BigInteger),
    Column("power_w", Integer),
    Column("sampled_values", Text, nullable=False),
    Index("ix_meter_values_station_id_evse_id_taken_at", "station_id", "evse_id", "taken_at"),
)

station_notices = Table(
    "station_notices",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("station_id", ForeignKey("charging_stations.id"), nullable=False),
    Column("action", String(64), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_station_notices_station_id_received_at", "station_id", "received_at"),
)

device_variables = Table(
    "device_variables",
    metadata,
    Column("station_id", ForeignKey("charging_stations.id"), primary_key=True),
    Column("component", String(50), primary_key=True),
    Column("component_instance", String(50), primary_key=True),
    Column("evse_id", Integer, primary_key=True),
    Column("connector_id", Integer, primary_key=True),
    Column("variable", String(50), primary_key=True),
    Column("variable_instance", String(50), primary_key=True),
    Column("attribute", String(8), primary_key=True),
    Column("value", Text),
    Column("mutability", String(10)),
    Column("characteristics", Text),
    Column("reported_at", UtcDateTime, nullable=False),
)

remote_starts = Table(
    "remote_starts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("station_id", ForeignKey("charging_stations.id"), nullable=False),
    Column("evse_id", Integer, nullable=False),
    Column("id_token", String(36), nullable=False),
    Column("id_token_type", String(20), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("status", String(16)),
    Column("transaction_id", String(36)),
)

cdrs = Table(
    "cdrs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("cdr_id", String(39), nullable=False, unique=True),
    Column("transaction_ref", ForeignKey("transactions.id"), nullable=False, unique=True),
    Column("session_id", String(36), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("energy_wh", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("total_excl_vat", Money, nullable=False),
    Column("total_incl_vat", Money, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("rounding", String(32), nullable=False),
    Column("lines", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

contracts = Table(
    "contracts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("emaid_key", String(36), nullable=False, unique=True),
    Column("emaid", String(36), nullable=False),
    Column("pcid", String(64), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("cancelled_at", UtcDateTime),
)
"""Which vehicle (PCID, its provisioning certificate's name) may be given which contract (eMAID)."""

certificate_requests = Table(
    "certificate_requests",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("station_id", ForeignKey("charging_stations.id"), nullable=False),
    Column("type", String(32)),
    Column("csr", Text, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("chain", Text),
    Column("why", Text),
    Column("settled_at", UtcDateTime),
    Index("ix_certificate_requests_station_id_requested_at", "station_id", "requested_at"),
)
REQUEST_STATUSES = ("Waiting", "Issued", "Delivered", "Refused", "Superseded", "Failed")
"""To be issued; to be delivered; in place; refused by the station; a newer one came; cannot be issued."""

Index(
    "ix_certificate_requests_open",
    certificate_requests.c.id,
    sqlite_where=certificate_requests.c.status.in_(("Waiting", "Issued")),
    postgresql_where=certificate_requests.c.status.in_(("Waiting", "Issued")),
)
"""What is open is few among many, and looked for whenever a station connects."""

issued_certificates = Table(
    "issued_certificates",
    metadata,
    Column("issuer", String(64), primary_key=True),
    Column("serial_number", String(40), primary_key=True),
    Column("duty", String(16), nullable=False),
    Column("common_name", String(64), nullable=False),
    Column("station_id", ForeignKey("charging_stations.id")),
    Column("valid_until", UtcDateTime, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False, index=True),
)
"""`issuer` is the SHA-256 of the issuer's public key, as OCSP names it; numbers are hexadecimal."""

revoked_certificates = Table(
    "revoked_certificates",
    metadata,
    Column("issuer", String(64), primary_key=True),
    Column("serial_number", String(40), primary_key=True),
    Column("revoked_at", UtcDateTime, nullable=False),
    Column("why", Text, nullable=False),
)

station_certificates = Table(
    "station_certificates",
    metadata,
    Column("station_id", ForeignKey("charging_stations.id"), primary_key=True),
    Column("type", String(32), primary_key=True),
    Column("hash_algorithm", String(6), primary_key=True),
    Column("issuer_name_hash", String(128), primary_key=True),
    Column("issuer_key_hash", String(128), primary_key=True),
    Column("serial_number", String(40), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)
"""What a charger said to have installed, when it was last asked (OCPP GetInstalledCertificateIds)."""

pki_events = Table(
    "pki_events",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("station_id", ForeignKey("charging_stations.id")),
    Column("what", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", Text, nullable=False),
)
"""What was certified, refused, installed, revoked or changed, for whoever has to account for it."""
