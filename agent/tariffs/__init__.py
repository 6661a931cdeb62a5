"""What charging costs by tariffs that the backend sets, calculated here (I07 to I12), in exact decimals."""
