"""Word error rates of a Whisper, greedy, one window for each recording of at most 30 s.

    python3 training/whisper_score.py --model tuned MANIFEST.jsonl ...
    python3 training/whisper_score.py --model public/models/ai2text-base --windows speech MANIFEST.jsonl

`--model` is a folder of Hugging Face's `save_pretrained`, run by torch in bfloat16, or one with
`onnx/`, run by ONNX Runtime. Lines of a manifest are those of `npm run wer`. Words are compared after
Whisper's English normaliser, for other languages after its basic one. For choosing between runs; what
counts is `npm run wer`, which has the app's segmenter and rules.

Needs torch, transformers, ffmpeg, for ONNX files onnxruntime.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import WhisperForConditionalGeneration
from transformers.models.whisper.english_normalizer import (
    BasicTextNormalizer,
    EnglishTextNormalizer,
)

from prepare import decode
from scoring import edit_distance
from whisper_network import LONGEST_SECONDS, SAMPLE_RATE_HZ, greedy, log_mel, padded
from whisper_windows import Marks

Recognise = Callable[[NDArray[np.float32], Marks], list[list[int]]]

BATCH_SECONDS = 240.0
MARGIN_SECONDS, SHORTEST_SECONDS = 0.5, 2.0
LIMIT = 200


def by_torch(folder: Path) -> Recognise:
    """Runs a folder of `save_pretrained`."""
    model = WhisperForConditionalGeneration.from_pretrained(folder).eval()

    def recognise(waves: NDArray[np.float32], marks: Marks) -> list[list[int]]:
        with torch.autocast("cpu", torch.bfloat16):
            return greedy(model, log_mel(torch.from_numpy(waves)), marks, LIMIT)

    return recognise


def by_onnx(folder: Path, ending: str) -> Recognise:
    """Runs the files of `whisper_export.py`."""
    import onnxruntime

    def session(name: str) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        return onnxruntime.InferenceSession(str(folder / "onnx" / f"{name}{ending}.onnx"), options)

    encoder, decoder = session("encoder_model"), session("decoder_model_merged")
    empty = {
        entry.name: np.zeros([0 if isinstance(size, str) else size for size in entry.shape], np.float32)
        for entry in decoder.get_inputs()
        if entry.name.startswith("past_key_values.")
    }
    outputs = [o.name for o in decoder.get_outputs() if not o.name.startswith("cross_")]

    def recognise(waves: NDArray[np.float32], marks: Marks) -> list[list[int]]:
        rows = len(waves)
        features = log_mel(torch.from_numpy(waves)).numpy()
        (encoded,) = encoder.run(None, {"input_features": features})
        cache = {name: np.zeros((rows, *a.shape[1:]), np.float32) for name, a in empty.items()}
        given = np.array([marks.prompt()] * rows, np.int64)
        found: list[list[int]] = [[] for _ in range(rows)]
        ended = np.zeros(rows, bool)
        for step in range(LIMIT):
            feeds = {"input_ids": given, "encoder_hidden_states": encoded, **cache}
            feeds["use_cache_branch"] = np.array([step > 0])
            made = dict(zip(outputs, decoder.run(outputs, feeds)))
            for name in cache:
                present = made[name.replace("past_key_values", "present")]
                if step == 0 or "decoder" in name:
                    cache[name] = present
            logits = made["logits"][:, -1]
            logits[:, marks.end + 1 :] = -np.inf
            if step == 0:
                logits[:, marks.end] = -np.inf
            chosen = logits.argmax(-1)
            ended |= chosen == marks.end
            for row in np.flatnonzero(~ended):
                found[row].append(int(chosen[row]))
            if ended.all():
                break
            given = np.where(ended, marks.end, chosen)[:, None].astype(np.int64)
        return found

    return recognise


def window_seconds(seconds: float, windows: str) -> float:
    """How much the encoder is given of a recording: 30 s, or what there is and a little more."""
    if windows == "whole":
        return LONGEST_SECONDS
    needed = max(SHORTEST_SECONDS, seconds + MARGIN_SECONDS)
    return min(LONGEST_SECONDS, math.ceil(needed * 50) / 50)


def score(
    manifest: Path, recognise: Recognise, tokenizer: Tokenizer, windows: str, language: str
) -> tuple[int, int, list[dict[str, str]]]:
    """Wrong words, words, and what was found."""
    marks = Marks.of(tokenizer.token_to_id, language)
    normalise = EnglishTextNormalizer({}) if language == "en" else BasicTextNormalizer()
    lines = [json.loads(line) for line in manifest.read_text().splitlines() if line.strip()]
    lines.sort(key=lambda line: line["duration"])
    wrong = words = 0
    items: list[dict[str, str]] = []
    while lines:
        seconds = window_seconds(lines[-1]["duration"], windows)
        count = max(1, int(BATCH_SECONDS / seconds))
        lines, batch = lines[:-count], lines[-count:]
        waves = [decode(manifest.parent / line["audio"], None, None) for line in batch]
        rows = recognise(padded(waves, round(seconds * SAMPLE_RATE_HZ)), marks)
        for line, row in zip(batch, rows):
            text = tokenizer.decode(row)
            reference = normalise(line["text"]).split()
            wrong += edit_distance(reference, normalise(text).split())
            words += len(reference)
            items.append({"audio": line["audio"], "reference": line["text"], "hypothesis": text})
    return wrong, words, items


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("manifests", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--ending", default="_quantized", help="of the ONNX files")
    parser.add_argument("--windows", choices=["whole", "speech"], default="whole")
    parser.add_argument("--language", default="en")
    parser.add_argument("--json", type=Path, help="file for what was found")
    args = parser.parse_args()
    torch.set_num_threads(2)
    is_onnx = (args.model / "onnx").is_dir()
    recognise = by_onnx(args.model, args.ending) if is_onnx else by_torch(args.model)
    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    found: dict[str, list[dict[str, str]]] = {}
    for manifest in args.manifests:
        wrong, words, items = score(manifest, recognise, tokenizer, args.windows, args.language)
        found[manifest.stem] = items
        print(f"{manifest.stem}: {100 * wrong / words:.2f} % of {words} words", flush=True)
    if args.json:
        args.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
