"""Writes a fine-tuned Whisper as the ONNX files of the app.

    python3 training/whisper_export.py --model tuned --out public/models/ai2text-base

`--model` is a folder of Hugging Face's `save_pretrained` (model, tokenizer, configs), as
`whisper_tune.py` writes it. The files are those of onnx-community's `_timestamped` repositories, made
by the exporter they use, with two differences: the encoder takes any even number of frames, and the
decoder holds the embedding once. The decoder has outputs `cross_attentions.N`, for word times.

`config.json` has one key more: `ai2text_shortest_window`, the seconds that the encoder has to be given
at the least. It was tuned on windows from there up to 30 s; other exports know 30 s alone.

Needs torch, transformers, optimum-onnx, onnx, onnxruntime.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export
from optimum.exporters.onnx.base import ConfigBehavior
from optimum.exporters.onnx.model_configs import WhisperOnnxConfig
from transformers import AutoConfig

from whisper_graphs import free_frames, share_embedding

TASK = "automatic-speech-recognition"
ENCODER, DECODER = "encoder_model", "decoder_model_merged"
TEXTS = ("config.json", "generation_config.json", "preprocessor_config.json", "tokenizer.json")
SHORTEST_WINDOW_KEY = "ai2text_shortest_window"


class Timestamped(WhisperOnnxConfig):
    """Whisper with its decoder's attention to the encoder's frames among the outputs."""

    @property
    def outputs(self) -> dict[str, dict[int, str]]:
        named: dict[str, dict[int, str]] = super().outputs
        if self._behavior is ConfigBehavior.DECODER:
            axes = {0: "batch_size", 2: "decoder_sequence_length", 3: "encoder_sequence_length_out"}
            for layer in range(self._config.decoder_layers):
                named[f"cross_attentions.{layer}"] = axes
        return named


def trace(model: Path, out: Path) -> None:
    """Exports fp32 graphs: ENCODER and DECODER, which has a branch for the first run of a text."""
    config = Timestamped(
        config=AutoConfig.from_pretrained(model), task=TASK, use_past=True, use_past_in_inputs=False
    )
    main_export(
        str(model),
        output=str(out),
        task=f"{TASK}-with-past",
        custom_onnx_configs={
            "encoder_model": config.with_behavior("encoder"),
            "decoder_model": config.with_behavior(
                "decoder", use_past=True, use_past_in_inputs=False
            ),
            "decoder_with_past_model": config.with_behavior(
                "decoder", use_past=True, use_past_in_inputs=True
            ),
        },
        model_kwargs={"output_attentions": True},
        do_validation=False,
    )
    graph = onnx.load(str(out / f"{ENCODER}.onnx"))
    free_frames(graph, AutoConfig.from_pretrained(model).max_source_positions)
    onnx.checker.check_model(graph)
    onnx.save(graph, str(out / f"{ENCODER}.onnx"))


def quantise(fp32: Path, int8: Path, by_column: bool) -> None:
    """Products, convolutions and look-ups in 8 bits, activations scaled as they come.

    by_column -- a scale for each column of a matrix, around zero; else one for the matrix
    """
    quantize_dynamic(
        str(fp32),
        str(int8),
        weight_type=QuantType.QInt8 if by_column else QuantType.QUInt8,
        per_channel=by_column,
        extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
    )


def compact(source: Path, to: Path, more: dict[str, object]) -> None:
    """Copies JSON without what only people read, with more keys."""
    value = json.loads(source.read_text(encoding="utf-8"))
    value.update(more)
    to.write_text(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shortest", type=float, default=2.0, help="seconds of a window")
    parser.add_argument("--by-column", nargs="*", default=[], choices=[ENCODER, DECODER])
    parser.add_argument("--fp32", action="store_true", help="write fp32 graphs as well")
    args = parser.parse_args()
    onnx_folder = args.out / "onnx"
    onnx_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder)
        trace(args.model, raw)
        for name in (ENCODER, DECODER):
            int8 = onnx_folder / f"{name}_quantized.onnx"
            quantise(raw / f"{name}.onnx", int8, name in args.by_column)
            if name == DECODER:
                model = onnx.load(str(int8))
                share_embedding(model)
                onnx.checker.check_model(model)
                onnx.save(model, str(int8))
            if args.fp32:
                shutil.copy(raw / f"{name}.onnx", onnx_folder)
    for name in TEXTS:
        more = {SHORTEST_WINDOW_KEY: args.shortest} if name == "config.json" else {}
        compact(args.model / name, args.out / name, more)
    for path in sorted(args.out.rglob("*")):
        if path.is_file():
            print(path.relative_to(args.out), path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
