"""Trains the word trigram model and the word list of the search: `lm.bin`.

    python3 training/language_model.py --text text/*.txt --dict cmudict.dict.gz \\
        --out public/models/ai2text-en/lm.bin

Each line of a text is a paragraph or a sentence. Word sequences run on over the ends of sentences
inside a line, because a stretch of speech between two pauses does too; beginnings and ends of
sentences are counted as well. Absolute discounting, then entropy pruning (Stolcke 1998) down to
`--bigrams` and `--trigrams`, so that the file has a size that can be chosen.

Spelling is American, as the pronouncing dictionary's is: a word that is not in it, but is with
`our` turned into `or` and the like, counts as that word. The `--guess` most frequent words that are
not in it at all are pronounced by flite's rules. Words that stand inside sentences with a capital
most of the time are written with it.

The file, little-endian and packed:

    8 bytes    "A2TLM02\\n"
    uint32[5]  V words, B bigrams, T trigrams, bytes of the word block, bytes C of the counts
    word block UTF-8, V lines: WRITTEN FORM [TAB pronunciation]...; one character a phone, code
               point 64 + unit; ids 0, 1, 2 are <s>, </s>, <unk>, which have none
    uint8[V]   unigram costs; uint8[V] unigram back-off costs
    uint16[V]  how many bigrams begin with each word
    uint16[B]  second words, ascending; uint8[B] costs; uint8[B] back-off costs
    uint8[C]   how many trigrams begin with each bigram, LEB128
    uint16[T]  third words, ascending; uint8[T] costs

A cost c is the natural log-probability -c / 16. The score of w after u, v is the trigram's where it
is stored. Else it is the back-off of (u, v), which is 0 where that bigram is not stored, plus the
score of the bigram (v, w) where that is stored, else plus the back-off of v and the unigram's score.
"""

from __future__ import annotations

import argparse
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from phones import PHONES
from pronunciations import Pronunciations
from text import normalise
from word_texts import (
    END,
    FIRST_WORD,
    START,
    UNKNOWN,
    Reader,
    lines_of,
    sayable,
    usual_spelling,
    written_forms,
)

Array = NDArray[np.float64]
Keys = NDArray[np.uint64]

MAGIC = b"A2TLM02\n"
COST_SCALE = 16.0
MOST_PRONUNCIATIONS = 3
CUT = 2  # n-grams seen less often are not candidates; their counts still weigh


def packed(*columns: NDArray[np.int32]) -> Keys:
    """Word numbers below 2^16 side by side in one number, in the order of sorting."""
    key = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        key = (key << np.uint64(16)) | column.astype(np.uint64)
    return key


def summed(parts: list[tuple[Keys, Array]]) -> tuple[Keys, Array]:
    """Equal keys' counts added up, in ascending order of the keys."""
    keys = np.concatenate([part[0] for part in parts])
    counts = np.concatenate([part[1] for part in parts])
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[first], np.add.reduceat(counts, first)


@dataclass
class Counts:
    """How often n-grams of 1, 2 and 3 words were seen; unigrams by word, others by key."""

    one: Array
    two: tuple[Keys, Array]
    three: tuple[Keys, Array]


def count(words: NDArray[np.int32], first: NDArray[np.bool_]) -> tuple[list[Keys], list[Keys]]:
    """Keys of all bigrams and trigrams of a text, those at the ends of sentences among them."""
    # a line's <s> is no word that is said; "</s> <s>" stands between lines and is no bigram
    follows = words[1:] != START
    pairs = packed(words[:-1], words[1:])[follows]
    both = follows[:-1] & follows[1:] & (words[1:-1] != END)
    triples = packed(words[:-2], words[1:-1], words[2:])[both]
    at = np.flatnonzero(first & (np.roll(words, 1) != START))  # sentences inside lines
    starts, ends = np.full(len(at), START, np.int32), np.full(len(at), END, np.int32)
    two = [pairs, packed(starts, words[at]), packed(words[at - 1], ends)]
    inner = at[at + 1 < len(words)]
    three = [
        triples,
        packed(starts[: len(inner)], words[inner], words[inner + 1]),
        packed(words[at - 2], words[at - 1], ends)[words[at - 2] != END],
    ]
    return two, three


