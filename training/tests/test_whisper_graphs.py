from __future__ import annotations

import unittest

from needs import needs

needs("numpy", "onnx")
needs("onnx.reference")

import numpy as np
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from whisper_graphs import free_frames, graphs_of, share_embedding

WORDS, DEPTH, POSITIONS = 11, 4, 6
RNG = np.random.default_rng(1)


def constant(name: str, value: np.ndarray) -> TensorProto:
    return numpy_helper.from_array(value, name)


def value(name: str, kind: int, *dims: int | str) -> object:
    return helper.make_tensor_value_info(name, kind, list(dims))


def model(graph: GraphProto) -> ModelProto:
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])


def encoder() -> ModelProto:
    """Takes every second frame and adds a table of positions to them."""
    nodes = [
        helper.make_node("Slice", ["features", "zero", "far", "two", "two"], ["fewer"]),
        helper.make_node("Transpose", ["fewer"], ["frames"], perm=[0, 2, 1]),
        helper.make_node("Add", ["frames", "table"], ["encoded"]),
    ]
    constants = [
        constant("table", RNG.standard_normal((POSITIONS, DEPTH)).astype(np.float32)),
        constant("zero", np.array([0])),
        constant("far", np.array([2**31])),
        constant("two", np.array([2])),
    ]
    features = value("features", TensorProto.FLOAT, "rows", DEPTH, 2 * POSITIONS)
    encoded = value("encoded", TensorProto.FLOAT, "rows", POSITIONS, DEPTH)
    return model(helper.make_graph(nodes, "encoder", [features], [encoded], constants))


class FreeFrames(unittest.TestCase):
    def test_give_fewer_frames_the_first_positions(self) -> None:
        features = RNG.standard_normal((2, DEPTH, 2 * POSITIONS)).astype(np.float32)
        (whole,) = ReferenceEvaluator(encoder()).run(None, {"features": features})
        changed = encoder()
        table = numpy_helper.to_array(changed.graph.initializer[0])
        free_frames(changed, POSITIONS)
        for frames in (2, 6, 12):
            part = features[..., :frames]
            (found,) = ReferenceEvaluator(changed).run(None, {"features": part})
            np.testing.assert_allclose(
                found, part[..., ::2].transpose(0, 2, 1) + table[: frames // 2], rtol=1e-6
            )
        self.assertEqual(whole.shape, (2, POSITIONS, DEPTH))

    def test_name_the_axis_that_is_free(self) -> None:
        changed = encoder()
        free_frames(changed, POSITIONS)
        shape = changed.graph.input[0].type.tensor_type.shape.dim
        self.assertEqual(shape[2].dim_param, "frames")
        self.assertFalse(shape[2].HasField("dim_value"))

    def test_refuse_a_graph_without_positions(self) -> None:
        with self.assertRaisesRegex(ValueError, "in 0 places"):
            free_frames(encoder(), POSITIONS + 1)


def decoder(by_column: bool) -> ModelProto:
    """Looks tokens up and multiplies with what they were looked up in, in a branch, in 8 bits."""
    kind, low = (np.int8, -127) if by_column else (np.uint8, 0)
    table = RNG.integers(low, 127, (WORDS, DEPTH)).astype(kind)
    scales = RNG.uniform(0.01, 0.1, WORDS) if by_column else np.array(0.05)
    zeros = np.zeros(WORDS, kind) if by_column else np.array(60, kind)
    # a table is looked up in with one scale, as the quantiser makes it
    look_scale = np.array(0.05, np.float32)
    branch = helper.make_graph(
        [
            helper.make_node("Gather", ["words_quantized", "ids"], ["found_quantized"]),
            helper.make_node(
                "DequantizeLinear", ["found_quantized", "words_scale", "words_zero_point"], ["found"]
            ),
            helper.make_node("DynamicQuantizeLinear", ["found"], ["q", "q_scale", "q_zero"]),
            helper.make_node(
                "MatMulInteger", ["q", "out_quantized", "q_zero", "out_zero_point"], ["product"]
            ),
            helper.make_node("Cast", ["product"], ["product_float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["q_scale", "out_scale"], ["scales"]),
            helper.make_node("Mul", ["product_float", "scales"], ["branch_logits"]),
        ],
        "branch",
        [],
        [value("branch_logits", TensorProto.FLOAT, "rows", "tokens", WORDS)],
    )
    nodes = [helper.make_node("If", ["flag"], ["logits"], then_branch=branch, else_branch=branch)]
    constants = [
        constant("words_quantized", table),
        constant("words_scale", look_scale),
        constant("words_zero_point", np.array(0 if by_column else 60, kind)),
        constant("out_quantized", np.ascontiguousarray(table.T)),
        constant("out_scale", scales.astype(np.float32)),
        constant("out_zero_point", zeros),
    ]
    inputs = [
        value("ids", TensorProto.INT64, "rows", "tokens"),
        value("flag", TensorProto.BOOL, 1),
    ]
    logits = value("logits", TensorProto.FLOAT, "rows", "tokens", WORDS)
    return model(helper.make_graph(nodes, "decoder", inputs, [logits], constants))


class ShareEmbedding(unittest.TestCase):
    FEEDS = {"ids": np.array([[1, 10], [3, 0]]), "flag": np.array([True])}

    def test_keeps_the_logits_and_holds_the_words_once(self) -> None:
        shared = decoder(by_column=False)
        (before,) = ReferenceEvaluator(shared).run(None, self.FEEDS)
        share_embedding(shared)
        (after,) = ReferenceEvaluator(shared).run(None, self.FEEDS)
        np.testing.assert_allclose(after, before, rtol=1e-6)
        names = {entry.name for entry in shared.graph.initializer}
        self.assertEqual(names, {"out_quantized", "out_scale", "out_zero_point"})

    def test_scales_what_is_looked_up_by_word_where_columns_are(self) -> None:
        shared = decoder(by_column=True)
        entries = {e.name: numpy_helper.to_array(e) for e in shared.graph.initializer}
        share_embedding(shared)
        looked_up = next(
            node.output[0]
            for node in next(g for g in list(graphs_of(shared.graph))[1:]).node
            if node.op_type == "Mul" and node.output[0] == "found"
        )
        branch = next(g for g in list(graphs_of(shared.graph))[1:])
        alone = helper.make_graph(
            [n for n in branch.node if n.op_type in ("Gather", "Transpose", "Cast", "Constant", "Unsqueeze")
             and "product" not in n.output[0]]
            + [n for n in branch.node if n.output[0] == looked_up],
            "look-up",
            [value("ids", TensorProto.INT64, "rows", "tokens")],
            [value("found", TensorProto.FLOAT, "rows", "tokens", DEPTH)],
            list(shared.graph.initializer),
        )  # fmt: skip
        (found,) = ReferenceEvaluator(model(alone)).run(None, {"ids": self.FEEDS["ids"]})
        words = entries["out_quantized"].T.astype(np.float32) * entries["out_scale"][:, None]
        np.testing.assert_allclose(found, words[self.FEEDS["ids"]], rtol=1e-6)

    def test_refuses_a_graph_that_looks_nothing_up(self) -> None:
        broken = decoder(by_column=False)
        for graph in list(graphs_of(broken.graph))[1:]:
            graph.node[0].op_type = "Identity"
        with self.assertRaisesRegex(ValueError, "no look-up"):
            share_embedding(broken)


if __name__ == "__main__":
    unittest.main()
