"""The server settings that the embedded, the container and a real deployment share."""

from pathlib import Path

_DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
NATS_CONF = _DEPLOY / "nats.conf"
POSTGRESQL_CONF = _DEPLOY / "postgresql.conf"
