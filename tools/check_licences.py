"""Refuse runtime dependencies under GPL or AGPL; list what the environment holds."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, requires

REFUSED = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
# Weak copyleft is no GPL; the match is on whole words, so LGPL does not hit, but its long name would.
LESSER = re.compile(r"lesser general public", re.IGNORECASE)


def name_of(requirement: str) -> str:
    """Name in front of a requirement's version and markers."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return match[0] if match else requirement


def closure(root: str) -> Iterator[Distribution]:
    """Everything installed that `root` needs without extras."""
    waiting, seen = [root], set()
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # a requirement for another system
        yield found
        waiting += [name_of(each) for each in requires(name) or [] if "extra ==" not in each]


def licence(package: Distribution) -> str:
    """What a package says of its licence."""
    metadata = package.metadata
    classifiers = [c for c in metadata.get_all("Classifier") or [] if c.startswith("License")]
    expression = metadata.get("License-Expression") or (metadata.get("License") or "").splitlines()[:1]
    return " | ".join([expression if isinstance(expression, str) else "".join(expression), *classifiers])


def is_refused(words: str) -> bool:
    """Whether every licence on offer is GPL or AGPL: of "MPL-1.1 OR GPL-2.0-only" the first can be taken."""
    offers = words.split(" | ")[0].split(" OR ")
    return all(REFUSED.search(each) and not LESSER.search(each) for each in offers)


def main() -> int:
    """Print all licences; 1 if one is refused."""
    bad = 0
    for package in sorted(closure("forewarn"), key=lambda each: each.metadata["Name"].lower()):
        words = licence(package)
        refused = is_refused(words)
        bad += refused
        print(f"{'REFUSED ' if refused else ''}{package.metadata['Name']}: {words}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
