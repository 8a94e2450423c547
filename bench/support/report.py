"""One figure as it is printed: both sides, the ratio, and what it was measured on."""

import os
import platform
from importlib.metadata import version


def machine() -> str:
    python = f"Python {platform.python_version()}, nats-py {version('nats-py')}"
    return f"{os.cpu_count()} x {platform.machine()}, {python}"


def compare(
    title: str, sides: tuple[tuple[str, float], tuple[str, float]], unit: str, at_least: float
) -> None:
    """Print what stands on either side, and the second as a multiple of the first."""
    (plain_name, plain), (ours_name, ours) = sides
    print(f"{title} ({machine()})")
    print(f"   {plain_name:<42}{plain:>12,.0f} {unit}")
    print(f"   {ours_name:<42}{ours:>12,.0f} {unit}")
    print(f"   {'ratio':<42}{ours / plain:>12.2f} (at least {at_least})", flush=True)
