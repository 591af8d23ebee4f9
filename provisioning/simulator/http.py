"""The simulator's HTTP: connections stay open as AWS's do, where werkzeug's own server takes a connection and a thread for each request."""

from __future__ import annotations

import io
import threading
import traceback
from functools import cache
from http import HTTPStatus
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class KeptOpen(MotoRequestHandler):
    """Answers one request after the other on a connection; each is read whole before it is answered, so that the next begins cleanly."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Buffered: an answer is one packet where it can be.
    wbufsize = -1

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        # What stands there for chunks knows its end; for all else the length says it.
        length = None if environ.get("wsgi.input_terminated") else int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        try:
            answer, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        except Exception:
            self.log("error", traceback.format_exc())
            answer, status, headers = run_wsgi_app(InternalServerError(), environ, buffered=True)
        code, _, reason = status.partition(" ")
        body = b"".join(answer)
        self.send_response(int(code), reason)
        for name, value in headers:
            # Of what a HEAD would have been answered with the application alone knows the length.
            if name.lower() != "content-length" or self.command == "HEAD":
                self.send_header(name, value)
        bodiless = self.command == "HEAD" or int(code) in BODILESS
        if not bodiless:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not bodiless:
            self.wfile.write(body)

    def handle_expect_100(self) -> bool:
        """Tells a client that waits for it to send its body."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing; moto's recorder is there for those who want to know."""


class Dispatcher(DomainDispatcherApplication):
    """Finds the service of a request by its host. moto looks at its folders on disk and at 200 patterns for each request."""

    def __init__(self) -> None:
        super().__init__(create_backend_app)
        self._known = cache(super().get_backend_for_host)

    def get_backend_for_host(self, host: str | None) -> Any:
        return self._known(host)


class Server:
    """Answers on 127.0.0.1 in threads of this process; after `stop` only on connections that are open still."""

    def __init__(self, port: int) -> None:
        self._server = make_server("127.0.0.1", port, Dispatcher(), threaded=True, request_handler=KeptOpen)
        self.port: int = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
