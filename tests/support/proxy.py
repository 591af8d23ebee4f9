"""A proxy between boto3 and the simulator that does what AWS does on a bad day: throttles, fails, loses answers."""

import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SIGNED_FOR = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
HOP = frozenset({"connection", "transfer-encoding", "keep-alive", "content-length", "date", "server"})


@dataclass
class Faults:
    """Shares of requests, 0 to 1. `lost`: the call takes effect, and nobody answers until the client has given up. Seeded: the same
    requests in the same order meet the same faults; with several workers the order is theirs."""

    seed: int = 0
    throttled: float = 0.0
    failed: float = 0.0
    lost: float = 0.0
    patience: float = 1.5
    met: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random, self._lock = random.Random(self.seed), threading.Lock()

    def draw(self) -> str:
        """What happens to the next request: throttled, failed, lost or passed."""
        with self._lock:
            shares = (self.throttled, self.failed, self.lost)
            [what] = self._random.choices(("throttled", "failed", "lost", "passed"), (*shares, 1.0 - sum(shares)))
            self.met[what] += 1
            return what


def refusal(service: str, kind: str, throttled: bool) -> tuple[int, str, bytes]:
    """Status, content type and body as the service writes them in the protocol of the request, whose content type is `kind`."""
    if service == "s3":
        code, status = ("SlowDown", 503) if throttled else ("InternalError", 500)
        return status, "application/xml", f"<Error><Code>{code}</Code><Message>on purpose</Message></Error>".encode()
    if service == "ec2":
        code, status = ("RequestLimitExceeded", 503) if throttled else ("InternalError", 500)
        inner = f"<Errors><Error><Code>{code}</Code><Message>on purpose</Message></Error></Errors>"
        return status, "text/xml", f"<Response>{inner}<RequestID>r</RequestID></Response>".encode()
    code, status = ("Throttling", 400) if throttled else ("InternalFailure", 500)
    if kind.startswith("application/x-www-form-urlencoded"):
        inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>on purpose</Message></Error>"
        return status, "text/xml", f"<ErrorResponse>{inner}<RequestId>r</RequestId></ErrorResponse>".encode()
    code = "ThrottlingException" if throttled else "InternalServerException"
    if kind == "application/cbor":
        return status, kind, b"\xa2" + b"".join(_cbor(text) for text in ("__type", code, "message", "on purpose"))
    return status, "application/x-amz-json-1.1", json.dumps({"__type": code, "message": "on purpose"}).encode()


def _cbor(text: str) -> bytes:
    """A text of up to 255 bytes in CBOR (RFC 8949)."""
    return b"\x78" + bytes([len(text)]) + text.encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, upstream: str, faults: Faults) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.upstream, self.faults = urlsplit(upstream).netloc, faults


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        # One connection to the simulator for each of the client's.
        self._onward = http.client.HTTPConnection(self.server.upstream)

    def finish(self) -> None:
        self._onward.close()
        super().finish()

    def handle_one_request(self) -> None:
        # Clients hang up where they gave up waiting.
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _pass(self) -> None:
        faults = self.server.faults
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        service = next(iter(SIGNED_FOR.findall(self.headers.get("Authorization") or "")), "")
        what = faults.draw()
        if what in ("throttled", "failed"):
            status, kind, text = refusal(service, self.headers.get("Content-Type") or "", what == "throttled")
            more = {"x-amzn-errortype": json.loads(text)["__type"]} if kind.endswith("json-1.1") else {}
            if kind == "application/cbor":
                more = {"smithy-protocol": "rpc-v2-cbor"}
            self._answer(status, {"Content-Type": kind, **more}, text)
            return
        self._onward.request(self.command, self.path, body, dict(self.headers))
        answer = self._onward.getresponse()
        text = answer.read()
        if what == "lost":
            time.sleep(faults.patience)
            self.close_connection = True
            return
        self._answer(answer.status, {name: value for name, value in answer.getheaders() if name.lower() not in HOP}, text)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = _pass

    def _answer(self, status: int, headers: dict[str, str], text: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def between(upstream: str, faults: Faults, port: int = 0) -> Iterator[str]:
    """The address of a proxy in front of `upstream`, in threads of this process."""
    server = _Server(port, upstream, faults)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