def distinct(keys: list[Keys], weight: float) -> tuple[Keys, Array]:
    found, times = np.unique(np.concatenate(keys), return_counts=True)
    return found, times * weight


def counted(texts: list[tuple[NDArray[np.int32], NDArray[np.bool_], float]], size: int) -> Counts:
    """Weighted counts over all texts, word numbers being final."""
    one = np.zeros(size)
    two: list[tuple[Keys, Array]] = []
    three: list[tuple[Keys, Array]] = []
    for words, first, weight in texts:
        one += np.bincount(words, minlength=size) * weight
        pairs, triples = count(words, first)
        two.append(distinct(pairs, weight))
        three.append(distinct(triples, weight))
    one[START] = 0
    return Counts(one, summed(two), summed(three))


def discount(counts: Array) -> float:
    """Absolute discount from the numbers of n-grams seen once and twice (Ney et al. 1994)."""
    once, twice = np.sum(np.round(counts) == 1), np.sum(np.round(counts) == 2)
    return float(np.clip(once / max(1, once + 2 * twice), 0.4, 0.9))  # tiny texts have extremes


def find(keys: Keys, wanted: Keys) -> NDArray[np.int64]:
    """Index of each wanted key; -1 where it is not there."""
    at = np.searchsorted(keys, wanted)
    at[at == len(keys)] = 0
    return np.where(keys[at] == wanted, at, -1) if len(keys) else np.full(len(wanted), -1)


def sums(values: Array, group: NDArray[np.int64], groups: int) -> Array:
    return np.bincount(group, weights=values, minlength=groups)


def left_over(kept: Array, kept_lower: Array) -> Array:
    """Back-off weight that makes a history's probabilities add up to 1."""
    return np.clip((1 - kept), 1e-6, 1) / np.clip(1 - kept_lower, 1e-6, 1)


def loss_of_pruning(p_history: Array, p: Array, lower: Array, of: NDArray[np.int64]) -> Array:
    """Growth of the model's relative entropy, one n-gram taken away at a time (Stolcke 1998).

    For each n-gram: how likely its history is, its own and its backed-off probability, and the
    number of its history.
    """
    kept, kept_lower = (sums(values, of, int(of.max()) + 1)[of] for values in (p, lower))
    rest, rest_lower = np.clip(1 - kept, 1e-6, 1), np.clip(1 - kept_lower, 1e-6, 1)
    changed = (rest + p) / np.clip(rest_lower + lower, 1e-6, None)
    own = p * (np.log(lower) + np.log(changed) - np.log(p))
    others = rest * (np.log(changed) - np.log(rest / rest_lower))
    return -p_history * (own + others)


def best(worth: Array, wanted: int) -> NDArray[np.bool_]:
    """Which are among the `wanted` largest; equal ones stay together."""
    if len(worth) <= wanted:
        return np.ones(len(worth), bool)
    return worth >= np.partition(worth, -wanted)[-wanted]


@dataclass
class Model:
    """A pruned trigram model with natural probabilities; keys ascend."""

    p1: Array
    back1: Array
    key2: Keys
    p2: Array
    back2: Array
    key3: Keys
    p3: Array


def words_at(keys: Keys, place: int) -> NDArray[np.int64]:
    """The word `place` from the end of each key."""
    return ((keys >> np.uint64(16 * place)) & np.uint64(0xFFFF)).astype(np.int64)


