"""Writes the other precisions that repositories of the hub have, from the fp32 graphs of an export.

    python3 tools/exports/model-precisions.py EXPORT FOLDER

EXPORT has encoder_model.onnx, decoder_model.onnx, decoder_with_past_model.onnx and decoder_model_merged.onnx,
as the exporter leaves them. FOLDER/onnx gets `_fp16` and `_q4` (products in 4 bits, blocks of 32), by the
quantisers of transformers.js's conversion. For tools/wer/matrix/matrix.ts.

Needs onnx, onnx-ir, onnxruntime, optimum-onnx.
"""

import sys
import tempfile
from pathlib import Path

import onnx
from half_precision import half_decoder, half_encoder
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

NAMES = ("encoder_model", "decoder_model_merged")
BLOCK = 32


def main(export: Path, folder: Path) -> None:
    out = folder / "onnx"
    out.mkdir(parents=True, exist_ok=True)
    onnx.save(half_encoder(export), str(out / "encoder_model_fp16.onnx"))
    with tempfile.TemporaryDirectory() as scratch:
        onnx.save(half_decoder(export, Path(scratch)), str(out / "decoder_model_merged_fp16.onnx"))
    for name in NAMES:
        graph = onnx.load(str(export / f"{name}.onnx"))
        quantiser = MatMulNBitsQuantizer(graph, block_size=BLOCK, is_symmetric=True)
        quantiser.process()
        quantiser.model.save_model_to_file(str(out / f"{name}_q4.onnx"))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
