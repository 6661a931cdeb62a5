"""What devices do for the agent: roles over a bus and a profile."""