def estimate(counts: Counts, bigrams: int, trigrams: int) -> Model:
    """Discounted probabilities, pruned to about so many n-grams."""
    size = len(counts.one)
    total = counts.one.sum()
    p1 = counts.one + 0.5
    p1[START] = 1e-7  # it never follows anything
    p1 /= p1.sum()

    key2, c2 = counts.two
    history = words_at(key2, 1)
    n2 = sums(c2, history, size)
    usable = (c2 >= CUT) & (words_at(key2, 0) != UNKNOWN) & (history != UNKNOWN)
    d2 = discount(c2)
    key2, c2, history = key2[usable], c2[usable], history[usable]
    share = (c2 - d2) / n2[history]
    back = 1 - sums(share, history, size)
    p2 = share + back[history] * p1[words_at(key2, 0)]

    key3, c3 = counts.three
    pair3 = key3 >> np.uint64(16)
    heads, of_head = np.unique(pair3, return_inverse=True)
    n3 = sums(c3, of_head, len(heads))
    d3 = discount(c3)
    at2, low2 = find(key2, pair3), find(key2, key3 & np.uint64(0xFFFFFFFF))
    usable = (c3 >= CUT) & (at2 >= 0) & (low2 >= 0)
    key3, c3, of_head = key3[usable], c3[usable], of_head[usable]
    at2, low2 = at2[usable], low2[usable]
    share = (c3 - d3) / n3[of_head]
    back_pair = 1 - sums(share, at2, len(key2))
    p3 = share + back_pair[at2] * p2[low2]

    # trigrams first; a bigram that a kept trigram hangs on stays
    p_word = counts.one / total
    p_word[START] = n2[START] / total
    keep3 = best(loss_of_pruning(p_word[history[at2]] * p2[at2], p3, p2[low2], at2), trigrams)
    key3, p3, at2 = key3[keep3], p3[keep3], at2[keep3]
    worth = loss_of_pruning(p_word[history], p2, p1[words_at(key2, 0)], history)
    worth[at2] = np.inf
    keep2 = best(worth, bigrams)
    key2, p2, history = key2[keep2], p2[keep2], history[keep2]

    # back-off weights again, over the n-grams that are left
    second = words_at(key2, 0)
    back1 = left_over(sums(p2, history, size), sums(p1[second], history, size))
    at2, low2 = find(key2, key3 >> np.uint64(16)), find(key2, key3 & np.uint64(0xFFFFFFFF))
    lower = np.where(low2 >= 0, p2[low2], back1[words_at(key3, 1)] * p1[words_at(key3, 0)])
    back2 = left_over(sums(p3, at2, len(key2)), sums(lower, at2, len(key2)))
    return Model(p1, back1, key2, p2, back2, key3, p3)


def perplexity(model: Model, lines: Iterable[list[int]]) -> float:
    """Of each known word after known words, ends of lines counted."""
    nats, words = 0.0, 0
    bigram = {int(key): index for index, key in enumerate(model.key2)}
    trigram = {int(key): index for index, key in enumerate(model.key3)}
    for line in lines:
        row = [START, START, *line, END]
        for u, v, w in zip(row, row[1:], row[2:]):
            if w == UNKNOWN:
                continue
            whole = trigram.get(u << 32 | v << 16 | w)
            if whole is not None:
                p = model.p3[whole]
            else:
                pair, last = bigram.get(u << 16 | v), bigram.get(v << 16 | w)
                p = model.p2[last] if last is not None else model.back1[v] * model.p1[w]
                p *= model.back2[pair] if pair is not None else 1.0
            nats -= float(np.log(p))
            words += 1
    return float(np.exp(nats / max(1, words)))


def costs(p: Array) -> bytes:
    """Probabilities as sixteenths of a natural logarithm, at most 255."""
    steps = np.round(-np.log(np.maximum(p, 1e-9)) * COST_SCALE)
    return np.clip(steps, 0, 255).astype(np.uint8).tobytes()


def leb128(numbers: Iterable[int]) -> bytes:
    """Whole numbers, seven bits a byte, the lowest first."""
    out = bytearray()
    for number in numbers:
        while number > 127:
            out.append(number & 127 | 128)
            number >>= 7
        out.append(number)
    return bytes(out)


def write(path: Path, words: list[str], lines: list[str], model: Model) -> None:
    """The file described above; `lines` are the words' lines of the word block."""
    size = len(words)
    block = "\n".join(lines).encode()
    at2 = find(model.key2, model.key3 >> np.uint64(16))
    per_pair = leb128(np.bincount(at2, minlength=len(model.key2)).tolist())
    first = np.bincount(words_at(model.key2, 1), minlength=size)
    header = (size, len(model.key2), len(model.key3), len(block), len(per_pair))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(MAGIC + struct.pack("<5I", *header) + block)
        file.write(costs(model.p1) + costs(model.back1))
        file.write(first.astype("<u2").tobytes())
        file.write(words_at(model.key2, 0).astype("<u2").tobytes())
        file.write(costs(model.p2) + costs(model.back2) + per_pair)
        file.write(words_at(model.key3, 0).astype("<u2").tobytes() + costs(model.p3))


