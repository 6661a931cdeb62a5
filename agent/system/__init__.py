"""The agent among its neighbours: clock, systemd, health, control socket."""
