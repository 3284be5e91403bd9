"""YAML in and out. No other module knows YAML.

Scenario documents come from strangers: only plain data is read, references (anchors, aliases) and tags
are refused, and size and depth are limited.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from forewarn.errors import Problem, ScenarioError
from forewarn.intake import read_file

LARGEST_BYTES = 20_000_000
DEEPEST = 40

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BaseDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_BaseDumper):  # type: ignore[misc]
    """Writes every value out: the reader refuses anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


class _Loader(_Base):  # type: ignore[misc]
    """Plain data, each key once."""

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:  # noqa: ANN401
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError as error:
            what = f"'{node.value}' is not a valid date ({error})"
            raise yaml.constructor.ConstructorError(None, None, what, node.start_mark) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, list | dict | set):
                raise yaml.constructor.ConstructorError(
                    None, None, "a list or mapping is used as a key", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key}' is written twice", key_node.start_mark
                )
            seen.add(key)
        result: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return result


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def read_text(path: Path, name: str, *, largest_bytes: int = LARGEST_BYTES) -> str:
    """Read a UTF-8 file, with or without byte-order mark.

    Raises
    ------
    ScenarioError
        If the file is missing, too large or in another encoding; `name` is what it is called then.
    """
    content = read_file(path, most_bytes=largest_bytes, name=name, error=ScenarioError)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{content[error.start]:02x} at position {error.start} is not UTF-8"
        problem = Problem(f"{name}, line {line}", what, "UTF-8", "Save the file as UTF-8")
        raise ScenarioError(problem) from error


def parse(text: str, name: str) -> Any:  # noqa: ANN401
    """Read YAML text as plain data: mappings, lists, text, numbers, yes/no, dates.

    Raises
    ------
    ScenarioError
        If it is not YAML, repeats a key, nests deeper than 40 levels, or uses anchors, aliases or tags.
    """
    try:
        problem = _unwelcome(yaml.parse(text, Loader=_Base), name)
        document = None if problem is not None else yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as error:
        raise ScenarioError(_explained(error, name)) from error
    except ValueError as error:
        raise ScenarioError(Problem(name, f"a date or number cannot be read: {error}")) from error
    if problem is not None:
        raise ScenarioError(problem)
    return document


def _unwelcome(events: Iterable[Any], name: str) -> Problem | None:
    depth = 0
    for event in events:
        where = f"{name}, line {event.start_mark.line + 1}"
        if getattr(event, "anchor", None) is not None:
            return Problem(
                where,
                f"the anchor or alias '{event.anchor}' is used",
                "plain values",
                "Write the value out in each place",
            )
        if getattr(event, "tag", None) is not None:
            return Problem(where, f"the tag '{event.tag}' is used", "plain values without tags")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                return Problem(where, f"more than {DEEPEST} levels of lists and mappings")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _explained(error: yaml.YAMLError, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    where = name if mark is None else f"{name}, line {mark.line + 1}"
    remedy = ""
    if "mapping values are not allowed" in what:
        what = "a ': ' stands where YAML does not expect one"
        remedy = "Put text that contains ': ' in quotes, such as source: \"assumption: why\""
    elif "\\t" in what or "tab" in what.lower():
        remedy = "Indent with spaces"
    elif "written twice" in what:
        remedy = "Keep one of the two"
    return Problem(where, what, remedy=remedy)


def write(document: object) -> str:
    """Write plain data as YAML, keys in the order given."""
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text
