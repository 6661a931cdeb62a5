"""A Modbus bus that can be trusted: one owner per port, strict replies, nothing late taken for new."""
