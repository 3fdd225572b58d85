"""Utterances of shards as log-mel features in memory, and batches of them."""

from __future__ import annotations

import multiprocessing
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from network import HOP, SAMPLE_RATE_HZ, FrontEnd
from phones import PHONES
from shards import Entry, Pcm, read_shard

PHONE_ID = {phone: index for index, phone in enumerate(PHONES)}


@dataclass(frozen=True)
class Utterance:
    """Where an utterance lies in its corpus, in feature frames, and what was said."""

    start: int
    frames: int
    phones: tuple[int, ...]
    text: str
    source: str
    speaker: str


def _decode(path: Path) -> tuple[Path, list[tuple[Entry, Pcm]]]:
    return path, list(read_shard(path))


class Corpus:
    """All features in one half-precision tensor on the device that trains.

    `cache` keeps them on disk (57 MB for an hour of audio), so that a resumed run need not decode
    again. `accept` says which utterances are taken.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        device: str,
        cache: Path,
        jobs: int = 2,
        accept: Callable[[Utterance], bool] = lambda _: True,
    ) -> None:
        self.device = device
        self.utterances: list[Utterance] = []
        cache.mkdir(parents=True, exist_ok=True)
        stored = {path: cache / f"{path.stem}-{path.stat().st_size}.features" for path in paths}
        fresh = [path for path, file in stored.items() if not file.exists()]
        if fresh:
            front = FrontEnd().to(device)
            with multiprocessing.get_context("spawn").Pool(min(jobs, len(fresh))) as pool:
                for path, rows in pool.imap(_decode, fresh):
                    self._store(front, rows, stored[path])
        chunks: list[Tensor] = []
        at = 0
        for file in stored.values():
            saved = torch.load(file)
            chunks.append(saved["features"].to(device))
            for row in saved["utterances"]:
                utterance = Utterance(start=at + row.pop("start"), **row)
                if accept(utterance):
                    self.utterances.append(utterance)
            at += len(chunks[-1])
        self.features = torch.cat(chunks)

    def _store(self, front: FrontEnd, rows: list[tuple[Entry, Pcm]], file: Path) -> None:
        utterances, chunks, at = [], [], 0
        for entry, pcm in rows:
            wave = torch.from_numpy(pcm.astype("float32") / 32768.0)[None].to(self.device)
            with torch.no_grad():
                length = torch.tensor([wave.shape[1]], device=self.device)
                features, frames = front.log_mel(wave, length)
            chunks.append(features[0, : int(frames)].half().cpu())
            utterances.append(
                {
                    "start": at,
                    "frames": int(frames),
                    "phones": tuple(PHONE_ID[phone] for phone in entry["phones"].split()),
                    "text": entry["text"],
                    "source": entry["source"],
                    "speaker": entry["speaker"],
                }
            )
            at += int(frames)
        unfinished = file.with_suffix(".tmp")
        torch.save({"utterances": utterances, "features": torch.cat(chunks)}, unfinished)
        unfinished.replace(file)

    def hours(self) -> dict[str, float]:
        """Hours of each source."""
        hours: dict[str, float] = defaultdict(float)
        for utterance in self.utterances:
            hours[utterance.source] += utterance.frames * HOP / SAMPLE_RATE_HZ / 3600
        return dict(hours)

    def batch(self, rows: list[Utterance]) -> tuple[Tensor, Tensor]:
        """Log-mel features [rows, longest, bands], each row's last frame repeated; lengths."""
        lengths = torch.tensor([row.frames for row in rows], device=self.device)
        starts = torch.tensor([row.start for row in rows], device=self.device)
        offset = torch.arange(int(lengths.max()), device=self.device)
        index = starts[:, None] + torch.minimum(offset[None], lengths[:, None] - 1)
        return self.features[index].float(), lengths


def targets(rows: list[Utterance], device: str) -> tuple[Tensor, Tensor]:
    """Phones of all rows, one after another, and how many each row has."""
    flat = torch.tensor([phone for row in rows for phone in row.phones], device=device)
    return flat, torch.tensor([len(row.phones) for row in rows], device=device)


def batches(
    utterances: list[Utterance], weights: dict[str, float], frames: int, rng: random.Random
) -> list[list[Utterance]]:
    """One epoch: batches of about `frames` padded frames and like lengths, in random order.

    `weights` says how often an epoch takes each source; `*` stands for sources not named.
    """
    by_source: dict[str, list[Utterance]] = defaultdict(list)
    for utterance in utterances:
        by_source[utterance.source].append(utterance)
    chosen: list[Utterance] = []
    for source, rows in by_source.items():
        weight = weights.get(source, weights.get("*", 1.0))
        whole = int(weight)
        chosen += rows * whole + rng.sample(rows, round((weight - whole) * len(rows)))
    chosen.sort(key=lambda row: row.frames * rng.uniform(0.9, 1.1))
    out: list[list[Utterance]] = []
    current: list[Utterance] = []
    longest = 0
    for row in chosen:
        longest = max(longest, row.frames)
        if current and longest * (len(current) + 1) > frames:
            out.append(current)
            current, longest = [], row.frames
        current.append(row)
    if current:
        out.append(current)
    rng.shuffle(out)
    return out
