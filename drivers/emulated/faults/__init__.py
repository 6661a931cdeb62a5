"""What goes wrong with emulated hardware: faults as typed values, when they happen and whom they hit."""
