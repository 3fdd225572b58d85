"""An exported graph in 16 bits, inputs and outputs in 32: as the `_fp16` files of the hub are."""

from pathlib import Path

import onnx
from onnxruntime.transformers.float16 import convert_float_to_float16
from optimum.onnx.graph_transformations import merge_decoders

DECODERS = ("decoder_model", "decoder_with_past_model")


def half_encoder(folder: Path) -> onnx.ModelProto:
    return convert_float_to_float16(onnx.load(str(folder / "encoder_model.onnx")), keep_io_types=True)


def half_decoder(folder: Path, scratch: Path) -> onnx.ModelProto:
    """Both decoders of an export, merged; what goes in and comes out is cast outside the branches.

    The converter does not see into branches: a merged decoder that it is given is no valid graph.
    """
    model = merge_decoders(
        *(convert_float_to_float16(onnx.load(str(folder / f"{part}.onnx"))) for part in DECODERS),
        save_path=scratch / "half.onnx",
        strict=False,
    )
    (split,) = model.graph.node
    floats, halves = onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16
    cast = {}
    for value in (*model.graph.input, *model.graph.output):
        if value.type.tensor_type.elem_type == halves:
            value.type.tensor_type.elem_type = floats
            cast[value.name] = f"half.{value.name}"
    given = {value.name for value in model.graph.input if value.name in cast}
    for attribute in split.attribute:
        for node in attribute.g.node:
            node.input[:] = [cast[name] if name in given else name for name in node.input]
    split.output[:] = [cast.get(name, name) for name in split.output]
    nodes = [onnx.helper.make_node("Cast", [name], [cast[name]], to=halves) for name in cast if name in given]
    nodes.append(split)
    nodes += [onnx.helper.make_node("Cast", [cast[name]], [name], to=floats) for name in cast if name not in given]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model
