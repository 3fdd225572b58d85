"""Changes of exported Whisper graphs: frames as many as there are, and the embedding once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

FRAMES_AXIS = 2  # of mel features, [rows][bands][frames]


def graphs_of(graph: GraphProto) -> Iterator[GraphProto]:
    """A graph and the branches within it."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from graphs_of(attribute.g)


def _replace(graph: GraphProto, node: NodeProto, by: list[NodeProto]) -> None:
    """Puts nodes in the place of one, in an order in which they can run."""
    nodes = list(graph.node)
    at = nodes.index(node)
    del graph.node[:]
    graph.node.extend([*nodes[:at], *by, *nodes[at + 1 :]])


def free_frames(model: ModelProto, positions: int) -> None:
    """Lets an encoder take any even number of frames up to the one it was exported with.

    The exporter adds the whole table of positions; here as much of it is added as the convolutions
    gave. Raises ValueError where the table is not found.

    positions -- lines of the table: frames behind the convolutions
    """
    graph = model.graph
    tables = {entry.name for entry in graph.initializer if list(entry.dims)[-2:-1] == [positions]}
    added = [n for n in graph.node if n.op_type == "Add" and tables.intersection(n.input)]
    if len(added) != 1:
        raise ValueError(f"positions are added in {len(added)} places")
    (node,) = added
    table = next(name for name in node.input if name in tables)
    frames = next(name for name in node.input if name != table)
    axis = len(next(e for e in graph.initializer if e.name == table).dims) - 2
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array([0], np.int64), "positions_from"),
            numpy_helper.from_array(np.array([axis], np.int64), "positions_axis"),
        ]
    )
    used = ["positions_from", "positions_count", "positions_axis"]
    renamed = NodeProto()
    renamed.CopyFrom(node)
    renamed.input[list(node.input).index(table)] = "positions_used"
    by = [
        helper.make_node("Shape", [frames], ["positions_count"], name="positions_count", start=1, end=2),
        helper.make_node("Slice", [table, *used], ["positions_used"], name="positions_used"),
        renamed,
    ]
    _replace(graph, node, by)
    for value, name, axis in (
        (graph.input[0], "frames", FRAMES_AXIS),
        (graph.output[0], "frames / 2", 1),
    ):
        value.type.tensor_type.shape.dim[axis].dim_param = name
    del graph.value_info[:]  # says how many frames there were


def share_embedding(model: ModelProto) -> None:
    """Makes a quantised decoder look tokens up in the matrix that its logits are made with.

    Whisper ties both (Radford et al. 2022, section 2.2; Press and Wolf 2017), and the exporter writes
    them twice. The look-up takes columns of the matrix instead of rows of its own table; both were
    quantised from the same numbers, so what comes of it is the same but for the scale.
    Raises ValueError where one of the two is not found.
    """
    entries = {entry.name: entry for entry in model.graph.initializer}
    matrix = next((name for name in entries if _is_output(model, name)), None)
    if matrix is None:
        raise ValueError("no product that makes logits")
    depth, words = entries[matrix].dims
    stem = matrix.removesuffix("_quantized")
    scale, zero = f"{stem}_scale", f"{stem}_zero_point"
    by_column = len(entries[scale].dims) == 1 and entries[scale].dims[0] == words
    unused: set[str] = set()
    for graph in graphs_of(model.graph):
        for node in list(graph.node):
            table = entries.get(node.input[0]) if node.op_type == "Gather" else None
            if table is None or list(table.dims) != [words, depth]:
                continue
            unused.add(table.name)
            reader = next(n for n in graph.node if node.output[0] in n.input)
            if reader.op_type != "DequantizeLinear":
                raise ValueError(f"{reader.op_type} reads what is looked up")
            unused.update(reader.input[1:])
            ids, found = node.input[1], reader.output[0]
            _replace(graph, reader, [])
            _replace(graph, node, _look_up(matrix, scale, zero, ids, found, by_column))
    if not unused:
        raise ValueError("no look-up of tokens")
    kept = [entry for entry in model.graph.initializer if entry.name not in unused]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)


def _is_output(model: ModelProto, name: str) -> bool:
    """Whether a constant is what the logits are made with: [depth][words]."""
    entry = next(e for e in model.graph.initializer if e.name == name)
    if len(entry.dims) != 2 or entry.dims[0] >= entry.dims[1]:
        return False
    words = model.graph.output[0].type.tensor_type.shape.dim[2].dim_value
    return bool(entry.dims[1] == words and entry.data_type in (TensorProto.UINT8, TensorProto.INT8))


def _look_up(
    matrix: str, scale: str, zero: str, ids: str, found: str, by_column: bool
) -> list[NodeProto]:
    """Nodes that make of ids [rows][tokens] their columns of a matrix, [rows][tokens][depth]."""

    def node(op: str, inputs: list[str], output: str, **attributes: object) -> NodeProto:
        return helper.make_node(op, inputs, [output], name=output, **attributes)

    columns, lines = f"{found}_columns", f"{found}_lines"
    nodes = [
        node("Gather", [matrix, ids], columns, axis=1),
        node("Transpose", [columns], lines, perm=[1, 2, 0]),
    ]
    if not by_column:
        return [*nodes, node("DequantizeLinear", [lines, scale, zero], found)]
    # columns are quantised around zero: only their scales differ
    steps, scales, last = f"{found}_steps", f"{found}_scales", f"{found}_last"
    return [
        *nodes,
        node("Cast", [lines], steps, to=TensorProto.FLOAT),
        node("Gather", [scale, ids], scales, axis=0),
        helper.make_node(
            "Constant", [], [last], name=last, value=numpy_helper.from_array(np.array([-1], np.int64))
        ),
        node("Unsqueeze", [scales, last], f"{scales}_wide"),
        node("Mul", [steps, f"{scales}_wide"], found),
    ]
