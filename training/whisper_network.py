"""Whisper as it is tuned and scored: features, an encoder for windows of any length, greedy text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F
from transformers import WhisperForConditionalGeneration
from transformers.audio_utils import mel_filter_bank
from transformers.cache_utils import DynamicCache, EncoderDecoderCache

from whisper_windows import Marks

SAMPLE_RATE_HZ = 16_000
HOP, WINDOW, BANDS = 160, 400, 80
LONGEST_SECONDS = 30.0

_FILTERS = torch.from_numpy(
    mel_filter_bank(
        num_frequency_bins=1 + WINDOW // 2,
        num_mel_filters=BANDS,
        min_frequency=0.0,
        max_frequency=SAMPLE_RATE_HZ / 2,
        sampling_rate=SAMPLE_RATE_HZ,
        norm="slaney",
        mel_scale="slaney",
    )
).float()


def log_mel(waves: Tensor) -> Tensor:
    """Whisper's features of PCM [rows][samples], a multiple of HOP: [rows][bands][frames]."""
    hann = torch.hann_window(WINDOW, device=waves.device)
    spectrum = torch.stft(waves, WINDOW, HOP, window=hann, return_complex=True)[..., :-1]
    energy = _FILTERS.T.to(waves.device) @ spectrum.abs().square()
    log = energy.clamp(min=1e-10).log10()
    log = torch.maximum(log, log.amax(dim=(1, 2), keepdim=True) - 8.0)
    return (log + 4.0) / 4.0


def encode(model: WhisperForConditionalGeneration, features: Tensor) -> Tensor:
    """What the encoder makes of the frames that there are: as many positions are added."""
    encoder = model.model.encoder
    x = F.gelu(encoder.conv1(features))
    x = F.gelu(encoder.conv2(x)).transpose(1, 2)
    x = x + encoder.embed_positions.weight[: x.shape[1]]
    for layer in encoder.layers:
        x = layer(x, None, layer_head_mask=None)[0]
    return encoder.layer_norm(x)


@torch.no_grad()
def greedy(
    model: WhisperForConditionalGeneration, features: Tensor, marks: Marks, limit: int = 200
) -> list[list[int]]:
    """The most probable token each time, until the end: text tokens of each row."""
    encoded = encode(model, features)
    cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
    given = torch.tensor([marks.prompt()] * len(features), device=features.device)
    ended = torch.zeros(len(features), dtype=torch.bool, device=features.device)
    steps: list[Tensor] = []
    while len(steps) < limit and not bool(ended.all()):
        out = model.model.decoder(
            input_ids=given, encoder_hidden_states=encoded, past_key_values=cache, use_cache=True
        )
        logits = model.proj_out(out.last_hidden_state[:, -1]).float()
        logits[:, marks.end + 1 :] = -torch.inf
        if not steps:  # begins with a word, as begin_suppress_tokens has it
            logits[:, marks.end] = -torch.inf
        chosen = torch.where(ended, marks.end, logits.argmax(dim=-1))
        steps.append(chosen)
        ended |= chosen == marks.end
        given = chosen[:, None]
    rows: list[list[int]] = torch.stack(steps, dim=1).tolist()
    return [[token for token in row if token < marks.end] for row in rows]


def padded(waves: Sequence[NDArray[np.float32]], samples: int) -> NDArray[np.float32]:
    """Recordings in rows of one length, silence behind them, what is too long cut off."""
    rows = np.zeros((len(waves), samples), np.float32)
    for row, wave in zip(rows, waves):
        part = wave[:samples]
        row[: len(part)] = part
    return rows
