from __future__ import annotations

import random
import unittest
from collections.abc import Sequence
from functools import cache

from needs import needs

needs()

from scoring import collapse, edit_distance, error_rate


def plain_distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Levenshtein's recursion from the end, word for word as it is defined."""

    @cache
    def upto(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        if reference[i - 1] == hypothesis[j - 1]:
            return upto(i - 1, j - 1)
        return 1 + min(upto(i - 1, j), upto(i, j - 1), upto(i - 1, j - 1))

    return upto(len(reference), len(hypothesis))


class EditDistance(unittest.TestCase):
    def test_counts_each_kind_of_error_once(self) -> None:
        for reference, hypothesis, errors in (
            ("a b c", "a b c", 0),
            ("a b c", "a x c", 1),
            ("a b c", "a c", 1),
            ("a b c", "a b x c", 1),
            ("", "a b", 2),
            ("a b", "", 2),
            ("a b c d", "b c d e", 2),
        ):
            with self.subTest(reference=reference, hypothesis=hypothesis):
                self.assertEqual(edit_distance(reference.split(), hypothesis.split()), errors)

    def test_equals_the_definition_on_random_sequences(self) -> None:
        rng = random.Random(1)
        for _ in range(400):
            pair = [rng.choices("abcd", k=rng.randrange(12)) for _ in range(2)]
            self.assertEqual(edit_distance(*pair), plain_distance(*pair), pair)


class ErrorRate(unittest.TestCase):
    def test_is_all_errors_by_all_reference_words(self) -> None:
        pairs = [("a b c".split(), "a b".split()), (["d"], ["e"])]
        self.assertEqual(error_rate(pairs), 50.0)

    def test_can_exceed_a_hundred(self) -> None:
        self.assertEqual(error_rate([(["a"], "b c d".split())]), 300.0)

    def test_is_zero_without_anything_to_score(self) -> None:
        self.assertEqual(error_rate([]), 0.0)


class Collapse(unittest.TestCase):
    def test_merges_repeats_and_drops_blanks(self) -> None:
        self.assertEqual(collapse([0, 1, 1, 0, 1, 2, 2, 0], "-ab"), ["a", "a", "b"])


if __name__ == "__main__":
    unittest.main()
