"""Engagements through a proxy that throttles a tenth of all requests, fails a twentieth, and loses answers to what took effect."""

import pytest

from provisioning.clients import Clients
from provisioning.journal import Journal
from provisioning.plan import make_plan
from provisioning.resources.base import THROTTLED
from provisioning.simulator.seed import seed_design
from tests.provisioning.cases import ACCOUNT, design_of_example, of_every_type, run, spec_of
from tests.provisioning.test_apply_crashes import assert_everything_is_there_once, check_end
from tests.support.proxy import Faults, between

SHARES = {"throttled": 0.10, "failed": 0.05, "lost": 0.02}


class Impatient(Clients):
    """Clients that give an answer three seconds instead of a minute, and do not slow down as a whole when throttled."""

    read_seconds = 3.0
    retries = "standard"


def through(url, faults, design, clients=Impatient):
    """Plan and apply through the proxy; the outcome."""
    with between(url, faults) as proxy:
        spec = spec_of(proxy)
        plan = make_plan(design, spec, clients(spec))
        return run(plan, clients(spec), Journal())


@pytest.mark.parametrize("seed", [1])
def test_a_bad_day_ends_right_and_makes_nothing_twice(url, simulator, seed):
    faults = Faults(seed, **SHARES, patience=4.0)
    design = of_every_type()
    outcome = through(url, faults, design)
    assert outcome.state == "done", outcome.lines()
    assert min(faults.met.values()) > 0, faults.met
    assert set(faults.met) == {"throttled", "failed", "lost", "passed"}
    check_end(simulator, design, url, Journal())


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("name", ["lumen-media", "northwind-clinics", "baltic-bank"])
def test_bad_days_of_real_engagements(url, simulator, name, seed):
    """Every third one with the clients as they are, which slow down when throttled."""
    faults = Faults(seed, **SHARES, patience=4.0)
    design = design_of_example(name)
    seed_design(url, design.document, ACCOUNT)
    outcome = through(url, faults, design, type("Adaptive", (Impatient,), {"retries": "adaptive"}) if seed % 3 == 0 else Impatient)
    assert outcome.state == "done", outcome.lines()
    assert min(faults.met[what] for what in (*SHARES, "passed")) > 0, faults.met
    assert_everything_is_there_once(design, url)


@pytest.mark.parametrize("service", ["s3", "kms", "iam", "ec2", "sns", "backup", "dlm", "cloudwatch", "s3control"])
def test_the_proxy_speaks_every_protocol(url, service):
    """boto3 reads its refusals as it reads AWS's."""
    from botocore.exceptions import ClientError

    calls = {
        "s3": "list_buckets",
        "kms": "list_keys",
        "iam": "list_roles",
        "ec2": "describe_volumes",
        "sns": "list_topics",
        "backup": "list_backup_plans",
        "dlm": "get_lifecycle_policies",
        "cloudwatch": "describe_alarms",
        "s3control": "list_jobs",
    }
    more = {"AccountId": ACCOUNT} if service == "s3control" else {}
    for shares, status in (({"throttled": 1.0}, (400, 503)), ({"failed": 1.0}, (500,))):
        with between(url, Faults(**shares)) as proxy, pytest.raises(ClientError) as caught:
            getattr(Clients(spec_of(proxy)).client(service, ACCOUNT, "eu-central-1", once=True), calls[service])(**more)
        answer = caught.value.response
        assert answer["ResponseMetadata"]["HTTPStatusCode"] in status
        assert answer["Error"]["Code"] in (*THROTTLED, "InternalError", "InternalFailure", "InternalServerException")
        assert answer["Error"]["Message"] == "on purpose"
