"""Workloads that share a tag share one policy, which keeps each kind of copy as long as any of them asks; here is whom that hurts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from recommendations.backups import in_vault
from recommendations.facts import kept_days
from recommendations.findings_model import OPERATIONS, SECURITY, Finding, FindingParts, WorkloadPart, finding
from recommendations.places import home


def shared_tags(parts: FindingParts) -> Iterator[Finding]:
    """A workload whose copies outlive its record class because another one with its tag keeps them longer."""
    groups: dict[object, list[WorkloadPart]] = {}
    for part in parts.workloads:
        vault = in_vault(part.decisions)
        if vault or part.decisions.value("dlm", "every_hours") != "none":
            groups.setdefault((vault, home(part.facts, parts.customer), part.facts.tag), []).append(part)
    for members in groups.values():
        longest = max(members, key=_days)
        for part in members:
            most = part.facts.class_max_days
            if part is not longest and most is not None and max(most, _days(part)) < _days(longest):
                yield _finding(part, longest, most)


def _finding(part: WorkloadPart, longest: WorkloadPart, most: int) -> Finding:
    sentence = (
        f"Its tag {'='.join(part.facts.tag)} is also that of {longest.facts.name}, so its copies live {_days(longest)} days;"
        f" its record class ends after {most}."
    )
    table = "backup_plan" if in_vault(part.decisions) else "dlm"
    answers = ("wl_tags", "wl_retain", "wl_class")
    return finding("tag-shared-with-longer", "high", SECURITY, part.key, sentence, "Give it a tag of its own.", answers, table)


def shared_policies(parts: FindingParts) -> Iterator[Finding]:
    """Accounts and Regions in which tags share snapshot policies, as the quota asks: one finding, which says what alarms then miss."""
    counts: Counter[tuple[str, str]] = Counter()
    tags: Counter[tuple[str, str]] = Counter()
    for one in parts.resources:
        if one["type"] == "AWS::DLM::LifecyclePolicy":
            place = one["account_alias"] or one["account_role"], one["region"]
            counts[place] += 1
            tags[place] += len(one["properties"]["PolicyDetails"]["TargetTags"])
    shared = [place for place in sorted(counts) if tags[place] > counts[place]]
    if shared:
        where = "; ".join(f"{tags[one]:,} tags share {counts[one]:,} snapshot policies in account {one[0]} in {one[1]}" for one in shared)
        sentence = (
            f"{where}: AWS allows 100 a Region. Alarms watch a policy, so a tag that no resource carries any more is hidden "
            "while its neighbours succeed."
        )
        fix = "Compare the tags in use with those of the design now and then, or spread the workloads over more accounts."
        yield finding("snapshot-policies-shared", "low", OPERATIONS, None, sentence, fix, ("wl_tags", "wl_account"), "dlm")


def _days(part: WorkloadPart) -> int:
    """How far back its longest-lived copies reach."""
    return max((kept_days(kind, count) for kind, count in part.facts.copies.items()), default=0)
