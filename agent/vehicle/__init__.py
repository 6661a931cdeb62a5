"""The EVSE that a vehicle speaks with over ISO 15118: what conversations are told, and what comes of them."""
