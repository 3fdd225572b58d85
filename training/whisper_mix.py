"""Mixes weights: one model, and a share of what others changed in it.

    python3 training/whisper_mix.py --from openai/whisper-base --to run1 run2 --share 0.7 --out mixed

Between a model and its fine-tuned self lie weights that keep more of what the first could do elsewhere
(WiSE-FT, Wortsman et al. 2022a); several runs are averaged first (model soups, Wortsman et al. 2022b).
The encoder hears accents, the decoder knows names and other languages: they may be given shares of
their own.

Needs torch, transformers.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from transformers import WhisperForConditionalGeneration

ENCODER = "model.encoder."
TEXTS = ("tokenizer.json", "preprocessor_config.json")


@torch.no_grad()
def mix(
    origin: WhisperForConditionalGeneration,
    tuned: list[WhisperForConditionalGeneration],
    encoder_share: float,
    decoder_share: float,
) -> None:
    """Moves the weights of `origin` a share of the way to the mean of the others."""
    others = [dict(model.named_parameters()) for model in tuned]
    for name, weight in origin.named_parameters():
        mean = torch.stack([other[name] for other in others]).mean(dim=0)
        weight.lerp_(mean, encoder_share if name.startswith(ENCODER) else decoder_share)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--from", dest="origin", type=Path, required=True)
    parser.add_argument("--to", dest="tuned", type=Path, nargs="+", required=True)
    parser.add_argument("--share", type=float, required=True)
    parser.add_argument("--decoder-share", type=float, help="where it is another")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    origin = WhisperForConditionalGeneration.from_pretrained(args.origin)
    tuned = [WhisperForConditionalGeneration.from_pretrained(path) for path in args.tuned]
    decoder_share = args.share if args.decoder_share is None else args.decoder_share
    mix(origin, tuned, args.share, decoder_share)
    origin.save_pretrained(args.out)
    for name in TEXTS:
        shutil.copy(args.origin / name, args.out)


if __name__ == "__main__":
    main()
