"""English text as the recogniser writes it: lower-case words over a-z and the apostrophe."""

from __future__ import annotations

import re
import unicodedata

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
ABBREVIATIONS = {
    "mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint", "jr": "junior",
    "col": "colonel", "capt": "captain", "gen": "general", "esq": "esquire",
    "hon": "honorable", "lt": "lieutenant", "sgt": "sergeant", "co": "company",
    "ltd": "limited", "rev": "reverend", "maj": "major", "messrs": "messrs",
    "vs": "versus", "etc": "et cetera",
}  # fmt: skip
SIGNS = {
    "’": "'", "‘": "'", "`": "'", "&": " and ", "%": " percent ", "æ": "ae", "œ": "oe",
}  # fmt: skip
_ABBREVIATION = re.compile(rf"\b({'|'.join(ABBREVIATIONS)})\.(?=\s|$)")
_NUMERO = re.compile(r"\bno\.\s*(?=\d)")  # elsewhere "no." is the word
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_DOLLARS = re.compile(r"\$(\d[\d,]*)")
_NUMBER = re.compile(r"\d+(?:,\d{3})+|\d+")
_OTHER = re.compile(r"[^a-z']+")


def number_words(value: int) -> str:
    """A whole number below 10^12 in words, without "and"."""
    if value < 20:
        return ONES[value]
    if value < 100:
        return TENS[value // 10] + (f" {ONES[value % 10]}" if value % 10 else "")
    for size, name in SCALES:
        if value >= size:
            rest = f" {number_words(value % size)}" if value % size else ""
            return f"{number_words(value // size)} {name}{rest}"
    raise ValueError(f"not a whole number: {value}")


def ordinal_words(value: int) -> str:
    """"twenty first" for 21."""
    *head, last = number_words(value).split()
    if last in ORDINALS:
        last = ORDINALS[last]
    elif last.endswith("y"):
        last = f"{last[:-1]}ieth"
    else:
        last = f"{last}th"
    return " ".join([*head, last])


def _spoken(match: re.Match[str]) -> str:
    """A number as it is read aloud: 1100 to 1999 as years, very long ones digit by digit."""
    written = match.group(0)
    value = int(written.replace(",", ""))
    if "," not in written and 1100 <= value <= 1999 and value % 100:
        low = value % 100
        return f"{number_words(value // 100)} {number_words(low) if low > 9 else f'oh {ONES[low]}'}"
    if value >= 10**12:
        return " ".join(ONES[int(digit)] for digit in written if digit.isdigit())
    return number_words(value)


def normalise(text: str) -> str:
    """The words of a text with numbers and abbreviations spelt out and accents taken off."""
    text = text.lower()
    for sign, words in SIGNS.items():
        text = text.replace(sign, words)
    if not text.isascii():
        text = unicodedata.normalize("NFD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    text = _ABBREVIATION.sub(lambda match: ABBREVIATIONS[match.group(1)], text)
    if any(c.isdigit() for c in text):
        text = _NUMERO.sub("number ", text)
        text = _ORDINAL.sub(
            lambda match: ordinal_words(int(match.group(1))) if len(match.group(1)) < 10 else " ",
            text,
        )
        text = _DOLLARS.sub(r"\1 dollars", text)
        text = _NUMBER.sub(_spoken, text)
    words = (word.strip("'") for word in _OTHER.sub(" ", text).split())
    return " ".join(word for word in words if word)
