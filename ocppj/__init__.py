"""OCPP-J for both ends of the link: frames, call table and typed messages. Does no IO."""
