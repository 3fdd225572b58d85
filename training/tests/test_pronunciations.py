from __future__ import annotations

import gzip
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from needs import needs

needs()

from pronunciations import Pronunciations

DICTIONARY = """;;; a comment
read R EH1 D
READ(2) R IY1 D
read(3) R IY2 D
a AH0
a(2) EY1
d'artagnan D AH0 R T AE1 NG Y AH0 N # foreign french
odd QQ AH0
silent
"""


class PronunciationsTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "cmudict.dict"
        self.path.write_text(DICTIONARY, encoding="utf-8")
        self.known = Pronunciations(self.path)

    def test_keeps_variants_in_order_without_stress(self) -> None:
        self.assertEqual(self.known.words["read"], [("R", "EH", "D"), ("R", "IY", "D")])
        self.assertEqual(self.known.words["a"], [("AH",), ("EY",)])

    def test_leaves_comments_and_unknown_phones_out(self) -> None:
        self.assertEqual(sorted(self.known.words), ["a", "d'artagnan", "read"])
        self.assertEqual(self.known.words["d'artagnan"][0][-1], "N")

    def test_reads_a_gzipped_dictionary_alike(self) -> None:
        packed = self.path.with_name("cmudict.dict.gz")
        packed.write_bytes(gzip.compress(DICTIONARY.encode()))
        self.assertEqual(Pronunciations(packed).words, self.known.words)

    def test_says_a_text_the_usual_way_or_not_at_all(self) -> None:
        self.assertEqual(self.known.phones("a read"), ["AH", "R", "EH", "D"])
        self.assertEqual(self.known.phones("a strange read"), [])

    def test_asks_flite_once_for_a_word_it_does_not_know(self) -> None:
        said = subprocess.CompletedProcess([], 0, "pau b ax l axr el pau\n", "")
        with mock.patch("pronunciations.subprocess.run", return_value=said) as run:
            self.assertEqual(self.known.guess(["baller", "read", "baller"]), 1)
            self.assertEqual(self.known.guess(["baller"]), 0)
        self.assertEqual(run.call_count, 1)
        self.assertEqual(self.known.phones("baller"), "B AH L ER AH L".split())


if __name__ == "__main__":
    unittest.main()
