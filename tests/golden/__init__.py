"""Golden designs: what the three examples give. `python -m tests.golden` writes them anew; read the difference."""
