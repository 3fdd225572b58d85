"""Trains a network a little further on a version's clips."""

from __future__ import annotations

import copy
import random
import sys
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from augment import hide  # noqa: E402
from network import STRIDE, FrontEnd, Recogniser, normalise  # noqa: E402
from phones import PHONES  # noqa: E402
from scoring import collapse, error_rate  # noqa: E402

BATCH_FRAMES = 4000  # of features: 40 s
GUESS_WEIGHT = 0.3  # of the loss of the middle head
LARGEST_GRADIENT = 2.0
HIDDEN = 0.5  # strength of the masks over time and bands that a network learns to do without
AVERAGE = 0.98  # what the average of the weights keeps at each step


@dataclass(frozen=True)
class Plan:
    """How long and how fast."""

    epochs: int = 4
    rate: float = 3e-5
    dropout: float = 0.05
    seed: int = 1


@dataclass(frozen=True)
class Example:
    """Features of a clip before normalisation [frames, bands], and its phones."""

    features: Tensor
    phones: tuple[int, ...]


def read_pcm(path: Path) -> Tensor:
    """Samples of a 16-bit mono WAV file in [-1, 1]."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return torch.from_numpy(samples.astype(np.float32) / 32768.0)


@torch.no_grad()
def example_of(front: FrontEnd, wav: Path, phones: tuple[int, ...]) -> Example | None:
    """`None` when the clip is too short for its phones, so that no path leads through it."""
    pcm = read_pcm(wav)[None]
    features, frames = front.log_mel(pcm, torch.tensor([pcm.shape[1]]))
    if int(frames) // STRIDE < len(phones):
        return None
    return Example(features[0, : int(frames)], phones)


def batches(examples: Sequence[Example], seed: int) -> list[list[Example]]:
    """All examples once, those of like length together, in random order."""
    ordered = sorted(examples, key=lambda one: len(one.features))
    groups: list[list[Example]] = [[]]
    for one in ordered:
        # rows are padded to the longest, which is the last one
        if groups[-1] and len(one.features) * (len(groups[-1]) + 1) > BATCH_FRAMES:
            groups.append([])
        groups[-1].append(one)
    random.Random(seed).shuffle(groups)
    return [group for group in groups if group]


def stacked(rows: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Normalised features of a batch, and their lengths."""
    frames = torch.tensor([len(row.features) for row in rows])
    padded = nn.utils.rnn.pad_sequence([row.features for row in rows], batch_first=True)
    return normalise(padded, frames), frames


def ctc(logits: Tensor, lengths: Tensor, rows: Sequence[Example]) -> Tensor:
    """Negative log-likelihood of the rows' phones, in nats for each phone."""
    flat = torch.tensor([phone for row in rows for phone in row.phones])
    sizes = torch.tensor([len(row.phones) for row in rows])
    log_probs = F.log_softmax(logits.float(), dim=-1).transpose(0, 1)
    total = F.ctc_loss(log_probs, flat, lengths, sizes, reduction="sum", zero_infinity=True)
    return total / max(1, len(flat))


@torch.no_grad()
def phone_error_rate(net: Recogniser, examples: Sequence[Example]) -> float:
    """Of the greedy path, in percent."""
    net.eval()
    pairs: list[tuple[list[str], list[str]]] = []
    for rows in batches(examples, 0):
        features, frames = stacked(rows)
        logits, _ = net.encode(features, frames)
        lengths = ((frames + STRIDE - 1) // STRIDE).tolist()
        for row, path, length in zip(rows, logits.argmax(-1).tolist(), lengths):
            pairs.append(([PHONES[phone] for phone in row.phones], collapse(path[:length], PHONES)))
    return error_rate(pairs)


def tune(
    net: Recogniser,
    train: Sequence[Example],
    dev: Sequence[Example],
    plan: Plan,
    on_epoch: Callable[[int, float, float], None],
) -> Recogniser:
    """The average of the weights that is best on `dev`: the untouched network where none is better.

    Without `dev` it is the last one. `on_epoch` gets the number of the epoch (0: before the first),
    the loss for each phone, and the phone error rate on `dev` in percent.
    """
    torch.manual_seed(plan.seed)
    average = copy.deepcopy(net).eval()
    best, best_rate = copy.deepcopy(average), phone_error_rate(average, dev) if dev else 100.0
    on_epoch(0, float("nan"), best_rate)
    for block in net.blocks:
        block.dropout = plan.dropout
    optimiser = torch.optim.AdamW(net.parameters(), lr=plan.rate, betas=(0.9, 0.98))
    for epoch in range(1, plan.epochs + 1):
        net.train()
        losses = []
        groups = batches(train, plan.seed + epoch)
        for step, rows in enumerate(groups):
            done = (epoch - 1 + step / len(groups)) / plan.epochs
            for group in optimiser.param_groups:
                group["lr"] = plan.rate * (1 - 0.9 * done)
            losses.append(_step(net, rows, optimiser))
            with torch.no_grad():
                for kept, now in zip(average.parameters(), net.parameters()):
                    kept.mul_(AVERAGE).add_(now, alpha=1 - AVERAGE)
        rate = phone_error_rate(average, dev) if dev else 0.0
        on_epoch(epoch, sum(losses) / len(losses), rate)
        if rate < best_rate:
            best, best_rate = copy.deepcopy(average), rate
    return best


def _step(net: Recogniser, rows: Sequence[Example], optimiser: torch.optim.Optimizer) -> float:
    optimiser.zero_grad()
    features, frames = stacked(rows)
    features = hide(features, frames, HIDDEN)
    logits, guess = net.encode(features, frames)
    lengths = (frames + STRIDE - 1) // STRIDE
    loss = ctc(logits, lengths, rows)
    (loss + GUESS_WEIGHT * ctc(guess, lengths, rows)).backward()
    nn.utils.clip_grad_norm_(net.parameters(), LARGEST_GRADIENT)
    optimiser.step()
    return float(loss.detach())
