"""Reading weights back from an exported graph, and training a little further."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from needs import needs

needs("torch", "numpy", "onnx")

import onnx  # noqa: E402
import torch  # noqa: E402
from onnx import helper  # noqa: E402

import export  # noqa: E402
from network import SIZES, Recogniser  # noqa: E402
from receiver.tune import Example, Plan, batches, tune  # noqa: E402
from receiver.weights import read_weights  # noqa: E402


class WeightsTest(unittest.TestCase):
    def test_reads_back_what_was_exported_within_a_step(self) -> None:
        torch.manual_seed(3)
        net = Recogniser(SIZES["tdnn-s"]).eval()
        for parameter in net.parameters():
            # like weights of fresh layers are stored once, under one name
            torch.nn.init.normal_(parameter, std=0.1)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.onnx"
            export.trace(net, path)
            model = onnx.load(str(path))
            helper.set_model_props(model, {"size": "tdnn-s"})
            export.pack_weights(model)
            onnx.save(model, str(path))
            read, size = read_weights(path)
        self.assertEqual(size, "tdnn-s")
        there = read.state_dict()
        for name, value in net.state_dict().items():
            step = float(value.abs().max()) / 127
            self.assertLess(float((there[name] - value).abs().max()), step + 1e-6, name)

    def test_refuses_another_graph(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.onnx"
            onnx.save(helper.make_model(helper.make_graph([], "none", [], [])), str(path))
            with self.assertRaises(ValueError):
                read_weights(path)


def examples(count: int) -> list[Example]:
    generator = torch.Generator().manual_seed(5)
    return [
        Example(torch.randn(60 + 7 * index, 80, generator=generator), (1 + index % 3, 4, 7))
        for index in range(count)
    ]


class TuneTest(unittest.TestCase):
    def test_batches_hold_every_example_once(self) -> None:
        given = examples(40)
        found = [id(one) for rows in batches(given, 1) for one in rows]
        self.assertEqual(sorted(found), sorted(map(id, given)))

    def test_learns_what_it_is_shown(self) -> None:
        torch.manual_seed(3)
        given = examples(4)
        losses: list[float] = []
        plan = Plan(epochs=6, rate=1e-3, dropout=0.0)
        tune(Recogniser(SIZES["tdnn-s"]), given, [], plan, lambda _, loss, __: losses.append(loss))
        self.assertLess(losses[-1], losses[1])

    def test_keeps_the_network_that_is_best_on_the_development_split(self) -> None:
        torch.manual_seed(3)
        net = Recogniser(SIZES["tdnn-s"])
        before = {name: value.clone() for name, value in net.state_dict().items()}
        # nothing of this can be learnt from nothing: no phone is right before or after
        plan = Plan(epochs=1, rate=1e-9, dropout=0.0)
        best = tune(net, examples(2), examples(2), plan, lambda *_: None)
        for name, value in best.state_dict().items():
            self.assertTrue(torch.equal(value, before[name]), name)


if __name__ == "__main__":
    unittest.main()
