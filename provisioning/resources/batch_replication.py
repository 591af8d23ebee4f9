"""AWS::S3::BatchReplication: one job that replicates what an adopted bucket held before its replication. Made once, never changed.

S3 lists a job for 90 days after its end. After that its report in the report bucket still shows that it ran, so it is not made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from provisioning.names import BATCH
from provisioning.references import has_unknown
from provisioning.resources.base import (
    ABSENT,
    ASSESSMENT_TAG,
    RESOURCE_TAG,
    Call,
    Hazard,
    Observed,
    Place,
    Properties,
    ResourceType,
    read,
    tag_list,
    tag_map,
)
from provisioning.resources.bucket.objects import Existing, existing
from provisioning.resources.bucket.part import Bucket
from recommendations.prices import UnknownPrice, load_price_book

MEMBERS = ("RoleArn", "Description", "Priority", "Report")
ENDED_BADLY = ("Failed", "Cancelled")
# The replication rule and the role of a moment ago are not visible to S3 everywhere yet.
WAITS_FOR = frozenset({"InvalidRequest", "NoSuchBucket"})
MILLION = Decimal(10**6)


class BatchReplication(ResourceType):
    kind = BATCH
    reads = frozenset({"s3:ListJobs", "s3:DescribeJob", "s3:GetJobTagging", "s3:ListBucket", "s3:ListBucketVersions"})
    writes = frozenset({"s3:CreateJob", "s3:PutJobTagging", "iam:PassRole"})

    def observe(self, place: Place) -> Observed:
        found = [job for job in self._jobs(place) if self._tags(place, job["JobId"]).get(RESOURCE_TAG) == place.key]
        if not found:
            return ABSENT
        # The newest that did not fail, else the newest.
        best = max(found, key=lambda job: (job["Status"] not in ENDED_BADLY, job["CreationTime"]))
        described = read(
            lambda: place.client("s3control").describe_job(AccountId=place.account, JobId=best["JobId"])["Job"], "s3:DescribeJob"
        )
        job = described or {}
        properties = {name: job[name] for name in MEMBERS if name in job}
        source = job.get("ManifestGenerator", {}).get("S3JobManifestGenerator", {}).get("SourceBucket")
        tags = self._tags(place, best["JobId"])
        return Observed(True, best["JobId"], {"Bucket": source, **properties, "Tags": tags, "Status": job.get("Status")})

    def observe_wanted(self, place: Place, want: Mapping[str, Any]) -> Observed:
        found = self.observe(place)
        if found.exists or has_unknown(want):
            return found
        job = self._reported(place, want["Report"])
        # What the report of an ended job proves is what was asked for: the job itself S3 forgot.
        return Observed(True, job, {**want, "Status": "Complete"}) if job else found

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        return dict(observed.properties) if observed.exists else dict(want)

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        return {name: value for name, value in properties.items() if name != "Status"}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        if observed.exists:
            return []
        generator = {
            "SourceBucket": after["Bucket"],
            "ExpectedBucketOwner": place.account,
            "EnableManifestOutput": False,
            "Filter": {"EligibleForReplication": True, "ObjectReplicationStatuses": ["NONE", "FAILED"]},
        }
        parameters = {
            "AccountId": place.account,
            "ConfirmationRequired": False,
            "Operation": {"S3ReplicateObject": {}},
            "ManifestGenerator": {"S3JobManifestGenerator": generator},
            "ClientRequestToken": token(place),
            **{name: after[name] for name in MEMBERS},
            "Tags": tag_list(after["Tags"]),
        }
        words = f"Replicate what bucket {name_in(after['Bucket'])} holds already, once"
        return [Call("s3control", "create_job", parameters, words, "s3:CreateJob", creates=True, waits_for=WAITS_FOR)]

    def created_id(self, response: Mapping[str, Any]) -> str | None:
        return str(response["JobId"])

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        name = name_in(after["Bucket"])
        found = existing(Bucket(place.client("s3"), name, place.account), "")
        if found.count == 0:
            return []
        return [
            Hazard(
                "cost",
                f"The job copies {found} of bucket {name} to the other Region: {job_price(place.region, found)}, "
                "and with it the transfer, a request for each object and its storage there.",
            )
        ]

    def notes(self, place: Place, want: Mapping[str, Any], observed: Observed) -> list[str]:
        status = observed.properties.get("Status")
        if status not in ENDED_BADLY:
            return []
        return [f"{place.address}: job {observed.identity} ended as {status}. It is not made again; its report says why."]

    def _jobs(self, place: Place) -> list[dict[str, Any]]:
        """Replication jobs of the account and Region, listed once a plan."""

        def listed() -> list[dict[str, Any]]:
            rows = read(lambda: list(_pages(place)), "s3:ListJobs") or []
            return [job for job in rows if job.get("Operation") == "S3ReplicateObject"]

        return place.survey.once(("jobs", place.account, place.region), listed)

    def _tags(self, place: Place, job: str) -> dict[str, str]:
        """A job's tags; none of ours where they are another assessment's."""

        def told() -> dict[str, str]:
            found = read(lambda: place.client("s3control").get_job_tagging(AccountId=place.account, JobId=job), "s3:GetJobTagging")
            return tag_map((found or {}).get("Tags"))

        tags = place.survey.once(("job tags", place.account, place.region, job), told)
        return tags if tags.get(ASSESSMENT_TAG) == place.slug else {}

    def _reported(self, place: Place, report: Mapping[str, Any]) -> str | None:
        """The id of the job whose report lies under the prefix that only this resource writes to."""
        bucket, prefix = name_in(report["Bucket"]), f"{report['Prefix']}/job-"
        s3 = place.client("s3")
        absent = ("NoSuchBucket",)
        page = read(
            lambda: s3.list_objects_v2(Bucket=bucket, Prefix=prefix, ExpectedBucketOwner=place.account), "s3:ListBucket", absent=absent
        )
        keys = [row["Key"] for row in (page or {}).get("Contents", ())]
        return str(keys[0]).removeprefix(prefix).partition("/")[0] if keys else None


def _pages(place: Place) -> Iterator[dict[str, Any]]:
    """All jobs; boto3 has no paginator for them."""
    more: dict[str, str] = {}
    while True:
        page = place.client("s3control").list_jobs(AccountId=place.account, **more)
        yield from page.get("Jobs", ())
        if not page.get("NextToken"):
            return
        more = {"NextToken": page["NextToken"]}


def token(place: Place) -> str:
    """The same for every run of every machine, so that S3 itself refuses a second job."""
    return hashlib.sha256("\n".join((place.account, place.region, place.slug, place.key)).encode()).hexdigest()


def name_in(arn: str) -> str:
    """The name of a bucket by its ARN."""
    return arn.rpartition(":")[2]


def job_price(region: str, found: Existing) -> str:
    """What S3 charges for the job itself, in words."""
    book = load_price_book()
    try:
        fee = book.price(region, "s3_replication/batch_job")
        each = book.price(region, "s3_replication/batch_million_objects") + book.price(
            region, "s3_replication/batch_manifest_million_objects"
        )
    except UnknownPrice:
        return "its price in this Region is not in the price book"
    if found.count is None or found.more:
        return f"USD {fee} for the job and USD {each} for a million objects"
    return f"USD {fee + each * found.count / MILLION:.2f} for the job"
