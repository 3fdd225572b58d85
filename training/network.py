"""The embedded recogniser's network: 16 kHz PCM in, character and phone log-probabilities out.

The log-mel front end is part of the network (constant matrices), so the exported graph takes the
samples themselves. The encoder is a TDNN of low-rank convolutions; the phone head sits after two
thirds of it and feeds back into the rest (self-conditioned CTC, Nozaki and Komatsu 2021).

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

SAMPLE_RATE_HZ = 16_000
WINDOW, HOP, FFT, MELS = 400, 160, 512, 80  # samples, samples, samples, bands
BINS = FFT // 2 + 1
STRIDE = 3  # feature frames to one output frame
FRAME_SAMPLES = STRIDE * HOP  # 30 ms
TAPS = 7  # feature frames seen by one output frame's first layer

BLANK = "<blank>"
CHARS = [BLANK, " ", "'", *(chr(c) for c in range(ord("a"), ord("z") + 1))]
PHONES = [
    BLANK,
    *(
        "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T "
        "TH UH UW V W Y Z ZH"
    ).split(),
]


@dataclass(frozen=True)
class Size:
    """Shape of the encoder: one dilation (in output frames) for each block."""

    width: int
    bottleneck: int
    dilations: tuple[int, ...]


SIZES = {
    "tdnn-s": Size(256, 96, (1, 1, 1, 2, 2, 3, 3, 3, 4, 4)),
    "tdnn-m": Size(384, 128, (1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 6, 6)),
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
    """PCM [batch, samples] to normalised log-mel features [batch, ceil(samples / HOP), MELS]."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kernel", fourier_kernel(), persistent=False)
        self.register_buffer("mel", mel_matrix(), persistent=False)

    def forward(self, pcm: Tensor, lengths: Tensor) -> Tensor:
        pcm = pcm * mask(lengths, pcm.shape[1])
        samples = lengths.float().clamp(min=1)[:, None]
        # one RMS for every recording, so that the floor of the logarithm means the same
        rms = torch.sqrt((pcm * pcm).sum(dim=1, keepdim=True) / samples)
        x = F.pad(pcm * (0.05 / (rms + 1e-4)), (WINDOW // 2, WINDOW // 2))
        x = x[:, 1:] - 0.97 * x[:, :-1]  # pre-emphasis
        spectrum = F.conv1d(x[:, None, :], self.kernel, stride=HOP)
        power = spectrum[:, :BINS] ** 2 + spectrum[:, BINS:] ** 2
        features = torch.log(power.transpose(1, 2) @ self.mel + 1e-4)
        frames = (lengths + (HOP - 1)) // HOP
        valid = mask(frames, features.shape[1])[..., None]
        total = (features * valid).sum(dim=1, keepdim=True)
        mean = total / frames.float().clamp(min=1)[:, None, None]
        return (features - mean) * 0.4 * valid


class TdnnBlock(nn.Module):
    """x + out(relu(up(splice(down(norm(x)))))): a low-rank convolution over three frames."""

    def __init__(self, width: int, bottleneck: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.down = nn.Linear(width, bottleneck)
        self.up = nn.Linear(3 * bottleneck, width)
        self.out = nn.Linear(width, width)
        self.dilation = dilation

    def forward(self, x: Tensor, valid: Tensor) -> Tensor:
        d = self.dilation
        # masked after the bias: a frame of padding must look like the zeros beyond the end
        y = self.down(self.norm(x)) * valid
        padded = F.pad(y, (0, 0, d, d))
        y = torch.cat([padded[:, : -2 * d], y, padded[:, 2 * d :]], dim=-1)
        return x + self.out(F.relu(self.up(y)))


class Recogniser(nn.Module):
    """(pcm [batch, samples], lengths [batch]) to (chars, phones), log-probabilities over frames."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.front = FrontEnd()
        self.embed = nn.Linear(TAPS * MELS, size.width)
        self.embed_norm = nn.LayerNorm(size.width)
        self.blocks = nn.ModuleList(
            TdnnBlock(size.width, size.bottleneck, dilation) for dilation in size.dilations
        )
        self.phone_after = (2 * len(size.dilations)) // 3
        self.phone_norm = nn.LayerNorm(size.width)
        self.phone_head = nn.Linear(size.width, len(PHONES))
        self.phone_back = nn.Linear(len(PHONES), size.width)
        self.char_norm = nn.LayerNorm(size.width)
        self.char_head = nn.Linear(size.width, len(CHARS))

    def splice(self, features: Tensor) -> Tensor:
        """Every STRIDE-th feature frame with its neighbours: [batch, frames, TAPS * MELS]."""
        side = TAPS // 2
        x = F.pad(features, (0, 0, side, side + STRIDE - 1))
        frames = (x.shape[1] - 2 * side) // STRIDE
        return torch.cat([x[:, i : i + frames * STRIDE : STRIDE] for i in range(TAPS)], dim=-1)

    def phones(self, pcm: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Phone log-probabilities; and the encoder's state and frame mask behind that head."""
        x = F.relu(self.embed_norm(self.embed(self.splice(self.front(pcm, lengths)))))
        frames = (lengths + (FRAME_SAMPLES - 1)) // FRAME_SAMPLES
        valid = mask(frames, x.shape[1])[..., None]
        for block in self.blocks[: self.phone_after]:
            x = block(x, valid)
        return F.log_softmax(self.phone_head(self.phone_norm(x)), dim=-1), x, valid

    def forward(self, pcm: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        phones, x, valid = self.phones(pcm, lengths)
        x = x + self.phone_back(torch.exp(phones))
        for block in self.blocks[self.phone_after :]:
            x = block(x, valid)
        chars = F.log_softmax(self.char_head(self.char_norm(x)), dim=-1)
        return chars, phones
