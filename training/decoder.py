"""The word search in its plainest form: dictionaries, lists and sorts.

The app's own search (`lib/engine/search/beam-search.ts`) is compared with it, word for word and frame
for frame; the app does not use it. Both add in the same order, so that equal
scores stay equal.

    python3 training/decoder.py --compare FOLDER [--jobs N]   reports where the app found other words
    python3 training/decoder.py --fill FOLDER [--jobs N]      writes the reference's words

FOLDER is one that `node tools/run.mjs training/evaluate.ts … --dump FOLDER` or `node tools/run.mjs training/golden.ts` made:
`recordings.json` and, in `scores.bin`, the network's log-probabilities as float32.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
from array import array
from bisect import insort
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from word_trigrams import LanguageModel

ROOT = Path(__file__).resolve().parent.parent
SENTENCE_START, SENTENCE_END, UNKNOWN_WORD, FIRST_WORD = 0, 1, 2, 3
LOG_ZERO = -1e30
WORD_BEGINS = -1
BUCKETS_PER_UNIT, BUCKETS = 8, 256

# log(1 + exp(-x)) at every 1/128 up to 24, rounded to single precision: the same on all machines
STEPS, RANGE = 128, 24
SOFT_PLUS = array("f", (math.log1p(math.exp(-i / STEPS)) for i in range(RANGE * STEPS + 2)))


def log_add(a: float, b: float) -> float:
    """log(exp(a) + exp(b)) by linear interpolation."""
    larger = max(a, b)
    distance = (larger - min(a, b)) * STEPS
    if distance >= RANGE * STEPS:
        return larger
    at = int(distance)
    return larger + (SOFT_PLUS[at] + (distance - at) * (SOFT_PLUS[at + 1] - SOFT_PLUS[at]))


@dataclass(frozen=True)
class Settings:
    """`search` in public/models/catalogue.json; its schema says what each means."""

    beam: int
    beamMargin: float
    entryMargin: float
    phonesPerFrame: int
    unitMargin: float
    weight: float
    wordBonus: float
    blankPenalty: float
    unfinishedWordScore: float
    hotBonus: float
    newWordScore: float


@dataclass(frozen=True)
class HotWords:
    """The user's own vocabulary, as hot-words.ts reads it."""

    entries: list[list[int]] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def single(self) -> set[int]:
        """Words that are entries by themselves."""
        return {entry[0] for entry in self.entries if len(entry) == 1}

    @cached_property
    def pairs(self) -> set[tuple[int, int]]:
        """Words that stand next to each other in an entry."""
        return {pair for entry in self.entries for pair in zip(entry, entry[1:])}

    def favours(self, before: int, word: int) -> bool:
        """Whether `word` gets the bonus after `before`."""
        return word in self.single or (before, word) in self.pairs


@dataclass(eq=False)
class Node:
    """A place in the tree of pronunciations."""

    unit: int
    hope: float = -math.inf
    children: dict[int, Node] = field(default_factory=dict)
    words: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Link:
    """A word of a hypothesis, or the mark where the word being spelt began."""

    past: Link | None
    word: int
    frame: int
    unit: int


@dataclass
class Hypothesis:
    """A place in the tree after two words, with the scores of all paths to it."""

    node: Node
    u: int
    v: int
    blank: float
    spoken: float
    extra: float
    history: Link | None

    @property
    def total(self) -> float:
        return log_add(self.blank, self.spoken)

    @property
    def rank(self) -> float:
        return self.total + self.extra


def build_tree(model: LanguageModel, settings: Settings, hot: HotWords) -> Node:
    """The tree of the model's words and of the added ones."""
    root = Node(0)
    added = [word["pronunciations"] for word in hot.added]
    for word, ways in enumerate(model.pronunciations + added):
        if word < FIRST_WORD:
            continue
        is_new = word >= len(model.words)
        hope = settings.newWordScore if is_new else model.unigram_score(word)
        if word in hot.single:
            hope += settings.hotBonus / settings.weight
        for units in ways:
            node = root
            for unit in units:
                node = node.children.setdefault(unit, Node(unit))
                node.hope = max(node.hope, hope)
            if word not in node.words:
                node.words.append(word)
    root.hope = 0.0
    return root


