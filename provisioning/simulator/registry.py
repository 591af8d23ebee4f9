"""Where our backends enter moto: before the server starts, once a process. moto's own files stay as they are."""

import re
import sys
from functools import cache

from moto import backend_index

from provisioning.simulator import dlm
from provisioning.simulator.dlm.urls import url_bases


@cache
def register() -> None:
    """Idempotent. moto looks up a service by host in `backend_url_patterns`, then imports `moto.<name>` for its backends."""
    sys.modules["moto.dlm"] = dlm
    backend_index.backend_url_patterns.insert(0, ("dlm", re.compile(url_bases[0])))
