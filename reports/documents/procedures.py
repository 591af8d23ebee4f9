"""Standard procedures of the operations guide. Sources: AWS documentation of S3 replication, KMS key deletion, DLM and CloudTrail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Procedure:
    """When it is done, its steps, and how one knows that it is done. `needs`: the resource type without which it does not apply."""

    title: str
    when: str
    steps: tuple[str, ...]
    proof: str
    needs: str | None = None


ROUTINES = (
    Procedure(
        "Check that copies arrive",
        "Every working day, and after each alarm",
        (
            "Look at the alarms of the last day; an alarm without data counts as a failure.",
            "For each workload compare the age of the newest copy with its data-loss target.",
            "Write down what is missing, tell its owner, and start the matching procedure on an alarm.",
        ),
        "Every newest copy is younger than its target.",
    ),
    Procedure(
        "Rehearse a restore",
        "As in the calendar",
        (
            "Choose a workload, an event and a copy; note the time at which you start.",
            "Follow the runbook in an isolated place; never over live data.",
            "Have the owner prove the result as the runbook says.",
            "Note the time at which it was proven, compare with the target, delete what was restored.",
            "File the record; change the runbook where it was wrong.",
        ),
        "A signed record with both times, kept with the evidence.",
    ),
    Procedure(
        "Review who may delete",
        "Every quarter",
        (
            "List who holds the roles that may delete copies, change retention or administer keys.",
            "Ask the owner of each account to confirm each person; remove the others.",
            "Check that nobody has both production and backup accounts.",
        ),
        "A list with a date and the owners' yes.",
    ),
    Procedure(
        "Change what is kept, or add a workload",
        "When needs change",
        (
            "Change the answers, not the settings in AWS: a setting changed by hand is found as drift and has no reason on record.",
            "Make the design, read what changed, have it approved.",
            "Plan, read the hazards, apply, file the evidence.",
        ),
        "The new digest is approved and a second plan says that nothing is to change.",
    ),
)
FAILURES = (
    Procedure(
        "A copy did not arrive",
        "The alarm on missing dumps, snapshots or recovery points",
        (
            "Find out whether the source ran: its own log says so.",
            "If it ran, look for a denied call in CloudTrail: a changed role, key policy or bucket policy is the usual cause.",
            "Mend the cause and start the copy by hand.",
            "If the newest copy is now older than the data-loss target, tell the owner.",
        ),
        "A copy younger than the target is there and can be opened.",
    ),
    Procedure(
        "Replication falls behind or fails",
        "The alarm on replication time or failed replication",
        (
            "Look at the bucket's replication metrics: pending bytes, latency, failed operations.",
            "Failed operations: check the replication role, the key in the second Region and versioning of both buckets.",
            "After mending, have S3 Batch Replication copy what failed; new objects follow by themselves.",
        ),
        "No failed operation and a latency within the target for an hour.",
        "AWS::S3::Bucket",
    ),
    Procedure(
        "Snapshots fail",
        "The alarm on failed DLM policies, or on volumes that no policy finds",
        (
            "See the policy's state and its last events; a policy in state ERROR makes no snapshots.",
            "Check the tag on the volumes, the role of the policy and the key's policy.",
            "Make a snapshot by hand until the policy works again.",
        ),
        "The next snapshot of each volume is complete.",
        "AWS::DLM::LifecyclePolicy",
    ),
    Procedure(
        "A key is to be deleted or disabled",
        "The alarm on ScheduleKeyDeletion or DisableKey",
        (
            "Cancel the deletion at once: cancel-key-deletion, then enable-key. After the waiting period everything under the key is lost.",
            "Find out in CloudTrail who did it, and treat it as an attack until proven otherwise.",
            "Take key administration from that person until it is clear.",
        ),
        "The key is enabled and a test object can be read.",
        "AWS::KMS::Key",
    ),
    Procedure(
        "The audit trail stops",
        "The alarm on StopLogging, DeleteTrail or UpdateTrail",
        (
            "Start it again: start-logging, or apply the approved design.",
            "Validate the log files of the time before: validate-logs.",
            "Find out who did it; the gap in the record is part of the incident report.",
        ),
        "The trail logs, and the digest files of the gap are explained.",
        "AWS::CloudTrail::Trail",
    ),
    Procedure(
        "Ransomware or a rogue administrator",
        "Many deletions or overwrites, a ransom note, an unknown role",
        (
            "Stop it: disable the sessions and keys in use, isolate the machines. Do not pay, do not delete, do not switch off.",
            "Call the people on the emergency page; one person leads and writes down times.",
            "Find the last good moment, from logs and from the owners.",
            "Restore into a clean account by the runbook of each workload, in the order of their dependencies.",
            "Have each owner prove the data before it goes live.",
        ),
        "Each workload is proven by its owner, and the way in is closed.",
    ),
)
