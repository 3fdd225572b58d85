from __future__ import annotations

import random
import tempfile
import unittest
from collections import Counter
from pathlib import Path

from needs import needs

needs("numpy", "torch", "libopus")

import numpy as np
import torch

from corpus import Corpus, Utterance, batches, targets
from network import FrontEnd
from phones import PHONES
from shards import ShardWriter, read_shard


def utterances(count: int, source: str, rng: random.Random) -> list[Utterance]:
    return [
        Utterance(i, rng.randint(50, 1500), (1, 2), f"{source} {i}", source, "s")
        for i in range(count)
    ]


class Batches(unittest.TestCase):
    def setUp(self) -> None:
        self.rng = random.Random(1)
        self.rows = [*utterances(200, "a", self.rng), *utterances(90, "b", self.rng)]

    def taken(self, weights: dict[str, float]) -> Counter[Utterance]:
        made = batches(self.rows, weights, 6000, self.rng)
        return Counter(row for rows in made for row in rows)

    def test_hold_every_utterance_once(self) -> None:
        self.assertEqual(self.taken({}), Counter(self.rows))

    def test_take_a_source_as_often_as_its_weight_says(self) -> None:
        taken = self.taken({"a": 2.5, "*": 0.3})
        times = Counter(count for row, count in taken.items() if row.source == "a")
        self.assertEqual(times, {2: 100, 3: 100})
        self.assertEqual(sum(row.source == "b" for row in taken.elements()), 27)
        self.assertEqual(max(count for row, count in taken.items() if row.source == "b"), 1)

    def test_leave_a_source_of_weight_zero_out(self) -> None:
        self.assertEqual({row.source for row in self.taken({"b": 0})}, {"a"})

    def test_keep_padded_frames_within_the_limit(self) -> None:
        for limit in (1000, 6000, 50_000):
            made = batches(self.rows, {}, limit, self.rng)
            for rows in made:
                padded = len(rows) * max(row.frames for row in rows)
                self.assertTrue(padded <= limit or len(rows) == 1, (limit, padded))

    def test_waste_little_on_padding(self) -> None:
        made = batches(self.rows, {}, 12_000, self.rng)
        padded = sum(len(rows) * max(row.frames for row in rows) for rows in made)
        self.assertLess(padded, 1.25 * sum(row.frames for row in self.rows))

    def test_come_in_another_order_each_time(self) -> None:
        first, second = (batches(self.rows, {}, 6000, self.rng) for _ in range(2))
        self.assertNotEqual(first, second)


class Targets(unittest.TestCase):
    def test_are_the_phones_of_all_rows_and_their_counts(self) -> None:
        rows = [Utterance(0, 9, phones, "", "", "") for phones in ((3, 4), (), (5,))]
        flat, sizes = targets(rows, "cpu")
        self.assertEqual((flat.tolist(), sizes.tolist()), ([3, 4, 5], [2, 0, 1]))


class CorpusOfShards(unittest.TestCase):
    folder: Path
    path: Path

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        noise = np.random.default_rng(1)
        writer = ShardWriter(str(cls.folder / "set"))
        for index, phones in enumerate(("AA", "B IY", "ZH OW K")):
            pcm = (0.1 * noise.standard_normal(8000 + 3210 * index)).astype(np.float32)
            writer.add(pcm, f"text {index}", phones, f"s{index}", "odd" if index % 2 else "even")
        writer.flush()
        (cls.path,) = writer.paths
        cls.corpus = Corpus([cls.path], "cpu", cls.folder / "cache", jobs=1)

    def test_has_the_features_of_the_front_end(self) -> None:
        features, lengths = self.corpus.batch(self.corpus.utterances)
        front = FrontEnd()
        for index, (entry, pcm) in enumerate(read_shard(self.path)):
            wave = torch.from_numpy(pcm.astype(np.float32) / 32768.0)[None]
            alone, frames = front.log_mel(wave, torch.tensor([wave.shape[1]]))
            length = int(frames)
            self.assertEqual(int(lengths[index]), length)
            # half precision holds a logarithm between -10 and 10 to 0.004
            difference = (features[index, :length] - alone[0, :length]).abs().max()
            self.assertLess(float(difference), 0.005)
            last = features[index, length - 1]
            self.assertTrue(bool((features[index, length:] == last).all()))
            self.assertEqual(self.corpus.utterances[index].text, entry["text"])

    def test_keeps_phones_speakers_and_hours(self) -> None:
        said = [[PHONES[phone] for phone in row.phones] for row in self.corpus.utterances]
        self.assertEqual(said, [["AA"], ["B", "IY"], ["ZH", "OW", "K"]])
        self.assertEqual([row.speaker for row in self.corpus.utterances], ["s0", "s1", "s2"])
        hours = self.corpus.hours()
        self.assertAlmostEqual(hours["odd"], 11_210 / 16_000 / 3600, places=5)
        self.assertEqual(set(hours), {"odd", "even"})

    def test_reads_the_cache_instead_of_decoding_again(self) -> None:
        stored = sorted((self.folder / "cache").iterdir())
        self.assertEqual([file.suffix for file in stored], [".features"])
        written = stored[0].stat().st_mtime_ns
        again = Corpus(
            [self.path], "cpu", self.folder / "cache", accept=lambda row: row.source == "even"
        )
        self.assertEqual(stored[0].stat().st_mtime_ns, written)
        self.assertEqual([row.text for row in again.utterances], ["text 0", "text 2"])
        features, _ = again.batch(again.utterances[1:])
        whole, _ = self.corpus.batch(self.corpus.utterances[2:])
        self.assertTrue(torch.equal(features, whole))


if __name__ == "__main__":
    unittest.main()
