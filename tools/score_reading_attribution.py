"""Score the reader's attributions on GUM's news and interviews, by parsers that have not seen the documents.

    tools/score_reading_attribution.py DATA --fold PARSER=IDS.txt --fold PARSER=IDS.txt
    tools/score_reading_attribution.py DATA --fold none=IDS.txt

DATA holds gum_open_train.jsonl, gum_open_dev.jsonl and score_attribution.py. Each fold names a pipeline made by
train_reading_syntax.py, and a file with the ids of the documents that it was trained without (`--without`).
Nothing else of the reader is trained. The name `none` reads without tags and parser. Prints the scores of every fold, and of all.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

import spacy

from forewarn.reading.statements.attribution.find import find_attributions, may_attribute
from forewarn.reading.text.sentences import build_pipeline
from forewarn.reading.text.syntax import parse

GENRES = ("news", "interview")


def load_scorer(path: Path) -> ModuleType:
    """Load the scorer from its file."""
    spec = importlib.util.spec_from_file_location("score_attribution", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predict(text: str, parser: spacy.Language | None) -> list[dict[str, Any]]:
    """Read attributions in the scorer's form; without a parser by the order of words alone."""
    doc = build_pipeline()(text)
    found = find_attributions(parse(doc, parser, needed=may_attribute) if parser else doc)
    return [
        {"source": one.source, "cue": one.cue, "content": one.content[0], "content_spans": one.content}
        for one in found
    ]


def main() -> None:
    """Read the arguments and print the scores."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("data", type=Path)
    options.add_argument("--fold", action="append", required=True, metavar="PARSER=IDS")
    given = options.parse_args()
    scorer = load_scorer(given.data / "score_attribution.py")
    lines = [
        json.loads(line)
        for part in ("train", "dev")
        for line in (given.data / f"gum_open_{part}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    documents = {one["doc_id"]: one for one in lines if one["genre"] in GENRES}
    total: tuple[Any, Any] = (defaultdict(Counter), defaultdict(lambda: [0, 0]))
    for fold in given.fold:
        folder, ids = fold.split("=")
        parser = None if folder == "none" else spacy.load(folder)
        part: tuple[Any, Any] = (defaultdict(Counter), defaultdict(lambda: [0, 0]))
        for key in Path(ids).read_text(encoding="utf-8").split():
            one = documents[key]
            predicted = predict(one["text"], parser)
            for counts, kinds in (part, total):
                scorer.score_doc(one["text"], predicted, one["attributions"], counts, kinds)
        print(fold)
        scorer.report(*part)
    print("all folds")
    scorer.report(*total)


if __name__ == "__main__":
    main()
