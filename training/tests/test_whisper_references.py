from __future__ import annotations

import unittest

from needs import needs

needs()

from whisper_references import SAMPLE_RATE_HZ, grouped, merge

NUMBERS = {"nineteen oh one": "1901", "1901,": "1901"}


def plain(text: str) -> str:
    return NUMBERS.get(text, text)


class Merge(unittest.TestCase):
    def test_takes_capitals_and_punctuation_where_both_say_the_same(self) -> None:
        texts, different = merge(
            ["missus lynde spoke", "was it he"], "Mrs. Lynde spoke. Was it he?", plain
        )
        self.assertEqual(texts, ["Mrs. Lynde spoke.", "Was it he?"])
        self.assertEqual(different, 0)

    def test_keeps_the_references_word_with_the_others_punctuation(self) -> None:
        texts, different = merge(["then socrates came"], "Then Sacrety's, came.", plain)
        self.assertEqual(texts, ["Then socrates, came."])
        self.assertAlmostEqual(different, 1 / 3)

    def test_begins_a_sentence_with_a_capital_where_the_other_did(self) -> None:
        texts, _ = merge(["he left", "avonlea slept"], "He left. Of London slept.", plain)
        self.assertEqual(texts, ["He left.", "Avonlea slept."])

    def test_takes_figures_that_mean_the_words(self) -> None:
        texts, different = merge(["in nineteen oh one he"], "In 1901, he", plain)
        self.assertEqual(texts, ["In 1901, he"])
        self.assertEqual(different, 0)

    def test_loses_no_word_that_was_not_written(self) -> None:
        texts, different = merge(["a b c", "d i"], "", plain)
        self.assertEqual(texts, ["a b c", "d I"])
        self.assertEqual(different, 1)

    def test_drops_words_that_nobody_said(self) -> None:
        texts, _ = merge(["we went home"], "We went home. Thank you.", plain)
        self.assertEqual(texts, ["We went home."])


class Grouped(unittest.TestCase):
    def test_fills_windows_and_never_mixes_speakers(self) -> None:
        seconds = [10, 10, 10, 5, 5, 40, 3]
        groups = list(grouped([s * SAMPLE_RATE_HZ for s in seconds], list("aaaabbb")))
        self.assertEqual(groups, [[0, 1], [2, 3], [4], [5], [6]])


if __name__ == "__main__":
    unittest.main()
