"""boto3 clients per account, Region and service. Credentials come by boto3's own chain; other accounts are reached by assuming their role.

Nothing is stored or logged. Reads and repeatable writes are retried by botocore (adaptive mode: back-off with jitter, and a rate that
follows throttling). Calls that would make a second object when repeated go through a client that sends each request once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import partial
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from provisioning.target import Access, NotObserved, TargetProblem, TargetSpec, check_endpoint

SESSION_NAME = "stowplan"
CONNECT_SECONDS = 10
READ_SECONDS = 60
ATTEMPTS = 8
CONNECTIONS = 32
GLOBAL_SERVICES = frozenset({"iam"})
# AWS's descriptions of its services, parsed once a process: they are half a second of work for every session otherwise.
DESCRIPTIONS = botocore.session.get_session().get_component("data_loader")


class Clients:
    """Clients for one target. Thread-safe; each client is made once.

    `retries` and `read_seconds` are botocore's mode and the patience with one answer.
    `allowed_endpoints` are the endpoints that the operator allows beside AWS's and loopback. Raises TargetProblem for any other.
    """

    retries = "adaptive"
    read_seconds: float = READ_SECONDS

    def __init__(self, spec: TargetSpec, allowed_endpoints: Iterable[str] = ()) -> None:
        check_endpoint(spec.endpoint_url, allowed_endpoints)
        self.spec = spec
        self.endpoint_url = spec.endpoint_url
        self._accesses = spec.accesses()
        self._base = boto3.Session(botocore_session=_session())
        self._sessions: dict[str, boto3.Session] = {}
        self._clients: dict[tuple[str, str, str, bool], Any] = {}
        self._lock = threading.RLock()

    def client(self, service: str, account: str, region: str, *, once: bool = False) -> Any:
        """The client of one service in one account and Region. `once`: never repeats a request by itself."""
        name = (service, account, "us-east-1" if service in GLOBAL_SERVICES else region, once)
        with self._lock:
            if name not in self._clients:
                config = Config(
                    retries={"mode": "standard", "total_max_attempts": 1}
                    if once
                    else {"mode": self.retries, "total_max_attempts": ATTEMPTS},
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=self.read_seconds,
                    user_agent_extra="stowplan",
                    # As many as there can be workers: one client serves all of them.
                    max_pool_connections=CONNECTIONS,
                    s3={"addressing_style": "path"} if self.endpoint_url else {},
                )
                session = self._session(account, region)
                made = session.client(service, region_name=name[2], endpoint_url=self.endpoint_url, config=config)
                if self.endpoint_url and service == "s3control":
                    made.meta.events.register("before-call.s3-control", partial(_without_account, account))
                self._clients[name] = made
            return self._clients[name]

    def check(self, region: str) -> None:
        """Asks STS in every account of the target who we are. Raises TargetProblem where it is another account, or nobody."""
        for account, access in self._accesses.items():
            try:
                found = self.client("sts", account, region).get_caller_identity()["Account"]
            except (ConnectionError, HTTPClientError) as error:
                raise NotObserved(f"account {account}: AWS does not answer: {error}") from error
            except (ClientError, BotoCoreError) as error:
                who = f"role {access.role_arn}" if access.role_arn else "the credentials of boto3's own chain"
                raise TargetProblem(f"account {account}: {who} cannot be used: {error}") from error
            if found != account:
                raise TargetProblem(f"account {account}: the credentials are of account {found}")

    def _session(self, account: str, region: str) -> boto3.Session:
        access = self._accesses.get(account)
        if access is None:
            raise TargetProblem(f"account {account} is not part of the target")
        if access.role_arn is None:
            return self._base
        if account not in self._sessions:
            self._sessions[account] = self._assumed(access, region)
        return self._sessions[account]

    def _assumed(self, access: Access, region: str) -> boto3.Session:
        """A session that assumes the role and renews by itself before the hour is over."""
        base = self._base._session
        source = base.get_credentials()
        if source is None:
            raise TargetProblem(f"account {access.account}: no credentials in boto3's own chain to assume {access.role_arn} with")
        extra = {"RoleSessionName": SESSION_NAME, **({"ExternalId": access.external_id} if access.external_id else {})}
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=partial(base.create_client, region_name=region, endpoint_url=self.endpoint_url),
            source_credentials=source,
            role_arn=access.role_arn,
            extra_args=extra,
        )
        session = _session()
        session._credentials = DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method="assume-role")
        return boto3.Session(botocore_session=session)


def _session() -> botocore.session.Session:
    session = botocore.session.get_session()
    session.register_component("data_loader", DESCRIPTIONS)
    return session


def _without_account(account: str, params: dict[str, Any], **_: Any) -> None:
    """S3 Control puts the account before the host's name; an endpoint of one's own, e.g. an address of loopback, has no such names."""
    params["url"] = params["url"].replace(f"//{account}.", "//", 1)
