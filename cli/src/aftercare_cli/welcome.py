"""What a newcomer sees once the system is up: where it is, and what to try first."""

from .addresses import Addresses
from .data_directory import DEFAULT, DataDirectory

_DOORS = (
    ("intake", "/", "the clerk's desk"),
    ("intake", "/report", "the form for customers"),
    ("dispatch", "/", "the dispatcher's board"),
    ("sla-monitor", "/", "the wall for ops"),
    ("feedback", "/", "the callback officer's list"),
)


def text(data: DataDirectory, known: Addresses) -> str:
    doors = [f"  {name:12} {known.services[name]}{path:9} {what}" for name, path, what in _DOORS]
    option = "" if data.root == DEFAULT.resolve() else f" --data {data.root}"
    tries = [
        f".venv/bin/aftercare send{option} samples/*",
        f".venv/bin/aftercare watch{option}",
        f".venv/bin/aftercare replay{option} --format table",
        f".venv/bin/aftercare simulate{option} --cases 50",
    ]
    return "\n".join(
        [
            "",
            "Aftercare is up.",
            *doors,
            f"  {'mail (LMTP)':12} 127.0.0.1:{known.lmtp_port}",
            f"  API key      local-dev-key      API: /docs on each address      logs: {data.logs}",
            "",
            "Try, in a second terminal:",
            *(f"  {line}" for line in tries),
            "",
            "Ctrl-C stops everything; the data stay.",
            "",
        ]
    )
