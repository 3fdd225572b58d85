"""Windows to tune Whisper on: speech of one speaker, put together afresh each time, and its text.

A window is as long as its sound and a little more, from 2 to 30 s, or a whole 30 s, as other exports
want it; so that the encoder may later be given the frames that there are (as the dynamic audio context
of FUTO's whisper-acft does).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
Wave = NDArray[np.float32]

RATE = 16_000
STEP_SAMPLES = 320  # of time tokens, 20 ms, and of a frame
SHORTEST_SECONDS, LONGEST_SECONDS = 2.0, 30.0
IGNORED = -100  # a label that nothing is learnt from


@dataclass(frozen=True)
class Marks:
    """Ids of Whisper's own tokens, around a text; `no_times` is right before the first time."""

    start: int
    language: int
    transcribe: int
    no_times: int
    no_speech: int
    end: int

    @staticmethod
    def of(find: Callable[[str], int | None], language: str = "en") -> Marks:
        """find -- the id of a token by its text. Raises ValueError where it gives none."""

        def known(*texts: str) -> int:
            ids = [found for text in texts if (found := find(f"<|{text}|>")) is not None]
            if not ids:
                raise ValueError(f"the tokenizer has no {texts[0]}")
            return ids[0]

        return Marks(
            start=known("startoftranscript"),
            language=known(language),
            transcribe=known("transcribe"),
            no_times=known("notimestamps"),
            no_speech=known("nospeech", "nocaptions"),
            end=known("endoftext"),
        )

    def prompt(self) -> list[int]:
        """What a text without times begins with."""
        return [self.start, self.language, self.transcribe, self.no_times]


@dataclass(frozen=True)
class Utterance:
    """A piece of speech and the tokens of what is said in it."""

    pcm: Pcm
    ids: Sequence[int]
    speaker: str
    source: str


@dataclass
class Window:
    """Sound, what the decoder is given and what it should say; both lists are of one length."""

    wave: Wave
    given: list[int] = field(default_factory=list)
    wanted: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Mixture:
    """How often windows are of a kind."""

    whole: float = 0.2  # 30 s, however long the speech
    times: float = 0.5  # with time tokens
    empty: float = 0.05  # without speech
    repeated: float = 0.04  # one short utterance again and again
    most_tokens: int = 220


def empty(wave: Wave, marks: Marks) -> Window:
    """A window without speech: the text ends at once, and `nospeech` takes the language's place."""
    return Window(wave, marks.prompt(), [marks.no_speech, IGNORED, IGNORED, marks.end])


def spoken(
    wave: Wave, parts: Sequence[tuple[int, int, Sequence[int]]], marks: Marks, times: bool
) -> Window:
    """A window with speech. Which language it is in is not learnt: all of it is in one.

    parts -- first and last sample and tokens of each utterance, in order
    times -- whether each utterance stands between time tokens
    """
    said: list[int] = []
    first, last = marks.no_times + 1, marks.no_times + 1 + round(len(wave) / STEP_SAMPLES)
    for begin, end, ids in parts:
        if times:
            said.append(first + round(begin / STEP_SAMPLES))
        said.extend(ids)
        if times:
            said.append(min(last, first + round(end / STEP_SAMPLES)))
    head = [marks.start, marks.language, marks.transcribe] + ([] if times else [marks.no_times])
    tokens = [*head, *said, marks.end]
    wanted = tokens[1:]
    wanted[0] = IGNORED
    if not times:
        wanted[2] = IGNORED  # asked for, not chosen
    return Window(wave, tokens[:-1], wanted)


