"""Regroups shards into files of another size, without coding the audio again.

    python3 training/repack.py --out carried/real --limit-mib 14 data/real-*.shard

For a machine that data reaches in pieces.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable
from pathlib import Path

from network import SAMPLE_RATE_HZ
from shards import ShardWriter, read_packets


def repack(paths: Iterable[Path], prefix: str, limit: int, shuffle: bool = False) -> list[Path]:
    """Writes every utterance of some shards into shards of at most `limit` bytes; their paths."""
    rows = [row for path in paths for row in read_packets(path)]
    if shuffle:
        random.Random(1).shuffle(rows)
    writer = ShardWriter(prefix, limit=limit)
    for entry, packets in rows:
        writer.add_packets(packets, entry)
    writer.flush()
    hours = sum(entry["samples"] for entry, _ in rows) / SAMPLE_RATE_HZ / 3600
    print(f"{len(rows)} utterances, {hours:.2f} h in", *writer.paths)
    return writer.paths


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shards", nargs="+", type=Path)
    parser.add_argument("--out", required=True, help="prefix of the shards")
    parser.add_argument("--limit-mib", type=float, default=28.0)
    parser.add_argument("--shuffle", action="store_true", help="every file a like mixture")
    args = parser.parse_args()
    repack(args.shards, args.out, int(args.limit_mib * (1 << 20)), args.shuffle)


if __name__ == "__main__":
    main()
