"""The EVSE: a table of phases, a pure step, and the service that drives the hardware from them."""