class Frame:
    """The hypotheses that one frame makes; those at the same place are merged.

    A hypothesis is not made when its own score is `entryMargin` below one that enough others to fill
    the beam have reached. Scores are counted in buckets of an eighth below `top`.
    """

    def __init__(self, top: float, settings: Settings) -> None:
        self.found: dict[tuple[Node, int, int], Hypothesis] = {}
        self.top = top
        self.settings = settings
        self.buckets: list[int] = []
        self.floor = -math.inf

    def count(self, score: float) -> None:
        """Takes the score of a hypothesis that is the first at its place."""
        insort(self.buckets, max(0, int((self.top - score) * BUCKETS_PER_UNIT)))
        if len(self.buckets) >= self.settings.beam:
            last = self.buckets[self.settings.beam - 1]
            if last < BUCKETS:
                below = (last + 1) / BUCKETS_PER_UNIT
                self.floor = self.top - below - self.settings.entryMargin

    def put(self, new: Hypothesis) -> None:
        """Adds a hypothesis unless it has no chance to be kept."""
        rank = new.rank
        if rank < self.floor:
            return
        old = self.found.setdefault((new.node, new.u, new.v), new)
        if old is new:
            self.count(rank)
            return
        # both are brought to the extra score of the better one, so that paths can be added
        shift = old.extra - new.extra
        if rank > old.rank:
            old.blank, old.spoken = old.blank + shift, old.spoken + shift
            old.extra, old.history = new.extra, new.history
        else:
            new.blank, new.spoken = new.blank - shift, new.spoken - shift
        old.blank = log_add(old.blank, new.blank)
        old.spoken = log_add(old.spoken, new.spoken)


class Decoder:
    """CTC prefix beam search over the tree, with trigrams and hot words."""

    def __init__(self, model: LanguageModel, settings: Settings, hot: HotWords) -> None:
        self.model, self.settings, self.hot = model, settings, hot
        self.root = build_tree(model, settings, hot)
        self.scores: dict[tuple[int, int, int], float] = {}

    def search(self, log_probs: np.ndarray) -> list[tuple[int, int]]:
        """Words of the best hypothesis with the output frame at which each begins.

        `log_probs`: frames x units, natural logarithms.
        """
        scores = log_probs.astype(np.float64)
        scores[:, 0] -= self.settings.blankPenalty
        start = (SENTENCE_START, SENTENCE_START)
        beams = [Hypothesis(self.root, *start, 0.0, LOG_ZERO, 0.0, None)]
        for number, row in enumerate(scores.astype(np.float32).tolist()):
            frame = Frame(beams[0].rank + max(row), self.settings)
            active = self.active_units(row)
            for hypothesis in beams:
                self.extend(hypothesis, frame, number, row, active)
            beams = self.best(frame)
        return self.answer(beams)

    def active_units(self, row: list[float]) -> list[int]:
        """The units worth trying, best first."""
        order = sorted(range(len(row)), key=lambda unit: -row[unit])
        limit = row[order[0]] - self.settings.unitMargin
        likely = order[: self.settings.phonesPerFrame]
        return [unit for unit in likely if unit != 0 and row[unit] > limit]

    def best(self, frame: Frame) -> list[Hypothesis]:
        """The hypotheses that are kept, best first."""
        ranked = sorted(frame.found.values(), key=lambda hypothesis: -hypothesis.rank)
        limit = ranked[0].rank - self.settings.beamMargin
        return [each for each in ranked[: self.settings.beam] if each.rank > limit]

    def extend(
        self, old: Hypothesis, frame: Frame, number: int, row: list[float], active: list[int]
    ) -> None:
        """Puts all that may follow a hypothesis."""
        root, weight = self.root, self.settings.weight
        node, u, v, extra, history, total = old.node, old.u, old.v, old.extra, old.history, old.total
        last = node.unit if node is not root else history.unit if history else 0
        stays = old.spoken + row[last] if last and old.spoken > LOG_ZERO else LOG_ZERO
        frame.put(Hypothesis(node, u, v, total + row[0], stays, extra, history))
        for unit in active:
            base = old.blank if unit == last else total
            child = node.children.get(unit)
            if base <= LOG_ZERO or child is None:
                continue
            score = base + row[unit]
            if child.children:
                ahead = extra + weight * (child.hope - node.hope)
                begins = Link(history, WORD_BEGINS, number, unit) if node is root else history
                frame.put(Hypothesis(child, u, v, LOG_ZERO, score, ahead, begins))
            begun = history is not None and history.word == WORD_BEGINS
            past = history.past if begun else history
            start = history.frame if begun else number
            for word in child.words:
                # the real score replaces the look-ahead
                settled = extra + weight * (self.word_score(u, v, word) - node.hope)
                settled += self.settings.wordBonus
                before = past.word if past else SENTENCE_START
                settled += self.settings.hotBonus if self.hot.favours(before, word) else 0.0
                context = word if word < len(self.model.words) else UNKNOWN_WORD
                link = Link(past, word, start, unit)
                frame.put(Hypothesis(root, v, context, LOG_ZERO, score, settled, link))

    def word_score(self, u: int, v: int, word: int) -> float:
        """Natural log-probability of a word, or the one that all added words have."""
        if word >= len(self.model.words):
            return self.settings.newWordScore
        key = (u, v, word)
        if key not in self.scores:
            self.scores[key] = self.model.score(u, v, word)
        return self.scores[key]

    def answer(self, beams: list[Hypothesis]) -> list[tuple[int, int]]:
        """The words of the hypothesis that is best now that the recording has ended."""
        best, link = -math.inf, None
        for each in beams:
            ended = self.settings.unfinishedWordScore
            if each.node is self.root:
                ended = self.settings.weight * self.model.score(each.u, each.v, SENTENCE_END)
            if each.rank + ended > best:
                best, link = each.rank + ended, each.history
        words = []
        while link:
            if link.word != WORD_BEGINS:
                words.append((link.word, link.frame))
            link = link.past
        return words[::-1]


