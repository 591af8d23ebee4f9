"""`manage.py load_demo`: the demo organisation with its three people, three assessments and their targets. Keeps what is there."""

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django_scopes import scope

from accounts.models import Membership, Organisation, Role, User
from assessment.engagement import Engagement, read_engagement
from assessment.services import store_engagement
from provisioning.models import Target

ORGANISATION = {"slug": "stowplan-demo", "name": "Stowplan demo"}
PEOPLE = (
    ("consultant@demo.example", "Clara Consultant", Role.CONSULTANT),
    ("reviewer@demo.example", "Rafael Reviewer", Role.REVIEWER),
    ("engineer@demo.example", "Edda Engineer", Role.ENGINEER),
)
EXAMPLES = settings.BASE_DIR / "examples"
APPLY_ROLE = "arn:aws:iam::{account}:role/stowplan-apply"
EXTERNAL_ID = "stowplan-demo"


class Command(BaseCommand):
    help = "Create the demo organisation, its people, assessments and targets, where they are not there yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--simulator", default="", help="endpoint of the AWS simulator that the targets lead to")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("STOWPLAN_DEMO_PASSWORD") or secrets.token_urlsafe(12)
        with transaction.atomic():
            organisation, created = Organisation.objects.get_or_create(slug=ORGANISATION["slug"], defaults=ORGANISATION)
            people = [ensure_person(organisation, *person, password) for person in PEOPLE]
            with scope(organisation=organisation):
                if created:
                    for path in sorted(EXAMPLES.glob("*.yaml")):
                        add_assessment(organisation, path, people[0], options["simulator"])
                else:
                    follow_simulator(options["simulator"])
        if not os.environ.get("STOWPLAN_DEMO_PASSWORD"):
            self.stdout.write(f"Password of the demo logins: {password}")


def ensure_person(organisation: Organisation, email: str, name: str, role: str, password: str) -> User:
    """The person with that role and password, made or brought up to date."""
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})
    return user


def add_assessment(organisation: Organisation, path: Path, consultant: User, simulator: str) -> None:
    """One example engagement as an assessment, with a target in the Regions that it names."""
    engagement = read_engagement(path.read_bytes())
    assessment = store_engagement(organisation, engagement, consultant)
    if simulator:
        region, dr_region = regions_of(engagement)
        account = production_account(engagement)
        Target.objects.create(
            organisation=organisation, assessment=assessment, account=account, role_arn=APPLY_ROLE.format(account=account),
            external_id=EXTERNAL_ID, region=region, dr_region=dr_region, endpoint_url=simulator, created_by=consultant,
        )  # fmt: skip


def production_account(engagement: Engagement) -> str:
    """Each example has an account of its own: what one demo run makes does not use up the quotas of the others."""
    return next(str(row["account"]) for row in engagement.answers["aws_accounts"].value if row["role"] == "production")


def regions_of(engagement: Engagement) -> tuple[str, str]:
    """Primary Region and the first one for disaster recovery, empty where none is named."""
    recovery = engagement.answers.get("aws_dr")
    others = recovery.value if recovery and recovery.value else ("",)
    return engagement.answers["aws_primary"].value, others[0]


def follow_simulator(simulator: str) -> None:
    """Lead the demo's targets to the simulator's present port; targets that lead to AWS stay as they are."""
    if simulator:
        Target.objects.filter(endpoint_url__startswith="http://127.0.0.1:").update(endpoint_url=simulator)
