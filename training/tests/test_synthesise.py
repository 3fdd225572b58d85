from __future__ import annotations

import contextlib
import gzip
import io
import random
import tempfile
import unittest
import wave
from pathlib import Path
from unittest import mock

from needs import needs

needs("numpy", "scipy", "torch")

import numpy as np

from synthesise import (
    LINES_OF_A_VOICE,
    Engine,
    installed,
    pick,
    pieces,
    plan,
    read_wave,
    resample,
    room,
    sample,
    speak,
    spoken,
    telephone,
)
from text import normalise


def write_tone(path: Path, seconds: float) -> None:
    tone = 8000 * np.sin(np.arange(int(8000 * seconds)) * 0.3)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(tone.astype("<i2").tobytes())


def fake(lines: list[str], files: list[Path], voice: str, _: random.Random) -> str:
    """Says every line for as many seconds as it has words, but none of one word."""
    for line, file in zip(lines, files):
        if len(line.split()) > 1:
            write_tone(file, len(line.split()))
    return f"{voice} is hoarse"


FAKE = Engine("fake", 1.0, 0.0, lambda: ["v"], fake)


class Lines(unittest.TestCase):
    def test_are_pieces_of_the_text_in_order(self) -> None:
        words = [f"{a}{b}" for a in "abcdefgh" for b in "klmnopqr"]
        text = " ".join(words[:40]) + ". Second one, here; THIRD one: " + " ".join(words[40:])
        for seed in range(20):
            found = list(pieces(text, random.Random(seed)))
            self.assertEqual(" ".join(found), normalise(text))
            self.assertTrue(all(2 <= len(piece.split()) <= 22 for piece in found))

    def test_leave_single_words_out(self) -> None:
        self.assertEqual(list(pieces("No. Yes it is!", random.Random(1))), ["yes it is"])

    def test_are_sampled_evenly_from_plain_and_gzipped_files(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            plain, packed = Path(folder) / "a.txt", Path(folder) / "b.txt.gz"
            plain.write_text("".join(f"a{i}\n" for i in range(300)))
            packed.write_bytes(gzip.compress("".join(f"b{i}\n" for i in range(100)).encode()))
            some = sample([plain, packed], 100, random.Random(1))
            everything = sample([plain, packed], 1000, random.Random(1))
        self.assertEqual(len(set(some)), 100)
        self.assertAlmostEqual(sum(line.startswith("b") for line in some), 25, delta=12)
        self.assertEqual(len(set(everything)), 400)

    def test_are_all_different(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.txt"
            path.write_text("the same line\nanother line\nthe same line\n")
            lines = pick([path], 1.0, random.Random(1))
        self.assertEqual(sorted(lines), ["another line", "the same line"])


class Sound(unittest.TestCase):
    def setUp(self) -> None:
        time = np.arange(22_050) / 22_050
        self.pcm = (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)

    def peak_hz(self, pcm: np.ndarray) -> float:
        spectrum = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm)), 1 << 16))
        return float(spectrum.argmax()) * 16_000 / (1 << 16)

    def test_is_brought_to_16_khz_with_its_pitch(self) -> None:
        pcm = resample(self.pcm, 22_050, 1.0)
        self.assertAlmostEqual(len(pcm), 16_000, delta=160)
        self.assertAlmostEqual(self.peak_hz(pcm), 440, delta=5)

    def test_rises_in_pitch_as_it_is_sped_up(self) -> None:
        pcm = resample(self.pcm, 22_050, 1.1)
        self.assertAlmostEqual(len(pcm), 16_000 / 1.1, delta=160)
        self.assertAlmostEqual(self.peak_hz(pcm), 484, delta=6)

    def test_keeps_its_length_and_stays_finite_in_rooms_and_telephones(self) -> None:
        pcm = resample(self.pcm, 22_050, 1.0)
        for effect in (room, telephone):
            changed = effect(pcm, random.Random(1))
            self.assertEqual((len(changed), changed.dtype), (len(pcm), np.dtype(np.float32)))
            self.assertTrue(bool(np.isfinite(changed).all()))
            self.assertGreater(float(np.abs(changed - pcm).max()), 0.001)

    def test_loses_what_a_telephone_does_not_carry(self) -> None:
        time = np.arange(16_000) / 16_000
        low, high = (np.sin(2 * np.pi * hz * time).astype(np.float32) for hz in (1000, 6000))
        kept, lost = (telephone(tone, random.Random(1))[4000:].std() for tone in (low, high))
        self.assertGreater(kept, 20 * lost)


class Engines(unittest.TestCase):
    def test_give_clips_and_name_what_failed(self) -> None:
        batch = speak(FAKE, ["v"], ["one two three", "one", "a b", "w " * 40], seed=1)
        self.assertEqual([clip.text for clip in batch.clips], ["one two three", "a b"])
        self.assertEqual([len(clip.pcm) for clip in batch.clips], [48_000, 32_000])
        self.assertEqual(batch.failures, ["fake, voice v: v is hoarse"])
        self.assertEqual(batch.misfits, 1)
        for clip in batch.clips:
            self.assertTrue(0.1 < float(np.abs(clip.pcm).max()) <= 0.9)

    def test_leave_no_files_behind(self) -> None:
        with tempfile.TemporaryDirectory() as folder, mock.patch("tempfile.tempdir", folder):
            speak(FAKE, ["v"], ["one two", "one"], seed=1)
            self.assertEqual(list(Path(folder).iterdir()), [])

    def test_say_the_same_whatever_the_number_of_jobs(self) -> None:
        lines = ["line" + " x" * (1 + index % 5) for index in range(60)]
        runs = []
        for jobs in (1, 3):
            tasks = plan(lines, [(FAKE, ["v"])], random.Random(1))
            runs.append([clip for batch in spoken(tasks, jobs) for clip in batch.clips])
        self.assertEqual([clip.text for clip in runs[0]], lines)
        for one, other in zip(*runs):
            self.assertEqual(one.voice, other.voice)
            self.assertTrue(np.array_equal(one.pcm, other.pcm))

    def test_share_the_lines_and_lose_none(self) -> None:
        often, seldom = (Engine("fake", share, 0.1, list, fake) for share in (0.9, 0.1))
        lines = [str(index) for index in range(200 * LINES_OF_A_VOICE)]
        tasks = list(plan(lines, [(often, ["v"]), (seldom, ["w"])], random.Random(1)))
        self.assertEqual([line for task in tasks for line in task[2]], lines)
        self.assertAlmostEqual(sum(task[0] is seldom for task in tasks), 20, delta=12)

    def test_that_are_not_installed_are_named_and_left_out(self) -> None:
        gone = Engine("no-such-engine", 1.0, 0.1, lambda: ["v"], fake)
        there = Engine("an-engine", 1.0, 0.1, lambda: ["v"], fake)
        printed = io.StringIO()
        which = mock.patch("shutil.which", lambda name: name == there.program)
        with which, contextlib.redirect_stdout(printed):
            self.assertEqual(installed([gone, there]), [(there, ["v"])])
            with self.assertRaisesRegex(SystemExit, "needed of: no-such-engine"):
                installed([gone])
        self.assertIn("no-such-engine is left out", printed.getvalue())

    def test_must_write_mono_of_16_bits(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.wav"
            with wave.open(str(path), "wb") as file:
                file.setnchannels(2)
                file.setsampwidth(2)
                file.setframerate(8000)
                file.writeframes(bytes(400))
            with self.assertRaises(wave.Error):
                read_wave(path)


if __name__ == "__main__":
    unittest.main()
