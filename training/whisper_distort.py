"""Distortions of sound, so that little speech stands for more: rooms, microphones, noise, voices.

On waves, not features as `augment.py`: Whisper's features are levelled by the loudest of the window.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from whisper_windows import RATE, coloured

ROOM_SAMPLES = 2 * RATE // 5


def distort(waves: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Rows as if recorded elsewhere; their times stay. [rows][samples]"""
    rows, samples = waves.shape
    out = np.empty_like(waves)
    for row, wave in enumerate(waves):
        # in one transform, with room for the tail of the last sound
        padded = samples + ROOM_SAMPLES
        response = _colour(padded // 2 + 1, rng)
        if rng.random() < 0.2:
            response = response * np.fft.rfft(_room(rng), padded)
        out[row] = np.fft.irfft(np.fft.rfft(wave, padded) * response, padded)[:samples]
    for row in range(rows):
        power = float(np.sqrt(np.mean(out[row] ** 2))) + 1e-4
        if rng.random() < 0.45:
            level = power * 10 ** (-rng.uniform(5, 35) / 20)
            out[row] += level * coloured(samples, rng).astype(np.float32)
        if rng.random() < 0.1 and rows > 1:
            other = np.roll(waves[(row + 1) % rows], int(rng.integers(samples)))
            loud = float(np.sqrt(np.mean(other**2))) + 1e-4
            out[row] += power * 10 ** (-rng.uniform(14, 27) / 20) * other / loud
        out[row] *= 10 ** -rng.uniform(0, 1.2)
        if rng.random() < 0.04:
            out[row] *= 6
    return out.clip(-1, 1)


def _colour(bins: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """What a microphone or a line does to each frequency."""
    hz = np.linspace(0, RATE / 2, bins)
    response = np.ones(bins)
    if rng.random() < 0.5:
        response *= (hz.clip(min=60) / 1000) ** rng.uniform(-0.4, 0.4)
    draw = rng.random()
    if draw < 0.1:
        response *= (hz > 280) & (hz < 3500)  # a telephone
    elif draw < 0.22:
        response *= hz < rng.uniform(2500, 8000)
    return response


def _room(rng: np.random.Generator) -> NDArray[np.float64]:
    """The response of a room: the direct sound and a tail of 0.1 to 0.6 s (60 dB)."""
    time = np.arange(ROOM_SAMPLES) / RATE
    tail = rng.standard_normal(ROOM_SAMPLES) * np.exp(-6.9 * time / rng.uniform(0.1, 0.6))
    tail *= rng.uniform(0.02, 0.12)
    tail[0] = 1
    return tail


def hide(features: Tensor, rng: np.random.Generator) -> Tensor:
    """Spans of bands and frames at their row's mean (SpecAugment, Park et al. 2019), in half the rows."""
    features = features.clone()
    _, bands, frames = features.shape
    for row in features:
        if rng.random() < 0.5:
            continue
        mean = row.mean()
        for _ in range(2):
            width = int(rng.integers(1, 12))
            at = int(rng.integers(0, bands - width))
            row[at : at + width] = mean
        for _ in range(max(1, frames // 1000)):
            width = int(rng.integers(1, min(40, frames // 4)))
            at = int(rng.integers(0, frames - width))
            row[:, at : at + width] = mean
    return features


def faster(features: Tensor, factor: float) -> Tensor:
    """Features at another tempo, an even number of frames; for texts without times alone."""
    frames = round(features.shape[2] / factor / 2) * 2
    return torch.nn.functional.interpolate(features, size=frames, mode="linear", align_corners=False)
