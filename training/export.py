"""Writes a trained checkpoint as ONNX: `model.onnx`, `model.int8.onnx`, and `vocab.json`.

    python3 training/export.py --checkpoint run/checkpoint.pt --out public/models/ai2text-en

Inputs `pcm` float32 [batch, samples] (16 kHz, zero-padded at the end) and `lengths` int64 [batch]
(valid samples of each row). Output `phones` [batch, frames, 40]: natural log-probabilities, one
frame each 30 ms, blank at 0. Row b has ceil(lengths[b] / 480) valid frames; what stands behind them
means nothing.

Both files hold the weights of dense layers in 8 bits. `model.onnx` (for webgpu) turns them back
into fp32 when it is loaded and computes in fp32; `model.int8.onnx` (for wasm) multiplies in 8 bits.

Needs torch 1.13 to 2.x (the TorchScript exporter) and onnx.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

import network

OPSET = 17
SMALLEST_QUANTISED = 1024  # weights; smaller matrices gain nothing


def load(path: Path) -> tuple[network.Recogniser, str]:
    """The network of a checkpoint of `train.py`, and the name of its size."""
    saved = torch.load(path, map_location="cpu")
    net = network.Recogniser(network.SIZES[saved["size"]])
    net.load_state_dict({name: value.float() for name, value in saved["model"].items()})
    return net.eval(), saved["size"]


def trace(net: network.Recogniser, path: Path) -> None:
    """Exports the fp32 graph with free batch and time axes."""
    options: dict[str, object] = {}
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        options["dynamo"] = False
    torch.onnx.export(
        net,
        (torch.randn(2, 48_000) * 0.1, torch.tensor([48_000, 31_337])),
        str(path),
        input_names=["pcm", "lengths"],
        output_names=["phones"],
        opset_version=OPSET,
        dynamic_axes={
            "pcm": {0: "batch", 1: "samples"},
            "lengths": {0: "batch"},
            "phones": {0: "batch", 1: "frames"},
        },
        **options,
    )


def in_8_bits(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A matrix as int8 steps and the float size of a step, one for each column."""
    column = (np.maximum(np.abs(weight).max(axis=0), 1e-8) / 127.0).astype(np.float32)
    return np.clip(np.round(weight / column), -127, 127).astype(np.int8), column


def is_dense(node: NodeProto, weight: np.ndarray | None) -> bool:
    """Whether a node multiplies by a constant matrix worth storing in 8 bits."""
    if node.op_type != "MatMul" or weight is None:
        return False
    # the mel matrix spans the whole range of a power spectrum: 8 bits do not hold it
    is_mel = weight.shape == (network.BINS, network.MELS)
    return not is_mel and weight.size >= SMALLEST_QUANTISED


