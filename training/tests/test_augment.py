from __future__ import annotations

import random
import unittest

from needs import needs

needs("torch")

import torch

from augment import TEMPO, distort, hide
from network import LOG_FLOOR, MELS, mask, normalise


class Augment(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(1)
        random.seed(1)
        self.lengths = torch.tensor([300, 120, 9])
        self.features = 2 * torch.randn(3, 300, MELS) - 3

    def test_changes_nothing_at_strength_zero(self) -> None:
        features, lengths = distort(self.features, self.lengths, 0.0)
        self.assertTrue(torch.equal(features, self.features))
        self.assertTrue(torch.equal(lengths, self.lengths))
        self.assertTrue(torch.equal(hide(features, lengths, 0.0), self.features))

    def test_keeps_lengths_valid_and_values_finite(self) -> None:
        for attempt in range(40):
            strength = (0.3, 1.0, 1.5)[attempt % 3]
            features, lengths = distort(self.features, self.lengths, strength)
            with self.subTest(attempt):
                self.assertEqual(features.shape, (3, features.shape[1], MELS))
                self.assertLessEqual(int(lengths.max()), features.shape[1])
                self.assertGreaterEqual(int(lengths.min()), 4)
                self.assertTrue(bool(torch.isfinite(features).all()))
                # the floor's logarithm, but for rounding
                floor = torch.log(torch.tensor(LOG_FLOOR)) - 1e-3
                self.assertGreaterEqual(float(features.min()), float(floor))
                hidden = hide(normalise(features, lengths), lengths, strength)
                self.assertTrue(bool(torch.isfinite(hidden).all()))

    def test_takes_rows_of_one(self) -> None:
        for _ in range(10):
            features, lengths = distort(self.features[:1, :8], torch.tensor([8]), 1.0)
            self.assertTrue(bool(torch.isfinite(features).all()))
            self.assertLessEqual(int(lengths[0]), features.shape[1])

    def test_makes_speech_slower_and_faster_within_its_range(self) -> None:
        counts = [distort(self.features, self.lengths, 1.0)[1][0].item() for _ in range(60)]
        self.assertLess(min(counts), 295)
        self.assertGreater(max(counts), 305)
        self.assertGreaterEqual(min(counts), int(300 / (1 + TEMPO[1])))
        self.assertLessEqual(max(counts), round(300 / (1 + TEMPO[0])))

    def test_scales_the_lengths_of_a_batch_alike(self) -> None:
        lengths = distort(self.features, self.lengths, 1.0)[1].tolist()
        self.assertAlmostEqual(lengths[1] / lengths[0], 120 / 300, delta=0.01)

    def test_hides_spans_with_the_mean_and_leaves_the_rest(self) -> None:
        x = normalise(self.features, self.lengths)
        hidden = hide(x, self.lengths, 1.0)
        changed = hidden != x
        self.assertTrue(bool((hidden[changed] == 0).all()))
        part = float(changed.sum() / mask(self.lengths, 300).sum() / MELS)
        self.assertGreater(part, 0.01)
        self.assertLess(part, 0.75)


if __name__ == "__main__":
    unittest.main()
