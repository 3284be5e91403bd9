"""``forewarn ledger``: an append-only record of who said what, and of incidents."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forewarn.cli.options import parse_day
from forewarn.errors import ForewarnError, Problem, UsageError
from forewarn.intake import read_file

if TYPE_CHECKING:
    from forewarn.facts import Reading
    from forewarn.ledger import LedgerEntry, Verification

app = typer.Typer(
    help="The ledger: who said what, and incidents, in a record that shows any change.", no_args_is_help=True
)

TEXT_BYTES = 4 * 2**20
SHOWN = 90

Where = Annotated[
    str,
    typer.Option("--ledger", metavar="PATH_OR_URL", help="A file, or postgresql://user@host/database."),
]
Number = Annotated[int, typer.Argument(metavar="N", help="Number of the entry.", min=1)]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a sentence.")]
Head = Annotated[
    str | None, typer.Option("--head", metavar="DIGEST", help="A head noted earlier: it must still be there.")
]


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Documents, or readings as JSON.")],
    ledger: Where = "ledger.db",
    issued: Annotated[
        str | None, typer.Option("--issued", metavar="DATE", help="Day the documents were published.")
    ] = None,
    mask_contacts: Annotated[
        bool, typer.Option("--mask-contacts", help="Take contact details out instead of refusing the file.")
    ] = False,
) -> None:
    """Read documents and add what they say. A file that is refused does not stop the others."""
    from forewarn.ledger import open_ledger

    day = parse_day("--issued", issued)
    problems: list[Problem] = []
    with open_ledger(ledger) as opened:
        for path in files:
            try:
                for reading in _readings(path, day):
                    entry, is_new = opened.add_reading(reading, mask_contacts=mask_contacts)
                    said = "added as" if is_new else "already there as"
                    _say(f"{path}: {said} entry {entry.sequence} (document: entry {entry.about})")
            except ForewarnError as error:
                problems.extend(error.problems)
    if problems:
        raise ForewarnError(problems)


@app.command()
def incident(
    what: Annotated[str, typer.Option("--what", help="What is said to have happened.")],
    when: Annotated[str, typer.Option("--when", help="2018-09-06, 2018-09, 2018, or words.")],
    place: Annotated[str, typer.Option("--place", help="Name of the place.")],
    source: Annotated[list[str], typer.Option("--source", help="Who reports it, and where. Repeatable.")],
    ledger: Where = "ledger.db",
    kind: Annotated[str, typer.Option("--kind", help="attack, siege, displacement, border, …")] = "other",
    status: Annotated[
        str, typer.Option("--status", help="alleged or corroborated (two sources)")
    ] = "alleged",
    responsible: Annotated[
        str, typer.Option("--alleged-responsible", help="Who is said to be responsible.")
    ] = "",
    said_by: Annotated[str, typer.Option("--alleged-by", help="Who says so.")] = "",
    pcode: Annotated[str, typer.Option("--pcode", help="P-code of the place.")] = "",
    lat: Annotated[float | None, typer.Option("--lat", help="Degrees north, at most two decimals.")] = None,
    lon: Annotated[float | None, typer.Option("--lon", help="Degrees east, at most two decimals.")] = None,
    note: Annotated[str, typer.Option("--note", help="Anything else.")] = "",
) -> None:
    """Add an incident by hand: what, when and where sources say; never who did it as a fact."""
    from forewarn.ledger import make_incident, open_ledger, parse_when

    made = make_incident(
        what=what, when=parse_when(when).model_dump(), sources=tuple(source), kind=kind, status=status,
        place={"name": place, "pcode": pcode, "lat": lat, "lon": lon},
        alleged_responsible=responsible, alleged_by=said_by, note=note,
    )  # fmt: skip
    with open_ledger(ledger) as opened:
        _say(f"Added as entry {opened.add_incident(made).sequence}")


@app.command(name="list")
def list_entries(
    ledger: Where = "ledger.db",
    kind: Annotated[str | None, typer.Option("--kind", help="document, reading, incident, …")] = None,
    actor: Annotated[str, typer.Option("--actor", help="Part of a name or key.")] = "",
    place: Annotated[str, typer.Option("--place", help="Part of a name.")] = "",
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="First day that entries are about.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Last day that entries are about.")
    ] = None,
) -> None:
    """List entries, filtered by kind, actor, place and the days that they tell of."""
    from forewarn.ledger import KINDS, open_ledger

    if kind is not None and kind not in KINDS:
        raise UsageError(Problem("--kind", f"'{kind}'", ", ".join(KINDS)))
    days = {"since": parse_day("--since", since), "until": parse_day("--until", until)}
    with open_ledger(ledger, create=False) as opened:
        for entry in opened.entries(kind=kind, actor=actor, place=place, **days):  # type: ignore[arg-type]
            _say(f"{entry.sequence:6}  {entry.time[:19]}  {entry.kind:11}  {_summary(entry)}")


@app.command()
def show(number: Number, ledger: Where = "ledger.db") -> None:
    """Print an entry with its hashes, and what points at it."""
    from forewarn.ledger import open_ledger

    with open_ledger(ledger, create=False) as opened:
        entry, pointing = opened.entry(number), opened.about(number)
        current = opened.current(number)
    for name in (
        "sequence",
        "time",
        "kind",
        "reader",
        "document",
        "about",
        "body_hash",
        "previous",
        "digest",
    ):
        _say(f"{name:10} {'' if (value := getattr(entry, name)) is None else value}".rstrip())
    if entry.redacted:
        _say(f"{'redacted':10} {entry.redacted} words or values")
    _say(json.dumps(entry.body, indent=2, ensure_ascii=False))
    for other in pointing:
        _say(f"entry {other.sequence}, {other.kind}: {_summary(other)}")
    if current != entry.body:
        _say("As corrected:")
        _say(json.dumps(current, indent=2, ensure_ascii=False))


@app.command()
def verify(
    ledger: Where = "ledger.db",
    head: Head = None,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Check this export instead of a ledger.")
    ] = None,
) -> None:
    """Check the chain. Exit code 1 if an entry was changed, removed, inserted or reordered."""
    from forewarn.ledger import open_ledger, verify_export

    digest = _digest(head)
    if export is not None:
        found = verify_export(export, digest)
    else:
        with open_ledger(ledger, create=False) as opened:
            found = opened.verify(digest)
    _report(found)


@app.command()
def head(ledger: Where = "ledger.db") -> None:
    """Print the digest of the last entry. Keep it elsewhere: only then can a cut tail be found."""
    from forewarn.ledger import ledger_head

    _say(ledger_head(ledger))


@app.command()
def correct(
    number: Number,
    changes: Annotated[
        list[str], typer.Option("--set", metavar="FIELD=VALUE", help="place.name=Millbrook. Repeatable.")
    ],
    reason: Reason,
    ledger: Where = "ledger.db",
    source: Annotated[str, typer.Option("--source", help="Who says so.")] = "",
) -> None:
    """Add an entry that corrects an older one; the older one stays."""
    from forewarn.ledger import open_ledger

    with open_ledger(ledger, create=False) as opened:
        read = dict(_change(text) for text in changes)
        entry = opened.correct(number, read, reason=reason, source=source)
        _say(f"Added as entry {entry.sequence}")


@app.command()
def redact(
    number: Number,
    reason: Reason,
    ledger: Where = "ledger.db",
    span: Annotated[
        list[str] | None, typer.Option("--span", metavar="START:END", help="Characters of a document's text.")
    ] = None,
    field: Annotated[list[str] | None, typer.Option("--field", help="Such as alleged_by, sources.0")] = None,
    words: Annotated[
        list[str] | None, typer.Option("--words", help="Words, wherever they stand in the entry.")
    ] = None,
) -> None:
    """Take words out for good: their hashes stay, and readings that repeat them lose them too."""
    from forewarn.ledger import open_ledger

    spans = [_span(text) for text in span or ()]
    if not (spans or field or words):
        raise UsageError(Problem("forewarn ledger redact", "nothing to redact", "--span, --field or --words"))
    with open_ledger(ledger, create=False) as opened:
        made = opened.redact(number, reason=reason, spans=spans, fields=field or (), words=words or ())
    for entry in made:
        count = len(entry.body["leaves"])
        _say(f"Entry {entry.about}: {count} words or values taken out (entry {entry.sequence})")


@app.command()
def export(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="File to write.")],
    ledger: Where = "ledger.db",
    form: Annotated[
        str, typer.Option("--format", help="jsonl: the whole chain; csv: statements and incidents.")
    ] = "jsonl",
) -> None:
    """Write the chain as JSON Lines that can be verified again, or statements and incidents as CSV."""
    from forewarn.ledger import export_lines, export_table, open_ledger

    if form not in ("jsonl", "csv"):
        raise UsageError(Problem("--format", f"'{form}'", "jsonl, csv"))
    with open_ledger(ledger, create=False) as opened:
        count = export_lines(opened, output) if form == "jsonl" else export_table(opened, output)
    _say(f"{output}: {count:,} {'entries' if form == 'jsonl' else 'rows'}")


def _readings(path: Path, issued: date | None) -> Iterator[Reading]:
    if path.suffix in (".json", ".jsonl"):
        yield from _stored_readings(path)
    else:
        yield _read(path, issued)


def _stored_readings(path: Path) -> Iterator[Reading]:
    """Read readings that `forewarn read --format jsonl` wrote: one per line, or one in the file."""
    from forewarn.ledger import parse_reading

    text = _text(path)
    blocks = text.splitlines() if path.suffix == ".jsonl" else [text]
    for number, block in enumerate(blocks, start=1):
        if block.strip():
            yield parse_reading(block, f"{path}, line {number}")


def _read(path: Path, issued: date | None) -> Reading:
    """Read a document: any form that the reading room takes."""
    from forewarn.reading.documents.loading import load, read_boxed

    return read_boxed(load(path, issued=issued))


def _text(path: Path) -> str:
    try:
        return read_file(path, most_bytes=TEXT_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ForewarnError(Problem(str(path), "not text in UTF-8")) from error


def _report(found: Verification) -> None:
    for fault in found.faults:
        _say(str(fault), err=True)
    if not found.ok:
        _say(f"{found.fault_count} faults in {found.entries:,} entries.", err=True)
        raise typer.Exit(1)
    redacted = f", {found.redacted} with words taken out" if found.redacted else ""
    since = "" if found.since_head is None else f" {found.since_head} entries since the head that was noted."
    _say(f"{found.entries:,} entries{redacted}: nothing was changed, removed, inserted or reordered.{since}")
    _say(f"Head: {found.head}")


def _summary(entry: LedgerEntry) -> str:
    body = entry.body
    if entry.kind == "document":
        text = f"{body['name']}  {body['title'] or body['text']}"
    elif entry.kind == "reading":
        counts = (f"{len(body.get(name, ()))} {name}" for name in ("statements", "figures", "events"))
        text = f"of entry {entry.about}: {', '.join(counts)}  ({entry.reader})"
    elif entry.kind == "incident":
        text = f"{body['when']['words']}, {body['place']['name']}: {body['what']}  [{_standing(body)}]"
    elif entry.kind == "correction":
        fields = ", ".join(change["field"] for change in body["changes"])
        text = f"of entry {entry.about}, {fields}: {body['reason']}"
    elif entry.kind == "redaction":
        text = f"of entry {entry.about}, {len(body['leaves'])} words or values: {body['reason']}"
    else:
        text = json.dumps(body, ensure_ascii=False)
    line = " ".join(text[: 4 * SHOWN].split())
    return line if len(line) <= SHOWN or entry.kind == "incident" else f"{line[:SHOWN]}…"


def _standing(body: dict[str, Any]) -> str:
    count = len(body["sources"])
    by = (
        f"; {body['alleged_by']} says {body['alleged_responsible']} is responsible"
        if body["alleged_by"]
        else ""
    )
    if body["status"] == "corroborated":
        return f"corroborated by {count} independent sources{by}"
    return f"alleged by {count} source{'' if count == 1 else 's'}{by}"


def _change(text: str) -> tuple[str, object]:
    field, equals, value = text.partition("=")
    if not equals or not field:
        raise UsageError(Problem("--set", f"'{text}'", "FIELD=VALUE, such as place.name=Millbrook"))
    try:
        return field, json.loads(value)
    except (ValueError, RecursionError):
        return field, value


def _span(text: str) -> tuple[int, int]:
    start, _, end = text.partition(":")
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        raise UsageError(Problem("--span", f"'{text}'", "START:END, such as 120:134"))
    return int(start[:18]), int(end[:18])


def _digest(text: str | None) -> str | None:
    if text is not None and not (len(text) == 64 and set(text) <= set("0123456789abcdef")):
        raise UsageError(
            Problem("--head", f"'{text}'", "64 digits from 0 to f, as forewarn ledger head prints")
        )
    return text


def _say(text: str, *, err: bool = False) -> None:
    """Print plain text: what a document put into it cannot steer the terminal."""
    typer.echo("".join(each if each in "\n\t" or _is_plain(each) else "�" for each in text), err=err)


def _is_plain(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
