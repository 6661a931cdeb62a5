"""The agent against the standard: requirement by requirement, over a real WebSocket, on emulated hardware."""