class Composer:
    """Makes windows of utterances.

    following -- index of the utterance that the speaker said next, by index; None at the end
    weights -- how probable each utterance is as the beginning of a window
    """

    def __init__(
        self,
        utterances: Sequence[Utterance],
        weights: NDArray[np.float64],
        marks: Marks,
        mixture: Mixture,
        rng: np.random.Generator,
    ) -> None:
        self.utterances, self.marks, self.mixture, self.rng = utterances, marks, mixture, rng
        self._sums = np.cumsum(weights / weights.sum())
        self._short = [i for i, u in enumerate(utterances) if len(u.pcm) < 2 * RATE and len(u.ids) < 9]
        self._following: list[int | None] = [
            i + 1
            if i + 1 < len(utterances) and utterances[i + 1].speaker == utterances[i].speaker
            else None
            for i in range(len(utterances))
        ]

    def batch(self, seconds: float) -> list[Window]:
        """Windows of about so many seconds together, all of one length."""
        length = self._length()
        count = max(2, round(seconds / length))
        samples = round(length * RATE) // STEP_SAMPLES * STEP_SAMPLES
        return [self.window(samples) for _ in range(count)]

    def _length(self) -> float:
        """Short ones as often as long ones, by their logarithm."""
        if self.rng.random() < self.mixture.whole:
            return LONGEST_SECONDS
        low, high = np.log(SHORTEST_SECONDS), np.log(LONGEST_SECONDS)
        return float(np.exp(self.rng.uniform(low, high)))

    def window(self, samples: int) -> Window:
        """One window of a length."""
        draw = self.rng.random()
        if draw < self.mixture.empty:
            return empty(silence(samples, self.rng), self.marks)
        if draw < self.mixture.empty + self.mixture.repeated and self._short:
            parts = self._repeated(samples)
        else:
            parts = self._row(samples)
        wave = np.zeros(samples, np.float32)
        for at, utterance in parts:
            wave[at : at + len(utterance.pcm)] = utterance.pcm.astype(np.float32) / 32768.0
        if not parts:
            return empty(silence(samples, self.rng), self.marks)
        said = [(at, at + len(u.pcm), u.ids) for at, u in parts]
        return spoken(wave, said, self.marks, bool(self.rng.random() < self.mixture.times))

    def _row(self, samples: int) -> list[tuple[int, Utterance]]:
        """Utterances behind each other as they were said, until the window is full."""
        at = self._lead(samples)
        index = self._beginning(samples - at)
        # most windows are filled; some have quiet behind what is said
        limit = samples if self.rng.random() < 0.8 else int(samples * self.rng.uniform(0.3, 1))
        parts: list[tuple[int, Utterance]] = []
        tokens = 0
        while index is not None:
            utterance = self.utterances[index]
            end = at + len(utterance.pcm)
            tokens += len(utterance.ids) + 2
            if end > (limit if parts else samples) or tokens > self.mixture.most_tokens:
                break
            parts.append((at, utterance))
            at = end + int(self.rng.uniform(0.05, 0.7) * RATE)
            index = self._following[index]
        return parts

    def _repeated(self, samples: int) -> list[tuple[int, Utterance]]:
        """One short utterance as often as fits, at most eight times."""
        utterance = self.utterances[self._short[int(self.rng.integers(len(self._short)))]]
        at, parts = self._lead(samples), []
        for _ in range(int(self.rng.integers(2, 9))):
            if at + len(utterance.pcm) > samples:
                break
            parts.append((at, utterance))
            at += len(utterance.pcm) + int(self.rng.uniform(0.05, 0.4) * RATE)
        return parts

    def _lead(self, samples: int) -> int:
        """Samples of quiet in front."""
        if self.rng.random() < 0.4:
            return 0
        return int(self.rng.uniform(0, min(0.8 * RATE, samples / 4)))

    def _beginning(self, room: int) -> int | None:
        """An utterance that fits, by weight."""
        for _ in range(20):
            index = int(np.searchsorted(self._sums, self.rng.random()))
            index = min(index, len(self.utterances) - 1)
            if len(self.utterances[index].pcm) <= room:
                return index
        return None


def silence(samples: int, rng: np.random.Generator) -> Wave:
    """Sound without speech: nothing, noise of some colour, hum, tones in chords, knocking."""
    kind = rng.choice(["none", "noise", "hum", "chords", "knocks"], p=[0.1, 0.35, 0.1, 0.3, 0.15])
    time = np.arange(samples, dtype=np.float32) / RATE
    if kind == "none":
        wave = np.zeros(samples)
    elif kind == "noise":
        wave = coloured(samples, rng)
    elif kind == "hum":
        base = rng.choice([50, 60, 440])
        wave = sum(np.sin(2 * np.pi * base * k * time) / k for k in range(1, 1 + rng.integers(1, 6)))
    elif kind == "chords":
        wave = _chords(samples, rng)
    else:
        wave = np.zeros(samples)
        for at in rng.integers(0, samples, max(1, int(samples / RATE * rng.uniform(1, 12)))):
            width = min(samples - at, int(rng.uniform(0.005, 0.08) * RATE))
            fall = np.exp(-5 * np.arange(width) / width)
            wave[at : at + width] += rng.standard_normal(width) * fall
    level = 10 ** rng.uniform(-3.2, -0.5)
    peak = float(np.abs(wave).max()) or 1.0
    mixed = level * wave / peak + 10 ** rng.uniform(-5, -2.5) * coloured(samples, rng)
    return np.asarray(mixed, np.float32).clip(-1, 1)


def _chords(samples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Music of a kind: plucked or held chords, each note with some overtones."""
    wave = np.zeros(samples)
    at = 0
    while at < samples:
        width = min(samples - at, int(rng.uniform(0.15, 1.5) * RATE))
        time = np.arange(width) / RATE
        fall = np.exp(-rng.uniform(0, 6) * time) * np.minimum(1, time / 0.01)
        root = 110 * 2 ** (rng.integers(0, 36) / 12)
        for interval in rng.choice([0, 3, 4, 7, 10, 12], size=rng.integers(1, 4), replace=False):
            pitch = root * 2 ** (interval / 12)
            for k in range(1, 1 + rng.integers(1, 6)):
                if pitch * k < RATE / 2:
                    wave[at : at + width] += fall * np.sin(2 * np.pi * pitch * k * time) / k
        at += width
    return wave


def coloured(samples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Noise whose power falls with frequency, steeply or not at all; mean power 1."""
    spectrum = np.fft.rfft(rng.standard_normal(samples))
    hz = np.linspace(0, RATE / 2, len(spectrum)).clip(min=40)
    wave = np.fft.irfft(spectrum * (hz / 1000) ** -rng.uniform(0, 1.2), samples)
    return wave / np.sqrt(np.mean(wave**2) + 1e-12)
