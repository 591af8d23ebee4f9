"""What AWS Backup takes of one workload: when, for how long, in which window, copied to where (aws-facts section f).

Times are the customer's own: AWS Backup takes a time zone with each rule, so that a copy stays in the night when the clocks change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from recommendations import recovery_figures as figures
from recommendations.decisions import VAULT_PATHS, Decisions
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.places import Place, abroad, home, listed
from recommendations.schedules import UNITS, Asked, asked_start, schedules_of, start_of

# Hours between two jobs of each plan of the `backup_plan` table that runs by schedule.
PLANS: Mapping[str, int] = {"hourly": 1, "four-hourly": 4, "twelve-hourly": 12, "daily": 24}
CONTINUOUS_DAYS = 35
# Create and restore 100 years at most (AWS Backup: DeleteAfterDays and MaxRetentionDays end at 36,500).
LONGEST_DAYS = 36_500
KINDS = 6
START_MINUTES = 60
# A job that is not done when its completion window ends is cancelled; AWS's own default is seven days.
WEEK_MINUTES, WEEK_HOURS = 7 * 24 * 60, 7 * 24
NIGHT_ENDS, WEEKEND_MINUTES = 6, 23 * 60
# Databases: one copy action reaches another Region or another account, not both at once (aws-facts section f).
NO_DOUBLE_STEP = ("database",)


@dataclass(frozen=True)
class Rule:
    """One rule of a backup plan. `kind` names it; `cron` has six fields in `zone`; recovery points live `days` days.

    `completion` is in minutes; `every_hours` is 0 for what runs less than daily.
    """

    kind: str
    cron: str
    zone: str
    days: int
    completion: int
    every_hours: int = 0
    continuous: bool = False
    copied: bool = False


def in_vault(decisions: Decisions) -> bool:
    """Whether vaults are made for the workload. A key outside AWS has to be connected first; until then nothing is stored."""
    planned = decisions.path in VAULT_PATHS and decisions.value("backup_plan", "plan") != "none"
    return planned and decisions.value("encryption", "mode") != "external-key"


def copy_places(workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> tuple[Place, ...]:
    """Where copies of the recovery points stand: of a Region and an account at once where AWS Backup copies to both in one step."""
    own = home(workload, customer)
    away = customer.dr if decisions.replicated else None
    apart = decisions.value("iam", "separation") == "account" and workload.xacct != "not-needed"
    backup = listed(customer, "backup")
    if workload.kind in NO_DOUBLE_STEP:
        near = (Place("backup", backup, customer.primary),) if apart else ()
        return (*((Place(own.role, own.alias, away),) if away else ()), *near)
    if away:
        return (abroad(workload, customer, away),)
    return (Place("backup", backup, customer.primary),) if apart else ()


def copied_every(target: timedelta) -> timedelta:
    """How often a continuous backup has to be copied elsewhere: the longest interval of AWS Backup that keeps `target`, else an hour."""
    intervals = (timedelta(hours=hours) for hours in sorted(PLANS.values(), reverse=True))
    return next((gap for gap in intervals if gap + figures.BACKUP_START < target), timedelta(hours=1))


def continuous_days(workload: WorkloadFacts) -> int:
    """Days of a continuous backup: as long as AWS allows and the record class does."""
    return min(CONTINUOUS_DAYS, max(workload.class_max_days or CONTINUOUS_DAYS, 1))


def rules_of(workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> tuple[Rule, ...]:
    """The rules of a workload's plan, densest first; the continuous one, where there is one, before them. Empty without a plan."""
    plan = decisions.value("backup_plan", "plan")
    if plan == "none":
        return ()
    asked = asked_start(workload, customer.zone)
    copies = bool(copy_places(workload, customer, decisions))
    found: list[Rule] = []
    hours = PLANS.get(plan, 24)
    if plan == "continuous":
        cron = expression("daily", 24, asked)
        found.append(Rule("continuous", cron, asked.zone, continuous_days(workload), completion(workload, decisions, 24), continuous=True))
        if copies:
            hours = copied_every(strictest_target(workload, decisions)) // timedelta(hours=1)
    for one in schedules_of(workload, hours, start_of(workload, customer.zone), KINDS):
        every = one.every_hours or 0
        days = min(one.days, LONGEST_DAYS)
        ends = completion(workload, decisions, every)
        found.append(Rule(one.kind, expression(one.kind, every, asked), asked.zone, days, ends, every, copied=copies))
    return tuple(found)


