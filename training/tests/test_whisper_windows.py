from __future__ import annotations

import unittest

from needs import needs

needs("numpy")

import numpy as np

from whisper_windows import (
    IGNORED,
    LONGEST_SECONDS,
    RATE,
    SHORTEST_SECONDS,
    Composer,
    Marks,
    Mixture,
    Utterance,
    empty,
    silence,
    spoken,
)

MARKS = Marks(start=100, language=101, transcribe=102, no_times=110, no_speech=109, end=99)


def utterance(number: int, seconds: float, speaker: str = "a") -> Utterance:
    """Sound and tokens that only this one has."""
    pcm = np.full(int(seconds * RATE), 100 + number, np.int16)
    return Utterance(pcm, [number, number], speaker, "tests")


def composer(rows: list[Utterance], seed: int = 1, **mixture: float) -> Composer:
    rng = np.random.default_rng(seed)
    plain = {"whole": 0.0, "times": 0.5, "empty": 0.0, "repeated": 0.0, **mixture}
    return Composer(rows, np.ones(len(rows)), MARKS, Mixture(**plain), rng)


class Tokens(unittest.TestCase):
    def test_stand_between_times_at_the_utterances_borders(self) -> None:
        wave = np.zeros(4 * RATE, np.float32)
        window = spoken(wave, [(0, RATE, [1, 2]), (2 * RATE, 4 * RATE, [3])], MARKS, times=True)
        self.assertEqual(window.given, [100, 101, 102, 111, 1, 2, 161, 211, 3, 311])
        self.assertEqual(window.wanted, [IGNORED, 102, 111, 1, 2, 161, 211, 3, 311, 99])

    def test_have_no_times_when_told_so(self) -> None:
        window = spoken(np.zeros(RATE, np.float32), [(0, RATE, [1, 2])], MARKS, times=False)
        self.assertEqual(window.given, [100, 101, 102, 110, 1, 2])
        self.assertEqual(window.wanted, [IGNORED, 102, IGNORED, 1, 2, 99])

    def test_teach_no_language_but_that_there_is_no_speech(self) -> None:
        window = empty(np.zeros(RATE, np.float32), MARKS)
        self.assertEqual(window.wanted, [109, IGNORED, IGNORED, 99])
        self.assertEqual(len(window.given), len(window.wanted))

    def test_are_found_in_a_vocabulary_by_either_name(self) -> None:
        ids = {f"<|{name}|>": at for at, name in enumerate(
            ["startoftranscript", "de", "transcribe", "notimestamps", "nocaptions", "endoftext"]
        )}  # fmt: skip
        self.assertEqual(Marks.of(ids.get, "de").prompt(), [0, 1, 2, 3])
        self.assertEqual(Marks.of(ids.get, "de").no_speech, 4)
        with self.assertRaisesRegex(ValueError, "no fr"):
            Marks.of(ids.get, "fr")


class Windows(unittest.TestCase):
    def test_are_of_all_lengths_and_one_length_in_a_batch(self) -> None:
        lengths = []
        made = composer([utterance(1, 1)], whole=0.2)
        for _ in range(200):
            batch = made.batch(60)
            self.assertEqual(len({len(window.wave) for window in batch}), 1)
            lengths.append(len(batch[0].wave) / RATE)
        self.assertGreaterEqual(min(lengths), SHORTEST_SECONDS - 0.02)
        self.assertAlmostEqual(max(lengths), LONGEST_SECONDS)
        whole = sum(length == LONGEST_SECONDS for length in lengths) / len(lengths)
        self.assertAlmostEqual(whole, 0.2, delta=0.08)
        self.assertGreater(sum(length < 8 for length in lengths), 40)

    def test_hold_every_utterance_they_name_from_its_beginning_to_its_end(self) -> None:
        rows = [utterance(n, 0.5 + 0.7 * n) for n in range(1, 6)]
        made = composer(rows)
        for _ in range(200):
            window = made.window(9 * RATE)
            for row in rows:
                sound = np.isclose(window.wave * 32768, int(row.pcm[0])).sum()
                named = window.wanted.count(row.ids[0]) / 2
                self.assertEqual(sound, named * len(row.pcm))

    def test_hold_what_one_speaker_said_in_order(self) -> None:
        rows = [utterance(n, 1, "a" if n < 4 else "b") for n in range(1, 7)]
        made = composer(rows, times=0.0)
        for _ in range(100):
            said = [token for token in made.window(12 * RATE).given if token < 99][::2]
            self.assertEqual(said, list(range(said[0], said[0] + len(said))))
            self.assertEqual(len({row.speaker for row in rows if row.ids[0] in said}), 1)

    def test_repeat_a_short_utterance_as_often_as_it_is_written(self) -> None:
        made = composer([utterance(1, 0.6), utterance(2, 5)], repeated=1.0)
        most = 0
        for _ in range(50):
            window = made.window(10 * RATE)
            count = window.wanted.count(1) // 2
            self.assertEqual(np.isclose(window.wave * 32768, 101).sum(), count * int(0.6 * RATE))
            most = max(most, count)
        self.assertGreater(most, 4)

    def test_are_empty_where_nothing_fits(self) -> None:
        window = composer([utterance(1, 20)]).window(2 * RATE)
        self.assertEqual(window.wanted[-1], MARKS.end)
        self.assertNotIn(1, window.wanted)

    def test_keep_to_a_number_of_tokens(self) -> None:
        rows = [Utterance(np.ones(RATE // 2, np.int16), [7] * 60, "a", "tests") for _ in range(20)]
        for _ in range(20):
            window = composer(rows).window(30 * RATE)
            self.assertLessEqual(len(window.given), 225)


class Silence(unittest.TestCase):
    def test_is_finite_and_within_bounds_whatever_its_kind(self) -> None:
        rng = np.random.default_rng(3)
        loud = 0
        for _ in range(40):
            wave = silence(3 * RATE, rng)
            self.assertEqual((wave.shape, wave.dtype), ((3 * RATE,), np.float32))
            self.assertTrue(np.isfinite(wave).all())
            self.assertLessEqual(float(np.abs(wave).max()), 1.0)
            loud += float(np.abs(wave).max()) > 0.01
        self.assertGreater(loud, 10)


if __name__ == "__main__":
    unittest.main()
