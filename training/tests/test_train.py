from __future__ import annotations

import argparse
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from needs import needs

needs("numpy", "torch")

import torch

from corpus import Utterance
from network import MELS
from train import LAST_RATE, WARM_UP_STEPS, Peer, Trainer, ctc, output_lengths, parse_weights


class ParseWeights(unittest.TestCase):
    def test_reads_sources_and_how_often_each_is_taken(self) -> None:
        self.assertEqual(parse_weights("a_b=4,c=0.5,*=1"), {"a_b": 4.0, "c": 0.5, "*": 1.0})
        self.assertEqual(parse_weights("a=2,"), {"a": 2.0})
        self.assertEqual(parse_weights(""), {})

    def test_refuses_what_it_cannot_read(self) -> None:
        for text in ("a", "a=", "a=1=2", "a=x"):
            with self.subTest(text), self.assertRaises(ValueError):
                parse_weights(text)


class OutputLengths(unittest.TestCase):
    def test_rounds_up(self) -> None:
        self.assertEqual(output_lengths(torch.tensor([1, 3, 4, 300])).tolist(), [1, 1, 2, 100])


class Ctc(unittest.TestCase):
    def test_is_the_cost_of_all_phones(self) -> None:
        # one frame, two units: the only path of one phone is that phone
        logits = torch.log(torch.tensor([[[0.25, 0.75]], [[0.5, 0.5]]]))
        rows = [Utterance(0, 3, (1,), "", "", "") for _ in range(2)]
        loss = ctc(logits, torch.tensor([1, 1]), rows)
        wanted = -(torch.log(torch.tensor(0.75)) + torch.log(torch.tensor(0.5)))
        self.assertAlmostEqual(float(loss), float(wanted), places=5)

    def test_ignores_a_row_too_short_for_its_phones(self) -> None:
        rows = [Utterance(0, 3, (1, 2, 3), "", "", "")]
        self.assertEqual(float(ctc(torch.zeros(1, 1, 40), torch.tensor([1]), rows)), 0.0)


class Stored:
    """A corpus whose features depend on the row alone, whoever asks."""

    def batch(self, rows: list[Utterance]) -> tuple[torch.Tensor, torch.Tensor]:
        made = [torch.Generator().manual_seed(row.start) for row in rows]
        features = torch.stack([torch.randn(60, MELS, generator=one) for one in made])
        return features, torch.full((len(rows),), 60)


class TrainerTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        torch.manual_seed(1)
        self.args = argparse.Namespace(
            device="cpu", out=Path(folder.name), size="tdnn-s", dropout=0.0, rate=2e-3, init=None,
            minutes=10.0, augment=0.0, average=0.999, float32=True,
        )  # fmt: skip
        rows = [Utterance(0, 60, (3, 1, 4, 1, 5), "", "a", "s") for _ in range(2)]
        corpus = mock.Mock()
        corpus.batch.return_value = (torch.randn(2, 60, MELS), torch.tensor([60, 60]))
        self.corpus, self.rows = corpus, rows

    def test_learns_a_batch(self) -> None:
        trainer = Trainer(self.args)
        trainer.progress.step = WARM_UP_STEPS
        losses = [trainer.step(self.corpus, self.rows) for _ in range(8)]
        self.assertLess(losses[-1], 0.8 * losses[0])

    def test_two_processes_learn_what_one_learns(self) -> None:
        rows = [Utterance(start, 60, (3, 1, 4), "", "a", "s") for start in range(3)]
        alone, shared = Trainer(self.args), Trainer(self.args)
        shared.net.load_state_dict(alone.net.state_dict())
        shared.net.share_memory()
        peer = Peer(shared.net, Stored(), self.args, 1)
        self.addCleanup(peer.process.kill)
        shared.peers = [peer]
        for _ in range(2):
            self.assertAlmostEqual(
                alone.step(Stored(), rows), shared.step(Stored(), rows), places=4
            )
        # a share without rows: the other's gradients must not be added twice
        self.assertAlmostEqual(
            alone.step(Stored(), rows[:1]), shared.step(Stored(), rows[:1]), places=4
        )
        peer.stop()
        self.assertEqual(peer.process.exitcode, 0)
        for one, other in zip(alone.net.parameters(), shared.net.parameters()):
            torch.testing.assert_close(one, other, rtol=1e-3, atol=2e-4)

    def test_goes_on_where_it_was_saved(self) -> None:
        first = Trainer(self.args)
        first.step(self.corpus, self.rows)
        first.progress.seconds = 61.5
        first.save()
        second = Trainer(self.args)
        self.assertEqual(second.progress, first.progress)
        for name in ("net", "average"):
            states = (getattr(trainer, name).state_dict() for trainer in (first, second))
            for (key, one), other in zip(next(states).items(), next(states).values()):
                self.assertTrue(torch.equal(one, other), key)
        self.assertEqual(first.step(self.corpus, self.rows), second.step(self.corpus, self.rows))

    def test_starts_from_the_average_of_another_run(self) -> None:
        first = Trainer(self.args)
        first.step(self.corpus, self.rows)
        first.save()
        self.args.init, self.args.out = first.out / "checkpoint.pt", first.out / "next"
        second = Trainer(self.args)
        self.assertEqual(second.progress.step, 0)
        for one, other in zip(first.average.parameters(), second.net.parameters()):
            self.assertTrue(torch.equal(one.half().float(), other))

    def test_warms_up_and_falls_to_the_last_rate(self) -> None:
        trainer = Trainer(self.args)
        self.assertAlmostEqual(trainer.rate(), 2e-3 / WARM_UP_STEPS)
        trainer.progress.step = WARM_UP_STEPS
        self.assertAlmostEqual(trainer.rate(), 2e-3)
        trainer.progress.seconds = 1e9
        self.assertAlmostEqual(trainer.rate(), 2e-3 * LAST_RATE)


if __name__ == "__main__":
    unittest.main()
