"""EC2 as moto has it, with the account's default encryption of EBS, of which moto has the key alone."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

ENABLED = "simulated_ebs_encryption"  # our attribute on moto's backend
OWN_KEY = "alias/aws/ebs"


class EncryptingEC2Response(EC2Response):
    def enable_ebs_encryption_by_default(self) -> ActionResult:
        return self._set(True)

    def disable_ebs_encryption_by_default(self) -> ActionResult:
        return self._set(False)

    def get_ebs_encryption_by_default(self) -> ActionResult:
        return ActionResult({"EbsEncryptionByDefault": getattr(self.ec2_backend, ENABLED, False), "SseType": "sse-ebs"})

    def get_ebs_default_kms_key_id(self) -> ActionResult:
        chosen: Any = getattr(self.ec2_backend, "default_kms_key_id", None)
        return ActionResult({"KmsKeyId": chosen or OWN_KEY})

    def _set(self, on: bool) -> ActionResult:
        setattr(self.ec2_backend, ENABLED, on)
        return ActionResult({"EbsEncryptionByDefault": on})
