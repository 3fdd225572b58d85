"""Pronunciations: a dictionary in CMUdict's format, flite's letter-to-sound rules for the rest."""

from __future__ import annotations

import gzip
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from phones import PHONES

Phones = tuple[str, ...]

KNOWN = frozenset(PHONES[1:])
FLITE_NAMES = {"ax": "AH", "axr": "ER", "el": "AH L", "em": "AH M", "en": "AH N"}


class Pronunciations:
    """Words and how they are said, the usual way first; stress is left out."""

    def __init__(self, path: Path) -> None:
        self.words: dict[str, list[Phones]] = {}
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", errors="replace") as file:
            for line in file:
                word, *phones = line.split("#")[0].split() or [""]
                if phones and not word.startswith(";;;"):
                    self._add(re.sub(r"\(\d+\)$", "", word.lower()), phones)

    def _add(self, word: str, phones: Iterable[str]) -> None:
        spoken = tuple(re.sub(r"\d", "", phone) for phone in phones)
        known = self.words.setdefault(word, [])
        if KNOWN.issuperset(spoken) and spoken not in known:
            known.append(spoken)
        if not known:
            del self.words[word]

    def guess(self, words: Iterable[str]) -> int:
        """Asks flite for every word not known yet; how many it could say."""
        unknown = sorted({word for word in words if word not in self.words})
        for word in unknown:
            command = ["flite", "-t", word, "-ps", "-o", "/dev/null"]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
            named = (FLITE_NAMES.get(phone, phone.upper()).split() for phone in said)
            phones = [phone for part in named for phone in part if phone in KNOWN]
            if phones:
                self._add(word, phones)
        return sum(word in self.words for word in unknown)

    def phones(self, text: str) -> list[str]:
        """The phones of a text, each word said the usual way; none where a word is unknown."""
        words = text.split()
        if any(word not in self.words for word in words):
            return []
        return [phone for word in words for phone in self.words[word][0]]
