"""Where things stand: account (by role and alias) and Region of buckets, replicas, keys and logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recommendations.facts import CustomerFacts, WorkloadFacts


@dataclass(frozen=True)
class Place:
    """An account and a Region. `name` is what `${account.NAME}` and resource keys use."""

    role: str
    alias: str | None
    region: str

    @property
    def name(self) -> str:
        return self.alias or self.role

    def rank(self) -> tuple[str, str, str]:
        """Order of places."""
        return self.role, self.alias or "", self.region

    def where(self, *workloads: str) -> dict[str, Any]:
        """The keyword arguments of `resources.common.resource`."""
        return {"role": self.role, "alias": self.alias, "region": self.region, "workloads": workloads}


def listed(customer: CustomerFacts, role: str) -> str | None:
    return next((str(account["alias"]) for account in customer.accounts if account["role"] == role), None)


def home(workload: WorkloadFacts, customer: CustomerFacts) -> Place:
    """Where a workload's settings are applied."""
    return Place(workload.account_role, workload.account_alias, customer.primary)


def abroad(workload: WorkloadFacts, customer: CustomerFacts, region: str) -> Place:
    """Where the replica of a workload's bucket stands.

    In the backup account where one is wanted, so that one copy survives the loss of the Region and of the account; else in the recovery
    account where there is one; else in the workload's own.
    """
    if customer.separate_account != "none" and workload.xacct != "not-needed":
        return Place("backup", listed(customer, "backup"), region)
    alias = listed(customer, "dr")
    return Place("dr", alias, region) if alias else Place(workload.account_role, workload.account_alias, region)


def key_home(customer: CustomerFacts, using: Place) -> Place:
    """Where the key of something that stands at `using` lives: in the keys account where one is named and listed, else beside it."""
    if customer.key_owner == "separate-account":
        for account in customer.accounts:
            if account["account"] == customer.key_account:
                return Place(str(account["role"]), str(account["alias"]), using.region)
    return using


def log_home(customer: CustomerFacts) -> Place:
    """Where the log bucket stands: in the log archive where there is one, else in the first production account."""
    role = customer.log_role
    return Place(role, listed(customer, role), customer.primary)