def strictest_target(workload: WorkloadFacts, decisions: Decisions) -> timedelta:
    """The loss that copies elsewhere have to keep under: that of a lost Region, and of a lost account where copies stand in one."""
    targets = [workload.region_rpo] if decisions.replicated else []
    if decisions.value("iam", "separation") == "account" and workload.xacct != "not-needed":
        targets.append(workload.rpo)
    return min(targets, default=workload.rpo)


def expression(kind: str, every_hours: int, start: Asked) -> str:
    """EventBridge cron of a rule, in the customer's zone: minute, hour, day of month, month, weekday, year."""
    day = start.weekday.upper()
    if every_hours:
        hours = {1: "*", 24: str(start.hour)}.get(every_hours, f"{start.hour % every_hours}/{every_hours}")
        return f"cron({start.minute} {hours} ? * * *)"
    when = {"daily": "* *", "weekly": f"* {day}", "monthly": f"* {day}#1", "yearly": f"1 {day}#1"}[kind]
    return f"cron({start.minute} {start.hour} ? {when} *)"


def completion(workload: WorkloadFacts, decisions: Decisions, every_hours: int) -> int:
    """Minutes until a job has to be done: the end of the window, but never so short that the first full copy would be cancelled.

    What runs several times a day runs outside any window, and a gateway's first copy takes as long as the line needs.
    """
    if workload.window == "any-time" or 0 < every_hours < 24 or decisions.path == "backup-gateway":
        return WEEK_MINUTES
    whole = figures.transfer(workload.size, figures.AWS_BITS) or timedelta(days=7)
    least = START_MINUTES + 60 + whole // figures.MINUTE
    return min(max(window_minutes(workload), least), WEEK_MINUTES)


def window_minutes(workload: WorkloadFacts) -> int:
    """Minutes from the start to the end of the window."""
    if workload.window == "custom" and workload.custom_window:
        begin, end = (minutes(str(workload.custom_window[name])) for name in ("from", "to"))
        return (end - begin) % (24 * 60) or 24 * 60
    start = asked_start(workload, "UTC").hour
    return (NIGHT_ENDS - start) * 60 if workload.window == "night" else WEEKEND_MINUTES


def minutes(clock: str) -> int:
    """Minutes of `22:30` since midnight."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def joined(plans: Iterable[tuple[Rule, ...]]) -> tuple[Rule, ...]:
    """The rules of one plan for several workloads: each kind that one of them has, the densest, kept and copied as any of them asks."""
    best: dict[str, Rule] = {}
    for one in (rule for plan in plans for rule in plan):
        other = best.get(one.kind, one)
        dense = min(other, one, key=lambda rule: rule.every_hours)
        ends, days = max(other.completion, one.completion), max(other.days, one.days)
        best[one.kind] = replace(dense, days=days, completion=ends, copied=other.copied or one.copied)
    return tuple(best[kind] for kind in ("continuous", "hourly", *UNITS) if kind in best)


def rank(rules: tuple[Rule, ...]) -> tuple[bool, int, int]:
    """Order of plans that share a tag: continuous first, then denser, then kept longer."""
    often = min((rule.every_hours or WEEK_HOURS for rule in rules if not rule.continuous), default=WEEK_HOURS)
    return any(rule.continuous for rule in rules), -often, sum(rule.days for rule in rules)
