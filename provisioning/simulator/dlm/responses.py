"""HTTP in, HTTP out: the request is checked against botocore's model, the answer is written by it."""

import json
from typing import Any

from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from provisioning.simulator import shapes
from provisioning.simulator.dlm.exceptions import InvalidRequestException
from provisioning.simulator.dlm.models import DlmBackend, PolicyFilter, dlm_backends


class DlmResponse(BaseResponse):
    def __init__(self) -> None:
        super().__init__(service_name="dlm")
        self.automated_parameter_parsing = True

    @property
    def backend(self) -> DlmBackend:
        return dlm_backends[self.current_account][self.region]

    def request(self) -> dict[str, Any]:
        """The request by the model's names; raises InvalidRequestException. moto's parser drops unknown members, so the body is read."""
        try:
            body = json.loads(self.body) if self.body else {}
        except ValueError as error:
            raise InvalidRequestException("The body is not JSON.") from error
        # The parser gives an empty list for a list that the query does not have.
        value = {**{name: item for name, item in self.params.items() if item != []}, **body}
        operation = shapes.service_model("dlm").operation_model(self._get_action())
        wrong = list(shapes.problems(value, operation.input_shape))
        if wrong:
            raise InvalidRequestException("; ".join(wrong) + ".")
        return {name: item for name, item in value.items() if item is not None}

    def create_lifecycle_policy(self) -> ActionResult:
        return ActionResult({"PolicyId": self.backend.create_lifecycle_policy(self.request()).id})

    def get_lifecycle_policy(self) -> ActionResult:
        return ActionResult({"Policy": self.backend.get_lifecycle_policy(self.request()["PolicyId"]).described()})

    def get_lifecycle_policies(self) -> ActionResult:
        request = self.request()
        chosen = PolicyFilter(
            ids=request.get("PolicyIds", ()),
            state=request.get("State"),
            resource_types=request.get("ResourceTypes", ()),
            target_tags=request.get("TargetTags", ()),
            tags_to_add=request.get("TagsToAdd", ()),
            default_type=request.get("DefaultPolicyType"),
        )
        return ActionResult({"Policies": [policy.summary() for policy in self.backend.get_lifecycle_policies(chosen)]})

    def update_lifecycle_policy(self) -> ActionResult:
        self.backend.update_lifecycle_policy(self.request())
        return EmptyResult()

    def delete_lifecycle_policy(self) -> ActionResult:
        self.backend.delete_lifecycle_policy(self.request()["PolicyId"])
        return EmptyResult()

    def tag_resource(self) -> ActionResult:
        request = self.request()
        self.backend.tag_resource(request["ResourceArn"], request["Tags"])
        return EmptyResult()

    def untag_resource(self) -> ActionResult:
        request = self.request()
        self.backend.untag_resource(request["ResourceArn"], request["TagKeys"])
        return EmptyResult()

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"Tags": self.backend.policy_of_arn(self.request()["ResourceArn"]).tags})
