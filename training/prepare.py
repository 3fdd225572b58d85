"""Packs real speech into the shards that `train.py` reads.

    python3 training/prepare.py --dict cmudict.dict.gz --out data/real corpus/*.jsonl

Each line of a manifest is an object: `audio` (path from the manifest's folder), `text`, `speaker`
and, for a part of a longer recording, `start` and `end` in seconds. A set is named after its file.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from network import SAMPLE_RATE_HZ
from pronunciations import Pronunciations
from shards import ShardWriter
from text import normalise

Clip = tuple[NDArray[np.float32], str, str]  # PCM, text, speaker

LONGEST_SECONDS, SHORTEST_SECONDS = 20.0, 0.3
LETTERS_PER_SECOND = (1.0, 26.0)  # outside, the text does not belong to the audio


def decode(path: Path, start: float | None, end: float | None) -> NDArray[np.float32]:
    """Any recording as 16 kHz mono. Raises RuntimeError with ffmpeg's words."""
    part = [] if start is None or end is None else ["-ss", str(start), "-t", str(end - start)]
    command = [
        "ffmpeg", "-nostdin", "-v", "error", *part, "-i", str(path), "-ac", "1",
        "-ar", str(SAMPLE_RATE_HZ), "-f", "f32le", "-",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{path}: {done.stderr.decode(errors='replace').strip()}")
    return np.frombuffer(done.stdout, "<f4")


def clips(manifest: Path, rows: Iterable[dict[str, Any]], skipped: Counter[str]) -> Iterator[Clip]:
    """The recordings of a manifest; those that cannot be read are counted and named."""
    for row in rows:
        try:
            pcm = decode(manifest.parent / row["audio"], row.get("start"), row.get("end"))
        except RuntimeError as error:
            skipped["unreadable"] += 1
            print(error)
        else:
            yield pcm, normalise(row["text"]), str(row.get("speaker", ""))


def joined(items: Iterable[Clip], rng: random.Random) -> Iterator[Clip]:
    """Strings of three to nine isolated words of one speaker, with short gaps."""
    of_speaker: dict[str, list[Clip]] = defaultdict(list)
    for clip in items:
        of_speaker[clip[2]].append(clip)
    for speaker, words in sorted(of_speaker.items()):
        rng.shuffle(words)
        while words:
            taken = [words.pop() for _ in range(min(len(words), rng.randint(3, 9)))]
            parts = []
            for pcm, _, _ in taken:
                gap = np.zeros(int(rng.uniform(0.02, 0.35) * SAMPLE_RATE_HZ), np.float32)
                parts += [pcm, gap]
            yield np.concatenate(parts), " ".join(text for _, text, _ in taken), speaker


def fits(seconds: float, text: str) -> bool:
    """Whether a clip is of a length to train on and its text can belong to it."""
    slow, fast = LETTERS_PER_SECOND
    return (
        SHORTEST_SECONDS < seconds <= LONGEST_SECONDS
        and slow < len(text) / seconds < fast
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("manifests", nargs="+", type=Path)
    parser.add_argument("--dict", type=Path, required=True, help="CMUdict, plain or gzipped")
    parser.add_argument("--out", required=True, help="prefix of the shards")
    parser.add_argument("--join", nargs="*", default=[], help="sets of isolated words")
    parser.add_argument("--bitrate", type=int, default=20_000)
    args = parser.parse_args()

    pronunciations = Pronunciations(args.dict)
    writer = ShardWriter(args.out, bitrate=args.bitrate)
    rng = random.Random(1)
    for manifest in args.manifests:
        source = manifest.stem
        rows = [json.loads(line) for line in manifest.read_text().splitlines() if line.strip()]
        pronunciations.guess(word for row in rows for word in normalise(row["text"]).split())
        skipped: Counter[str] = Counter()
        seconds, count = 0.0, 0
        found = clips(manifest, rows, skipped)
        for pcm, text, speaker in joined(found, rng) if source in args.join else found:
            length = len(pcm) / SAMPLE_RATE_HZ
            if not fits(length, text):
                skipped["length or rate"] += 1
                continue
            phones = " ".join(pronunciations.phones(text))
            if not phones:
                skipped["word without pronunciation"] += 1
                continue
            writer.add(pcm, text=text, phones=phones, speaker=speaker, source=source)
            seconds += length
            count += 1
        print(f"{source}: {count} utterances, {seconds / 3600:.2f} h; skipped {dict(skipped)}")
    writer.flush()
    print("written:", *writer.paths)


if __name__ == "__main__":
    main()
