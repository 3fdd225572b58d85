"""Speech of shards with references as Whisper writes them, ready for windows.

A file of references is JSON, gzipped or not: texts by `SHARD:NUMBER`, the shard's name without its
ending and the utterance's place in it. What has no text there is left out.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from shards import Entry, Pcm, read_shard
from whisper_casing import casing, common_words, recased
from whisper_windows import LONGEST_SECONDS, RATE, Utterance

SHORTEST_SAMPLES = RATE // 4


def read_text(path: Path) -> str:
    """A file, gzipped or not."""
    data = path.read_bytes()
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()


def references(paths: Iterable[Path], texts: Sequence[Path], tokenizer: Tokenizer) -> dict[str, str]:
    """Texts by utterance, names with capitals.

    texts -- sentences as people write them, a line each
    """
    found: dict[str, str] = {}
    for path in paths:
        found.update(json.loads(read_text(path)))
    lines = [line for path in texts for line in read_text(path).splitlines()]
    known = casing([*lines, *found.values()])
    common = common_words(lines)

    def pieces(word: str) -> int:
        return len(tokenizer.encode(f" {word}", add_special_tokens=False).ids)

    def is_common(word: str) -> bool:
        """In doubt, the form that Whisper's own vocabulary writes in fewer pieces."""
        return word in common or pieces(word) <= pieces(word.capitalize())

    return {key: recased(text, known, is_common) for key, text in found.items()}


def _decode(path: Path) -> list[tuple[Entry, Pcm]]:
    return list(read_shard(path))


def utterances(
    shards: Sequence[Path], texts: dict[str, str], tokenizer: Tokenizer, cache: Path
) -> list[Utterance]:
    """Speech with a text, in the shards' order; decoded PCM is kept in `cache`."""
    cache.mkdir(parents=True, exist_ok=True)
    stored = {path: cache / f"{path.stem}-{path.stat().st_size}" for path in shards}
    fresh = [path for path, at in stored.items() if not at.with_suffix(".json").exists()]
    if fresh:
        with multiprocessing.get_context("spawn").Pool(min(2, len(fresh))) as pool:
            for path, rows in zip(fresh, pool.imap(_decode, fresh)):
                np.save(stored[path].with_suffix(".npy"), np.concatenate([pcm for _, pcm in rows]))
                described = [{**entry, "samples": len(pcm)} for entry, pcm in rows]
                stored[path].with_suffix(".json").write_text(json.dumps(described))
    out: list[Utterance] = []
    for path, at in stored.items():
        sound = np.load(at.with_suffix(".npy"), mmap_mode="r")
        begin = 0
        for index, entry in enumerate(json.loads(at.with_suffix(".json").read_text())):
            end = begin + entry["samples"]
            text = texts.get(f"{path.stem}:{index}", "").strip()
            fits = SHORTEST_SAMPLES <= entry["samples"] <= (LONGEST_SECONDS - 0.5) * RATE
            if text and fits:
                ids = tokenizer.encode(f" {text}", add_special_tokens=False).ids
                out.append(Utterance(sound[begin:end], ids, entry["speaker"], entry["source"]))
            begin = end
    return out
