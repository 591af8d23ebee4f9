"""AWS::S3::AccountPublicAccessBlock: no bucket of an account can be public. One an account; all four switches on, never off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from provisioning.names import ACCOUNT_ACCESS
from provisioning.resources.base import Call, Denied, Hazard, Observed, Place, Properties, ResourceType, read
from provisioning.resources.bucket.access import BLOCKS
from provisioning.resources.bucket.policy import is_public

EVERYBODY = ("http://acs.amazonaws.com/groups/global/AllUsers", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers")
NAMED = 10


class AccountPublicAccess(ResourceType):
    kind = ACCOUNT_ACCESS
    reads = frozenset({"s3:GetAccountPublicAccessBlock", "s3:ListAllMyBuckets", "s3:GetBucketPolicy", "s3:GetBucketAcl"})
    writes = frozenset({"s3:PutAccountPublicAccessBlock"})

    def observe(self, place: Place) -> Observed:
        found = read(
            lambda: place.client("s3control").get_public_access_block(AccountId=place.account)["PublicAccessBlockConfiguration"],
            "s3:GetAccountPublicAccessBlock",
            absent=("NoSuchPublicAccessBlockConfiguration",),
        )
        return Observed(True, place.account, {name: bool((found or {}).get(name)) for name in BLOCKS})

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        return dict.fromkeys(BLOCKS, True)

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        return dict(properties)

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        if after == observed.properties:
            return []
        parameters = {"AccountId": place.account, "PublicAccessBlockConfiguration": dict(after)}
        words = f"Block public access to every bucket of account {place.account}"
        return [Call("s3control", "put_public_access_block", parameters, words, "s3:PutAccountPublicAccessBlock")]

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        """Counts the buckets that are open now, whoever's they are. How many there are is left out: what was accepted must still hold
        when the run that makes some of them is taken up again."""
        s3 = place.client("s3")
        try:
            names = read(lambda: [row["Name"] for row in s3.list_buckets()["Buckets"]], "s3:ListAllMyBuckets") or []
        except Denied:
            return [
                Hazard("foreign", f"Whatever is open to the public in account {place.account} is closed; its buckets may not be listed.")
            ]
        opened, unseen = [], 0
        for name in sorted(names):
            try:
                if _is_open(s3, name):
                    opened.append(name)
            except Denied:
                unseen += 1
        if not opened and not unseen:
            return []
        more = f" and {len(opened) - NAMED} more" if len(opened) > NAMED else ""
        listed = f": {', '.join(opened[:NAMED])}{more}" if opened else ""
        dark = f" {unseen} of them may not be looked at." if unseen else ""
        are = "bucket is" if len(opened) == 1 else "buckets are"
        sentence = f"In account {place.account} {len(opened)} {are} open to the public, which this ends{listed}."
        return [Hazard("foreign", f"{sentence}{dark}")]


def _is_open(s3: Any, name: str) -> bool:
    """Whether a bucket's policy or list of grants lets everybody in. Raises Denied."""
    text = read(lambda: s3.get_bucket_policy(Bucket=name)["Policy"], "s3:GetBucketPolicy", absent=("NoSuchBucketPolicy", "NoSuchBucket"))
    statements = json.loads(text)["Statement"] if text else []
    if any(is_public(one) for one in ([statements] if isinstance(statements, Mapping) else statements)):
        return True
    acl = read(lambda: s3.get_bucket_acl(Bucket=name), "s3:GetBucketAcl", absent=("NoSuchBucket",)) or {}
    return any(grant.get("Grantee", {}).get("URI") in EVERYBODY for grant in acl.get("Grants", ()))
