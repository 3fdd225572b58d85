"""The embedded recogniser's network: 16 kHz PCM in, phone log-probabilities out.

The log-mel front end is part of the network (constant matrices), so the exported graph takes the
samples themselves. The encoder is a TDNN of low-rank convolutions. A first guess at the phones is
read in its middle, trained by the same loss and fed back into the rest (self-conditioned CTC,
Nozaki and Komatsu 2021).

Several recordings of different lengths run as one batch: they are zero-padded at the end, and
everything that looks beyond one frame (level, mean over time, convolution) is masked, so that a
row comes out as if it had been run alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from phones import PHONES

SAMPLE_RATE_HZ = 16_000
WINDOW, HOP, FFT, MELS = 400, 160, 512, 80  # samples, samples, samples, bands
BINS = FFT // 2 + 1
STRIDE = 3  # feature frames to one output frame
FRAME_SAMPLES = STRIDE * HOP  # 30 ms
TAPS = 7  # feature frames seen by one output frame's first layer
LOG_FLOOR = 1e-4  # added to mel energies before the logarithm


@dataclass(frozen=True)
class Size:
    """Shape of the encoder: one dilation (in output frames) for each block."""

    width: int
    bottleneck: int
    dilations: tuple[int, ...]


SIZES = {
    "tdnn-s": Size(256, 96, (1, 1, 1, 2, 2, 3, 3, 3, 4, 4)),  # 1.8 M parameters
    "tdnn-m": Size(384, 128, (1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 6, 6)),  # 4.4 M
    "tdnn-l": Size(512, 160, (1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 6, 6, 8, 8)),  # 8.9 M
}


def mel_matrix() -> Tensor:
    """Triangular filters, even on the mel scale of HTK, over the power spectrum: [BINS, MELS]."""
    low, high = (2595.0 * math.log10(1.0 + hz / 700.0) for hz in (60.0, 7800.0))
    mels = [low + (high - low) * i / (MELS + 1) for i in range(MELS + 2)]
    edges = [700.0 * (10.0 ** (mel / 2595.0) - 1.0) for mel in mels]
    bins = torch.arange(BINS).float() * SAMPLE_RATE_HZ / FFT
    matrix = torch.zeros(BINS, MELS)
    for band, (left, centre, right) in enumerate(zip(edges, edges[1:], edges[2:])):
        rise = (bins - left) / (centre - left)
        fall = (right - bins) / (right - centre)
        matrix[:, band] = torch.clamp(torch.min(rise, fall), min=0)
        if matrix[:, band].sum() == 0:  # narrower than a bin: the nearest one stands for it
            matrix[round(centre * FFT / SAMPLE_RATE_HZ), band] = 1.0
    return matrix


def fourier_kernel() -> Tensor:
    """Real and imaginary parts of a Hann-windowed Fourier transform as a filter bank."""
    n = torch.arange(WINDOW).float()
    window = 0.5 - 0.5 * torch.cos(2 * math.pi * n / WINDOW)
    angle = 2 * math.pi * torch.arange(BINS).float()[:, None] * n[None, :] / FFT
    kernel = torch.cat([torch.cos(angle), -torch.sin(angle)]) * window
    return kernel[:, None, :]


def mask(lengths: Tensor, longest: Tensor | int) -> Tensor:
    """1.0 where an index lies below its row's length, else 0.0: [batch, longest]."""
    index = torch.arange(longest, device=lengths.device)
    return (index[None, :] < lengths[:, None]).float()


