"""The language model: counts, probabilities that add up, pruning, and the file."""

from __future__ import annotations

import struct
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from needs import needs

needs("numpy")

import numpy as np

import language_model as lm
import word_texts as texts
from pronunciations import Pronunciations

DICTIONARY = """A  AH0
THE  DH AH0
CAT  K AE1 T
DOG  D AO1 G
RAN  R AE1 N
SAT  S AE1 T
COLOR  K AH1 L ER0
LONDON  L AH1 N D AH0 N
"""
TEXT = 3 * """The cat ran. The dog sat.
A cat sat.
the cat sat in London; the dog ran to London.
The colour of a cat.
the cat ran.
a dog sat.
the dog ran.
the cat sat.
"""


def model_of(text: str, bigrams: int, trigrams: int) -> tuple[list[str], lm.Model]:
    with tempfile.TemporaryDirectory() as folder:
        dictionary, file = Path(folder, "dict"), Path(folder, "text.txt")
        dictionary.write_text(DICTIONARY)
        file.write_text(text)
        reader = texts.Reader(Pronunciations(dictionary))
        words, first = reader.read(file)
    known = [w for w in reader.numbers if w in reader.known]
    final = np.full(len(reader.numbers), texts.UNKNOWN, np.int32)
    final[[texts.START, texts.END]] = texts.START, texts.END
    final[[reader.numbers[w] for w in known]] = np.arange(3, 3 + len(known))
    names = ["<s>", "</s>", "<unk>", *known]
    counts = lm.counted([(final[words], first, 1.0)], len(names))
    return names, lm.estimate(counts, bigrams, trigrams)


def probability(model: lm.Model, u: int, v: int, w: int) -> float:
    """The look-up that the file's readers do, with exact numbers."""
    three = lm.find(model.key3, np.array([u << 32 | v << 16 | w], np.uint64))[0]
    if three >= 0:
        return float(model.p3[three])
    pair, last = (
        lm.find(model.key2, np.array([a << 16 | b], np.uint64))[0] for a, b in ((u, v), (v, w))
    )
    back = float(model.back2[pair]) if pair >= 0 else 1.0
    if last >= 0:
        return back * float(model.p2[last])
    return back * float(model.back1[v] * model.p1[w])


class Estimate(unittest.TestCase):
    def test_every_context_sums_to_one(self) -> None:
        for bigrams, trigrams in ((1000, 1000), (12, 4)):
            names, model = model_of(TEXT, bigrams, trigrams)
            for u in range(len(names)):
                for v in (0, *range(3, len(names))):
                    total = sum(probability(model, u, v, w) for w in range(len(names)))
                    self.assertAlmostEqual(total, 1.0, delta=1e-4, msg=f"{names[u]} {names[v]}")

    def test_what_was_seen_is_likelier(self) -> None:
        names, model = model_of(TEXT, 1000, 1000)
        the, cat, dog, ran, a = (names.index(w) for w in ("the", "cat", "dog", "ran", "a"))
        self.assertGreater(probability(model, the, cat, ran), probability(model, the, cat, dog))
        self.assertGreater(probability(model, 0, the, cat), probability(model, 0, the, a))

    def test_sentences_inside_a_line_begin_and_end(self) -> None:
        names, model = model_of("The cat ran. A dog sat.\n" * 4, 1000, 1000)
        a, ran = names.index("a"), names.index("ran")
        self.assertGreaterEqual(lm.find(model.key2, np.array([a], np.uint64))[0], 0)
        self.assertGreaterEqual(lm.find(model.key2, np.array([ran << 16 | 1], np.uint64))[0], 0)
        # and speech goes on over the full stop
        self.assertGreaterEqual(lm.find(model.key2, np.array([ran << 16 | a], np.uint64))[0], 0)

    def test_pruning_keeps_contexts_and_loses_little(self) -> None:
        names, whole = model_of(TEXT, 1000, 1000)
        _, pruned = model_of(TEXT, 12, 4)
        self.assertLessEqual(len(pruned.key3), 6)  # equal ones stay together
        self.assertTrue((lm.find(pruned.key2, pruned.key3 >> np.uint64(16)) >= 0).all())
        number = {name: index for index, name in enumerate(names)}
        rows = [[number["the"], number["cat"], number["ran"]], [number["a"], number["dog"]]]
        self.assertLess(lm.perplexity(whole, rows), lm.perplexity(pruned, rows))
        self.assertLess(lm.perplexity(pruned, rows), len(names))


class Words(unittest.TestCase):
    def test_usual_spelling(self) -> None:
        known = {"color", "organize", "traveled", "theater", "our", "hour", "don't", "i've", "ill"}
        given = "colour organise travelled theatre our hour xyzzy dont ive ill".split()
        wanted = "color organize traveled theater our hour xyzzy don't i've ill".split()
        self.assertEqual([texts.usual_spelling(word, known) for word in given], wanted)

    def test_words_worth_a_guess(self) -> None:
        given = ["waistcoat", "xvii", "ii", "qb", "brr", "o'er", "mix"]
        self.assertEqual([w for w in given if texts.sayable(w)], ["waistcoat", "o'er"])

    def test_written_forms(self) -> None:
        seen = {"London": 9, "london": 1, "river": 8, "River": 3, "RIVER": 90, "Rome": 2, "I": 50}
        forms = texts.written_forms(["london", "river", "rome", "i"], Counter(seen))
        self.assertEqual(forms, ["London", "river", "rome", "I"])


class File(unittest.TestCase):
    def test_leb128(self) -> None:
        self.assertEqual(lm.leb128([0, 127, 128, 300]), bytes([0, 127, 128, 1, 172, 2]))

    def test_costs(self) -> None:
        self.assertEqual(list(lm.costs(np.array([1.0, np.exp(-1), 1e-30]))), [0, 16, 255])

    def test_layout(self) -> None:
        names, model = model_of(TEXT, 1000, 1000)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "lm.bin")
            lm.write(file, names, names, model)
            data = file.read_bytes()
        self.assertEqual(data[:8], b"A2TLM02\n")
        size, two, three, block, counted = struct.unpack_from("<5I", data, 8)
        self.assertEqual((size, two, three), (len(names), len(model.key2), len(model.key3)))
        self.assertEqual(data[28 : 28 + block].decode().split("\n"), names)
        self.assertEqual(len(data), 28 + block + 4 * size + 4 * two + counted + 3 * three)
        first = np.frombuffer(data, "<u2", size, 28 + block + 2 * size)
        self.assertEqual(first.sum(), two)


if __name__ == "__main__":
    unittest.main()