def drop_unused(graph: GraphProto) -> None:
    """Takes away the weights that no node reads any more."""
    used = {name for node in graph.node for name in node.input}
    kept = [entry for entry in graph.initializer if entry.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def pack_weights(model: ModelProto) -> None:
    """Stores dense weights in 8 bits; a runtime folds them back into fp32 as it loads the graph."""
    graph = model.graph
    weights = {entry.name: entry for entry in graph.initializer}
    nodes: list[NodeProto] = []
    for node in graph.node:
        entry = weights.get(node.input[1]) if node.op_type == "MatMul" else None
        weight = None if entry is None else numpy_helper.to_array(entry)
        if weight is not None and is_dense(node, weight):
            table, column = in_8_bits(weight)
            base = f"{node.output[0]}_weight"
            graph.initializer.extend(
                [
                    numpy_helper.from_array(table, f"{base}_steps"),
                    numpy_helper.from_array(column, f"{base}_column"),
                ]
            )
            steps = [f"{base}_steps"], [f"{base}_float"]
            nodes.append(helper.make_node("Cast", *steps, to=TensorProto.FLOAT))
            nodes.append(helper.make_node("Mul", [f"{base}_float", f"{base}_column"], [base]))
            node.input[1] = base
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    drop_unused(graph)


class Quantiser:
    """Turns dense layers into int8 products whose activations are scaled frame by frame.

    ONNX's own DynamicQuantizeLinear takes one scale for the whole tensor: a loud recording in the
    batch, or padding, would change the text of its neighbours. Here every frame has the scale of
    its own largest value, so a frame's result depends on that frame alone. Signed activations use
    zero point 128; those behind a ReLU have no negative half and use zero point 0 and all 8 bits.
    """

    def __init__(self, model: ModelProto) -> None:
        self.graph = model.graph
        self.weights = {entry.name: entry for entry in self.graph.initializer}
        self.maker = {name: node for node in self.graph.node for name in node.output}
        self.nodes: list[NodeProto] = []
        self.quantised: dict[str, tuple[str, str, str]] = {}
        self._number("q_tiny", 1e-12)

    def _number(self, name: str, value: float, kind: type = np.float32) -> str:
        if name not in self.weights:
            entry = numpy_helper.from_array(np.array(value, kind), name)
            self.graph.initializer.append(entry)
            self.weights[name] = entry
        return name

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def _activation(self, name: str) -> tuple[str, str, str]:
        """Names of (uint8 values, scale of each frame, zero point) of a float tensor."""
        if name in self.quantised:
            return self.quantised[name]
        maker = self.maker.get(name)
        positive = maker is not None and maker.op_type == "Relu"
        size = name if positive else self._node("Abs", [name], f"{name}_abs")
        peak = self._node("ReduceMax", [size], f"{name}_peak", axes=[-1], keepdims=1)
        peak = self._node("Max", [peak, "q_tiny"], f"{name}_peak_safe")
        steps = self._number("q_255" if positive else "q_127", 255 if positive else 127)
        per_unit = self._node("Div", [steps, peak], f"{name}_per_unit")
        scale = self._node("Reciprocal", [per_unit], f"{name}_scale")
        value = self._node("Mul", [name, per_unit], f"{name}_steps")
        value = self._node("Round", [value], f"{name}_round")
        if positive:
            zero = self._number("q_zero_0", 0, np.uint8)
        else:
            value = self._node("Add", [value, self._number("q_128", 128)], f"{name}_shifted")
            zero = self._number("q_zero_128", 128, np.uint8)
        value = self._node("Cast", [value], f"{name}_uint8", to=TensorProto.UINT8)
        self.quantised[name] = (value, scale, zero)
        return self.quantised[name]

    def _product(self, node: NodeProto, weight: np.ndarray) -> None:
        value, scale, zero = self._activation(node.input[0])
        table, column = in_8_bits(weight)
        base = node.output[0]
        self.graph.initializer.extend(
            [
                numpy_helper.from_array(table, f"{base}_w"),
                numpy_helper.from_array(column, f"{base}_column"),
            ]
        )
        product = self._node("MatMulInteger", [value, f"{base}_w", zero], f"{base}_int32")
        product = self._node("Cast", [product], f"{base}_float", to=TensorProto.FLOAT)
        product = self._node("Mul", [product, scale], f"{base}_rows")
        self._node("Mul", [product, f"{base}_column"], base)

    def run(self) -> None:
        """Replaces the graph's nodes and drops the weights that nothing uses any more."""
        for node in self.graph.node:
            entry = self.weights.get(node.input[1]) if node.op_type == "MatMul" else None
            weight = None if entry is None else numpy_helper.to_array(entry)
            if weight is not None and is_dense(node, weight):
                self._product(node, weight)
            else:
                self.nodes.append(node)
        del self.graph.node[:]
        self.graph.node.extend(self.nodes)
        drop_unused(self.graph)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    net, size = load(args.checkpoint)
    fp32, int8 = args.out / "model.onnx", args.out / "model.int8.onnx"
    trace(net, fp32)
    for path, change in ((int8, lambda model: Quantiser(model).run()), (fp32, pack_weights)):
        model = onnx.load(str(fp32))
        helper.set_model_props(
            model, {"size": size, "sample_rate_hz": str(network.SAMPLE_RATE_HZ)}
        )
        change(model)
        onnx.checker.check_model(model)
        onnx.save(model, str(path))
    vocabulary = {
        "sampleRateHz": network.SAMPLE_RATE_HZ,
        "frameSamples": network.FRAME_SAMPLES,
        "blank": 0,
        "phones": network.PHONES,
    }
    (args.out / "vocab.json").write_text(json.dumps(vocabulary, indent=1) + "\n")
    for path in (fp32, int8):
        print(path.name, os.path.getsize(path), "bytes")


if __name__ == "__main__":
    main()
