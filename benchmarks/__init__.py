"""Benchmarks: figures with their sizes and versions, ratios against a peer measured in the same run."""
