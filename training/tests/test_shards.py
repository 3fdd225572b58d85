from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from needs import needs

needs("numpy", "torch", "libopus")

import numpy as np
from numpy.typing import NDArray

from repack import repack
from shards import MAGIC, Entry, ShardWriter, read_packets, read_shard


def vowel(samples: int, pitch_hz: float = 120.0) -> NDArray[np.float32]:
    """A voiced sound: harmonics of a slowly moving pitch under two formants."""
    time = np.arange(samples) / 16_000
    phase = 2 * np.pi * np.cumsum(pitch_hz * (1 + 0.05 * np.sin(2 * np.pi * 2 * time))) / 16_000
    wave = np.zeros(samples)
    for harmonic in range(1, 25):
        hz = harmonic * pitch_hz
        level = 1 / (1 + ((hz - 600) / 200) ** 2) + 0.5 / (1 + ((hz - 1400) / 200) ** 2)
        wave += level * np.sin(harmonic * phase)
    return (0.3 * wave / np.abs(wave).max()).astype(np.float32)


class Shards(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def written(self, count: int, name: str = "set", limit: int = 28 << 20) -> list[Path]:
        writer = ShardWriter(str(self.folder / name), limit=limit)
        for index in range(count):
            text, speaker = f"utterance {index}", f"speaker {index % 2}"
            writer.add(vowel(8000 + 500 * index), text, "AA B", speaker, "tests")
        writer.flush()
        return writer.paths

    def test_give_back_what_was_written(self) -> None:
        (path,) = self.written(3)
        self.assertEqual(path.name, "set-000.shard")
        rows = list(read_shard(path))
        self.assertEqual([entry["text"] for entry, _ in rows], [f"utterance {i}" for i in range(3)])
        for index, (entry, pcm) in enumerate(rows):
            samples = 8000 + 500 * index
            self.assertEqual(len(pcm), samples)
            self.assertEqual(
                {key: value for key, value in entry.items() if key != "skip"},
                {
                    "text": f"utterance {index}", "phones": "AA B", "source": "tests",
                    "speaker": f"speaker {index % 2}", "samples": samples,
                },
            )  # fmt: skip

    def test_keep_the_sound_in_place(self) -> None:
        original = vowel(32_000)
        writer = ShardWriter(str(self.folder / "sound"), bitrate=24_000)
        writer.add(original, "a", "AA", "s", "tests")
        writer.flush()
        ((_, pcm),) = read_shard(writer.paths[0])
        decoded = pcm / 32768.0
        error = decoded[1600:] - original[1600:]  # the coder's first 100 ms settle
        snr_db = 10 * np.log10((original[1600:] ** 2).mean() / (error**2).mean())
        self.assertGreater(snr_db, 10)
        # a delay left in, or too much taken off, would put the best match elsewhere
        shifts = range(-60, 61)
        middle = original[4000:28_000]
        match = [float(np.dot(decoded[4000 + s : 28_000 + s], middle)) for s in shifts]
        self.assertEqual(shifts[int(np.argmax(match))], 0)

    def test_are_split_at_their_limit_and_lose_nothing(self) -> None:
        limit = 6000
        paths = self.written(12, limit=limit)
        self.assertGreater(len(paths), 2)
        self.assertTrue(all(path.stat().st_size <= limit for path in paths))
        texts = [entry["text"] for path in paths for entry, _ in read_packets(path)]
        self.assertEqual(texts, [f"utterance {index}" for index in range(12)])

    def test_give_an_utterance_above_the_limit_a_shard_of_its_own(self) -> None:
        paths = self.written(3, limit=100)
        self.assertEqual([len(list(read_packets(path))) for path in paths], [1, 1, 1])

    def test_refuse_another_kind_of_file(self) -> None:
        path = self.folder / "music.shard"
        path.write_bytes(b"RIFF" + bytes(100))
        with self.assertRaisesRegex(ValueError, "not a shard"):
            list(read_packets(path))

    def test_refuse_a_file_that_is_cut_short(self) -> None:
        (path,) = self.written(2)
        whole = path.read_bytes()
        for length in (len(MAGIC) + 4, len(MAGIC) + 40, len(whole) - 1):
            path.write_bytes(whole[:length])
            with self.subTest(length), self.assertRaisesRegex(ValueError, "cut short"):
                list(read_packets(path))

    def test_are_regrouped_without_another_coding(self) -> None:
        paths = self.written(6, "a") + self.written(4, "b")
        before = [row for path in paths for row in read_packets(path)]
        small = repack(paths, str(self.folder / "small"), limit=4000)
        self.assertGreater(len(small), 2)
        self.assertEqual([row for path in small for row in read_packets(path)], before)

        def key(row: tuple[Entry, bytes]) -> tuple[str, int]:
            return row[0]["text"], len(row[1])

        (mixed,) = repack(small, str(self.folder / "mixed"), limit=1 << 20, shuffle=True)
        after = list(read_packets(mixed))
        self.assertNotEqual(after, before)
        self.assertEqual(sorted(after, key=key), sorted(before, key=key))


if __name__ == "__main__":
    unittest.main()
