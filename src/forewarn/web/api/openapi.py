"""The page that describes the JSON interface: plain HTML made of its OpenAPI document, loading nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

STYLE: Final = (Path(__file__).parent / "plain.css").read_text(encoding="utf-8")


def description(document: Mapping[str, Any]) -> str:
    """Write the page of an OpenAPI document."""
    info = document["info"]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(info['title'])}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{escape(info['title'])}</h1><p>{escape(info.get('description', ''))}</p>",
        '<p>The same for programs: <a href="/api/openapi.json">openapi.json</a>. '
        '<a href="/">Back to the app</a>.</p>',
    ]
    for tag in document.get("tags", ()):
        parts.append(f"<h2>{escape(tag['name'])}</h2><p>{escape(tag.get('description', ''))}</p>")
        parts.extend(_operations(document, tag["name"]))
    return "".join([*parts, "</main></body></html>"])


def _operations(document: Mapping[str, Any], tag: str) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if tag in operation.get("tags", ()):
                yield _operation(document, path, method.upper(), operation)


def _operation(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> str:
    said = operation.get("description") or operation.get("summary", "")
    rows = [
        (each["name"], f"in {each['in']}", _kind(each.get("schema", {})), each.get("description", ""))
        for each in operation.get("parameters", ())
    ]
    for media, body in operation.get("requestBody", {}).get("content", {}).items():
        rows += [(name, media, kind, what) for name, kind, what in _fields(document, body.get("schema", {}))]
    answers = [
        (code, "", "", each.get("description", "")) for code, each in operation.get("responses", {}).items()
    ]
    first = escape(said.partition("\n")[0])
    head = f'<span class="method">{method}</span> <code>{escape(path)}</code> {first}'
    return (
        f"<details><summary>{head}</summary>"
        f"<p>{escape(said)}</p>{_table('Takes', rows)}{_table('Answers', answers)}"
        f"<pre>{escape(_example(path, method, operation))}</pre></details>"
    )


def _example(path: str, method: str, operation: Mapping[str, Any]) -> str:
    body = operation.get("requestBody", {}).get("content", {})
    given = ""
    if "multipart/form-data" in body:
        given = " -F file=@FILE"
    elif body:
        given = " -H 'Content-Type: application/json' -d '{…}'"
    return f"curl -X {method} http://127.0.0.1:8321{path}{given}"


def _fields(
    document: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0
) -> Iterator[tuple[str, str, str]]:
    found = _resolved(document, schema)
    for name, each in found.get("properties", {}).items():
        yield name, _kind(each), each.get("description", "")
        inner = _resolved(document, each)
        if depth < 1 and inner is not each and "properties" in inner:
            for below, kind, what in _fields(document, inner, depth + 1):
                yield f"{name}.{below}", kind, what


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    for choice in schema.get("anyOf", ()):
        if "$ref" in choice:
            return _resolved(document, choice)
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Mapping[str, Any] = document["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return found


def _kind(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    return str(schema.get("format") or schema.get("type", ""))


def _table(title: str, rows: list[tuple[str, str, str, str]]) -> str:
    if not rows:
        return ""
    lines = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(where)}</td><td>{escape(kind)}</td>"
        f"<td>{escape(said)}</td></tr>"
        for name, where, kind, said in rows
    )
    heads = "".join(f"<th>{each}</th>" for each in (title, "Where", "Kind", "Meaning"))
    region = f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}">'
    return f"{region}<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
