"""The local AWS simulator: moto's server with backends of ours beside it, and stricter where moto accepts what AWS refuses.

For `make run` and the tests alone. No production module imports it; moto is a development dependency.
"""
