"""What a technician does at a charger without the agent: look at buses and devices, and set one point."""
