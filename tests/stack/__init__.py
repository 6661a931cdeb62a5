"""The whole stack as real processes: shared by the flow tests, the soak, the demo and the benchmarks."""
