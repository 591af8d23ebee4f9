"""What a bucket's policy says of a request to one of its objects.

moto passes over conditions, so that a statement such as "deny what does not come by TLS" would deny everything. The simulator stands for an
endpoint with TLS and does not see what other conditions ask for: a statement with a condition is judged as one that does not hold.
"""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult


def get_permission(bucket: Any, action: str, resource: str) -> PermissionResult:
    """Takes the place of moto's method of a bucket."""
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    document = json.loads(bucket.policy)
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    held = [one for one in statements if not one.get("Condition")]
    if not held:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({**document, "Statement": held})).is_action_permitted(action, resource)
