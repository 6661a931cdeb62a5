"""Contracts, certificates, and what is known of them at charging stations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.db.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("UPDATE tokens SET uid_key = replace(uid_key, '-', '') WHERE type = 'EMAID'")
    op.create_table(
        "contracts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("emaid_key", sa.String(length=36), nullable=False),
        sa.Column("emaid", sa.String(length=36), nullable=False),
        sa.Column("pcid", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_contracts"),
        sa.UniqueConstraint("emaid_key", name="uq_contracts_emaid_key"),
    )
    op.create_index("ix_contracts_pcid", "contracts", ["pcid"], unique=False)
    op.create_table(
        "revoked_certificates",
        sa.Column("issuer", sa.String(length=64), nullable=False),
        sa.Column("serial_number", sa.String(length=40), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "serial_number", name="pk_revoked_certificates"),
    )
    op.create_table(
        "certificate_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=True),
        sa.Column("csr", sa.Text(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("chain", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["station_id"], ["charging_stations.id"], name="fk_certificate_requests_station_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_certificate_requests"),
    )
    op.create_index(
        "ix_certificate_requests_open",
        "certificate_requests",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status IN ('Waiting', 'Issued')"),
        postgresql_where=sa.text("status IN ('Waiting', 'Issued')"),
    )
    op.create_index(
        "ix_certificate_requests_station_id_requested_at",
        "certificate_requests",
        ["station_id", "requested_at"],
        unique=False,
    )
    op.create_table(
        "issued_certificates",
        sa.Column("issuer", sa.String(length=64), nullable=False),
        sa.Column("serial_number", sa.String(length=40), nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.Column("common_name", sa.String(length=64), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("valid_until", UtcDateTime(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["charging_stations.id"], name="fk_issued_certificates_station_id"
        ),
        sa.PrimaryKeyConstraint("issuer", "serial_number", name="pk_issued_certificates"),
    )
    op.create_index("ix_issued_certificates_issued_at", "issued_certificates", ["issued_at"], unique=False)
    op.create_table(
        "pki_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["charging_stations.id"], name="fk_pki_events_station_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pki_events"),
    )
    op.create_table(
        "station_certificates",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("hash_algorithm", sa.String(length=6), nullable=False),
        sa.Column("issuer_name_hash", sa.String(length=128), nullable=False),
        sa.Column("issuer_key_hash", sa.String(length=128), nullable=False),
        sa.Column("serial_number", sa.String(length=40), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["charging_stations.id"], name="fk_station_certificates_station_id"
        ),
        sa.PrimaryKeyConstraint(
            "station_id",
            "type",
            "hash_algorithm",
            "issuer_name_hash",
            "issuer_key_hash",
            "serial_number",
            name="pk_station_certificates",
        ),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("station_certificates")
    op.drop_table("pki_events")
    op.drop_index("ix_issued_certificates_issued_at", table_name="issued_certificates")
    op.drop_table("issued_certificates")
    op.drop_index("ix_certificate_requests_station_id_requested_at", table_name="certificate_requests")
    op.drop_index(
        "ix_certificate_requests_open",
        table_name="certificate_requests",
        sqlite_where=sa.text("status IN ('Waiting', 'Issued')"),
        postgresql_where=sa.text("status IN ('Waiting', 'Issued')"),
    )
    op.drop_table("certificate_requests")
    op.drop_table("revoked_certificates")
    op.drop_index("ix_contracts_pcid", table_name="contracts")
    op.drop_table("contracts")
