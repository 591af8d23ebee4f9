"""Amazon Data Lifecycle Manager, which moto does not have: policies per account and Region, no snapshots are taken."""

from provisioning.simulator.dlm.models import dlm_backends

__all__ = ["dlm_backends"]
