"""YAML with the line of everything in it, so that an error can point at its place.

Every scalar is read as the text that was written: `09:30`, `on` and `24x7` mean what they say.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

import yaml

T = TypeVar("T")
L = TypeVar("L", bound=str)
_DEEPEST = 20
# ten times as fast, and not in every build of the library
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a place in a policy file; lines count from 1."""

    file: str
    line: int
    severity: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.sentence}"


@dataclass(slots=True)
class Findings:
    """What was found in one file."""

    file: str
    found: list[Finding] = field(default_factory=list[Finding])

    def error(self, line: int, sentence: str) -> None:
        self.found.append(Finding(self.file, line, "error", sentence))

    def warning(self, line: int, sentence: str) -> None:
        self.found.append(Finding(self.file, line, "warning", sentence))

    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.found)


class Unreadable(Exception):
    """A node is not what was asked for; the finding has been noted."""


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a file: a text, a list or a mapping."""

    value: "str | list[Node] | dict[str, Node]"
    line: int
    name: str
    findings: Findings

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.wrong(f"`{self.name}` must be a text")
        return self.value

    def items(self) -> "Iterator[tuple[str, Node]]":
        if not isinstance(self.value, dict):
            raise self.wrong(f"`{self.name}` must be a mapping")
        return iter(self.value.items())

    def entries(self) -> "list[Node]":
        """The nodes of a list; a single text counts as a list of one."""
        if isinstance(self.value, list):
            return self.value
        if isinstance(self.value, str):
            return [self]
        raise self.wrong(f"`{self.name}` must be a list")

    def texts(self) -> tuple[str, ...]:
        return tuple(node.text() for node in self.entries())

    def one_of(self, known: Iterable[L]) -> L:
        text, candidates = self.text(), tuple(known)
        for candidate in candidates:
            if candidate == text:
                return candidate
        raise self.wrong(f"unknown {self.name} `{text}`{_nearest(text, candidates)}")

    def get(self, key: str) -> "Node | None":
        return self.value.get(key) if isinstance(self.value, dict) else None

    def maybe(self, key: str, read: "Callable[[Node], T]", default: T) -> T:
        """What `read` makes of the node at `key`, or `default` when there is none."""
        node = self.get(key)
        return default if node is None else read(node)

    def need(self, key: str) -> "Node":
        node = self.get(key)
        if node is None:
            raise self.wrong(f"`{key}` is missing")
        return node

    def only(self, *known: str) -> None:
        """Note every key that is not known here."""
        for key, node in self.items():
            if key not in known:
                self.findings.error(node.line, f"unknown key `{key}`{_nearest(key, known)}")

    def read(self, reader: Callable[[str], T], text: str | None = None) -> T:
        """What `reader` makes of the text; its ValueError is a sentence about this place."""
        try:
            return reader(self.text() if text is None else text)
        except ValueError as error:
            raise self.wrong(str(error)) from error

    def wrong(self, sentence: str) -> Unreadable:
        self.findings.error(self.line, sentence)
        return Unreadable(sentence)


def _nearest(text: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(text, list(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def read_yaml(text: str, findings: Findings) -> Node:
    """The root of a file. Raises Unreadable (the finding has been noted)."""
    try:
        _check_depth(text, findings)
        root = cast("yaml.Node | None", yaml.compose(text, Loader=_LOADER))
        if root is None:
            findings.error(1, "the file is empty")
            raise Unreadable
        return _node(root, "policy file", findings, set())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        findings.error(line, f"not YAML: {error.problem or error.context}")
        raise Unreadable from error
    except (yaml.YAMLError, UnicodeError) as error:
        findings.error(1, f"not YAML: {str(error).splitlines()[0]}")
        raise Unreadable from error


def _check_depth(text: str, findings: Findings) -> None:
    """Composing descends once per level, and in C there is no end to that but a crash."""
    depth = 0
    for event in cast("Iterator[yaml.Event]", yaml.parse(text, Loader=_LOADER)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            findings.error(event.start_mark.line + 1, "nothing in a policy lies that deep")
            raise Unreadable


def _node(node: yaml.Node, name: str, findings: Findings, seen: set[int]) -> Node:
    line = node.start_mark.line + 1
    if id(node) in seen:
        # an alias may stand for a million nodes, or for itself
        findings.error(line, "aliases are not read here: write it out")
        raise Unreadable
    seen.add(id(node))
    match node:
        case yaml.ScalarNode():
            return Node(str(node.value), line, name, findings)
        case yaml.SequenceNode():
            entries = [_node(entry, name, findings, seen) for entry in node.value]
            return Node(entries, line, name, findings)
        case _:
            return Node(_mapping(node, findings, seen), line, name, findings)


def _mapping(node: yaml.Node, findings: Findings, seen: set[int]) -> dict[str, Node]:
    mapping: dict[str, Node] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
        if not key or key in mapping:
            findings.error(key_node.start_mark.line + 1, f"the key `{key}` is empty or there twice")
        # what is named stands where its name stands, not where its first entry does
        value = _node(value_node, key, findings, seen)
        mapping[key] = replace(value, line=key_node.start_mark.line + 1)
    return mapping
