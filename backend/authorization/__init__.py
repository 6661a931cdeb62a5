"""Whether an identifier may charge, as the operator answers it."""
