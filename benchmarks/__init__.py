"""Benchmarks: each prints a ratio against a peer measured in the same run, so that the speed of the machine cancels out."""
