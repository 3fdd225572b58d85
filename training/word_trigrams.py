"""Reads the language model of the word search: `lm.bin`, whose layout is in language_model.py."""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections.abc import Sequence

MAGIC = b"A2TLM02\n"
HEADER_BYTES = 28
COST_SCALE = 16
FIRST_UNIT_CHARACTER = 64


class LanguageModel:
    """Trigrams with back-off, and pronunciations."""

    def __init__(self, data: bytes) -> None:
        if data[: len(MAGIC)] != MAGIC:
            raise ValueError("not a language model")
        words, bigrams, trigrams, block, counts = struct.unpack_from("<5I", data, len(MAGIC))
        at = HEADER_BYTES

        def take(kind: str, length: int) -> array[int]:
            nonlocal at
            taken = array(kind)
            taken.frombytes(data[at : at + length * taken.itemsize])
            at += length * taken.itemsize
            return taken

        rows = [row.split("\t") for row in take("B", block).tobytes().decode().split("\n")]
        self.words = [row[0] for row in rows]
        self.pronunciations = [
            [[ord(character) - FIRST_UNIT_CHARACTER for character in way] for way in row[1:]]
            for row in rows
        ]
        self.cost1 = take("B", words)
        self.back1 = take("B", words)
        self.start1 = starts(take("H", words))
        self.word2 = take("H", bigrams)
        self.cost2 = take("B", bigrams)
        self.back2 = take("B", bigrams)
        self.start2 = starts(leb128(take("B", counts)))
        self.word3 = take("H", trigrams)
        self.cost3 = take("B", trigrams)

    def unigram_score(self, word: int) -> float:
        """Natural log-probability of a word by itself."""
        return -self.cost1[word] / COST_SCALE

    def score(self, u: int, v: int, w: int) -> float:
        """Natural log-probability of word w after u and v."""
        cost = 0
        context = find(self.word2, self.start1[u], self.start1[u + 1], v)
        if context is not None:
            trigram = find(self.word3, self.start2[context], self.start2[context + 1], w)
            if trigram is not None:
                return -self.cost3[trigram] / COST_SCALE
            cost = self.back2[context]
        bigram = find(self.word2, self.start1[v], self.start1[v + 1], w)
        cost += self.back1[v] + self.cost1[w] if bigram is None else self.cost2[bigram]
        return -cost / COST_SCALE


def starts(counts: Sequence[int]) -> array[int]:
    """Where each run begins, and where the last one ends."""
    ends = array("L", [0])
    for count in counts:
        ends.append(ends[-1] + count)
    return ends


def leb128(data: Sequence[int]) -> list[int]:
    """Numbers of 7 bits a byte, low bits first; the eighth bit says that more follow."""
    numbers, number, shift = [], 0, 0
    for byte in data:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            number = shift = 0
    return numbers


def find(values: Sequence[int], low: int, high: int, value: int) -> int | None:
    """Index of a value in the ascending values[low:high]."""
    at = bisect_left(values, value, low, high)
    return at if at < high and values[at] == value else None
