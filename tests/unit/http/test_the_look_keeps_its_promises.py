import re
from itertools import pairwise
from pathlib import Path

import pytest

import aftercare_http

CSS = (Path(aftercare_http.__file__).parent / "static" / "style.css").read_text("utf-8")
RANKS = ("engineer", "pm", "leadership", "executive")
PAIRS = [
    *[
        (ink, ground)
        for ink in ("ink", "ink-quiet", "accent", "error")
        for ground in ("ground", "surface")
    ],
    ("accent-ink", "accent"),
    ("ink", "accent-soft"),
    ("ink", "sunken"),
    *[(f"rank-{rank}-ink", f"rank-{rank}") for rank in RANKS],
]


def colours(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\n\s*\}", CSS, re.DOTALL)[:2]
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return (
        tokens
        if scheme == "light"
        else tokens | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
    )


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_can_be_read(scheme: str, ink: str, ground: str) -> None:
    tokens = colours(scheme)
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edge", ["line-strong", "focus", *(f"rank-{rank}-edge" for rank in RANKS)])
def test_edges_can_be_seen(scheme: str, edge: str) -> None:
    tokens = colours(scheme)
    for ground in ("ground", "surface"):
        assert contrast(tokens[edge], tokens[ground]) >= 3


def test_rank_colours_mean_rank_and_nothing_else() -> None:
    for rule, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS):
        if "var(--rank-" in body:
            assert re.search(r"rank", rule), rule


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ranks_can_be_told_apart(scheme: str) -> None:
    tokens = colours(scheme)
    for lower, higher in pairwise(RANKS):
        assert tokens[f"rank-{lower}"] != tokens[f"rank-{higher}"]


def test_motion_is_for_those_who_like_it() -> None:
    calm = re.sub(
        r"@media \(prefers-reduced-motion: no-preference\) \{.*?\n\}", "", CSS, flags=re.DOTALL
    )
    assert "animation" not in calm
    assert "transition" not in calm