class Folder:
    """What `evaluate.ts --dump` or `golden.ts` wrote."""

    def __init__(self, path: Path) -> None:
        self.path = path / "recordings.json"
        self.content = json.loads(self.path.read_text(encoding="utf-8"))
        self.recordings: list[dict[str, Any]] = self.content["recordings"]
        scores = np.fromfile(path / "scores.bin", dtype="<f4").reshape(-1, self.content["units"])
        ends = np.cumsum([recording["frames"] for recording in self.recordings])
        self.log_probs = np.split(scores, ends[:-1])

    def search_all(self, model: LanguageModel, jobs: int) -> list[list[dict[str, Any]]]:
        """The reference's words of every recording."""
        settings = Settings(**self.content["search"])
        lists = [HotWords(each["entries"], each["added"]) for each in self.content["hotWords"]]
        decoders = [Decoder(model, settings, hot) for hot in lists]
        # forked, so that all share one language model
        pool = multiprocessing.get_context("fork").Pool(jobs, _share, (self, decoders))
        with pool:
            return pool.map(_search, range(len(self.recordings)), chunksize=1)


_work: tuple[Folder, list[Decoder]]


def _share(folder: Folder, decoders: list[Decoder]) -> None:
    """Gives a worker process what it works on."""
    global _work
    _work = folder, decoders


def _search(index: int) -> list[dict[str, Any]]:
    """The reference's words of one recording."""
    folder, decoders = _work
    decoder = decoders[folder.recordings[index]["hotWords"]]
    texts = decoder.model.words + [word["written"] for word in decoder.hot.added]
    found = decoder.search(folder.log_probs[index])
    return [{"word": texts[word], "frame": frame} for word, frame in found]


def compare(folder: Folder, found: list[list[dict[str, Any]]]) -> None:
    """Prints the recordings in which the app found other words, or at other frames."""
    same = 0
    for recording, words in zip(folder.recordings, found):
        if recording["words"] == words:
            same += 1
            continue
        print(f"{recording['name']} differs")
        for who, all_words in (("app", recording["words"]), ("reference", words)):
            print(f"  {who}: " + " ".join(f"{each['word']}@{each['frame']}" for each in all_words))
    print(f"{same} of {len(found)} recordings with the same words at the same frames")


def read_model() -> LanguageModel:
    """The language model of the catalogue's first model."""
    models = ROOT / "public" / "models"
    entry = json.loads((models / "catalogue.json").read_text(encoding="utf-8"))["models"][0]
    path = entry["backends"]["wasm"]["files"]["languageModel"]["path"]
    return LanguageModel((models / path).read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--compare", type=Path, metavar="FOLDER")
    action.add_argument("--fill", type=Path, metavar="FOLDER")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    options = parser.parse_args()
    folder = Folder(options.compare or options.fill)
    found = folder.search_all(read_model(), options.jobs)
    if options.compare:
        compare(folder, found)
        return
    for recording, words in zip(folder.recordings, found):
        recording["words"] = words
    text = json.dumps(folder.content, indent=1, ensure_ascii=False) + "\n"
    folder.path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
