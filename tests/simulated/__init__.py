"""The agent in a time that passes as fast as the machine can follow: whole days in seconds."""
