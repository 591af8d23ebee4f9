"""Undo of a run: previous settings are put back, and what the run made and nobody filled is taken away. No data is ever deleted."""
