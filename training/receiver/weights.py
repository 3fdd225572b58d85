"""Reads the weights of an exported `model.onnx` back: the inverse of `training/export.py`.

Dense layers come back as the 8-bit steps that were stored, times the size of a step: a network that
is trained further starts from what the app runs, not from the checkpoint before it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import NodeProto, numpy_helper

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from network import SIZES, Recogniser  # noqa: E402

Matrix = NDArray[np.float32]


def read_weights(path: Path) -> tuple[Recogniser, str]:
    """The network of an exported fp32 graph, and the name of its size.

    Raises ValueError when the graph is not one of `export.py`.
    """
    model = onnx.load(str(path))
    size = {entry.key: entry.value for entry in model.metadata_props}.get("size", "")
    if size not in SIZES:
        raise ValueError(f"{path} names no size of a network: it was not written by export.py")
    net = Recogniser(SIZES[size])
    state = _state(model.graph, set(net.state_dict()))
    missing = sorted(set(net.state_dict()) - set(state))
    if missing:
        raise ValueError(f"{path} lacks {', '.join(missing)}")
    net.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in state.items()})
    return net.eval(), size


def _state(graph: onnx.GraphProto, names: set[str]) -> dict[str, Matrix]:
    stored = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    maker = {output: node for node in graph.node for output in node.output}
    found = {name: stored[name] for name in names & set(stored)}
    for node in graph.node:
        # the exporter forgets the names of transposed matrices; the bias behind one says whose it is
        if node.op_type != "Add":
            continue
        bias = next((name for name in node.input if name.endswith(".bias") and name in names), None)
        product = next((maker[name] for name in node.input if name in maker), None)
        if bias is None or product is None or product.op_type != "MatMul":
            continue
        matrix = _matrix(product.input[1], stored, maker)
        if matrix is not None:
            found[f"{bias.removesuffix('.bias')}.weight"] = np.ascontiguousarray(matrix.T)
    return found


def _matrix(
    name: str, stored: dict[str, NDArray[np.generic]], maker: dict[str, NodeProto]
) -> Matrix | None:
    """A constant matrix, also one that `pack_weights` has stored in 8 bits."""
    if name in stored:
        return stored[name].astype(np.float32)
    scale = maker.get(name)
    if scale is None or scale.op_type != "Mul":
        return None
    cast = maker.get(scale.input[0])
    if cast is None or cast.op_type != "Cast" or cast.input[0] not in stored:
        return None
    return stored[cast.input[0]].astype(np.float32) * stored[scale.input[1]].astype(np.float32)
