"""What charging costs, as the backend says it: kept, and shown to driver and technician (block I)."""
