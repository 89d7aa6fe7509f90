"""Synthetic history for benchmarks, loaded in bulk."""
