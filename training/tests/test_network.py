from __future__ import annotations

import unittest

from needs import needs

needs("torch")

import torch

from network import BINS, MELS, SIZES, STRIDE, FrontEnd, Recogniser, mel_matrix, normalise
from phones import PHONES


class Network(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        torch.manual_seed(1)
        cls.net = Recogniser(SIZES["tdnn-s"]).eval()
        cls.lengths = torch.tensor([16_000, 11_111, 4_321])
        cls.pcm = 0.1 * torch.randn(3, 16_000)
        with torch.no_grad():
            cls.together = cls.net(cls.pcm, cls.lengths)

    def frames(self, row: int) -> int:
        return -(-int(self.lengths[row]) // 480)

    def test_gives_a_frame_of_log_probabilities_every_30_ms(self) -> None:
        self.assertEqual(self.together.shape, (3, 34, len(PHONES)))
        sums = self.together.exp().sum(dim=-1)
        self.assertTrue(torch.allclose(sums, torch.ones_like(sums), atol=1e-5))

    def test_gives_a_row_of_a_batch_what_it_gives_the_row_alone(self) -> None:
        for row in range(3):
            length = int(self.lengths[row])
            with torch.no_grad():
                alone = self.net(self.pcm[row : row + 1, :length], torch.tensor([length]))
            self.assertEqual(alone.shape[1], self.frames(row))
            difference = (self.together[row, : self.frames(row)] - alone[0]).abs().max()
            self.assertLess(float(difference), 1e-4, f"row {row}")

    def test_does_not_hear_what_lies_in_the_padding(self) -> None:
        loud = self.pcm.clone()
        for row in range(3):
            loud[row, int(self.lengths[row]) :] = 0.9
        with torch.no_grad():
            other = self.net(loud, self.lengths)
        for row in range(3):
            end = self.frames(row)
            self.assertTrue(torch.equal(other[row, :end], self.together[row, :end]), f"row {row}")

    def test_does_not_depend_on_how_loud_a_recording_is(self) -> None:
        with torch.no_grad():
            quiet = self.net(0.3 * self.pcm, self.lengths)
        difference = (quiet[0] - self.together[0]).abs().max()
        self.assertLess(float(difference), 0.05)

    def test_takes_one_sample(self) -> None:
        with torch.no_grad():
            out = self.net(torch.zeros(1, 1), torch.tensor([1]))
        self.assertEqual(out.shape, (1, 1, len(PHONES)))
        self.assertTrue(bool(torch.isfinite(out).all()))

    def test_trains_all_its_weights(self) -> None:
        net = Recogniser(SIZES["tdnn-s"], dropout=0.1).train()
        frames = torch.tensor([60, 31])
        logits, guess = net.encode(torch.randn(2, 60, MELS), frames)
        self.assertEqual(logits.shape, (2, 60 // STRIDE, len(PHONES)))
        self.assertEqual(guess.shape, logits.shape)
        (logits.square().mean() + guess.square().mean()).backward()
        idle = [name for name, p in net.named_parameters() if p.grad is None or not p.grad.any()]
        self.assertEqual(idle, [])


class Features(unittest.TestCase):
    def test_have_mean_zero_and_zero_padding(self) -> None:
        frames = torch.tensor([50, 20])
        x = normalise(torch.randn(2, 50, MELS) + 5, frames)
        self.assertLess(float(x[1, :20].mean(dim=0).abs().max()), 1e-5)
        self.assertEqual(float(x[1, 20:].abs().max()), 0.0)

    def test_show_a_tone_in_its_band(self) -> None:
        time = torch.arange(16_000) / 16_000
        centre_hz = [200, 1000, 3000, 6000]
        peaks = []
        for hz in centre_hz:
            wave = torch.sin(2 * torch.pi * hz * time)[None]
            features, _ = FrontEnd().log_mel(wave, torch.tensor([16_000]))
            peaks.append(int(features[0, 50].argmax()))
        # the band whose filter weighs the tone's bin most
        wanted = [int(mel_matrix()[round(hz * 512 / 16_000)].argmax()) for hz in centre_hz]
        for peak, band in zip(peaks, wanted):
            self.assertLessEqual(abs(peak - band), 1)

    def test_leave_no_band_empty(self) -> None:
        matrix = mel_matrix()
        self.assertEqual(matrix.shape, (BINS, MELS))
        self.assertTrue(bool((matrix.sum(dim=0) > 0).all()))


if __name__ == "__main__":
    unittest.main()
