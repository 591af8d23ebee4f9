"""Start the simulator on loopback: `with start() as simulator: boto3.client("s3", endpoint_url=simulator.url)`."""

import logging
import socket
from types import TracebackType
from typing import Any


class SimulatorError(RuntimeError):
    """The simulator cannot start; the message says what to do."""


class Simulator:
    """A running simulator. Its state is the process's: starting one empties it, and so does `reset`."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.port: int = server.port
        self.url = f"http://127.0.0.1:{server.port}"

    def reset(self) -> None:
        """Empty every account and Region."""
        from moto.moto_api._internal.models import moto_api_backend

        moto_api_backend.reset()

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> "Simulator":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def start(port: int = 0) -> Simulator:
    """A simulator on 127.0.0.1 in threads of this process; `port` 0 takes a free one. Raises SimulatorError."""
    try:
        from provisioning.simulator.http import Server
        from provisioning.simulator.registry import register
    except ImportError as error:
        message = "The simulator needs moto, a development dependency: pip install -r requirements-dev.txt"
        raise SimulatorError(message) from error
    _check_free(port)
    register()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    simulator = Simulator(Server(port))
    simulator.reset()
    return simulator


def _check_free(port: int) -> None:
    """werkzeug would end the whole process on a port that is taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SimulatorError(f"Port {port} on 127.0.0.1 cannot be used: {error.strerror}. Choose another with --port.") from error
