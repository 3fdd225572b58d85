"""The reference search on a model of a few words; the golden fixtures hold the app against it."""

from __future__ import annotations

import json
import math
import struct
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

from needs import needs

needs("numpy")

import numpy as np

from decoder import Decoder, Folder, HotWords, Settings, log_add
from word_trigrams import LanguageModel, leb128

SETTINGS = Settings(
    beam=20,
    beamMargin=20.0,
    entryMargin=1.0,
    phonesPerFrame=5,
    unitMargin=9.0,
    weight=1.0,
    wordBonus=0.0,
    blankPenalty=0.0,
    unfinishedWordScore=-6.0,
    hotBonus=3.0,
    newWordScore=-2.0,
)
BAN, PAN, AN, GAN = 3, 4, 5, 6


def tiny_model() -> LanguageModel:
    """"ban" (units 1 4 5), "pan" (2 4 5) and "an" (4 5), with (ban, an) as the only bigram."""
    block = "<s>\n</s>\n<unk>\nban\tADE\nPan\tBDE\nan\tDE".encode()
    costs = bytes([200, 16, 100, 32, 64, 48])
    return LanguageModel(
        b"A2TLM02\n"
        + struct.pack("<5I", 6, 1, 1, len(block), 1)
        + block
        + costs
        + bytes([0, 0, 0, 8, 0, 0])
        + struct.pack("<6H", 0, 0, 0, 1, 0, 0)
        + struct.pack("<HBB", 5, 8, 4)
        + bytes([1])
        + struct.pack("<HB", 3, 12)
    )


def heard(*frames: dict[int, float]) -> np.ndarray:
    """Log-probabilities: in each frame those given, and little for the other units."""
    rows = [[math.log(frame.get(unit, 0.01)) for unit in range(6)] for frame in frames]
    return np.array(rows, dtype=np.float32)


DOUBTFUL = heard({0: 0.9}, {1: 0.5, 2: 0.4}, {4: 0.9}, {5: 0.9}, {0: 0.9})


class LanguageModelTest(unittest.TestCase):
    def test_reads_words_and_units(self) -> None:
        model = tiny_model()
        self.assertEqual(model.words[3:], ["ban", "Pan", "an"])
        self.assertEqual(model.pronunciations[PAN], [[2, 4, 5]])

    def test_backs_off(self) -> None:
        model = tiny_model()
        self.assertEqual(model.score(BAN, AN, BAN), -12 / 16)
        self.assertEqual(model.score(0, BAN, AN), -8 / 16)
        self.assertEqual(model.score(BAN, AN, PAN), -(4 + 64) / 16)
        self.assertEqual(model.score(AN, BAN, PAN), -(8 + 64) / 16)

    def test_refuses_another_file(self) -> None:
        with self.assertRaises(ValueError):
            LanguageModel(b"A2TLM01\n" + bytes(40))

    def test_reads_long_counts(self) -> None:
        self.assertEqual(leb128(bytes([5, 0x80, 0x01, 0xFF, 0x7F])), [5, 128, 16383])


class DecoderTest(unittest.TestCase):
    def words(self, hot: HotWords, scores: np.ndarray = DOUBTFUL, **changes: float) -> list[int]:
        decoder = Decoder(tiny_model(), replace(SETTINGS, **changes), hot)
        return [word for word, _ in decoder.search(scores)]

    def test_adds_probabilities(self) -> None:
        exact = -2 + math.log1p(math.exp(-0.7))
        self.assertAlmostEqual(log_add(-2.0, -2.7), exact, places=5)
        self.assertEqual(log_add(-2.7, -2.0), log_add(-2.0, -2.7))
        self.assertEqual(log_add(-1e30, -2.0), -2.0)

    def test_finds_words_and_where_they_begin(self) -> None:
        decoder = Decoder(tiny_model(), SETTINGS, HotWords())
        self.assertEqual(decoder.search(DOUBTFUL), [(BAN, 1)])

    def test_favours_a_word_of_the_list(self) -> None:
        self.assertEqual(self.words(HotWords([[PAN]])), [PAN])
        self.assertEqual(self.words(HotWords([[PAN], [PAN]]), hotBonus=1.5), [BAN])

    def test_favours_the_later_words_of_a_phrase_only(self) -> None:
        after_an = np.concatenate([heard({4: 0.9}, {5: 0.9}, {0: 0.9}), DOUBTFUL])
        phrase = HotWords([[AN, PAN]])
        self.assertEqual(self.words(phrase, after_an), [AN, PAN])
        self.assertEqual(self.words(phrase), [BAN])

    def test_finds_an_added_word(self) -> None:
        added = HotWords([[GAN]], [{"written": "Gan", "pronunciations": [[3, 4]]}])
        scores = heard({3: 0.9}, {4: 0.9}, {0: 0.9})
        self.assertEqual(self.words(added, scores), [GAN])
        self.assertNotIn(GAN, self.words(added, scores, newWordScore=-40.0))


class FolderTest(unittest.TestCase):
    def test_searches_every_recording_with_its_own_list(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            content = {
                "units": 6,
                "search": SETTINGS.__dict__,
                "hotWords": [{"entries": [], "added": []}, {"entries": [[PAN]], "added": []}],
                "recordings": [{"frames": 5, "hotWords": at} for at in (0, 1, 0)],
            }
            (Path(name) / "recordings.json").write_text(json.dumps(content), encoding="utf-8")
            np.concatenate([DOUBTFUL] * 3).tofile(Path(name) / "scores.bin")
            found = Folder(Path(name)).search_all(tiny_model(), jobs=1)
        texts = [[word["word"] for word in words] for words in found]
        self.assertEqual(texts, [["ban"], ["Pan"], ["ban"]])


if __name__ == "__main__":
    unittest.main()
