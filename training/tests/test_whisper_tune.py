from __future__ import annotations

import unittest

from needs import needs

needs("numpy", "torch", "transformers", "tokenizers")

import numpy as np
import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration

from whisper_distort import distort, faster, hide
from whisper_mix import mix
from whisper_network import encode, greedy, log_mel
from whisper_tune import Average, collate, rate_at
from whisper_windows import IGNORED, Marks, Window

MARKS = Marks(start=50, language=51, transcribe=52, no_times=60, no_speech=59, end=49)


def small(seed: int = 1) -> WhisperForConditionalGeneration:
    torch.manual_seed(seed)
    config = WhisperConfig(
        vocab_size=70, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, num_mel_bins=80,
        max_source_positions=1500, max_target_positions=64, pad_token_id=49, bos_token_id=49,
        eos_token_id=49, decoder_start_token_id=50, suppress_tokens=None, begin_suppress_tokens=None,
    )  # fmt: skip
    return WhisperForConditionalGeneration(config).eval()


def waves(rows: int = 2, seconds: float = 3.0) -> torch.Tensor:
    return 0.1 * torch.randn(rows, int(seconds * 16_000), generator=torch.manual_seed(2))


class Encoder(unittest.TestCase):
    def test_gives_whole_windows_what_transformers_gives_them(self) -> None:
        model, features = small(), log_mel(waves(1, 30))
        with torch.no_grad():
            whole = model.model.encoder(features).last_hidden_state
            difference = (encode(model, features) - whole).abs().max()
        self.assertLess(float(difference), 1e-5)

    def test_gives_short_windows_a_frame_every_20_ms(self) -> None:
        self.assertEqual(encode(small(), log_mel(waves(2, 2.5))).shape, (2, 125, 16))

    def test_writes_each_row_as_it_would_alone(self) -> None:
        model, features = small(), log_mel(waves(3))
        together = greedy(model, features, MARKS, limit=8)
        alone = [greedy(model, features[row : row + 1], MARKS, limit=8)[0] for row in range(3)]
        self.assertEqual(together, alone)


class Distortions(unittest.TestCase):
    def test_leave_rows_in_place_and_within_bounds(self) -> None:
        rng = np.random.default_rng(1)
        sound = np.zeros((6, 48_000), np.float32)
        sound[:, 20_000:28_000] = 0.3 * rng.standard_normal((6, 8000))
        for _ in range(10):
            out = distort(sound, rng)
            self.assertEqual((out.shape, out.dtype), (sound.shape, np.float32))
            self.assertLessEqual(float(np.abs(out).max()), 1.0)
            inside = np.abs(out[:, 20_000:28_000]).mean(axis=1)
            before = np.abs(out[:, :20_000]).mean(axis=1)
            self.assertTrue((inside > before).all())

    def test_hide_spans_of_some_rows_and_keep_the_rest(self) -> None:
        features = torch.randn(16, 80, 200)
        hidden = hide(features, np.random.default_rng(1))
        kept = (hidden == features).float().mean(dim=(1, 2))
        self.assertTrue(bool((kept > 0.4).all()))
        self.assertTrue(bool((kept == 1).any()) and bool((kept < 1).any()))

    def test_change_the_tempo_to_an_even_number_of_frames(self) -> None:
        self.assertEqual(faster(torch.randn(1, 80, 300), 1.11).shape, (1, 80, 270))


class Batches(unittest.TestCase):
    def test_fill_up_what_is_given_and_ignore_it_in_what_is_wanted(self) -> None:
        windows = [
            Window(np.zeros(32_000, np.float32), [50, 51, 52, 60, 1], [IGNORED, 52, IGNORED, 1, 49]),
            Window(np.zeros(32_000, np.float32), [50, 51], [59, 49]),
        ]
        batch = collate(windows, MARKS, np.random.default_rng(1), "cpu")
        self.assertEqual(batch.given.tolist()[1], [50, 51, 49, 49, 49])
        self.assertEqual(batch.wanted.tolist()[1], [59, 49, IGNORED, IGNORED, IGNORED])

    def test_move_times_with_the_tempo(self) -> None:
        window = Window(np.zeros(320_000, np.float32), [50, 61, 1, 561], [61, 1, 561, 49])
        for seed in range(30):
            batch = collate([window], MARKS, np.random.default_rng(seed), "cpu")
            seconds = batch.features.shape[2] / 100
            first, last = batch.given[0, 1] - 61, batch.given[0, 3] - 61
            self.assertEqual((int(first), int(batch.given[0, 2])), (0, 1))
            self.assertAlmostEqual(float(last) / 50 / seconds, 0.5, delta=0.01)


class Weights(unittest.TestCase):
    def test_are_averaged_over_all_steps_at_first(self) -> None:
        weight = torch.zeros(1)
        average = Average([weight], decay=0.99)
        for value in (3.0, 6.0):
            weight.fill_(value)
            average.add([weight])
        self.assertAlmostEqual(float(average.weights[0]), 3.0)  # of 0, 3 and 6
        average.swap([weight])
        self.assertAlmostEqual(float(weight), 3.0)
        self.assertAlmostEqual(float(average.weights[0]), 6.0)

    def test_are_learnt_less_and_less(self) -> None:
        rates = [rate_at(share, 100, 1e-4) for share in (0.0, 0.5, 1.0)]
        self.assertAlmostEqual(rates[0], 1e-4)
        self.assertAlmostEqual(rates[2], 3e-6)
        self.assertGreater(rates[0], rates[1])
        self.assertLess(rate_at(0.0, 0, 1e-4), 1e-5)

    def test_are_mixed_by_share_with_the_mean_of_runs(self) -> None:
        runs = [small(2), small(3)]
        for part, share in (("encoder", 0.8), ("decoder", 0.4)):
            origin = small(1)
            name = f"model.{part}.layers.0.fc1.weight"
            mean = (runs[0].state_dict()[name] + runs[1].state_dict()[name]) / 2
            wanted = (1 - share) * origin.state_dict()[name] + share * mean
            mix(origin, runs, 0.8, 0.4)
            self.assertTrue(torch.allclose(origin.state_dict()[name], wanted, atol=1e-6), part)


if __name__ == "__main__":
    unittest.main()
