"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db.types import Money, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "locations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("city", sa.String(length=45), nullable=False),
        sa.Column("postal_code", sa.String(length=10), nullable=True),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("latitude", sa.String(length=10), nullable=False),
        sa.Column("longitude", sa.String(length=11), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("connector_standard", sa.String(length=32), nullable=False),
        sa.Column("connector_format", sa.String(length=8), nullable=False),
        sa.Column("connector_power_type", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_locations"),
        sa.UniqueConstraint("location_id", name="uq_locations_location_id"),
    )
    op.create_table(
        "tariffs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tariff_id", sa.String(length=36), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tariffs"),
    )
    op.create_index("ix_tariffs_tariff_id", "tariffs", ["tariff_id"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid_key", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("contract_id", sa.String(length=36), nullable=False),
        sa.Column("group_id", sa.String(length=36), nullable=True),
        sa.Column("valid", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("blocked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("whitelist", sa.String(length=16), server_default="ALLOWED", nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("last_updated", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("uid_key", "type", name="uq_tokens_uid_key_type"),
    )
    op.create_table(
        "charging_stations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=48), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("registration", sa.String(length=8), server_default="Accepted", nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("tariff_id", sa.String(length=36), nullable=True),
        sa.Column("vendor", sa.String(length=50), nullable=True),
        sa.Column("model", sa.String(length=20), nullable=True),
        sa.Column("serial_number", sa.String(length=25), nullable=True),
        sa.Column("firmware_version", sa.String(length=50), nullable=True),
        sa.Column("firmware_status", sa.String(length=32), nullable=True),
        sa.Column("boot_reason", sa.String(length=20), nullable=True),
        sa.Column("booted_at", UtcDateTime(), nullable=True),
        sa.Column("last_seen_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name="fk_charging_stations_location_id"),
        sa.PrimaryKeyConstraint("id", name="pk_charging_stations"),
        sa.UniqueConstraint("identity", name="uq_charging_stations_identity"),
    )
    op.create_table(
        "connectors",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("evse_id", sa.Integer(), nullable=False),
        sa.Column("connector_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["charging_stations.id"], name="fk_connectors_station_id"),
        sa.PrimaryKeyConstraint("station_id", "evse_id", "connector_id", name="pk_connectors"),
    )
    op.create_table(
        "device_variables",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("component", sa.String(length=50), nullable=False),
        sa.Column("component_instance", sa.String(length=50), nullable=False),
        sa.Column("evse_id", sa.Integer(), nullable=False),
        sa.Column("connector_id", sa.Integer(), nullable=False),
        sa.Column("variable", sa.String(length=50), nullable=False),
        sa.Column("variable_instance", sa.String(length=50), nullable=False),
        sa.Column("attribute", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("mutability", sa.String(length=10), nullable=True),
        sa.Column("characteristics", sa.Text(), nullable=True),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["charging_stations.id"], name="fk_device_variables_station_id"
        ),
        sa.PrimaryKeyConstraint(
            "station_id",
            "component",
            "component_instance",
            "evse_id",
            "connector_id",
            "variable",
            "variable_instance",
            "attribute",
            name="pk_device_variables",
        ),
    )
    op.create_table(
        "meter_values",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("evse_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("energy_wh", sa.BigInteger(), nullable=True),
        sa.Column("power_w", sa.Integer(), nullable=True),
        sa.Column("sampled_values", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["charging_stations.id"], name="fk_meter_values_station_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meter_values"),
    )
    op.create_index(
        "ix_meter_values_station_id_evse_id_taken_at",
        "meter_values",
        ["station_id", "evse_id", "taken_at"],
        unique=False,
    )

    op.create_table(
        "remote_starts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("evse_id", sa.Integer(), nullable=False),
        sa.Column("id_token", sa.String(length=36), nullable=False),
        sa.Column("id_token_type", sa.String(length=20), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("transaction_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["station_id"], ["charging_stations.id"], name="fk_remote_starts_station_id"),
        sa.PrimaryKeyConstraint("id", name="pk_remote_starts"),
    )
    op.create_table(
        "station_notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["charging_stations.id"], name="fk_station_notices_station_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_station_notices"),
    )
    op.create_index(
        "ix_station_notices_station_id_received_at",
        "station_notices",
        ["station_id", "received_at"],
        unique=False,
    )

    op.create_table(
        "transactions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.String(length=36), nullable=False),
        sa.Column("evse_id", sa.Integer(), nullable=True),
        sa.Column("connector_id", sa.Integer(), nullable=True),
        sa.Column("remote_start_id", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("tariff_ref", sa.Integer(), nullable=True),
        sa.Column("rounding", sa.String(length=32), nullable=False),
        sa.Column("id_token", sa.String(length=36), nullable=True),
        sa.Column("id_token_type", sa.String(length=20), nullable=True),
        sa.Column("authorized", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("auth_method", sa.String(length=16), nullable=True),
        sa.Column("next_seq", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("ended_seq", sa.Integer(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("stopped_reason", sa.String(length=20), nullable=True),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("billing", sa.String(length=8), nullable=True),
        sa.Column("charging_state", sa.String(length=16), nullable=True),
        sa.Column("has_charged", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("last_event_at", UtcDateTime(), nullable=True),
        sa.Column("meter_start_wh", sa.BigInteger(), nullable=True),
        sa.Column("meter_last_wh", sa.BigInteger(), nullable=True),
        sa.Column("power_w", sa.Integer(), nullable=True),
        sa.Column("charging_us", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("parking_us", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["charging_stations.id"], name="fk_transactions_station_id"),
        sa.ForeignKeyConstraint(["tariff_ref"], ["tariffs.id"], name="fk_transactions_tariff_ref"),
        sa.PrimaryKeyConstraint("id", name="pk_transactions"),
        sa.UniqueConstraint("session_id", name="uq_transactions_session_id"),
        sa.UniqueConstraint("station_id", "transaction_id", name="uq_transactions_station_id_transaction_id"),
    )
    op.create_index(
        "ix_transactions_billing_open",
        "transactions",
        ["id"],
        unique=False,
        sqlite_where=sa.text("billing IN ('PENDING', 'FAILED')"),
        postgresql_where=sa.text("billing IN ('PENDING', 'FAILED')"),
    )

    op.create_table(
        "cdrs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cdr_id", sa.String(length=39), nullable=False),
        sa.Column("transaction_ref", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("energy_wh", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_excl_vat", Money(), nullable=False),
        sa.Column("total_incl_vat", Money(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("rounding", sa.String(length=32), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["transaction_ref"], ["transactions.id"], name="fk_cdrs_transaction_ref"),
        sa.PrimaryKeyConstraint("id", name="pk_cdrs"),
        sa.UniqueConstraint("cdr_id", name="uq_cdrs_cdr_id"),
        sa.UniqueConstraint("transaction_ref", name="uq_cdrs_transaction_ref"),
    )
    op.create_table(
        "event_conflicts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transaction_ref", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq_no", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transaction_ref"], ["transactions.id"], name="fk_event_conflicts_transaction_ref"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_conflicts"),
        sa.UniqueConstraint(
            "transaction_ref",
            "seq_no",
            "message_id",
            name="uq_event_conflicts_transaction_ref_seq_no_message_id",
        ),
    )
    op.create_index(
        "ix_event_conflicts_transaction_ref", "event_conflicts", ["transaction_ref"], unique=False
    )

    op.create_table(
        "transaction_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transaction_ref", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq_no", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("event_type", sa.String(length=8), nullable=False),
        sa.Column("trigger_reason", sa.String(length=24), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("charging_state", sa.String(length=16), nullable=True),
        sa.Column("energy_first_wh", sa.BigInteger(), nullable=True),
        sa.Column("energy_wh", sa.BigInteger(), nullable=True),
        sa.Column("power_w", sa.Integer(), nullable=True),
        sa.Column("frame", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transaction_ref"], ["transactions.id"], name="fk_transaction_events_transaction_ref"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_transaction_events"),
        sa.UniqueConstraint("transaction_ref", "seq_no", name="uq_transaction_events_transaction_ref_seq_no"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("transaction_events")
    op.drop_index("ix_event_conflicts_transaction_ref", "event_conflicts")

    op.drop_table("event_conflicts")
    op.drop_table("cdrs")
    op.drop_index("ix_transactions_billing_open", "transactions")

    op.drop_table("transactions")
    op.drop_index("ix_station_notices_station_id_received_at", "station_notices")

    op.drop_table("station_notices")
    op.drop_table("remote_starts")
    op.drop_index("ix_meter_values_station_id_evse_id_taken_at", "meter_values")

    op.drop_table("meter_values")
    op.drop_table("device_variables")
    op.drop_table("connectors")
    op.drop_table("charging_stations")
    op.drop_table("tokens")
    op.drop_index("ix_tariffs_tariff_id", "tariffs")

    op.drop_table("tariffs")
    op.drop_table("locations")
