from __future__ import annotations

import unittest

from needs import needs

needs()

from whisper_casing import casing, common_words, recased

TEXTS = [
    "Then Socrates spoke near here, and by then Socrates was heard.",
    "The brook ran on. Brook and field were green, and the brook was loud.",
    "He met Mark twice; a mark was on the door. The mark stayed.",
    "A letter to Anne of Avonlea came, and to Anne's aunt in Avonlea.",
    "A HEADLINE ABOUT SOCRATES AND NOBODY",
    "The NATO talks and NATO again.",
    "Glaciers melt.",
    "Glaciers move.",
]


class Casing(unittest.TestCase):
    def test_knows_names_from_inside_sentences(self) -> None:
        known = casing(TEXTS)
        self.assertEqual(known["socrates"], "Socrates")
        self.assertEqual(known["avonlea"], "Avonlea")

    def test_takes_no_capital_from_the_beginning_of_a_sentence(self) -> None:
        known = casing(TEXTS)
        self.assertNotIn("brook", known)
        self.assertNotIn("glaciers", known)

    def test_leaves_words_that_are_mostly_small_and_those_in_capitals(self) -> None:
        known = casing(TEXTS)
        self.assertNotIn("mark", known)
        self.assertNotIn("nato", known)

    def test_writes_names_of_a_reference_as_they_are_known(self) -> None:
        known = casing(TEXTS)
        common = common_words(TEXTS)
        text = recased("and socrates's brook by avonlea, Mark", known, common.__contains__)
        self.assertEqual(text, "and Socrates's brook by Avonlea, Mark")

    def test_asks_about_words_that_no_text_has(self) -> None:
        common = {"near", "the"}
        self.assertEqual(
            recased("near lynde's the brook", {}, lambda word: word in common or word == "brook"),
            "near Lynde's the brook",
        )


if __name__ == "__main__":
    unittest.main()
