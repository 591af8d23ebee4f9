"""KMS as moto has it, with the rotation period, which moto drops."""

import json
from typing import Any

from moto.kms.exceptions import ValidationException
from moto.kms.responses import KmsResponse

SHORTEST, LONGEST, USUAL = 90, 2560, 365
PERIOD = "simulated_rotation_days"  # our attribute on moto's key


class RotatingKmsResponse(KmsResponse):
    def enable_key_rotation(self) -> str:
        days = self._get_param("RotationPeriodInDays", USUAL)
        if not isinstance(days, int) or not SHORTEST <= days <= LONGEST:
            raise ValidationException(f"RotationPeriodInDays is {days}, expected {SHORTEST} to {LONGEST}")
        answer = super().enable_key_rotation()
        setattr(self._key(), PERIOD, days)
        return answer

    def get_key_rotation_status(self) -> str:
        status = json.loads(super().get_key_rotation_status())
        key = self._key()
        status["KeyId"] = key.arn
        if status["KeyRotationEnabled"]:
            status["RotationPeriodInDays"] = getattr(key, PERIOD, USUAL)
        return json.dumps(status)

    def _key(self) -> Any:
        return self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