def weights(text: str) -> dict[str, float]:
    """`books=1,chat=3` as a dictionary."""
    pairs = (part.split("=") for part in text.split(",") if part)
    return {name: float(times) for name, times in pairs}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text", nargs="+", type=Path, required=True)
    parser.add_argument("--weights", type=weights, default={}, help="file stem=times,... (1)")
    parser.add_argument("--dict", type=Path, required=True, help="CMUdict, plain or gzipped")
    parser.add_argument("--words", type=int, default=60_000)
    parser.add_argument("--guess", type=int, default=3_000, help="words for flite to pronounce")
    parser.add_argument("--bigrams", type=int, default=400_000)
    parser.add_argument("--trigrams", type=int, default=950_000)
    parser.add_argument("--perplexity", type=Path, help="a text that is not trained on")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()

    pronunciations = Pronunciations(args.dict)
    reader = Reader(pronunciations)
    texts = []
    times = np.zeros(0)
    for path in args.text:
        words, first = reader.read(path)
        weight = args.weights.get(path.name.split(".")[0], 1.0)
        texts.append((words, first, weight))
        seen = np.bincount(words, minlength=len(reader.numbers)).astype(float) * weight
        seen[: len(times)] += times
        times = seen
        millions = np.sum(words > UNKNOWN) / 1e6
        print(f"{path.name}: {millions:.2f} M words, weight {weight:g}", flush=True)

    names = list(reader.numbers)
    by_times = [int(index) for index in np.argsort(-times) if index >= FIRST_WORD]
    new = [names[i] for i in by_times if names[i] not in pronunciations.words and sayable(names[i])]
    print(f"flite pronounces {pronunciations.guess(new[: args.guess])} words", flush=True)
    usable = [names[index] for index in by_times if names[index] in pronunciations.words]
    chosen = sorted(usable[: args.words])
    final = np.full(len(names), UNKNOWN, np.int32)
    final[[START, END]] = START, END
    final[[reader.numbers[word] for word in chosen]] = np.arange(len(chosen)) + FIRST_WORD
    words = ["<s>", "</s>", "<unk>", *chosen]
    missed = times[FIRST_WORD:][final[FIRST_WORD:] == UNKNOWN].sum() / times[FIRST_WORD:].sum()
    print(f"{len(chosen)} words; {100 * missed:.2f} % of running words are others", flush=True)

    counts = counted([(final[row], first, weight) for row, first, weight in texts], len(words))
    seen = [len(keys) / 1e6 for keys, _ in (counts.two, counts.three)]
    print(f"{seen[0]:.1f} M bigrams, {seen[1]:.1f} M trigrams", flush=True)
    model = estimate(counts, args.bigrams, args.trigrams)
    unit = {phone: chr(64 + index) for index, phone in enumerate(PHONES)}
    forms = written_forms(words, reader.capitals)
    lines = list(words[:FIRST_WORD])
    for word, form in zip(words[FIRST_WORD:], forms[FIRST_WORD:]):
        ways = pronunciations.words[word][:MOST_PRONUNCIATIONS]
        lines.append("\t".join([form, *("".join(unit[phone] for phone in way) for way in ways)]))
    write(args.out, words, lines, model)
    print(f"{len(model.key2)} bigrams, {len(model.key3)} trigrams, {args.out.stat().st_size} bytes")
    if args.perplexity:
        number = {word: index for index, word in enumerate(words)}
        rows = [
            [number.get(usual_spelling(word, number), UNKNOWN) for word in normalise(line).split()]
            for line in lines_of(args.perplexity)
        ]
        unknown = sum(row.count(UNKNOWN) for row in rows) / max(1, sum(map(len, rows)))
        print(f"perplexity {perplexity(model, rows):.1f}, {100 * unknown:.2f} % of words unknown")


if __name__ == "__main__":
    main()
