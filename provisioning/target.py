"""Where a design is applied: accounts, how they are reached, Regions and the endpoint. Plain data; nothing is called here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

ACCOUNT = re.compile(r"[0-9]{12}")
ROLE_ARN = re.compile(r"arn:aws:iam::([0-9]{12}):role/[\w+=,.@/-]{1,512}")
# STS AssumeRole, ExternalId: 2 to 1,224 characters (botocore, sts).
EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
# A service's own host, in a Region or global. Below amazonaws.com there are customers' load balancers and buckets too.
AWS_HOST = re.compile(r"(s3|s3-control|kms|iam|sts|dlm|cloudtrail|tagging)(\.[a-z]{2}(-[a-z]+)+-[0-9])?\.amazonaws\.com")


class TargetProblem(ValueError):
    """A target that is wrong in itself, does not fit the design, or is not who it says. Nothing was touched."""


class NotObserved(RuntimeError):
    """AWS did not answer, so nothing can be said about the account. Nothing was changed."""


@dataclass(frozen=True)
class Access:
    """How an account is reached: by the caller's own credentials when `role_arn` is None, else by assuming that role."""

    account: str
    role_arn: str | None = None
    external_id: str | None = None

    def __post_init__(self) -> None:
        if not ACCOUNT.fullmatch(self.account):
            raise TargetProblem(f"account {self.account!r}: expected 12 digits")
        if self.role_arn is not None:
            match = ROLE_ARN.fullmatch(self.role_arn)
            if match is None:
                raise TargetProblem(f"role {self.role_arn!r}: expected arn:aws:iam::ACCOUNT:role/NAME")
            if match.group(1) != self.account:
                raise TargetProblem(f"role {self.role_arn} is of account {match.group(1)}, not of {self.account}")
        if self.external_id is not None and not EXTERNAL_ID.fullmatch(self.external_id):
            raise TargetProblem(f"external id {self.external_id!r}: expected 2 to 1,224 of letters, digits and _+=,.@:/-")
        if self.external_id is not None and self.role_arn is None:
            raise TargetProblem("an external id goes with a role: give the role's ARN too")


@dataclass(frozen=True)
class TargetSpec:
    """What a person said. `account` takes every account of the design for which `others` has none; without `others`, all of them.

    `region` and `dr_region` are assertions: the Regions come from the design.
    """

    account: str
    region: str | None = None
    dr_region: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    endpoint_url: str | None = None
    others: tuple[Access, ...] = ()

    def accesses(self) -> dict[str, Access]:
        """How each account is reached, by account id: `account` itself by its own entry in `others` where no role was given with it.

        Raises TargetProblem.
        """
        own = Access(self.account, self.role_arn, self.external_id)
        found = {} if self.role_arn is None and any(one.account == self.account for one in self.others) else {self.account: own}
        for other in self.others:
            if other.account in found and found[other.account] != other:
                raise TargetProblem(f"account {other.account} is given twice, in two ways")
            found[other.account] = other
        return found


@dataclass(frozen=True)
class Target:
    """A target that fits a design. `accounts` maps account roles and aliases of the design to account ids."""

    spec: TargetSpec
    region: str
    dr_region: str | None
    accounts: Mapping[str, str]
    lost: tuple[str, ...] = field(default=())

    def account_of(self, resource: Mapping[str, Any]) -> str:
        """The account in which a resource of the design stands."""
        alias = resource.get("account_alias")
        if isinstance(alias, str) and alias in self.accounts:
            return self.accounts[alias]
        return self.accounts.get(resource["account_role"], self.spec.account)

    def as_json(self) -> dict[str, Any]:
        """The plan's `target`."""
        others = [{"account": o.account, "role_arn": o.role_arn, "external_id": o.external_id} for o in self.spec.others]
        return {
            "account": self.spec.account,
            "accounts": dict(sorted(self.accounts.items())),
            "region": self.region,
            "dr_region": self.dr_region,
            "endpoint_url": self.spec.endpoint_url,
            "role_arn": self.spec.role_arn,
            "external_id": self.spec.external_id,
            "others": others,
        }


