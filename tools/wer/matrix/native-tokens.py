"""What ONNX Runtime itself writes with the graphs of a repository, outside a browser and without our code.

    python3 tools/wer/matrix/native-tokens.py MODEL REPO WINDOWS _quantized _perchannel …

Adds to each line of WINDOWS/windows.jsonl (tools/wer/matrix/reference-tokens.py makes it) the tokens behind the prompt, by
the ending of the graphs' names, chosen greedily by transformers' own processors: what a precision loses by itself.
For tools/wer/matrix/matrix.ts.

Needs numpy, onnxruntime, torch, transformers.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from transformers import GenerationConfig, WhisperFeatureExtractor
from whisper_rules import MOST_TOKENS, RATE_HZ, processors_of, prompt_of


def open_graph(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Decoder:
    """A merged decoder with past."""

    def __init__(self, path: Path):
        self.session = open_graph(path)
        self.outputs = [
            value.name for value in self.session.get_outputs() if value.name.startswith(("logits", "present"))
        ]
        # [batch, heads, nothing yet, width]
        self.empty = {
            value.name: np.zeros((1, value.shape[1], 0, value.shape[3]), np.float32)
            for value in self.session.get_inputs()
            if value.name.startswith("past")
        }

    def generate(self, encoded: np.ndarray, prompt: list[int], processors, end: int) -> list[int]:
        past = dict(self.empty)
        tokens = list(prompt)
        fed = prompt
        while len(tokens) < len(prompt) + MOST_TOKENS:
            has_past = len(tokens) > len(prompt)
            given = {
                "input_ids": np.array([fed], np.int64),
                "encoder_hidden_states": encoded,
                "use_cache_branch": np.array([has_past]),
                **past,
            }
            results = dict(zip(self.outputs, self.session.run(self.outputs, given), strict=True))
            logits = torch.from_numpy(results["logits"][:, -1])
            token = int(processors(torch.tensor([tokens]), logits).argmax())
            if token == end:
                break
            tokens.append(token)
            fed = [token]
            for name, value in results.items():
                # with a past, keys and values of the encoder come back empty
                if name.startswith("present") and not (has_past and ".encoder." in name):
                    past[name.replace("present", "past_key_values")] = value
        return tokens[len(prompt) :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("repository", type=Path)
    parser.add_argument("windows", type=Path)
    parser.add_argument("endings", nargs="+")
    parser.add_argument("--language", default="en")
    options = parser.parse_args()

    config = GenerationConfig.from_pretrained(options.model)
    extract = WhisperFeatureExtractor.from_pretrained(options.model)
    prompt = prompt_of(config, options.language)
    processors = processors_of(config, prompt)
    rows_file = options.windows / "windows.jsonl"
    rows = [json.loads(line) for line in rows_file.read_text().splitlines()]
    for ending in options.endings:
        onnx = options.repository / "onnx"
        encoder = open_graph(onnx / f"encoder_model{ending}.onnx")
        decoder = Decoder(onnx / f"decoder_model_merged{ending}.onnx")
        for row in rows:
            pcm = np.fromfile(options.windows / row["pcm"], "<f4")
            features = extract(pcm, sampling_rate=RATE_HZ, return_tensors="np").input_features
            (encoded,) = encoder.run(None, {"input_features": features.astype(np.float32)})
            tokens = decoder.generate(encoded, prompt, processors, config.eos_token_id)
            row.setdefault("native", {})[ending] = tokens
        rows_file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        same = sum(row["native"][ending] == row["tokens"] for row in rows)
        print(ending, same, "of", len(rows), flush=True)


if __name__ == "__main__":
    main()
