"""`manage.py simulator`: the local AWS simulator on loopback, in the foreground, until it is stopped. No database."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

DEFAULT_PORT = 5055


class Command(BaseCommand):
    help = "Run the local AWS simulator on 127.0.0.1 until it is stopped (Ctrl-C). For demonstrations and tests only."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=DEFAULT_PORT, help=f"port on 127.0.0.1 (default {DEFAULT_PORT}, 0 takes a free one)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from provisioning.simulator.server import SimulatorError, start

        stopped = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stopped.set())
        try:
            simulator = start(options["port"])
        except SimulatorError as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(f"AWS simulator: {simulator.url}")
        self.stdout.flush()
        stopped.wait()
        simulator.stop()
