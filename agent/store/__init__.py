"""What survives a power cut: SQLite on the charger's flash."""