def parse_other(text: str) -> Access:
    """`ACCOUNT=ROLE_ARN,EXTERNAL_ID`, the external id optional. Raises TargetProblem."""
    account, _, rest = text.partition("=")
    role_arn, _, external_id = rest.partition(",")
    if not rest:
        raise TargetProblem(f"--target {text!r}: expected ACCOUNT=ROLE_ARN,EXTERNAL_ID")
    return Access(account.strip(), role_arn.strip(), external_id.strip() or None)


def fit(spec: TargetSpec, design: Mapping[str, Any]) -> Target:
    """The target for one design (a design document). Raises TargetProblem where the two do not fit."""
    region, dr_region = design["regions"]["primary"], design["regions"]["dr"]
    for flag, said, designed in (("--region", spec.region, region), ("--dr-region", spec.dr_region, dr_region)):
        if said is not None and said != designed:
            designed = designed or "that there is no second Region"
            raise TargetProblem(f"{flag} {said}: the design says {designed}; Regions come from the design")
    accesses = spec.accesses()
    accounts: dict[str, str] = {}
    for row in design["accounts"]:
        account = row["account"] if spec.others and row["account"] in accesses else spec.account
        accounts[row["alias"]] = account
        accounts.setdefault(row["role"], account)
    unused = [other.account for other in spec.others if other.account not in (*accounts.values(), spec.account)]
    if unused:
        known = ", ".join(f"{row['account']} ({row['alias']})" for row in design["accounts"]) or "none"
        raise TargetProblem(f"--target {unused[0]}: the design has no such account; its accounts are: {known}")
    for resource in design["resources"]:
        accounts.setdefault(resource["account_role"], spec.account)
    return Target(spec, region, dr_region, accounts, _lost(accounts, design))


def _lost(accounts: Mapping[str, str], design: Mapping[str, Any]) -> tuple[str, ...]:
    """Sentences on accounts that the design keeps apart, with resources in each, and this target does not."""
    first = {row["role"]: row["alias"] for row in reversed(design["accounts"])}
    roles = {row["alias"]: row["role"] for row in design["accounts"]}
    together: dict[str, set[str]] = {}
    for resource in design["resources"]:
        role = resource["account_role"]
        alias = str(resource.get("account_alias") or first.get(role))
        name = f"{alias} ({roles[alias]})" if alias in roles else role
        together.setdefault(accounts[alias if alias in roles else role], set()).add(name)
    return tuple(
        f"Account {account} takes {', '.join(sorted(names))} together: who administers it reaches all of them; the design keeps them apart."
        for account, names in sorted(together.items())
        if len(names) > 1
    )


def check_endpoint(url: str | None, allowed: Iterable[str] = ()) -> None:
    """Lets through AWS's own endpoints, loopback addresses, and URLs that the operator allows. Raises TargetProblem for any other.

    A plan file is input: without this, whoever edits one would be sent the calls, and with them signed credentials.
    """
    if url is None or url.rstrip("/") in {one.rstrip("/") for one in allowed}:
        return
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password or parts.query or parts.fragment:
        raise TargetProblem(f"endpoint {url!r}: expected http(s)://HOST[:PORT]")
    if parts.scheme == "https" and AWS_HOST.fullmatch(host):
        return
    if host == "localhost" or _is_loopback(host):
        return
    raise TargetProblem(f"endpoint {url}: neither AWS's nor on loopback, and STOWPLAN_ALLOWED_ENDPOINTS does not list it")


def is_simulated(url: str | None) -> bool:
    """Whether an endpoint is on this machine: a simulator, and nobody's account."""
    host = (urlsplit(url).hostname or "") if url else ""
    return host == "localhost" or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
