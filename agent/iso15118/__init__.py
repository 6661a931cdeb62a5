"""The charger's side of the conversation with a vehicle: DIN 70121, ISO 15118-2 and -20 (SECC)."""
