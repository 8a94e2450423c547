"""Names that a policy file gives to things and then never uses."""

from collections.abc import Iterator

from .yaml_nodes import Node

_USES = {"calendars": "calendar", "ladders": "ladder", "pauses": "pauses"}
_DEFAULT = ("ladder", "default")


def check_names(root: Node) -> None:
    """Note a warning for each calendar, ladder, list of pauses and option that nothing names."""
    used = set(_mentions(root))
    for section, key in _USES.items():
        for name, node in _entries(root, section):
            if not {(key, name), ("use", name)} & used:
                node.findings.warning(
                    node.line, f"the {key.removesuffix('s')} `{name}` is not used"
                )
    for name, node in _entries(root, "options"):
        if not any(mentioned == f"option.{name}" for mentioned, _ in used):
            node.findings.warning(node.line, f"the option `{name}` is not used")


def _entries(root: Node, section: str) -> Iterator[tuple[str, Node]]:
    node = root.get(section)
    if node is not None:
        yield from node.items()


def _mentions(node: Node) -> Iterator[tuple[str, str]]:
    """Every key with the text under it; a clock that names no ladder means the default."""
    if isinstance(node.value, str):
        return
    if isinstance(node.value, list):
        for entry in node.value:
            yield from _mentions(entry)
        return
    if "clock" in node.value and "ladder" not in node.value:
        yield _DEFAULT
    for key, child in node.value.items():
        yield key, child.value if isinstance(child.value, str) else ""
        yield from _mentions(child)
