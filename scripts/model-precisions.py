"""Writes the other precisions that repositories of the hub have, beside the fp32 graphs of a folder.

    python3 scripts/model-precisions.py FOLDER    # FOLDER/onnx/{encoder_model,decoder_model_merged}.onnx

As transformers.js's conversion writes them, by the same quantisers: `_fp16` (inputs and outputs stay
fp32), `_q4` (products in 4 bits, blocks of 32). For scripts/model-matrix.mjs.

Needs onnx, onnx-ir, onnxruntime.
"""

import sys
from pathlib import Path

import onnx
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.transformers.float16 import convert_float_to_float16

NAMES = ("encoder_model", "decoder_model_merged")
BLOCK = 32


def main(folder: Path) -> None:
    for name in NAMES:
        fp32 = folder / "onnx" / f"{name}.onnx"
        half = convert_float_to_float16(onnx.load(str(fp32)), keep_io_types=True)
        onnx.save(half, str(fp32.with_stem(f"{name}_fp16")))
        quantiser = MatMulNBitsQuantizer(onnx.load(str(fp32)), block_size=BLOCK, is_symmetric=True)
        quantiser.process()
        quantiser.model.save_model_to_file(str(fp32.with_stem(f"{name}_q4")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
