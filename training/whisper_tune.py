"""Fine-tunes Whisper on speech of shards, on windows of 2 to 30 s.

    python3 training/whisper_tune.py --model openai/whisper-base --shards data/*.shard \\
        --references texts.json.gz --texts TEXTS/*.txt.gz --out data/tuned --minutes 60

`--model` is where it begins: a name on Hugging Face's hub or a folder of `save_pretrained`; `--out` gets
such a folder, with a running average of the weights, every few minutes and at the end. SIGTERM ends it
early. All weights are tuned but the embedding and the encoder's positions; the language is not learnt
(`whisper_windows.py`). On a CPU products are computed in bfloat16, on CUDA as well.

Needs torch, transformers, libopus.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F
from transformers import AutoTokenizer, WhisperFeatureExtractor, WhisperForConditionalGeneration

from whisper_distort import distort, faster, hide
from whisper_network import encode, log_mel
from whisper_speech import references, utterances
from whisper_windows import IGNORED, Composer, Marks, Mixture, Utterance, Window

WARM_UP_STEPS = 20
LAST_RATE = 0.03  # of the highest
SMOOTHING = 0.05
FASTEST, SLOWEST, OFTEN = 1.12, 0.9, 0.35
SAVE_SECONDS = 240.0
MOST_FRAMES = 3000


@dataclass
class Batch:
    """Rows of one step: features, tokens given, and tokens wanted or IGNORED."""

    features: Tensor
    given: Tensor
    wanted: Tensor


def collate(windows: Sequence[Window], marks: Marks, rng: np.random.Generator, device: str) -> Batch:
    """Distorts the sound and brings tokens to one length."""
    waves = distort(np.stack([window.wave for window in windows]), rng)
    features = log_mel(torch.from_numpy(waves).to(device))
    factor = float(rng.uniform(SLOWEST, FASTEST)) if rng.random() < OFTEN else 1.0
    factor = max(factor, features.shape[2] / MOST_FRAMES)
    if factor != 1.0:
        features = faster(features, factor)
    longest = max(len(window.given) for window in windows)

    def rows(lists: Sequence[list[int]], filling: int) -> Tensor:
        table = torch.full((len(lists), longest), filling)
        for row, values in zip(table, lists):
            row[: len(values)] = torch.tensor(values)
        first = marks.no_times + 1
        later = first + ((table - first) / factor).round().long()
        return torch.where(table >= first, later, table).to(device)

    return Batch(
        hide(features, rng),
        rows([window.given for window in windows], marks.end),
        rows([window.wanted for window in windows], IGNORED),
    )


class Average:
    """A running average of weights: what is scored and kept."""

    def __init__(self, weights: Sequence[Tensor], decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.weights = [weight.detach().clone() for weight in weights]

    @torch.no_grad()
    def add(self, weights: Sequence[Tensor]) -> None:
        """At first every step counts alike."""
        self.steps += 1
        part = max(1 - self.decay, 1 / (self.steps + 1))
        torch._foreach_lerp_(self.weights, [weight.detach() for weight in weights], part)

    @torch.no_grad()
    def swap(self, weights: Sequence[Tensor]) -> None:
        """Exchanges the average and the weights."""
        for mine, other in zip(self.weights, weights):
            kept = other.detach().clone()
            other.copy_(mine)
            mine.copy_(kept)


def rate_at(share: float, step: int, highest: float) -> float:
    """The learning rate after a share of the time: up over the first steps, down on a line."""
    return highest * min(1.0, (step + 1) / WARM_UP_STEPS) * (1 - (1 - LAST_RATE) * share)


def weights_of(rows: Sequence[Utterance], by_source: dict[str, float]) -> np.ndarray:
    """How probable each utterance is to begin a window: by its source, and by the root of its length."""
    default = by_source.get("*", 1.0)
    return np.array([by_source.get(u.source, default) * len(u.pcm) ** 0.5 for u in rows])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="openai/whisper-base")
    parser.add_argument("--shards", nargs="+", type=Path, required=True)
    parser.add_argument("--references", nargs="+", type=Path, required=True)
    parser.add_argument("--texts", nargs="*", type=Path, default=[], help="for names' capitals")
    parser.add_argument("--cache", type=Path, default=Path("data/cache-whisper"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--weights", default="*=1", help="source=how often, ...")
    parser.add_argument("--rate", type=float, default=1.5e-5)
    parser.add_argument("--average", type=float, default=0.99)
    parser.add_argument("--seconds", type=float, default=120.0, help="of sound a step")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"

    tokenizer = AutoTokenizer.from_pretrained(args.model)
    plain: Tokenizer = tokenizer.backend_tokenizer
    model = WhisperForConditionalGeneration.from_pretrained(args.model).to(device).train()
    marks = Marks.of(plain.token_to_id)
    rows = utterances(
        args.shards, references(args.references, args.texts, plain), plain, args.cache
    )
    by_source = {name: float(w) for name, w in (s.split("=") for s in args.weights.split(","))}
    composer = Composer(rows, weights_of(rows, by_source), marks, Mixture(), rng)
    hours = sum(len(u.pcm) for u in rows) / 16_000 / 3600
    print(f"{len(rows)} utterances, {hours:.2f} h, {device}", flush=True)

    frozen = (model.model.decoder.embed_tokens.weight, model.model.encoder.embed_positions.weight)
    for weight in frozen:
        weight.requires_grad_(False)
    tuned = [weight for weight in model.parameters() if weight.requires_grad]
    average = Average(tuned, args.average)
    optimiser = torch.optim.AdamW(
        [
            {"params": [w for w in tuned if w.ndim > 1], "weight_decay": 0.01},
            {"params": [w for w in tuned if w.ndim == 1], "weight_decay": 0.0},
        ],
        betas=(0.9, 0.98),
        fused=True,
    )

    def save() -> None:
        average.swap(tuned)
        model.save_pretrained(args.out)
        average.swap(tuned)

    tokenizer.save_pretrained(args.out)
    WhisperFeatureExtractor.from_pretrained(args.model).save_pretrained(args.out)
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)
    begun = saved = time.monotonic()
    step, heard, running = 0, 0.0, 0.0
    while not ended and (share := (time.monotonic() - begun) / (60 * args.minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = rate_at(share, step, args.rate)
        windows = composer.batch(args.seconds)
        batch = collate(windows, marks, rng, device)
        with torch.autocast(device, torch.bfloat16):
            encoded = encode(model, batch.features)
            said = model.model.decoder(
                input_ids=batch.given, encoder_hidden_states=encoded, use_cache=False
            ).last_hidden_state
            counted = batch.wanted != IGNORED
            logits = model.proj_out(said[counted])
        loss = F.cross_entropy(
            logits.float(), batch.wanted[counted], label_smoothing=SMOOTHING
        )
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tuned, 1.0)
        optimiser.step()
        average.add(tuned)
        step += 1
        heard += sum(len(window.wave) for window in windows) / 16_000
        running += (float(loss.detach()) - running) * max(0.02, 1 / step)
        now = time.monotonic()
        if step in (1, 5) or step % 25 == 0:
            print(
                f"step {step}, {now - begun:.0f} s, {heard / 3600:.2f} h heard, loss {running:.3f}",
                flush=True,
            )
        if now - saved > SAVE_SECONDS:
            save()
            saved = now
    save()
    print(f"{step} steps, {heard / 3600:.2f} h heard, loss {running:.3f}", flush=True)


if __name__ == "__main__":
    main()