class FrontEnd(nn.Module):
    """PCM to log-mel features; what training stores and what the exported graph computes."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kernel", fourier_kernel(), persistent=False)
        self.register_buffer("mel", mel_matrix(), persistent=False)

    def log_mel(self, pcm: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Features [batch, ceil(samples / HOP), MELS] of zero-padded rows, and their lengths."""
        pcm = pcm * mask(lengths, pcm.shape[1])
        samples = lengths.float().clamp(min=1)[:, None]
        # one RMS for every recording, so that the floor of the logarithm means the same
        rms = torch.sqrt((pcm * pcm).sum(dim=1, keepdim=True) / samples)
        x = F.pad(pcm * (0.05 / (rms + 1e-4)), (WINDOW // 2, WINDOW // 2))
        x = x[:, 1:] - 0.97 * x[:, :-1]  # pre-emphasis
        spectrum = F.conv1d(x[:, None, :], self.kernel, stride=HOP)
        power = spectrum[:, :BINS] ** 2 + spectrum[:, BINS:] ** 2
        features = torch.log(power.transpose(1, 2) @ self.mel + LOG_FLOOR)
        return features, (lengths + (HOP - 1)) // HOP


def normalise(features: Tensor, frames: Tensor) -> Tensor:
    """Takes each band's mean over time away (channel and gain), fixes the scale, clears padding."""
    valid = mask(frames, features.shape[1])[..., None]
    total = (features * valid).sum(dim=1, keepdim=True)
    mean = total / frames.float().clamp(min=1)[:, None, None]
    return (features - mean) * 0.4 * valid


class TdnnBlock(nn.Module):
    """x + out(relu(up(splice(down(norm(x)))))): a low-rank convolution over three frames."""

    def __init__(self, width: int, bottleneck: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.down = nn.Linear(width, bottleneck)
        self.up = nn.Linear(3 * bottleneck, width)
        self.out = nn.Linear(width, width)
        self.dilation, self.dropout = dilation, dropout

    def forward(self, x: Tensor, valid: Tensor) -> Tensor:
        d = self.dilation
        # masked after the bias: a frame of padding must look like the zeros beyond the end
        y = self.down(self.norm(x)) * valid
        padded = F.pad(y, (0, 0, d, d))
        y = torch.cat([padded[:, : -2 * d], y, padded[:, 2 * d :]], dim=-1)
        hidden = F.relu(self.up(y))
        if self.training:  # whole channels of a recording: a mask for each value costs more time
            kept = torch.rand(hidden.shape[0], 1, hidden.shape[2], device=x.device) > self.dropout
            hidden = hidden * (kept / (1 - self.dropout)).to(hidden.dtype)
        return x + self.out(hidden)


class Recogniser(nn.Module):
    """The whole network; `forward` is what is exported, `encode` what is trained."""

    def __init__(self, size: Size, dropout: float = 0.0) -> None:
        super().__init__()
        self.front = FrontEnd()
        self.embed = nn.Linear(TAPS * MELS, size.width)
        self.embed_norm = nn.LayerNorm(size.width)
        self.blocks = nn.ModuleList(
            TdnnBlock(size.width, size.bottleneck, dilation, dropout)
            for dilation in size.dilations
        )
        self.guess_after = len(size.dilations) // 2
        self.guess_norm = nn.LayerNorm(size.width)
        self.guess = nn.Linear(size.width, len(PHONES))
        self.guess_back = nn.Linear(len(PHONES), size.width)
        self.head_norm = nn.LayerNorm(size.width)
        self.head = nn.Linear(size.width, len(PHONES))

    def splice(self, features: Tensor) -> Tensor:
        """Every STRIDE-th feature frame with its neighbours: [batch, frames, TAPS * MELS]."""
        side = TAPS // 2
        x = F.pad(features, (0, 0, side, side + STRIDE - 1))
        frames = (x.shape[1] - 2 * side) // STRIDE
        return torch.cat([x[:, i : i + frames * STRIDE : STRIDE] for i in range(TAPS)], dim=-1)

    def encode(self, features: Tensor, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [batch, ceil(frames / STRIDE), PHONES] of the last and of the middle head.

        `features` are normalised, `frames` their lengths in feature frames.
        """
        x = F.relu(self.embed_norm(self.embed(self.splice(features)).float()))
        valid = mask((frames + (STRIDE - 1)) // STRIDE, x.shape[1])[..., None]
        guess = x
        for index, block in enumerate(self.blocks):
            if index == self.guess_after:
                guess = self.guess(self.guess_norm(x))
                x = x + self.guess_back(torch.softmax(guess.float(), dim=-1))
            x = block(x, valid)
        return self.head(self.head_norm(x)), guess

    def forward(self, pcm: Tensor, lengths: Tensor) -> Tensor:
        """Phone log-probabilities [batch, frames, PHONES] of PCM [batch, samples]."""
        features, frames = self.front.log_mel(pcm, lengths)
        logits, _ = self.encode(normalise(features, frames), frames)
        return F.log_softmax(logits, dim=-1)
