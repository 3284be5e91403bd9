"""Pages of the documentation site that are kept elsewhere in the repository (a hook of MkDocs)."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = {"changelog.md": "CHANGELOG.md", "benchmarks.md": "benchmarks/README.md"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them."""
    for name, source in PAGES.items():
        files.append(File.generated(config, name, content=(ROOT / source).read_text(encoding="utf-8")))
    credits_text = html.escape((ROOT / "NOTICE").read_text(encoding="utf-8"))
    content = f'# Credits\n\n<pre class="notice">{credits_text}</pre>\n'
    files.append(File.generated(config, "notice.md", content=content))
    return files
