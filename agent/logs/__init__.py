"""The station's logs: kept, collected, masked and sent to where the backend wants them (N01)."""
