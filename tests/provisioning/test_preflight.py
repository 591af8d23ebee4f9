"""Missing permissions and quotas are named before anything is called; what IAM does not say is never taken for allowed."""

import json
from urllib.parse import parse_qsl

import pytest
from botocore.awsrequest import AWSResponse

from provisioning.clients import Clients
from provisioning.preflight import preflight_lines, with_preflight
from tests.provisioning.cases import (
    FaultyClients,
    bucket,
    design_of,
    dlm,
    of_every_type,
    plan_of,
    role,
    spec_of,
)
from tests.support.processes import manage


class Answering(Clients):
    """Clients whose IAM answers SimulatePrincipalPolicy, which the simulator does not have: it allows all but `refused`."""

    def __init__(self, spec, refused=()):
        super().__init__(spec)
        self.refused, self.questions = refused, []

    def client(self, service, account, region, *, once=False):
        client = super().client(service, account, region, once=once)
        client.meta.events.register_first("before-send.iam.SimulatePrincipalPolicy", self._answer, unique_id="answer")
        return client

    def _answer(self, request, **_):
        body = request.body.decode() if isinstance(request.body, bytes) else request.body
        question = dict(parse_qsl(body))
        self.questions.append(question)
        actions = [value for name, value in question.items() if name.startswith("ActionNames.member.")]
        decisions = {one: "implicitDeny" if one in self.refused else "allowed" for one in actions}
        member = "<member><EvalActionName>{}</EvalActionName><EvalDecision>{}</EvalDecision></member>"
        rows = "".join(member.format(*pair) for pair in decisions.items())
        text = (
            "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>"
            f"<EvaluationResults>{rows}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"
        )

        class Raw:
            def stream(self, **_):
                yield text.encode()

        return AWSResponse(request.url, 200, {}, Raw())


def checked(design, url, clients):
    return with_preflight(plan_of(design, url), clients)["preflight"]


def test_where_iam_does_not_answer_nothing_is_said_to_be_allowed(url):
    (found,) = checked(of_every_type(), url, Clients(spec_of(url)))["permissions"]
    assert found["state"] == "cannot tell"
    assert "cannot be told. IAM gave no answer." in found["sentence"]
    assert {"kms:CreateKey", "s3:PutBucketVersioning", "iam:PassRole"} <= set(found["actions"])


@pytest.mark.parametrize(
    ("refused", "state"), [((), "allowed"), (("kms:CreateKey",), "missing"), (("iam:PassRole", "s3:PutBucketPolicy"), "missing")]
)
def test_missing_permissions_are_named_by_iam(url, refused, state):
    clients = Answering(spec_of(url), refused)
    (found,) = checked(of_every_type(), url, clients)["permissions"]
    assert (found["state"], set(found["actions"])) == (state, set(refused))
    assert all(action in found["sentence"] for action in refused)
    asked = {value for question in clients.questions for name, value in question.items() if name.startswith("ResourceArns.member.")}
    assert any(one.startswith("arn:aws:s3:::stowplan-harbour-bucket-data") for one in asked)


def test_what_was_denied_while_planning_is_missing(url):
    denied = FaultyClients(spec_of(url), lambda one: (400, "AccessDeniedException") if one == "ListKeys" else None)
    plan = with_preflight(plan_of(of_every_type(), url, denied), denied)
    (found,) = plan["preflight"]["permissions"]
    assert (found["state"], found["actions"]) == ("missing", ["kms:ListKeys"])
    assert any("kms:ListKeys" in line for line in preflight_lines(plan))


def test_quotas_that_the_plan_would_break_are_named(url, simulator):
    from tests.provisioning.cases import PRIMARY

    simulator.client("s3", PRIMARY).create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    cloudtrail = simulator.client("cloudtrail", PRIMARY)
    for number in range(5):
        cloudtrail.create_trail(Name=f"theirs-{number}", S3BucketName="theirs")
    found = checked(of_every_type(), url, Clients(spec_of(url)))["quotas"]
    assert [one["address"] for one in found] == ["AWS::CloudTrail::Trail.trail-main"]
    assert "AWS allows 5" in found[0]["sentence"]


def test_the_command_says_it_in_words_and_in_json(url, tmp_path):
    path = tmp_path / "design.json"
    path.write_text(design_of(bucket(), role(), dlm()).text())
    arguments = ("plan", path, "--account", "123456789012", "--endpoint-url", url, "--out", tmp_path / "plan.json")
    assert "Preflight: Account 123456789012" in manage(*arguments).stdout
    found = json.loads(manage(*arguments, "--json").stdout)["preflight"]
    assert found == json.loads((tmp_path / "plan.json").read_text())["preflight"]
    assert found["permissions"][0]["state"] == "cannot tell"
