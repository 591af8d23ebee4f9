"""All resources of a design, in an order in which a reader finds them: keys, logs, then each workload's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from recommendations.backups import in_vault
from recommendations.decisions import Decisions
from recommendations.facts import CustomerFacts
from recommendations.parts import Part, shared_schedules
from recommendations.places import Place, abroad, home, key_home, log_home
from recommendations.resources import buckets, dlm, once, reports, trail
from recommendations.resources.backup import BackupPlans
from recommendations.resources.backup_evidence import report_key_statements, report_statements
from recommendations.resources.common import Resource, short, sub
from recommendations.resources.keys import GENERAL, copy_statements, key_name, key_resources, replica_statement, trail_statements
from recommendations.resources.monitoring import watch
from recommendations.resources.replication_roles import Ends, ReplicationRoles
from recommendations.snapshot_tiers import zones
from recommendations.tracks import lock_days


def bucket_key(workload: str, dr: bool = False) -> str:
    return short(f"{'replica' if dr else 'bucket'}-{workload}")


@dataclass
class _Key:
    """A key that is needed: where it lives, for what stands where, for which workloads, and who else encrypts with it."""

    place: Place
    using: Place
    workloads: list[str] = field(default_factory=list)
    replicas: dict[Place, list[str]] = field(default_factory=dict)
    statements: list[dict[str, Any]] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)


@dataclass
class Builder:
    """Collects the resources of all workloads."""

    customer: CustomerFacts
    decisions: Decisions
    keys: dict[str, _Key] = field(default_factory=dict)
    made: list[Resource] = field(default_factory=list)
    logged: dict[Place, list[tuple[str, str]]] = field(default_factory=dict)
    used: dict[Place, list[str]] = field(default_factory=dict)
    reported: dict[Place, list[str]] = field(default_factory=dict)
    volumes: dict[Place, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.roles = ReplicationRoles(self.customer)

    def build(self, parts: Sequence[Part]) -> list[Resource]:
        self.roles.expect(parts)
        for part in parts:
            if part.has_bucket:
                self.bucket(part)
        self.made += self.roles.shared_roles()
        self.snapshots([part for part in parts if part.schedules])
        vaults = BackupPlans(self)
        self.made += vaults.build(part for part in parts if in_vault(part.decisions))
        logs = self.logs(customer_mode(parts), vaults.reporting())
        logs += [reports.report_bucket(self.customer, place, self.reported[place]) for place in sorted(self.reported, key=Place.rank)]
        self.accounts()
        watching = watch(self.customer, [*logs, *self.made], self.keys)
        return [*self.key_resources(), *logs, *self.made, *watching]

    def key_for(self, part: Part, using: Place, dr: bool) -> str | None:
        """Resource key of the KMS key of a workload's class at a place; None where no key of the customer's is used."""
        if part.decisions.value("encryption", "mode") != "customer-key":
            return None
        return self.need_key(part.facts.record_class or GENERAL, using, dr, part.key)

    def need_key(self, purpose: str | None, using: Place, dr: bool, *workloads: str) -> str:
        name = key_name(purpose, using, dr)
        entry = self.keys.setdefault(name, _Key(key_home(self.customer, using), using))
        entry.workloads += [one for one in workloads if one not in entry.workloads[-1:]]
        self.use(entry.place)
        return name

    def share_key(self, key: str, account: Place) -> None:
        """Lets AWS Backup of another account read or write copies with a key."""
        entry = self.keys[key]
        if account.name not in (entry.place.name, entry.using.name):
            entry.shared.add(account.name)

    def use(self, place: Place, *workloads: str) -> None:
        """Remembers that an account holds something of ours, so that it gets a trail."""
        known = self.used.setdefault(Place(place.role, place.alias, self.customer.primary), [])
        known += [one for one in workloads if one not in known[-1:]]

    def bucket(self, part: Part) -> None:
        """A workload's bucket, with its replica and the role between them."""
        w, d, c = part.facts, part.decisions, self.customer
        place, key = home(w, c), bucket_key(w.key)
        self.use(place, w.key)
        mode = d.value("encryption", "mode")
        near = self.key_for(part, place, dr=False)
        properties: dict[str, Any] = {
            "Encryption": buckets.encryption(mode, near),
            "LifecycleRules": buckets.rules_of(d.tracks, d.versioned, replica=False, replicated=d.replicated),
            "ObjectLock": object_lock(part),
        }
        if d.versioned:
            properties["Versioning"] = "Enabled"
        if d.replicated and c.dr:
            properties["Replication"] = self.replicate(part, place, near)
        told = reports.settings_of(key, reports.report_key(place, c.primary), d)
        existing = d.value("existing_objects", "job") == "once" and "Replication" in properties
        if "Logging" in told or "Inventory" in told or existing:
            self.report(place, w.key)
        properties |= told
        self.made.append(buckets.bucket(key, c, properties, adopt=w.bucket or None, **place.where(w.key)))
        if existing:
            self.made += once.existing_objects(w.key, key, reports.report_key(place, c.primary), c, place)
        if d.value("logging", "objects") == "logged":
            self.log(place, key, w.key)

    def accounts(self) -> None:
        """Settings of whole accounts, and of their volumes."""
        c = self.customer
        for place in sorted(self.volumes, key=Place.rank):
            self.made.append(once.encrypted_volumes(c, place, list(dict.fromkeys(self.volumes[place]))))
        if self.decisions.value("public_access", "block") == "account":
            for place in sorted(self.used, key=Place.rank):
                self.made.append(once.closed_account(c, place, list(dict.fromkeys(self.used[place]))))

    def report(self, place: Place, workload: str) -> None:
        """Remembers that S3 writes about a bucket at a place, so that there is a bucket for it."""
        self.reported.setdefault(place, []).append(workload)

    def log(self, place: Place, key: str, workload: str) -> None:
        self.logged.setdefault(Place(place.role, place.alias, self.customer.primary), []).append((key, workload))

    def replicate(self, part: Part, source: Place, near: str | None) -> dict[str, Any]:
        """The bucket in the second Region with its role; gives the source's replication configuration."""
        w, d, c = part.facts, part.decisions, self.customer
        place, key = abroad(w, c, c.dr or ""), bucket_key(w.key, dr=True)
        self.use(place, w.key)
        far = self.key_for(part, place, dr=True)
        foreign = place.name != source.name
        keys = ((near, source.region), (far, place.region)) if near and far else None
        pair = buckets.Pair(bucket_key(w.key), key, w.key)
        role, made = self.roles.role_of(pair, Ends(source, place, keys, d.lock is not None))
        if far and (foreign or self.keys[far].place.name != source.name):
            self.keys[far].replicas.setdefault(source, []).append(role)
        properties = {
            "Versioning": "Enabled",
            "Encryption": buckets.encryption(d.value("encryption", "mode"), far),
            "LifecycleRules": buckets.rules_of(d.tracks, True, replica=True, replicated=False),
            "ObjectLock": object_lock(part),
            "PolicyStatements": buckets.replica_policy(key, role) if foreign else [],
        }
        if d.value("logging", "objects") == "access-log":
            properties["Logging"] = reports.access_logs(key, reports.report_key(place, c.primary))
            self.report(place, w.key)
        self.made += made
        self.made.append(buckets.bucket(key, c, properties, **place.where(w.key)))
        if d.value("logging", "objects") == "logged":
            self.log(place, key, w.key)
        rules = buckets.replication_rules(d.tracks, key, d.value("replication", "replication"), d.value("encryption", "mode"), far)
        return {"Role": sub(f"${{{role}.arn}}"), "Rules": rules}

    def snapshots(self, parts: Sequence[Part]) -> None:
        """Snapshot policies: one for each tag of an account, because two policies with one tag would take every snapshot twice; tags
        share one where the quota asks for it."""
        c = self.customer
        groups: dict[tuple[Place, tuple[str, str]], list[Part]] = {}
        for part in parts:
            groups.setdefault((home(part.facts, c), part.facts.tag), []).append(part)
        by_place: dict[Place, list[tuple[Part, list[str], str | None]]] = {}
        tiers: dict[Place, set[str]] = {}
        policies: list[Resource] = []
        for (place, _tag), members in groups.items():
            first = strictest(members)
            copied = any(one.decisions.replicated for one in members) and c.dr is not None
            far = Place(place.role, place.alias, c.dr or "")
            key = self.key_for(first, far, dr=True) if copied else None
            names = [one.key for one in members]
            by_place.setdefault(place, []).append((first, names, key))
            self.use(place, *names)
            for region in (place, far) if copied else (place,):
                self.volumes.setdefault(region, []).extend(names)
            copy = (c.dr or "", key) if copied else None
            kept = shared_schedules(members)
            fast = zones(c) if any(one.decisions.value("fast_restore", "fast") == "on" for one in members) else ()
            used = tiers.setdefault(place, set())
            used |= {name for name, on in (("fast", fast), ("archived", any(one.archive_months for one in kept))) if on}
            policies.append(dlm.dlm_policy(first.facts, c, place, kept, first.start, copy, names, fast))
        self.made += dlm.shared(policies)
        for place, found in by_place.items():
            regions = [c.primary, *([c.dr] if c.dr else [])]
            keys = sorted({key for _, _, key in found if key})
            workloads = [name for _, names, _ in found for name in names]
            more = dict.fromkeys(tiers[place], True)
            self.made.append(dlm.dlm_role(c, place, regions, keys, workloads, **more))

    def logs(self, mode: str, reporting: Sequence[str]) -> list[Resource]:
        """The log bucket with its key, and a trail in every account that holds something of ours.

        `reporting` names the accounts whose AWS Backup writes reports into it.
        """
        c = self.customer
        place = log_home(c)
        key = self.need_key(None, place, dr=False) if mode == "customer-key" else None
        self.use(place)
        trails = sorted(self.used, key=Place.rank)
        if key:
            names = [trail.trail_key(one) for one in trails]
            self.keys[key].statements += trail_statements(names, [one.name for one in trails])
            self.keys[key].statements += report_key_statements(reporting)
        lock = self.decisions.value("trail", "lock")
        made = [trail.log_bucket(c, place, trails, key, None if lock == "none" else lock)]
        made[0]["properties"]["PolicyStatements"] += report_statements(reporting)
        for one in trails:
            logged = self.logged.get(one, [])
            made.append(trail.trail(c, one, [name for name, _ in logged], key, sorted({workload for _, workload in logged})))
        return made

    def key_resources(self) -> list[Resource]:
        made: list[Resource] = []
        for name in sorted(self.keys):
            entry = self.keys[name]
            statements = [*entry.statements, *copy_statements(sorted(entry.shared))]
            for source in sorted(entry.replicas, key=Place.rank):
                roles = list(dict.fromkeys(entry.replicas[source]))
                statement = replica_statement(source, roles, entry.using.region)
                statements.append({**statement, "Sid": f"StowplanReplicas{len(statements)}"})
            made += key_resources(name, self.customer, entry.place, entry.using, list(dict.fromkeys(entry.workloads)), statements)
        return made


def customer_mode(parts: Sequence[Part]) -> str:
    """How the logs are encrypted: with a customer's key as soon as one workload uses such keys."""
    modes = {part.decisions.value("encryption", "mode") for part in parts}
    return "customer-key" if "customer-key" in modes else "sse-s3"


def object_lock(part: Part) -> dict[str, Any] | None:
    """Default retention of a bucket: of copies under several prefixes the shortest-lived decides, since one default holds for all."""
    d = part.decisions
    if d.lock is None:
        return None
    # Hourly copies live for a day or so; a lock of the other copies' length keeps them a little longer.
    tracks = [track for track in d.tracks if track.id != "hourly"] or list(d.tracks)
    days = [lock_days(part.facts, track.lifecycle.expire, track.old.days if track.old else 1) for track in tracks]
    return {"Mode": d.lock, "Days": min(days)}


def strictest(members: Sequence[Part]) -> Part:
    """Of workloads that share a tag, the one with the densest and then the longest snapshots; the first of equals. It names the policy."""
    return max(members, key=rank)


def rank(part: Part) -> tuple[int, int]:
    """Denser snapshots first, then those kept longer."""
    return -(part.schedules[0].every_hours or 168), sum(one.days for one in part.schedules)
