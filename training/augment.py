"""Distortions of log-mel features, so that hours of speech stand for many more.

They work on the mel energies in memory: no audio is read or coded again during training.
"""

from __future__ import annotations

import math
import random

import torch
from torch import Tensor
from torch.nn import functional as F

from network import LOG_FLOOR

TEMPO = (-0.12, 0.14)  # slower and faster by at most
WARP = 0.10  # vocal-tract length, a stretch of the mel axis
FRAMES_OF_ROOM = 40


def _tempo(x: Tensor, lengths: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """One tempo for the whole batch."""
    longest = x.shape[1]
    new = max(8, int(longest / (1.0 + strength * random.uniform(*TEMPO))))
    x = F.interpolate(x.transpose(1, 2), size=new, mode="linear", align_corners=True)
    lengths = (lengths.float() * new / longest).round().long().clamp(min=4, max=new)
    return x.transpose(1, 2), lengths


def _vocal_tract(x: Tensor, strength: float) -> Tensor:
    """A stretch of the mel axis for each recording: a longer or a shorter throat."""
    batch, _, bands = x.shape
    factor = 1.0 + WARP * strength * (2 * torch.rand(batch, 1, device=x.device) - 1)
    at = (torch.arange(bands, device=x.device)[None] * factor).clamp(0, bands - 1.001)
    low = at.floor()
    part = (at - low)[:, None, :]
    index = low.long()[:, None, :].expand(x.shape)
    return torch.gather(x, 2, index) * (1 - part) + torch.gather(x, 2, index + 1) * part


def _curve(batch: int, bands: int, knots: int, scale: float, like: Tensor) -> Tensor:
    """Random smooth curves over the bands, in natural-log units: [batch, 1, bands]."""
    points = torch.randn(batch, 1, knots, device=like.device) * scale
    return F.interpolate(points, size=bands, mode="linear", align_corners=True)


def _room(energy: Tensor) -> Tensor:
    """An exponential tail over time, reverberation of 0.15 to 0.8 s."""
    batch, frames, bands = energy.shape
    decay = math.exp(-13.8 * 0.01 / random.uniform(0.15, 0.8))
    steps = torch.arange(FRAMES_OF_ROOM, device=energy.device).float()
    tail = decay**steps * random.uniform(0.01, 0.15)
    tail[0] = 1.0
    flat = energy.transpose(1, 2).reshape(batch * bands, 1, frames)
    flat = F.conv1d(F.pad(flat, (FRAMES_OF_ROOM - 1, 0)), tail.flip(0)[None, None])
    return flat.reshape(batch, bands, frames).transpose(1, 2)


def _noise(energy: Tensor) -> Tensor:
    """Coloured noise or other voices of the batch, 0 to 30 dB below the speech."""
    batch, frames, bands = energy.shape
    if random.random() < 0.7:
        noise = torch.exp(_curve(batch, bands, 6, 1.2, energy))
        flicker = -torch.log(torch.rand(batch, frames, bands, device=energy.device) + 1e-6)
        noise = noise * (0.5 * flicker + 0.5)
    else:
        noise = energy.roll(1, 0) + energy.roll(2, 0).flip(1)
    noise = noise * energy.mean(dim=(1, 2), keepdim=True) / noise.mean(dim=(1, 2), keepdim=True)
    snr_db = 30 * torch.rand(batch, 1, 1, device=energy.device)
    return energy + noise * torch.exp(-snr_db * (math.log(10) / 10))


def distort(x: Tensor, lengths: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """Log-mel features as if of another speaker in another place: [batch, frames, bands], new lengths.

    `strength` scales how often and how far; 0 changes nothing.
    """
    if strength <= 0:
        return x, lengths
    x, lengths = _tempo(x, lengths, strength)
    x = _vocal_tract(x, strength)
    batch, _, bands = x.shape
    colour = _curve(batch, bands, 5, 0.4 * strength, x)  # microphone and room colour the bands
    energy = torch.exp(x + colour + torch.randn(batch, 1, 1, device=x.device))
    if random.random() < 0.4 * strength:
        energy = _room(energy)
    if random.random() < 0.6 * strength:
        energy = _noise(energy)
    if random.random() < 0.15 * strength:  # an old microphone, a telephone
        cut = random.randint(52, 76)
        energy = torch.cat([energy[..., :cut], energy[..., cut:] * 1e-4], dim=-1)
    return torch.log(energy + LOG_FLOOR), lengths


def hide(x: Tensor, lengths: Tensor, strength: float) -> Tensor:
    """SpecAugment (Park et al. 2019): spans of frames and bands set to zero, the mean."""
    if strength <= 0:
        return x
    batch, frames, bands = x.shape
    keep = torch.ones_like(x[..., :1])
    time = torch.arange(frames, device=x.device)[None]
    for _ in range(3):
        width = torch.rand(batch, 1, device=x.device) * 25 * strength
        start = torch.rand(batch, 1, device=x.device) * lengths[:, None]
        keep = keep * (~((time >= start) & (time < start + width)))[..., None]
    band = torch.arange(bands, device=x.device)[None]
    for _ in range(2):
        width = torch.rand(batch, 1, device=x.device) * 14 * strength
        start = torch.rand(batch, 1, device=x.device) * bands
        keep = keep * (~((band >= start) & (band < start + width)))[:, None, :]
    return x * keep
