"""Capitals of names that a reference has in small letters.

References that come without capitals get Whisper's (`whisper_references.py`); where it heard another word,
the reference's stands there in small letters: `socrates`. What those words look like elsewhere, in the
references and in texts written by people, says how they are to be written.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

_WORD = re.compile(r"[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’]*")
_ENDS = re.compile(r"[.?!:;\"“”(\[—-]\s*$")  # a capital behind it says nothing
LEAST_SEEN = 2
LEAST_SHARE = 0.8


def casing(texts: Iterable[str]) -> dict[str, str]:
    """How words are written inside sentences, by their small letters; those with capitals alone."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        if text.isupper():
            continue
        for match in _WORD.finditer(text):
            before = text[: match.start()]
            if before.strip() and not _ENDS.search(before):
                word = match.group().replace("’", "'")
                forms[word.lower()][word] += 1
    known: dict[str, str] = {}
    for lower, seen in forms.items():
        form, count = seen.most_common(1)[0]
        is_name = form != lower and not (form.isupper() and len(form) > 1)
        if is_name and count >= LEAST_SEEN and count >= LEAST_SHARE * sum(seen.values()):
            known[lower] = form
    return known


def common_words(texts: Iterable[str]) -> set[str]:
    """Words that stand in small letters somewhere."""
    return {word for text in texts for word in _WORD.findall(text) if word.islower()}


def recased(text: str, known: dict[str, str], is_common: Callable[[str], bool]) -> str:
    """The text with its small-letter names written as they are known.

    is_common -- whether a word that no text has with a capital is one in small letters
    """

    def form(match: re.Match[str]) -> str:
        word = match.group()
        bare, tail = (word[:-2], word[-2:]) if word.endswith("'s") else (word, "")
        if not word.islower() or word in known:
            return known.get(word, word)
        if bare in known:
            return known[bare] + tail
        return word if is_common(bare) else word.capitalize()

    return _WORD.sub(form, text)
