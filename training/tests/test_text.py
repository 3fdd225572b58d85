from __future__ import annotations

import re
import unittest

from needs import needs

needs()

from text import normalise, number_words, ordinal_words


class Numbers(unittest.TestCase):
    def test_spells_whole_numbers(self) -> None:
        for value, words in {
            0: "zero", 7: "seven", 13: "thirteen", 20: "twenty", 42: "forty two",
            100: "one hundred", 101: "one hundred one", 999: "nine hundred ninety nine",
            1000: "one thousand", 12_345: "twelve thousand three hundred forty five",
            1_000_000: "one million", 2_000_000_001: "two billion one",
        }.items():  # fmt: skip
            with self.subTest(value):
                self.assertEqual(number_words(value), words)

    def test_spells_ordinals(self) -> None:
        for value, words in {
            1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 8: "eighth",
            9: "ninth", 12: "twelfth", 20: "twentieth", 21: "twenty first", 40: "fortieth",
            100: "one hundredth", 1000: "one thousandth",
        }.items():  # fmt: skip
            with self.subTest(value):
                self.assertEqual(ordinal_words(value), words)


class Normalise(unittest.TestCase):
    def expect(self, cases: dict[str, str]) -> None:
        for written, words in cases.items():
            with self.subTest(written):
                self.assertEqual(normalise(written), words)

    def test_drops_case_and_punctuation(self) -> None:
        self.expect({
            "Hello, World!": "hello world",
            "well-known; (twice)\t— so:": "well known twice so",
            "": "",
            " … ": "",
        })  # fmt: skip

    def test_keeps_apostrophes_inside_words_only(self) -> None:
        self.expect({
            "It isn’t the dogs' dinner": "it isn't the dogs dinner",
            "'Tis o`clock ‘quoted’": "tis o'clock quoted",
            "'' ' a": "a",
        })  # fmt: skip

    def test_takes_accents_off(self) -> None:
        self.expect({
            "Émile’s café in São Tomé, naïve Ångström": "emile's cafe in sao tome naive angstrom",
            "Cæsar, œuvre": "caesar oeuvre",
            "cafe\u0301": "cafe",
        })  # fmt: skip

    def test_spells_numbers_as_they_are_read(self) -> None:
        self.expect({
            "25 men": "twenty five men",
            "1,234 men": "one thousand two hundred thirty four men",
            "1234567890123": "one two three four five six seven eight nine zero one two three",
            "007": "seven",
        })  # fmt: skip

    def test_reads_years_in_pairs(self) -> None:
        self.expect({
            "in 1999": "in nineteen ninety nine",
            "in 1805": "in eighteen oh five",
            "in 1900": "in one thousand nine hundred",
            "in 2015": "in two thousand fifteen",
            "1,805 men": "one thousand eight hundred five men",
        })  # fmt: skip

    def test_reads_ordinals(self) -> None:
        self.expect({
            "the 1st, 2nd, 3rd and 21st": "the first second third and twenty first",
            "the 112th": "the one hundred twelfth",
        })  # fmt: skip

    def test_reads_money_and_signs(self) -> None:
        self.expect({
            "$5": "five dollars",
            "$1,200 or 5%": "one thousand two hundred dollars or five percent",
            "Dombey & Son": "dombey and son",
        })  # fmt: skip

    def test_spells_abbreviations_out_before_a_space_or_the_end(self) -> None:
        self.expect({
            "Mr. and Mrs. Brown, Dr. Gray": "mister and missus brown doctor gray",
            "St. Ives etc.": "saint ives et cetera",
            "mr.brown": "mr brown",
            "first. Col.": "first colonel",
        })  # fmt: skip

    def test_takes_no_for_number_before_a_number_only(self) -> None:
        self.expect({
            "No. 5": "number five",
            "no.12": "number twelve",
            "He said no. Then he left.": "he said no then he left",
            "Casino. 5 men": "casino five men",
        })  # fmt: skip

    def test_gives_words_that_stay_as_they_are(self) -> None:
        text = "At 10 o'clock, Dr. O'Neil’s 3rd café — No. 7 — sold $1,250 worth; 'no', she said."
        words = normalise(text)
        self.assertEqual(normalise(words), words)
        self.assertRegex(words, re.compile(r"\A[a-z']+( [a-z']+)*\Z"))


if __name__ == "__main__":
    unittest.main()
