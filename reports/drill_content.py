"""Drill sheets: what is rehearsed in each drill of a workload, with the commands and names of this design.

One sheet for each way back: events that come back by the same steps share one. Sources of the commands: AWS CLI reference of `s3api`,
`ec2` and `backup`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recommendations.recovery_points import DLM
from reports import display
from reports.names import name_in_aws
from reports.sentences import told
from reports.wording import small, tr
from reports.workload_content import WorkloadView

Plain = Mapping[str, Any]
BUCKET, VAULT, TESTING = "AWS::S3::Bucket", "AWS::Backup::BackupVault", "AWS::Backup::RestoreTestingPlan"
AWAY = ("region-loss", "account-loss")
SLOW = ("GLACIER", "DEEP_ARCHIVE")
ROUND = {1: "every month", 3: "every quarter", 6: "every half-year", 12: "every year"}


@dataclass(frozen=True)
class Sheet:
    """One drill of one workload. `steps` are (what, time by the design); `commands` (what for, command)."""

    id: str
    title: str
    purpose: str
    events: tuple[str, ...]
    mechanism: str
    source: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    commands: tuple[tuple[str, str], ...]
    automatic: str
    rto: str
    rto_target: str
    rpo: str
    rpo_target: str
    expected_to_miss: bool
    remove: str


@dataclass(frozen=True)
class Plan:
    """The drills of one workload: how often, the first when, and its sheets in the order in which they are taken."""

    workload: WorkloadView
    often: str
    first: str
    sheets: tuple[Sheet, ...]


def plans_of(document: Plain, views: Iterable[WorkloadView]) -> tuple[Plan, ...]:
    """The calendar of drills with its sheets, in the order of the workloads. Workloads without a drill or without a way back have none."""
    drills = {one["workload"]: one for one in document.get("drills") or ()}
    own: dict[str, list[Plain]] = {}
    for one in document["resources"]:
        for key in one["workloads"] or ():
            own.setdefault(key, []).append(one)
    found = []
    for view, workload in zip(views, document["workloads"], strict=True):
        drill = drills.get(view.key)
        if not drill:
            continue
        groups = ways_back(workload)
        sheets = tuple(
            sheet_of(document, view, workload, entries, own.get(view.key, ()), drill, place) for place, entries in enumerate(groups, 1)
        )
        if sheets:
            often = tr(ROUND.get(drill["every_months"], "")) or tr("every {count} months").format(count=drill["every_months"])
            first = tr("within {time} of applying the design").format(time=display.days_text(drill["first_within_days"]))
            found.append(Plan(view, often, first, sheets))
    return tuple(found)


def ways_back(workload: Plain) -> list[list[Plain]]:
    """Recovery entries that restore something, those with the same mechanism and steps together. The commonest event comes first."""
    groups: dict[tuple[Any, ...], list[Plain]] = {}
    for entry in workload.get("recovery") or ():
        steps = tuple((step["what"], step.get("duration")) for step in entry.get("steps") or ())
        if steps and entry.get("rto") not in (None, "0m"):
            groups.setdefault((entry["mechanism"], steps), []).append(entry)
    return list(groups.values())


def sheet_of(
    document: Plain, view: WorkloadView, workload: Plain, entries: list[Plain], own: Iterable[Plain], drill: Plain, place: int
) -> Sheet:
    entry = entries[0]
    events = tuple(display.disruption_text(one["disruption"]) for one in entries)
    source = sources(entry["disruption"], workload, list(own))
    named = tuple(f"{name_in_aws(document, one)} ({one.get('account_alias') or one['account_role']}, {one['region']})" for one in source)
    testing = drill.get("resource") if entry["disruption"] not in AWAY else None
    targets = [one for one in entries if one.get("rto_target")] or entries
    strictest = min(targets, key=lambda one: display.duration_of(one.get("rto_target")) or display.ENDLESS)
    return Sheet(
        id=f"{view.anchor}-drill-{place}",
        title=f"{view.name}: {small(events[0])}",
        purpose=tr("Show that {name} comes back after {events}, how long it takes, and how much is lost.").format(
            name=view.name, events=join_words(events)
        ),
        events=events,
        mechanism=told(entry["mechanism"]),
        source=named,
        steps=tuple((told(step["what"]), display.duration_text(step.get("duration"))) for step in entry["steps"]),
        commands=tuple((tr(what), command) for what, command in commands_of(document, workload, source)),
        automatic=testing or "",
        rto=display.duration_text(entry.get("rto")),
        rto_target=display.duration_text(strictest.get("rto_target")),
        rpo=display.duration_text(entry.get("rpo")),
        rpo_target=display.duration_text(strictest.get("rpo_target")),
        expected_to_miss=any(one.get("rto_met") is False or one.get("rpo_met") is False for one in entries),
        remove=tr(removal(source)),
    )


def join_words(items: Iterable[str]) -> str:
    """`a, b or c` in small letters; names of the glossary keep theirs."""
    words = [small(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {tr('or')} {words[-1]}"


def sources(event: str, workload: Plain, own: list[Plain]) -> list[Plain]:
    """What a drill restores from: after the loss of a Region or account the copies elsewhere, else those beside the data."""
    home = (workload.get("account_alias"), workload.get("region"))
    found = []
    for one in own:
        if one["type"] == BUCKET and one["key"].startswith("reports"):
            continue
        if one["type"] in (BUCKET, VAULT, DLM):
            away = one["key"].startswith("replica-") or (one["type"] == VAULT and (one.get("account_alias"), one["region"]) != home)
            if one["type"] == DLM or away == (event in AWAY):
                found.append(one)
    # A copy in another Region does not help when the account is lost, nor one in another account of a lost Region.
    lost = 1 if event == "region-loss" else 0
    if event in AWAY:
        found.sort(key=lambda one: (one.get("account_alias"), one["region"])[lost] == home[lost])
    return found[:1]


def commands_of(document: Plain, workload: Plain, source: Iterable[Plain]) -> Iterable[tuple[str, str]]:
    """Commands that find a copy, bring it back, and watch it; words in capitals are filled in."""
    for one in source:
        name, region = name_in_aws(document, one), one["region"]
        if one["type"] == BUCKET:
            yield "Find the copy", f"aws s3api list-object-versions --bucket {name} --prefix PREFIX --max-items 50 --region {region}"
            if any(cls in str(workload.get("lifecycle")) for cls in SLOW):
                request = "'Days=7,GlacierJobParameters={Tier=Standard}'"
                yield (
                    "Open it, where it is in an archive class",
                    f"aws s3api restore-object --bucket {name} --key KEY --version-id VERSION "
                    f"--restore-request {request} --region {region}",
                )
            yield "Bring it back", f"aws s3api get-object --bucket {name} --key KEY --version-id VERSION FILE --region {region}"
        elif one["type"] == DLM:
            yield from snapshot_commands(document, region)
        else:
            yield from vault_commands(name, region)


def snapshot_commands(document: Plain, region: str) -> Iterable[tuple[str, str]]:
    slug = document["engagement"]["slug"]
    yield (
        "Find the snapshots",
        f"aws ec2 describe-snapshots --owner-ids self --region {region} "
        "--filters Name=tag:stowplan:schedule,Values=daily Name=volume-id,Values=VOLUME",
    )
    tags = f"'ResourceType=volume,Tags=[{{Key=stowplan:drill,Value={slug}}}]'"
    yield (
        "Make a volume of each",
        f"aws ec2 create-volume --snapshot-id SNAPSHOT --availability-zone ZONE --volume-type gp3 "
        f"--tag-specifications {tags} --region {region}",
    )
    yield (
        "Attach it to a test instance",
        f"aws ec2 attach-volume --volume-id VOLUME --instance-id INSTANCE --device /dev/sdf --region {region}",
    )


def vault_commands(name: str, region: str) -> Iterable[tuple[str, str]]:
    yield "Find the recovery point", f"aws backup list-recovery-points-by-backup-vault --backup-vault-name {name} --region {region}"
    point = "--recovery-point-arn POINT"
    yield (
        "Take what it was made with",
        f"aws backup get-recovery-point-restore-metadata --backup-vault-name {name} {point} --region {region}",
    )
    yield (
        "Restore it under another name",
        f"aws backup start-restore-job {point} --iam-role-arn ROLE --metadata file://metadata.json --region {region}",
    )
    yield "Watch it", f"aws backup describe-restore-job --restore-job-id JOB --region {region}"


def removal(source: Iterable[Plain]) -> str:
    """What is taken away at the end, so that the drill leaves no cost and no open copy of the data."""
    kinds = {one["type"] for one in source}
    if DLM in kinds:
        return "Detach and delete every volume with the tag stowplan:drill, and end the test instance."
    if VAULT in kinds:
        return "Delete the restored resource; keep the restore job's record."
    return "Delete the restored files from the test place; opened archive copies close by themselves after seven days."
