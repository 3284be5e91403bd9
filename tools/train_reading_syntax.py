"""Train the tagger and parser that `forewarn.reading.text.syntax` loads, on trees of the GUM corpus.

    tools/train_reading_syntax.py TRAIN.conllu… --dev DEV.conllu --output FOLDER [--without DOC_ID…] [--steps N]

The trees are the genres of GUM (https://github.com/amir-zeldes/gum, annotation CC BY 4.0) whose texts are CC BY or
in the public domain. `--without` leaves documents out, so that what is built on the parser can be tested on
documents that the parser has not seen. About eight minutes on one core; the seed is fixed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.cli.train import train
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

SENTENCES_PER_DOC = 8


@dataclass(frozen=True)
class Sentence:
    """Words, tags and heads of one sentence, and the document that it comes from."""

    doc_id: str
    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    tags: tuple[str, ...]
    heads: tuple[int, ...]
    relations: tuple[str, ...]


def read_sentences(path: Path) -> Iterator[Sentence]:
    """Read the sentences of a CoNLL-U file; empty nodes and ranges of tokens are left out."""
    doc_id, rows = "", []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("# newdoc id = "):
            doc_id = line.removeprefix("# newdoc id = ")
        elif line and not line.startswith("#"):
            row = line.split("\t")
            if row[0].isdigit():
                rows.append(row)
        elif not line and rows:
            yield Sentence(
                doc_id,
                tuple(row[1] for row in rows),
                tuple("SpaceAfter=No" not in row[9] for row in rows),
                tuple(row[4] for row in rows),
                tuple(int(row[6]) - 1 if row[6] != "0" else k for k, row in enumerate(rows)),
                tuple("ROOT" if row[7] == "root" else row[7] for row in rows),
            )
            rows = []


def pack(sentences: list[Sentence], vocab: Vocab) -> DocBin:
    """Join sentences to spaCy documents of a few sentences each, never across documents."""
    packed = DocBin(attrs=["TAG", "HEAD", "DEP", "SENT_START", "SPACY"])
    group: list[Sentence] = []
    for sentence in [*sentences, None]:
        if group and (
            sentence is None or len(group) == SENTENCES_PER_DOC or group[0].doc_id != sentence.doc_id
        ):
            packed.add(join(group, vocab))
            group = []
        if sentence is not None:
            group.append(sentence)
    return packed


def join(group: list[Sentence], vocab: Vocab) -> Doc:
    """Make one spaCy document of several sentences."""
    heads, starts = [], []
    for sentence in group:
        first = len(heads)
        heads += [first + head for head in sentence.heads]
        starts += [k == 0 for k in range(len(sentence.words))]
    return Doc(
        vocab,
        words=[word for s in group for word in s.words],
        spaces=[space for s in group for space in s.spaces],
        tags=[tag for s in group for tag in s.tags],
        heads=heads,
        deps=[relation for s in group for relation in s.relations],
        sent_starts=starts,
    )


def main() -> None:
    """Read the arguments, train, and write the best pipeline."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--dev", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--without", nargs="*", default=[], metavar="DOC_ID")
    parser.add_argument("--steps", type=int, default=4000)
    options = parser.parse_args()
    left_out = set(options.without)
    vocab = spacy.blank("en").vocab
    sentences = [s for path in options.trees for s in read_sentences(path) if s.doc_id not in left_out]
    held_out = [s for s in read_sentences(options.dev)]
    with tempfile.TemporaryDirectory() as folder:
        files = {"paths.train": f"{folder}/train.spacy", "paths.dev": f"{folder}/dev.spacy"}
        pack(sentences, vocab).to_disk(files["paths.train"])
        pack(held_out, vocab).to_disk(files["paths.dev"])
        config = Path(__file__).with_suffix(".cfg")
        train(config, Path(folder) / "model", overrides={**files, "training.max_steps": options.steps})
        nlp = spacy.load(Path(folder) / "model" / "model-best")
        nlp.config["paths"] = {**nlp.config["paths"], "train": None, "dev": None}
        nlp.to_disk(options.output)
        scores = nlp.meta["performance"]
        print({key: round(100 * scores[key], 1) for key in ("tag_acc", "dep_uas", "dep_las")})


if __name__ == "__main__":
    main()
