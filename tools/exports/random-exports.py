"""Writes tiny models with random weights by the exporter of the published files: for tests.

    python3 tools/exports/random-exports.py lib/engine/families/fixtures/exports

Real exports have names, repeated weights and rows of operators that no generator thinks of. Graphs are
gzipped, each model with its config; tokenizers are those of tools/random-models, whose vocabularies these have.
Weights are rounded so that they pack well.

Needs numpy, onnx, onnxruntime, optimum-onnx, torch, transformers.
"""

import gzip
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from half_precision import half_decoder, half_encoder
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export
from optimum.exporters.onnx.base import ConfigBehavior
from optimum.exporters.onnx.model_configs import WhisperOnnxConfig
from transformers import (
    AutoConfig,
    MoonshineConfig,
    MoonshineForConditionalGeneration,
    ParakeetCTCConfig,
    ParakeetForCTC,
    Wav2Vec2FeatureExtractor,
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
)

TASK = "automatic-speech-recognition"
GRAPHS = ("encoder_model", "decoder_model_merged")
OPSET = 18


class Timestamped(WhisperOnnxConfig):
    """With the decoder's attention to the encoder's frames, as the `_timestamped` repositories have it."""

    @property
    def outputs(self):
        named = super().outputs
        if self._behavior is ConfigBehavior.DECODER:
            axes = {0: "batch_size", 2: "decoder_sequence_length", 3: "encoder_sequence_length_out"}
            named |= {f"cross_attentions.{layer}": axes for layer in range(self._config.decoder_layers)}
        return named


def randomise(model: torch.nn.Module) -> None:
    """Weights that make something of what they are given, of few different values."""
    torch.manual_seed(7)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() > 1 and "embed_positions" not in name:
                step = 2.0 ** round(np.log2(0.7 / np.sqrt(weight[0].numel())))
                weight.copy_(weight.normal_(0, 2).round() * step)
            else:
                weight.copy_((weight * 16).round() / 16)


def whisper() -> WhisperForConditionalGeneration:
    model = WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=2109,
            # the kernels take heads of this width and its multiples
            d_model=32,
            encoder_layers=2,
            decoder_layers=2,
            encoder_attention_heads=1,
            decoder_attention_heads=1,
            encoder_ffn_dim=64,
            decoder_ffn_dim=64,
            bos_token_id=501,
            eos_token_id=501,
            pad_token_id=501,
            decoder_start_token_id=502,
            begin_suppress_tokens=[220, 501],
        )
    )
    model.generation_config.max_length = 448
    return model


def moonshine() -> MoonshineForConditionalGeneration:
    return MoonshineForConditionalGeneration(
        MoonshineConfig(
            vocab_size=528,
            hidden_size=32,
            intermediate_size=64,
            encoder_num_hidden_layers=2,
            decoder_num_hidden_layers=2,
            encoder_num_attention_heads=2,
            decoder_num_attention_heads=2,
        )
    )


def parakeet() -> ParakeetForCTC:
    encoder = {
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "subsampling_conv_channels": 8,
    }
    return ParakeetForCTC(ParakeetCTCConfig(vocab_size=88, pad_token_id=87, encoder_config=encoder))


def export_seq2seq(name: str, model: torch.nn.Module, features, folder: Path) -> None:
    model.save_pretrained(folder / "hf")
    features.save_pretrained(folder / "hf")
    options = {}
    if name == "whisper":
        config = Timestamped(
            config=AutoConfig.from_pretrained(folder / "hf"), task=TASK, use_past=True, use_past_in_inputs=False
        )
        options = {
            "custom_onnx_configs": {
                "encoder_model": config.with_behavior("encoder"),
                "decoder_model": config.with_behavior("decoder", use_past=True, use_past_in_inputs=False),
                "decoder_with_past_model": config.with_behavior("decoder", use_past=True, use_past_in_inputs=True),
            },
            "model_kwargs": {"output_attentions": True},
        }
    main_export(
        str(folder / "hf"),
        output=str(folder),
        task=f"{TASK}-with-past",
        library_name="transformers",
        do_validation=False,
        **options,
    )


class Logits(torch.nn.Module):
    """Takes and gives what the published graph does."""

    def __init__(self, model: ParakeetForCTC):
        super().__init__()
        self.model = model

    def forward(self, input_features, attention_mask):
        return self.model(input_features=input_features, attention_mask=attention_mask).logits


def export_ctc(model: ParakeetForCTC, folder: Path) -> None:
    features = torch.randn(2, 200, 80)
    mask = torch.ones(2, 200, dtype=torch.int64)
    torch.onnx.export(
        Logits(model).eval(),
        (features, mask),
        str(folder / "model.onnx"),
        input_names=["input_features", "attention_mask"],
        output_names=["logits"],
        dynamic_axes={
            "input_features": {0: "batch_size", 1: "frames"},
            "attention_mask": {0: "batch_size", 1: "frames"},
            "logits": {0: "batch_size", 1: "frames_out"},
        },
        opset_version=OPSET,
        dynamo=False,
    )


def keep(path: Path, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    # without the time: the same bytes every time
    out.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    print(out, out.stat().st_size)


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for name, make, features in (
            ("whisper", whisper, WhisperFeatureExtractor()),
            ("moonshine", moonshine, Wav2Vec2FeatureExtractor()),
        ):
            folder = Path(scratch) / name
            model = make().eval()
            randomise(model)
            export_seq2seq(name, model, features, folder)
            (out / name).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / "config.json", out / name / "config.json")
            for graph in GRAPHS:
                fp32 = folder / f"{graph}.onnx"
                keep(fp32, out / name / f"{graph}.onnx.gz")
                if name != "whisper":
                    continue
                products = folder / f"{graph}_products.onnx"
                quantize_dynamic(
                    str(fp32),
                    str(products),
                    weight_type=QuantType.QInt8,
                    per_channel=True,
                    op_types_to_quantize=["MatMul", "Gather"],
                    extra_options={"EnableSubgraph": True, "MatMulConstBOnly": True},
                )
                keep(products, out / name / products.with_suffix(".onnx.gz").name)
                fp16 = folder / f"{graph}_fp16.onnx"
                half = half_encoder(folder) if graph == "encoder_model" else half_decoder(folder, folder)
                onnx.save(half, str(fp16))
                keep(fp16, out / name / fp16.with_suffix(".onnx.gz").name)
        model = parakeet()
        randomise(model)
        export_ctc(model, Path(scratch))
        keep(Path(scratch) / "model.onnx", out / "parakeet" / "model.onnx.gz")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
