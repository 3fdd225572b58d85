"""Lines of a version's manifest as utterances with phones."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from text import normalise  # noqa: E402

DECODE_TIMEOUT_S = 60


@dataclass(frozen=True)
class Utterance:
    """A clip by its path in the version, what is said in it, and the phones of that."""

    clip: str
    text: str
    phones: tuple[int, ...]


@dataclass
class LeftOut:
    """Utterances that cannot be trained on, by why."""

    other_language: int = 0
    unknown_word: int = 0
    empty: int = 0
    withdrawn: int = 0


def read_utterances(
    lines: Iterable[str],
    pronunciations: Mapping[str, tuple[int, ...]],
    left_out: LeftOut,
    keeps_unknown: bool = False,
) -> list[Utterance]:
    """The utterances of a split.

    A word without a pronunciation cannot become phones: its utterance is left out and counted, unless
    `keeps_unknown`, as where words are only counted; its phones are then those of its other words.
    """
    found: list[Utterance] = []
    for line in lines:
        if not line.strip():
            continue
        entry = json.loads(line)
        if str(entry.get("lang", "en")).split("-")[0].lower() != "en":
            left_out.other_language += 1
            continue
        text = normalise(entry["text"])
        words = text.split()
        if not words:
            left_out.empty += 1
        elif not keeps_unknown and any(word not in pronunciations for word in words):
            left_out.unknown_word += 1
        else:
            phones = tuple(phone for word in words for phone in pronunciations.get(word, ()))
            found.append(Utterance(clip_path(entry), text, phones))
    return found


def clip_path(entry: Mapping[str, str]) -> str:
    """Where the app gives the clip of a line; the manifest's own path is seen from its folder."""
    sha256 = entry["sha256"]
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("a line of the manifest names no clip")
    return f"clips/{sha256[:2]}/{sha256}.flac"


def first_pronunciations(
    words: Iterable[str], ways: Iterable[list[list[int]]]
) -> dict[str, tuple[int, ...]]:
    """The most usual pronunciation of each word of `lm.bin`, in lower case."""
    known: dict[str, tuple[int, ...]] = {}
    for word, pronounced in zip(words, ways):
        if pronounced and pronounced[0]:
            known.setdefault(word.lower(), tuple(pronounced[0]))
    return known


def to_wav(flac: Path, wav: Path, run: Callable[..., object] = subprocess.run) -> None:
    """Decodes a clip. Raises ValueError when ffmpeg cannot."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "flac", "-i", str(flac)]
    command += ["-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", str(wav)]
    try:
        run(command, check=True, capture_output=True, timeout=DECODE_TIMEOUT_S)
    except subprocess.SubprocessError as error:
        raise ValueError(f"{flac.name} cannot be decoded") from error
