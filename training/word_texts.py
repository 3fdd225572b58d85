"""Texts as arrays of word numbers, for the word trigrams; which spelling and which capitals a word has."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pronunciations import Pronunciations
from text import normalise

START, END, UNKNOWN, FIRST_WORD = 0, 1, 2, 3
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+")
ROMAN = re.compile("[ivxlcdm]+")
INSIDE = re.compile(r"(?<=[a-z,;] )[A-Za-z][A-Za-z'’]*")  # words that no full stop precedes
ENDINGS = ("t", "s", "d", "m", "re", "ve", "ll")  # of words with an apostrophe before them
AMERICAN = tuple(
    (re.compile(british), american)
    for british, american in (
        ("our", "or"), ("is(e|ed|es|er|ers|ing|ation|ations)$", r"iz\1"),
        ("ys(e|ed|es|ing)$", r"yz\1"),
        ("ll(ed|ing|er|ers|ous)$", r"l\1"), ("re(s?)$", r"er\1"), ("ogue(s?)$", r"og\1"),
        ("ence(s?)$", r"ense\1"), ("ae", "e"), ("oe", "e"), ("mould", "mold"), ("grey", "gray"),
    )
)  # fmt: skip


def usual_spelling(word: str, known: Container[str]) -> str:
    """A British spelling, or one without its apostrophe, as `known` has it; others as they are."""
    if word in known:
        return word
    for ending in ENDINGS:
        changed = f"{word[: -len(ending)]}'{ending}"
        if word.endswith(ending) and changed in known:
            return changed
    for british, replacement in AMERICAN:
        changed = british.sub(replacement, word)
        if changed != word and changed in known:
            return changed
    return word


def lines_of(path: Path) -> Iterator[str]:
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8") as file:
        for line in file:
            if stripped := line.strip():
                yield stripped


class Reader:
    """Texts as arrays of word numbers; words are numbered in the order they are met."""

    def __init__(self, pronunciations: Pronunciations) -> None:
        self.known = pronunciations.words
        self.numbers: dict[str, int] = {"<s>": START, "</s>": END, "<unk>": UNKNOWN}
        self.spelling: dict[str, int] = {}
        self.capitals: Counter[str] = Counter()

    def number(self, word: str) -> int:
        found = self.spelling.get(word)
        if found is None:
            found = self.numbers.setdefault(usual_spelling(word, self.known), len(self.numbers))
            self.spelling[word] = found
        return found

    def read(self, path: Path) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """All words of a text with <s> before and </s> after each line; where sentences begin."""
        words: list[NDArray[np.int32]] = []
        begins: list[NDArray[np.int64]] = []
        spelling = self.spelling
        row: list[int] = []
        starts: list[int] = []
        at = 0
        for line in lines_of(path):
            if not line.islower():
                self.capitals.update(INSIDE.findall(line))
            row.append(START)
            for sentence in SENTENCE_END.split(line):
                found = normalise(sentence).split()
                if found:
                    starts.append(at + len(row))
                    row += [spelling[w] if w in spelling else self.number(w) for w in found]
            row.append(END)
            if len(row) > 1_000_000:
                words.append(np.array(row, np.int32))
                begins.append(np.array(starts, np.int64))
                at += len(row)
                row, starts = [], []
        words.append(np.array(row, np.int32))
        begins.append(np.array(starts, np.int64))
        everything = np.concatenate(words)
        first = np.zeros(len(everything), bool)
        first[np.concatenate(begins)] = True
        return everything, first


def sayable(word: str) -> bool:
    """Whether a word that the dictionary lacks is worth a guess: no numeral, no abbreviation."""
    return bool(len(word) > 2 and re.search("[aeiouy]", word) and not ROMAN.fullmatch(word))


def written_forms(words: list[str], capitals: Counter[str]) -> list[str]:
    """Each word as it is mostly written inside sentences: `London`, `I'm`, `river`."""
    forms: dict[str, Counter[str]] = {}
    for form, times in capitals.items():
        form = form.replace("’", "'").strip("'")
        if not form.isupper() or len(form) == 1:  # headings and shouting say nothing
            forms.setdefault(form.lower(), Counter())[form] += times
    return [
        forms[word].most_common(1)[0][0] if sum(forms.get(word, Counter()).values()) >= 5 else word
        for word in words
    ]
