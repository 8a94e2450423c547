"""`aftercare up` with toys in place of the services."""

from pathlib import Path

from aftercare_cli.addresses import SERVICES
from support.up import Up, free_port_base

__all__ = ["Up", "free_port_base", "write_toy", "write_toys"]

TOY = """
import http.server, os, signal, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.environ["AFTERCARE_NATS_URL"].encode())
    def log_message(self, *_): pass
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
http.server.HTTPServer(("127.0.0.1", int(os.environ["AFTERCARE_PORT"])), Ready).serve_forever()
"""


# What else a service's package holds stays reachable: the command line itself uses some of it.
BESIDE_THE_REAL_ONE = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)"


def write_toys(directory: Path, program: str = TOY) -> None:
    """Programs that win over the real services when `directory` is on PYTHONPATH."""
    for name in SERVICES:
        write_toy(directory, name, program)


def write_toy(directory: Path, service: str, program: str) -> None:
    package = directory / service.replace("-", "_")
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text(BESIDE_THE_REAL_ONE)
    (package / "__main__.py").write_text(program)
