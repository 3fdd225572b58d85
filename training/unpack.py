"""Some utterances of shards as WAV files with a manifest, for what is learnt from recordings.

    python3 training/unpack.py --out FOLDER --count 240 --without fsdd SHARD...

Takes them evenly spread over all shards. Every second one gets noise, so that what is learnt also
holds where a model errs. `FOLDER/manifest.jsonl` has audio, duration and text.
Needs numpy and libopus.
"""

from __future__ import annotations

import argparse
import json
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from network import SAMPLE_RATE_HZ
from shards import Pcm, opus_decode, read_packets

SHORTEST, LONGEST = 1.0, 28.0  # seconds
NOISE_DB = (0.0, 20.0)  # speech above the noise
TILT = 0.97  # of the noise: most of it lies in low bands, as in rooms


def with_noise(pcm: Pcm, random: np.random.Generator) -> Pcm:
    """The recording in noise of a random level."""
    speech = pcm.astype(np.float64)
    white: NDArray[np.float64] = random.standard_normal(len(pcm))
    noise = np.convolve(white, TILT ** np.arange(200))[: len(pcm)]
    level = np.sqrt((speech**2).mean()) / 10 ** (random.uniform(*NOISE_DB) / 20)
    mixed = speech + noise * level / np.sqrt((noise**2).mean() + 1e-9)
    return np.clip(mixed, -32768, 32767).astype(np.int16)


def write_wave(path: Path, pcm: Pcm) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(pcm.astype("<i2").tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--without", nargs="*", default=[], help="sources that are left out")
    parser.add_argument("shards", type=Path, nargs="+")
    options = parser.parse_args()
    utterances = [
        (entry, packets)
        for path in options.shards
        for entry, packets in read_packets(path)
        if entry["source"] not in options.without
        and SHORTEST <= entry["samples"] / SAMPLE_RATE_HZ <= LONGEST
    ]
    count = min(options.count, len(utterances))
    options.out.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    with (options.out / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for index in range(count):
            entry, packets = utterances[index * len(utterances) // count]
            pcm = opus_decode(packets, entry["samples"], entry["skip"])
            if index % 2 == 1:
                pcm = with_noise(pcm, random)
            name = f"{index:04d}.wav"
            write_wave(options.out / name, pcm)
            line = {"audio": name, "duration": len(pcm) / SAMPLE_RATE_HZ, "text": entry["text"]}
            manifest.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
