"""Where our backends enter moto: before the server starts, once a process. moto's own files stay as they are."""

import importlib
import json
import os
import re
import sys
from functools import cache

from moto import backend_index

from provisioning.simulator import dlm

MANAGED_POLICIES = ("AWSBackup", "AWSDataLifecycleManager", "AdministratorAccess", "ReadOnlyAccess", "SecurityAudit")


@cache
def register() -> None:
    """Idempotent. moto finds a service by host in `backend_url_patterns`, imports `moto.<name>` and routes by `url_paths` of its urls."""
    _load_managed_policies()
    _add_dlm()
    _replace_handlers()


def _load_managed_policies() -> None:
    """AWS's managed policies can be attached only where moto loads them, and all 1,500 of them cost half a second in each account."""
    import moto.iam.models

    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    every = json.loads(vars(moto.iam.models)["aws_managed_policies_data"])
    ours = {name: policy for name, policy in every.items() if name.startswith(MANAGED_POLICIES)}
    vars(moto.iam.models)["aws_managed_policies_data"] = json.dumps(ours)


def _add_dlm() -> None:
    from provisioning.simulator.dlm import urls

    sys.modules["moto.dlm"] = dlm
    backend_index.backend_url_patterns.insert(0, ("dlm", re.compile(urls.url_bases[0])))


def _replace_handlers() -> None:
    """Our subclass under moto's name, then the urls anew: they bind the class by that name (and moto reloads S3's by itself)."""
    import moto.backup.responses
    import moto.backup.urls
    import moto.ebs.models
    import moto.ec2.responses
    import moto.ec2.urls
    import moto.kms.responses
    import moto.kms.urls
    import moto.s3.models
    import moto.s3.responses
    import moto.s3.urls
    import moto.s3control.responses
    import moto.s3control.urls
    import moto.sts.responses
    import moto.sts.urls

    from provisioning.simulator.backup_removals import RemovingBackupResponse
    from provisioning.simulator.ebs import list_snapshot_blocks
    from provisioning.simulator.ec2 import EncryptingEC2Response
    from provisioning.simulator.kms import RotatingKmsResponse
    from provisioning.simulator.s3.permission import get_permission
    from provisioning.simulator.s3.responses import StricterS3Response
    from provisioning.simulator.s3control import URLS, JobResponse
    from provisioning.simulator.sts import StricterTokenResponse

    vars(moto.backup.responses)["BackupResponse"] = RemovingBackupResponse
    vars(moto.ec2.responses)["EC2Response"] = EncryptingEC2Response
    vars(moto.kms.responses)["KmsResponse"] = RotatingKmsResponse
    vars(moto.s3.responses)["S3Response"] = StricterS3Response
    moto.ebs.models.EBSBackend.list_snapshot_blocks = list_snapshot_blocks  # type: ignore[assignment, method-assign]
    moto.s3.models.FakeBucket.get_permission = get_permission  # type: ignore[assignment, method-assign]
    vars(moto.s3control.responses)["S3ControlResponse"] = JobResponse
    vars(moto.sts.responses)["TokenResponse"] = StricterTokenResponse
    for urls in (moto.backup.urls, moto.ec2.urls, moto.kms.urls, moto.s3.urls, moto.s3control.urls, moto.sts.urls):
        importlib.reload(urls)
    moto.s3control.urls.url_paths.update(dict.fromkeys(URLS, JobResponse.dispatch))
    # moto has no addresses for these; it takes a pattern apart by its named groups.
    name, other = "(?P<name>[^/]+)", "(?P<other>[^/]+)"
    for path in (
        *(f"backup-vaults/{name}/access-policy", f"backup-vaults/{name}/notification-configuration"),
        *(f"backup-vaults/{name}/recovery-points/", "backup-jobs"),
        *("audit/frameworks", f"audit/frameworks/{name}", "restore-testing/plans", f"restore-testing/plans/{name}"),
        *(f"restore-testing/plans/{name}/selections", f"restore-testing/plans/{name}/selections/{other}"),
    ):
        moto.backup.urls.url_paths[f"{{0}}/{path}$"] = RemovingBackupResponse.dispatch
