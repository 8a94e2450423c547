"""One figure as it is printed: both sides, the ratio, and what it was measured on."""

import os
import platform
from importlib.metadata import version

Side = tuple[str, float]


def machine() -> str:
    """Others on the machine slow both sides, but never quite alike: the load is told as well."""
    python = f"Python {platform.python_version()}, nats-py {version('nats-py')}"
    return f"{os.cpu_count()} x {platform.machine()}, load {os.getloadavg()[0]:.1f}, {python}"


def compare(title: str, sides: tuple[Side, Side], unit: str, at_least: float) -> None:
    """Print what stands on either side, and the second as a multiple of the first."""
    _print(title, sides, unit, 0, f"at least {at_least}")


def compare_cost(title: str, sides: tuple[Side, Side], unit: str, at_most: float) -> None:
    """The same where less is better."""
    _print(title, sides, unit, 2, f"at most {at_most}")


def _print(title: str, sides: tuple[Side, Side], unit: str, digits: int, bound: str) -> None:
    print(f"{title} ({machine()})")
    for name, value in sides:
        print(f"   {name:<42}{value:>12,.{digits}f} {unit}")
    print(f"   {'ratio':<42}{sides[1][1] / sides[0][1]:>12.2f} ({bound})", flush=True)
