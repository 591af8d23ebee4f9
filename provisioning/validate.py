"""Holds calls to botocore's own service models before the first of them is made, so that a wrong payload blocks one resource early."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from botocore.validate import ParamValidator

from provisioning.perform import JSON_TEXT
from provisioning.references import Unknown
from provisioning.resources.base import Call, Place


def problems(place: Place, calls: Iterable[Call]) -> list[str]:
    """What AWS's model says against the parameters of these calls, one sentence per call."""
    found = []
    for call in calls:
        client = place.client(call.service, once=call.creates)
        operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[call.operation])
        report = ParamValidator().validate(_filled(call.parameters), operation.input_shape)
        if report.has_errors():
            found.append(f"AWS would refuse {call.operation}: {' '.join(report.generate_report().split())}")
    return found


def _filled(value: Any, name: str = "") -> Any:
    """Parameters with a text for everything that AWS assigns later."""
    if isinstance(value, Unknown):
        return value.text
    if name in JSON_TEXT and isinstance(value, Mapping):
        return json.dumps(_filled(value))
    if isinstance(value, Mapping):
        return {key: _filled(item, key) for key, item in value.items()}
    return [_filled(item) for item in value] if isinstance(value, list | tuple) else value
