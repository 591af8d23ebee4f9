"""The sub-configurations of a bucket, one module each. Each is read, merged and written on its own; `part.py` says how."""
