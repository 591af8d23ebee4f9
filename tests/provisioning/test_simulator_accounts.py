"""KMS rotation, AssumeRole between accounts, managed policies; and how the simulator starts and stops."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from provisioning.simulator.server import SimulatorError, start
from tests.support.processes import ROOT, environment, free_port
from tests.support.simulator import Simulator

OTHER = "210987654321"


def trust(principal: dict[str, str], **condition: str) -> str:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": condition["external_id"]}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def assume(simulator: Simulator, role: str, **more: str) -> boto3.Session:
    arn = f"arn:aws:iam::{OTHER}:role/{role}"
    keys = simulator.client("sts").assume_role(RoleArn=arn, RoleSessionName="test", **more)["Credentials"]
    return boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], "us-east-1")


def test_the_rotation_period_of_a_key_is_kept(simulator: Simulator) -> None:
    config = Config(parameter_validation=False)
    kms = simulator.session().client("kms", endpoint_url=simulator.url, config=config)
    key = kms.create_key()["KeyMetadata"]
    assert "RotationPeriodInDays" not in kms.get_key_rotation_status(KeyId=key["KeyId"])

    kms.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=180)

    status = kms.get_key_rotation_status(KeyId=key["Arn"])
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"], status["KeyId"]) == (True, 180, key["Arn"])
    kms.enable_key_rotation(KeyId=key["KeyId"])
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["RotationPeriodInDays"] == 365
    for days in (89, 2561, "soon"):
        with pytest.raises(ClientError, match="ValidationException"):
            kms.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=days)


def test_a_second_account_is_reached_by_a_role_and_sees_its_own_things_only(simulator: Simulator) -> None:
    other = assume(simulator, "anything")

    assert other.client("sts", endpoint_url=simulator.url).get_caller_identity()["Account"] == OTHER
    other.client("s3", endpoint_url=simulator.url).create_bucket(Bucket="theirs")
    assert simulator.client("s3").list_buckets()["Buckets"] == []
    with pytest.raises(ClientError, match="BucketAlreadyExists"):
        simulator.client("s3").create_bucket(Bucket="theirs")


def test_service_roles_do_not_change_who_can_be_assumed(simulator: Simulator) -> None:
    iam = assume(simulator, "anything").client("iam", endpoint_url=simulator.url)
    iam.create_role(RoleName="dlm", AssumeRolePolicyDocument=trust({"Service": "dlm.amazonaws.com"}))
    iam.attach_role_policy(RoleName="dlm", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole")

    assert assume(simulator, "anything").client("sts", endpoint_url=simulator.url).get_caller_identity()["Account"] == OTHER
    attached = iam.list_attached_role_policies(RoleName="dlm")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AWSDataLifecycleManagerServiceRole"]


def test_an_account_that_was_set_up_for_a_role_lets_in_by_that_role_and_external_id_only(simulator: Simulator) -> None:
    iam = assume(simulator, "anything").client("iam", endpoint_url=simulator.url)
    document = trust({"AWS": "arn:aws:iam::123456789012:root"}, external_id="harbour-7")
    iam.create_role(RoleName="stowplan", AssumeRolePolicyDocument=document)

    assert assume(simulator, "stowplan", ExternalId="harbour-7").client("sts", endpoint_url=simulator.url).get_caller_identity()
    for role, more in (("stowplan", {}), ("stowplan", {"ExternalId": "other"}), ("anything", {"ExternalId": "harbour-7"})):
        with pytest.raises(ClientError, match="AccessDenied"):
            assume(simulator, role, **more)


def test_it_runs_inside_a_test_starts_empty_and_stops() -> None:
    def buckets(url: str) -> list[str]:
        s3 = boto3.client("s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        s3.create_bucket(Bucket="here")
        return [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]

    with start() as first:
        assert buckets(first.url) == ["here"]
    with start() as second:
        assert second.url.startswith("http://127.0.0.1:")
        assert buckets(second.url) == ["here"]
        with pytest.raises(SimulatorError, match="cannot be used"):
            start(second.port)
    with start(second.port):
        pass


def test_the_command_serves_until_it_is_stopped(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "simulator", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(STOWPLAN_DATA_DIR=str(tmp_path))) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"AWS simulator: http://127.0.0.1:{port}\n"
        taken = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert taken.returncode == 1
        assert "Traceback" not in taken.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_without_moto_the_command_says_what_to_install_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "moto.py").write_text("raise ImportError('no moto here')\n")
    env = environment(STOWPLAN_DATA_DIR=str(tmp_path), PYTHONPATH=str(tmp_path))
    found = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "simulator"], capture_output=True, text=True, timeout=60, check=False, env=env, cwd=ROOT
    )
    assert found.returncode == 1
    assert "pip install -r requirements-dev.txt" in found.stderr
    assert len(found.stderr.strip().splitlines()) == 1
