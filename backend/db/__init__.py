"""The operator's database: tables, migrations, connections, one writer that commits in groups."""
