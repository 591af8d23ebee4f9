"""Reads a YAML document safely, with YAML 1.2 words, and remembers on which line everything stands.

Rules: the engagement format, "Reading". Only `true` and `false` are booleans, there are no tags, no key stands twice in one map,
and an expanded document (aliases counted each time) is bounded, so that a small file cannot blow up.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_BYTES = 32 * 2**20
MAX_NODES = 2_000_000
MAX_DEPTH = 20
INTEGER = re.compile(r"[-+]?[0-9]{1,30}")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")
SPECIAL = {".nan": "NaN", ".inf": "Infinity", "+.inf": "Infinity", "-.inf": "-Infinity"}
NULLS = ("", "~", "null", "Null", "NULL")

Path = tuple[Any, ...]


class Unwritten(str):
    """A step that lies on the way to a line but is not said in messages: the `value` of a statement about an answer."""

    __slots__ = ()


VALUE = Unwritten("value")


@dataclass(frozen=True)
class DocumentError(Exception):
    """A document that cannot be read at all. `path` is `$`, or the path of a repeated key."""

    line: int
    path: str
    message: str


@dataclass
class Document:
    """Plain data and, for every path in it, the line (from 1) it stands on."""

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of the path, or of the nearest thing above it that is written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Loader(yaml.CSafeLoader):
    """Composes nodes without resolving words: what a plain word means is decided below."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


def read_document(data: bytes) -> Document:
    """The document in `data`; raises DocumentError."""
    if len(data) > MAX_BYTES:
        raise DocumentError(1, "$", f"The file has {len(data)} bytes; at most {MAX_BYTES} (32 MiB) are allowed.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DocumentError(line, "$", "The file is not UTF-8; save it as UTF-8.") from error
    node = compose(text)
    if node is None:
        raise DocumentError(1, "$", "The file is empty.")
    document = Document(None)
    document.value = Builder(document).build(node)
    return document


def line_of(thing: Node | yaml.events.Event) -> int:
    """The line (from 1) at which a node or an event begins."""
    return thing.start_mark.line + 1 if thing.start_mark else 1


def compose(text: str) -> Node | None:
    try:
        nesting(text)
        loader = _Loader(text)
        try:
            return loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = error.problem or error.context or "it cannot be parsed"
        raise DocumentError(mark.line + 1 if mark else 1, "$", f"This is not YAML: {why}.") from error
    except yaml.YAMLError as error:
        line = text[: getattr(error, "position", 0)].count("\n") + 1
        raise DocumentError(line, "$", f"This is not YAML: {str(error).splitlines()[0]}.") from error
    except ValueError as error:
        raise DocumentError(1, "$", f"This is not YAML: {error}.") from error


def nesting(text: str) -> None:
    """Refuse deep nesting from the events, before the recursive composer meets it; tags are refused here too."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise DocumentError(line_of(event), "$", f"The document nests deeper than {MAX_DEPTH} levels.")
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1
        if tagged(event):
            raise DocumentError(line_of(event), "$", f"Tags ({getattr(event, 'tag', '')}) are not allowed.")


def tagged(event: yaml.events.Event) -> bool:
    """Whether a tag was written; quoting a scalar is no tag."""
    if isinstance(event, yaml.events.ScalarEvent):
        return event.tag is not None and (event.tag == "!" or not any(event.implicit))
    return isinstance(event, yaml.events.CollectionStartEvent) and event.tag is not None and not event.implicit


class Builder:
    """Plain data from nodes, counting what an alias expands to."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: set[int] = set()
        self.sizes: dict[int, int] = {}
        self.count = 0

    def size(self, node: Node, depth: int = 1) -> int:
        """Nodes of the expanded document below `node`; memoised, so that a bomb is counted without going off."""
        if depth > MAX_DEPTH and not isinstance(node, ScalarNode):
            raise DocumentError(line_of(node), "$", f"The document nests deeper than {MAX_DEPTH} levels.")
        if id(node) in self.open:
            raise DocumentError(line_of(node), "$", "An alias stands inside of what it names.")
        known = self.sizes.get(id(node))
        if known is not None:
            return known
        self.open.add(id(node))
        if isinstance(node, MappingNode):
            total = 1 + sum(1 + self.size(value, depth + 1) for _, value in node.value)
        elif isinstance(node, SequenceNode):
            total = 1 + sum(self.size(value, depth + 1) for value in node.value)
        else:
            total = 1
        self.open.discard(id(node))
        self.sizes[id(node)] = total
        return total

    def build(self, node: Node) -> Any:
        if self.size(node) > MAX_NODES:
            raise DocumentError(line_of(node), "$", f"The expanded document has more than {MAX_NODES} nodes.")
        return self.value(node, ())

    def value(self, node: Node, path: Path) -> Any:
        if len(path) > MAX_DEPTH:
            raise DocumentError(line_of(node), "$", f"The document nests deeper than {MAX_DEPTH} levels.")
        self.document.lines.setdefault(path, line_of(node))
        if isinstance(node, ScalarNode):
            return scalar(node)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, MappingNode)
        return self.mapping(node, path)

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = line_of(key_node)
            if not isinstance(key_node, ScalarNode):
                raise DocumentError(line, "$", "A key must be a word.")
            key = key_node.value
            if key in result:
                raise DocumentError(line, dotted((*path, key)), "This key stands twice in one map.")
            self.document.lines[(*path, key)] = line
            result[key] = self.value(value_node, (*path, key))
        return result


def scalar(node: ScalarNode) -> Any:
    """The YAML 1.2 core value of a word: only plain ones can be anything but text."""
    return node.value if node.style in ("'", '"', "|", ">") else plain(node.value)


def plain(text: str) -> Any:
    """What a word means when it is written without quotes."""
    if text in NULLS:
        return None
    if text in ("true", "false"):
        return text == "true"
    if INTEGER.fullmatch(text):
        return int(text)
    if FLOAT.fullmatch(text) and any(sign.isdigit() for sign in text):
        return Decimal(text)
    if text.lower() in SPECIAL:
        return Decimal(SPECIAL[text.lower()])
    return text


def dotted(path: Path) -> str:
    """A path as messages write it: `workloads[3].answers.wl_rto`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path if not isinstance(part, Unwritten))
    return text.lstrip(".") or "$"
