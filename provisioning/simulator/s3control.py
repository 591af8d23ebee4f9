"""S3 Control as moto has it, with batch jobs, which moto has not. A replication job ends at once and leaves its report.

Sources: botocore's model of s3control; S3 user guide, "Replicating existing objects with Batch Replication" and "Examples of completion
reports" (`PREFIX/job-ID/manifest.json`).
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.moto_api._internal import mock_random
from moto.s3.models import s3_backends
from moto.s3control.responses import S3ControlResponse

from provisioning.simulator import shapes
from provisioning.simulator.s3.configurations import bucket_of_any_account, kept

URLS = (r"{0}/v20180820/jobs$", r"{0}/v20180820/jobs/(?P<id>[^/]+)$", r"{0}/v20180820/jobs/(?P<id>[^/]+)/tagging$")
MARK = "simulated_jobs"


class JobRefused(ServiceException):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class JobResponse(S3ControlResponse):
    def create_job(self) -> ActionResult:
        request = self._get_params()
        shape = shapes.service_model("s3control").operation_model("CreateJob").input_shape
        for problem in [*shapes.problems(request, shape), *self._refusals(request)]:
            raise JobRefused("InvalidRequest", problem)
        jobs = self._jobs()
        for job in jobs.values():
            if job["Token"] == request["ClientRequestToken"]:
                return ActionResult({"JobId": job["JobId"]})
        now = datetime.now(UTC)
        job = {**request, "Token": request["ClientRequestToken"], "JobId": str(mock_random.uuid4()), "Status": "Complete"}
        source = bucket_of_any_account(_name(job["ManifestGenerator"]["S3JobManifestGenerator"]["SourceBucket"]))
        total = sum(1 for _ in source.keys.values())
        summary = {"TotalNumberOfTasks": total, "NumberOfTasksSucceeded": total, "NumberOfTasksFailed": 0}
        jobs[job["JobId"]] = {**job, "CreationTime": now, "TerminationDate": now, "ProgressSummary": summary}
        self._report(job)
        return ActionResult({"JobId": job["JobId"]})

    def describe_job(self) -> ActionResult:
        job = self._job()
        names = shapes.service_model("s3control").operation_model("DescribeJob").output_shape.members["Job"].members
        found = {name: value for name, value in job.items() if name in names}
        return ActionResult({"Job": {**found, "JobArn": self._arn(job), "Operation": job["Operation"]}})

    def list_jobs(self) -> ActionResult:
        rows = [
            {
                **{name: job[name] for name in ("JobId", "Description", "Priority", "Status", "CreationTime", "TerminationDate")},
                "Operation": next(iter(job["Operation"])),
                "ProgressSummary": job["ProgressSummary"],
            }
            for job in self._jobs().values()
        ]
        return ActionResult({"Jobs": rows})

    def get_job_tagging(self) -> ActionResult:
        return ActionResult({"Tags": self._job().get("Tags", [])})

    def put_job_tagging(self) -> EmptyResult:
        self._job()["Tags"] = self._get_params()["Tags"]
        return EmptyResult()

    def _jobs(self) -> dict[str, dict[str, Any]]:
        """Jobs of this account and Region: an attribute of ours on moto's backend, gone with it."""
        found: dict[str, dict[str, Any]] = vars(self.backend).setdefault(MARK, {}).setdefault(self.region, {})
        return found

    def _job(self) -> dict[str, Any]:
        job = self._jobs().get(self._get_param("JobId"))
        if job is None:
            raise JobRefused("NoSuchJob", "The specified job does not exist.")
        return job

    def _arn(self, job: dict[str, Any]) -> str:
        return f"arn:aws:s3:{self.region}:{self.current_account}:job/{job['JobId']}"

    def _refusals(self, request: dict[str, Any]) -> Iterator[str]:
        """What S3 refuses although it fits the schema."""
        if request.get("Operation") != {"S3ReplicateObject": {}}:
            yield "The simulator knows replication jobs only."
            return
        generator = request.get("ManifestGenerator", {}).get("S3JobManifestGenerator", {})
        source = bucket_of_any_account(_name(generator.get("SourceBucket", "")))
        if source is None or source.account_id != self.current_account:
            yield "The source bucket does not exist or belongs to another account."
        elif "replication" not in kept(source):
            yield "The source bucket has no replication configuration."
        role = re.fullmatch(r"arn:aws:iam::(\d{12}):role/(.+)", request.get("RoleArn", ""))
        if role is None or role[1] != self.current_account:
            yield "The role does not exist in this account."
        report = request.get("Report", {})
        if report.get("Enabled") and bucket_of_any_account(_name(report.get("Bucket", ""))) is None:
            yield "The bucket of the report does not exist."

    def _report(self, job: dict[str, Any]) -> None:
        """The report that S3 leaves behind."""
        report = job["Report"]
        if not report["Enabled"]:
            return
        name = _name(report["Bucket"])
        partition, account = s3_backends.bucket_accounts[name]
        text = json.dumps({"Format": report["Format"], "ReportCreationDate": datetime.now(UTC).isoformat(), "Results": []})
        key = f"{report['Prefix']}/job-{job['JobId']}/manifest.json"
        s3_backends[account][partition].put_object(name, key, text.encode())


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]
