"""What Whisper's reference implementation (transformers) writes of some recordings.

    python3 tools/wer/matrix/reference-tokens.py MODEL MANIFEST.jsonl OUT [--every N]

MODEL is a folder of Hugging Face's `save_pretrained`. Of every Nth recording, heard as one window of 30 s,
OUT gets N.f32 (16 kHz PCM) and a line of windows.jsonl: reference text, and the tokens behind the prompt,
chosen greedily by transformers' own processors of logits. For tools/wer/matrix/matrix.ts.

Needs ffmpeg, torch, transformers.
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
import torch
from transformers import GenerationMixin, WhisperFeatureExtractor, WhisperForConditionalGeneration
from whisper_rules import MOST_TOKENS, RATE_HZ, WINDOW_SECONDS, processors_of, prompt_of


def read_pcm(path: Path) -> np.ndarray:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE_HZ), "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<f4")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--language", default="en")
    options = parser.parse_args()

    model = WhisperForConditionalGeneration.from_pretrained(options.model).eval()
    extract = WhisperFeatureExtractor.from_pretrained(options.model)
    config = model.generation_config
    prompt = prompt_of(config, options.language)
    processors = processors_of(config, prompt)

    options.out.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in options.manifest.read_text().splitlines() if line]
    with (options.out / "windows.jsonl").open("w") as out:
        for number, line in enumerate(lines[:: options.every]):
            pcm = read_pcm(options.manifest.parent / line["audio"])
            if len(pcm) > WINDOW_SECONDS * RATE_HZ:
                continue
            features = extract(pcm, sampling_rate=RATE_HZ, return_tensors="pt").input_features
            with torch.inference_mode():
                ids = GenerationMixin.generate(
                    model,
                    input_features=features,
                    decoder_input_ids=torch.tensor([prompt]),
                    logits_processor=processors,
                    max_new_tokens=MOST_TOKENS,
                    num_beams=1,
                    do_sample=False,
                )
            pcm.tofile(options.out / f"{number}.f32")
            tokens = [token for token in ids[0, len(prompt) :].tolist() if token != config.eos_token_id]
            row = {"audio": line["audio"], "pcm": f"{number}.f32", "text": line["text"], "tokens": tokens}
            out.write(json.dumps(row) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
