from __future__ import annotations

import json
import random
import shutil
import tempfile
import unittest
import wave
from collections import Counter
from pathlib import Path

from needs import needs

needs("numpy", "torch")

import numpy as np

from prepare import clips, fits, joined

SECOND = 16_000  # samples


class Fits(unittest.TestCase):
    def test_takes_what_can_be_said_in_the_time(self) -> None:
        for seconds, text, expected in (
            (3.0, "a text of a common length", True),
            (0.3, "yes", False),  # too short
            (20.0, "a" * 200, True),
            (20.1, "a" * 200, False),  # too long
            (2.0, "much too much text for so short a time as two seconds", False),
            (8.0, "too few", False),
            (3.0, "", False),
        ):
            with self.subTest(seconds=seconds, text=text):
                self.assertEqual(fits(seconds, text), expected)


class Joined(unittest.TestCase):
    def setUp(self) -> None:
        self.words = [
            (np.full(4000 + index, 0.5, np.float32), f"w{index}", f"s{index % 2}")
            for index in range(31)
        ]
        self.strings = list(joined(self.words, random.Random(1)))

    def test_uses_every_word_once_with_its_speaker(self) -> None:
        said = Counter(
            (word, speaker) for _, text, speaker in self.strings for word in text.split()
        )
        self.assertEqual(said, Counter((text, speaker) for _, text, speaker in self.words))

    def test_strings_three_to_nine_words_but_for_the_rest(self) -> None:
        counts = [len(text.split()) for _, text, _ in self.strings]
        self.assertLessEqual(max(counts), 9)
        self.assertLessEqual(sum(count < 3 for count in counts), 2)  # one for each speaker

    def test_puts_the_audio_in_the_order_of_the_words(self) -> None:
        lengths = {text: len(pcm) for pcm, text, _ in self.words}
        for pcm, text, _ in self.strings:
            edges = np.diff((pcm != 0).astype(int), prepend=0, append=0)
            starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
            self.assertEqual(list(ends - starts), [lengths[word] for word in text.split()])
            gaps = (starts[1:] - ends[:-1]) / SECOND
            self.assertTrue(bool(((gaps >= 0.0199) & (gaps <= 0.35)).all()))


@unittest.skipUnless(shutil.which("ffmpeg"), "needs ffmpeg")
class Clips(unittest.TestCase):
    def test_are_decoded_cut_and_those_unreadable_counted(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            manifest = Path(folder) / "set.jsonl"
            with wave.open(str(manifest.with_name("a.wav")), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(8000)
                file.writeframes(np.repeat(np.array([0, 16_384], "<i2"), 8000).tobytes())
            rows = [
                {"audio": "a.wav", "text": "Whole, 2 seconds.", "speaker": 7},
                {"audio": "missing.wav", "text": "gone"},
                {"audio": "a.wav", "text": "part", "start": 1.25, "end": 1.75},
            ]
            manifest.write_text("\n".join(json.dumps(row) for row in rows))
            skipped: Counter[str] = Counter()
            found = list(clips(manifest, rows, skipped))
        self.assertEqual(skipped, {"unreadable": 1})
        self.assertEqual([clip[1:] for clip in found], [("whole two seconds", "7"), ("part", "")])
        self.assertEqual([len(clip[0]) for clip in found], [2 * SECOND, SECOND // 2])
        self.assertAlmostEqual(float(found[1][0].mean()), 0.5, places=2)


if __name__ == "__main__":
    unittest.main()
