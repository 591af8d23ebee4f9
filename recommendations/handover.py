"""What a design decides but `apply` does not make: it is handed over, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from recommendations import words
from recommendations.backups import copy_places, in_vault
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.parts import Part
from recommendations.places import home
from recommendations.resources.backup_evidence import wanted
from recommendations.resources.common import takes_tag
from recommendations.resources.restore_tests import tested_types

GATEWAYS = ("rman-file-gateway", "native-backup-file-gateway", "dump-file-gateway")


def handover_of(customer: CustomerFacts, parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The customer's items first, then each workload's."""
    found = [{"workload": None, "what": what, "why": why} for what, why in _customer(customer, parts)]
    for part in parts:
        found += [{"workload": part.key, "what": what, "why": why} for what, why in _workload(part, customer)]
    return found


def _customer(customer: CustomerFacts, parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    if customer.separate_account == "create":
        yield "Create a backup account and name it in aws_accounts.", "Copies are to stand out of the reach of production administrators."
    if customer.key_owner == "separate-account" and all(a["account"] != customer.key_account for a in customer.accounts):
        yield (
            "Name the account that holds the keys, with its number, among the accounts.",
            "Until then the keys are designed beside what they encrypt.",
        )
    if customer.encryption == "external-key-store":
        yield (
            "Connect the external key store and make its keys, then design again.",
            "No bucket is made before: it would hold data under a key that lies inside AWS.",
        )
    if customer.hold != "never":
        yield (
            "Name who may set and lift legal holds, and grant them s3:PutObjectLegalHold.",
            "A held object outlives every lifecycle rule; AWS sets no hold by itself.",
        )
    refused = [name for name in customer.tags if not takes_tag("AWS::DLM::LifecyclePolicy", name, customer.tags[name])]
    if refused and any(part.schedules for part in parts):
        yield (
            f"Choose other keys for the tags {words.listed(refused)}, or do without them on snapshot policies.",
            "Data Lifecycle Manager takes letters, digits and . : / + - = _ in tag keys only.",
        )
    yield from _vaults(customer, [part for part in parts if in_vault(part.decisions)])
    yield from _alerts(customer)


def _alerts(customer: CustomerFacts) -> Iterator[tuple[str, str]]:
    """What people do before an alarm reaches one of them."""
    if customer.alerts:
        yield (
            f"Confirm the mails of AWS at {words.listed(list(customer.alerts))}: one from each account and Region.",
            "An address receives nothing before somebody follows the link in it; AWS forgets it after two days, then apply asks again.",
        )
    if customer.channels:
        yield (
            f"Connect {words.listed(list(customer.channels))} to the topics of each account and Region, and prove it with a test message.",
            "They need an account or a number of their own, which the answers do not hold.",
        )
    if not customer.alerts and not customer.channels:
        yield (
            "Name who is told of a failure in ops_alert, then design again.",
            "Topics, rules and alarms are made all the same; an alarm that nobody receives is no alarm.",
        )


def _vaults(customer: CustomerFacts, parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    """What AWS Backup needs once an account or organisation, which nobody but its owner may turn on."""
    if not parts:
        return
    kinds = words.listed(sorted({kind for part in parts for kind in services(part.facts)}))
    yield (
        f"Turn AWS Backup on for {kinds}, in each account and Region (service opt-in).",
        "Without it a plan finds nothing by tag, and says nothing; the setting holds for the whole account.",
    )
    by_hand = [part.facts.name for part in parts if not tested_types(part.facts)]
    if by_hand:
        yield (
            f"Rehearse the restore of {words.listed(by_hand)} by hand, as the drill calendar says.",
            "Restore testing of AWS Backup does not restore this type of resource.",
        )
    if wanted(customer):
        yield (
            "Turn on AWS Config in each account whose copies AWS Backup keeps, for the types that it backs up.",
            "The framework's controls are evaluated by AWS Config; without a recorder they show nothing.",
        )
    pairs = [(home(part.facts, customer), place) for part in parts for place in copy_places(part.facts, customer, part.decisions)]
    if any(own.name != place.name for own, place in pairs):
        yield (
            "Turn on cross-account backup of AWS Backup in the management account; all accounts have to be in one organization.",
            "AWS refuses a copy into another account before; Stowplan does not reach the management account.",
        )


def services(workload: WorkloadFacts) -> tuple[str, ...]:
    """What AWS Backup calls the resources of a workload in its service opt-in."""
    if workload.where != "aws":
        return ("VirtualMachine",)
    if workload.kind == "database":
        managed = ("DocumentDB", "DynamoDB", "Neptune", "Redshift", "Timestream")
        return {"rds": ("RDS",), "aurora": ("Aurora",)}.get(workload.db_host, managed)
    return ("EFS", "FSx") if workload.kind == "file-share" else ("EBS", "EFS")


def _workload(part: Part, customer: CustomerFacts) -> Iterator[tuple[str, str]]:
    yield from _sources(part, customer)
    if part.has_bucket:
        yield from _bucket(part, customer)
    if part.schedules:
        yield from _snapshots(part, customer)


def _sources(part: Part, customer: CustomerFacts) -> Iterator[tuple[str, str]]:
    """How the data reaches AWS."""
    d, facts = part.decisions, part.facts
    method = d.value("database_path", "method")
    hit = d.hit("database_path")
    if hit and d.in_bucket:
        gateway = " with an S3 File Gateway" if method in GATEWAYS else ""
        what = "log backups" if d.path == "dlm" else "backups"
        yield f"Set up the {what} of {facts.engine}{gateway} into the bucket.", hit.row.because
    if d.path == "s3-landing":
        yield (
            "A DataSync task (or a File Gateway) from the source into the bucket.",
            "The source is outside AWS; Stowplan does not reach it.",
        )
    if d.path == "export":
        yield "The export job of the provider's data into the bucket.", "Only the provider's own interface gives the data out."
    if d.path == "backup-gateway":
        yield (
            "Install the Backup gateway appliance beside the virtual machines.",
            "AWS Backup reaches machines outside AWS through it only.",
        )
    if facts.tag_proposed and facts.where == "aws" and d.path in ("dlm", "aws-backup"):
        yield (
            f"Put the tag {'='.join(facts.tag)} on the resources of this workload.",
            "Snapshots and backups find their resources by tag; what has no tag is silently not protected.",
        )
    if d.value("dr_strategy", "strategy") in ("warm-standby", "pilot-light", "multi-site") and facts.kind == "database":
        yield (
            f"A running replica of the database for the recovery strategy ({d.value('dr_strategy', 'strategy')}).",
            "Copies by schedule are too old or too slow for the targets; AWS DMS, Elastic Disaster Recovery or the engine's own serve.",
        )


def _bucket(part: Part, customer: CustomerFacts) -> Iterator[tuple[str, str]]:
    d, facts = part.decisions, part.facts
    if d.value("monitoring", "watch") == "arrival-missing":
        yield (
            "Let the job that writes these copies publish to the topic of its account when it fails, and watch that it started.",
            "S3 has no metric of what did not arrive; only the job knows when it should have.",
        )
    if facts.bucket:
        yield (
            f"Check who reads {facts.bucket} without credentials of the account, or over plain HTTP, before the plan is applied.",
            "Public access is blocked and TLS demanded; encryption changes for new objects only.",
        )
        if d.lock:
            yield (
                "One S3 Batch Operations job that locks the objects that are there already.",
                "A default retention covers new objects only.",
            )
    if d.lock and len(d.tracks) > 1 and facts.class_min_days:
        yield (
            f"The copy job sets a retention of {words.days(facts.class_min_days)} on each of the long-kept copies that it writes.",
            "A bucket has one default retention, that of its shortest-lived copies.",
        )
    wants_account = d.value("iam", "separation") == "account" and facts.xacct != "not-needed"
    if wants_account and not d.replicated:
        yield (
            "Same-Region replication into the backup account.",
            "A copy out of the account's reach is wanted, and no other Region takes one.",
        )


def _snapshots(part: Part, customer: CustomerFacts) -> Iterator[tuple[str, str]]:
    facts = part.facts
    if facts.consistency in ("application", "transaction-log"):
        yield (
            "Pre and post scripts (or VSS) by AWS Systems Manager for the instances of this workload.",
            "Without them a snapshot is only what a power failure would leave.",
        )
    if part.decisions.value("iam", "separation") == "account" and facts.xacct != "not-needed":
        yield (
            "Share the snapshots with the backup account and copy them there.",
            "Data Lifecycle Manager copies within its own account; a second policy in the backup account takes the shared ones over. "
            "A snapshot under the key aws/ebs cannot be shared: give its volume a customer managed key first.",
        )
    if customer.immutable != "none" and facts.immutable != "not-needed":
        yield "A Recycle Bin rule and snapshot locks for these snapshots.", "An administrator could otherwise delete them at once."
