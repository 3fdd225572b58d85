"""Makes synthetic English speech with espeak-ng, flite and festival, straight into shards.

    python3 training/synthesise.py --text text/*.txt --dict cmudict.dict.gz \\
        --out data/synthetic --hours 12

A few lines at a time share a voice; every clip has a speed and a pitch of its own, and some have
a room, a telephone's band or mu-law coding. The same seed, texts and engines give the same
shards, whatever `--jobs` is.
"""

from __future__ import annotations

import argparse
import contextlib
import fractions
import gzip
import random
import re
import shutil
import subprocess
import tempfile
import wave
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from network import SAMPLE_RATE_HZ
from pronunciations import Pronunciations
from shards import ShardWriter
from text import normalise

Wave = NDArray[np.float32]

SOURCE = "synthetic"
LINES_OF_A_VOICE = 12
PIECE_WORDS = (3, 5, 8, 10, 12, 15, 18)
SHORTEST_PIECE, LONGEST_PIECE = 2, 22  # words
LINES_PER_HOUR = 2400  # more than are ever needed: a clip takes about 3 s
SHORTEST_SECONDS, LONGEST_SECONDS = 0.4, 16.0
ENGINE_SECONDS = 120  # for one call
REPORT_SECONDS = 900  # of speech

ACCENTS = (
    ("en-us", 3), ("en-gb", 2), ("en-gb-x-rp", 1), ("en-gb-scotland", 1), ("en-gb-x-gbclan", 1),
    ("en-gb-x-gbcwmd", 1), ("en-029", 1),
)  # fmt: skip
VARIANTS = frozenset(
    "m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 Alex Alicia Andrea Andy Annie anika belinda "
    "benjamin caleb david ed edward Gene Hugo Iven john kaukovalta Lee linda marcelo max michael "
    "norbert pablo paul quincy rob robert sandro shelby steph travis victor zac".split()
)
FLITE_VOICES = ("slt", "rms", "awb", "kal16")
FESTIVAL_VOICES = ("ked_diphone", "kal_diphone", "rab_diphone", "cmu_us_slt_arctic_hts")


@dataclass(frozen=True)
class Clip:
    """A line as it was said: PCM in [-1, 1] at 16 kHz, and by which voice."""

    text: str
    pcm: Wave
    voice: str


@dataclass
class Batch:
    """What became of some lines; `failures` are sentences, `misfits` clips of a wrong length."""

    engine: str
    clips: list[Clip] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    misfits: int = 0


@dataclass(frozen=True)
class Engine:
    """A program that speaks.

    `share` of the speech it makes, `spread` by which a clip is sped up or slowed (which also moves
    pitch and throat: another person), `voices` that are installed, and `speak`, which writes a WAV
    file for each line and gives back what the program complained of.
    """

    program: str
    share: float
    spread: float
    voices: Callable[[], list[str]]
    speak: Callable[[list[str], list[Path], str, random.Random], str]


def call(command: list[str]) -> str:
    """Runs an engine; the first line of its complaints, or its exit status, or nothing."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
            timeout=ENGINE_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"no answer in {ENGINE_SECONDS} s"
    said = done.stderr.strip().splitlines()
    return said[0] if said else f"exit status {done.returncode}" if done.returncode else ""


def listed(command: list[str]) -> str:
    """What a program prints. Raises CalledProcessError when it fails."""
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
        timeout=ENGINE_SECONDS,
    ).stdout  # fmt: skip


def espeak_voices() -> list[str]:
    found = set(re.findall(r"!v/(\S+)", listed(["espeak-ng", "--voices=variant"])))
    variants = ["", *(f"+{name}" for name in sorted(VARIANTS & found))]
    return [
        accent + variant for accent, times in ACCENTS for variant in variants for _ in range(times)
    ]


def espeak(lines: list[str], files: list[Path], voice: str, rng: random.Random) -> str:
    complaint = ""
    for line, file in zip(lines, files):
        speed, pitch = str(rng.randint(130, 215)), str(rng.randint(20, 80))
        command = ["espeak-ng", "-v", voice, "-s", speed, "-p", pitch, "-w", str(file), line]
        complaint = call(command) or complaint
    return complaint


def flite_voices() -> list[str]:
    found = listed(["flite", "-lv"]).split()
    return [voice for voice in FLITE_VOICES if voice in found]


def flite(lines: list[str], files: list[Path], voice: str, rng: random.Random) -> str:
    complaint = ""
    for line, file in zip(lines, files):
        stretch = f"duration_stretch={rng.uniform(0.8, 1.25):.2f}"
        command = ["flite", "-voice", voice, "--setf", stretch, "-t", line, "-o", str(file)]
        complaint = call(command) or complaint
    return complaint


def festival_voices() -> list[str]:
    found = re.findall(r"\w+", listed(["festival", "--batch", "(print (voice.list))"]))
    return [voice for voice in FESTIVAL_VOICES if voice in found]


def festival(lines: list[str], files: list[Path], voice: str, rng: random.Random) -> str:
    """One process for all lines: it starts slowly. Lines are normalised, so need no quoting."""
    script = [f"(voice_{voice})"]
    for line, file in zip(lines, files):
        script.append(f"(Parameter.set 'Duration_Stretch {rng.uniform(0.85, 1.2):.2f})")
        said = f'(utt.synth (Utterance Text "{line}"))'
        script.append(f"(utt.save.wave {said} \"{file}\" 'riff)")
    path = files[0].with_suffix(".scm")
    path.write_text("\n".join(script) + "\n", encoding="ascii")
    return call(["festival", "--batch", str(path)])


ENGINES = (
    Engine("festival", 0.20, 0.18, festival_voices, festival),
    Engine("espeak-ng", 0.35, 0.10, espeak_voices, espeak),
    Engine("flite", 0.45, 0.18, flite_voices, flite),
)


def installed(engines: Iterable[Engine] = ENGINES) -> list[tuple[Engine, list[str]]]:
    """The engines that are there, with their voices; says which are not. Raises SystemExit."""
    there = []
    for engine in engines:
        voices = engine.voices() if shutil.which(engine.program) else []
        if voices:
            there.append((engine, voices))
        else:
            print(f"{engine.program} is left out: it, or an English voice of it, is not installed.")
    if not there:
        names = ", ".join(engine.program for engine in engines)
        raise SystemExit(f"No speech engine is installed; at least one is needed of: {names}.")
    return there


def read_wave(path: Path) -> tuple[Wave, int]:
    """PCM in [-1, 1] and its rate. Raises OSError, EOFError or wave.Error."""
    with wave.open(str(path)) as file:
        if (file.getnchannels(), file.getsampwidth()) != (1, 2):
            raise wave.Error("not mono of 16 bits")
        data, rate_hz = file.readframes(file.getnframes()), file.getframerate()
    return np.frombuffer(data, "<i2").astype(np.float32) / 32768.0, rate_hz


def resample(pcm: Wave, rate_hz: int, speed: float) -> Wave:
    """To 16 kHz, said `speed` times as fast; pitch and formants rise with it."""
    ratio = fractions.Fraction(SAMPLE_RATE_HZ / (rate_hz * speed)).limit_denominator(200)
    return signal.resample_poly(pcm, ratio.numerator, ratio.denominator).astype(np.float32)


def room(pcm: Wave, rng: random.Random) -> Wave:
    """The direct sound, then decaying noise that is down by 60 dB in 0.12 to 0.6 s."""
    length = int(rng.uniform(0.12, 0.6) * SAMPLE_RATE_HZ)
    noise = np.random.default_rng(rng.randrange(1 << 32)).standard_normal(length)
    response = noise * np.exp(-6.9 * np.arange(length) / length) * rng.uniform(0.02, 0.12)
    response[0] = 1.0
    return signal.fftconvolve(pcm, response)[: len(pcm)].astype(np.float32)


def telephone(pcm: Wave, rng: random.Random) -> Wave:
    """A telephone's band and the 8 bits of its mu-law coding."""
    band = [rng.uniform(150, 320), rng.uniform(3300, 3900)]
    filters = signal.butter(4, band, "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
    pcm = signal.sosfilt(filters, pcm)
    peak = np.abs(pcm).max() + 1e-6
    coded = np.sign(pcm) * np.log1p(255 * np.abs(pcm / peak)) / np.log(256)
    coded = np.round(coded * 127) / 127
    return (np.sign(coded) * (256 ** np.abs(coded) - 1) / 255 * peak).astype(np.float32)


def degrade(pcm: Wave, rng: random.Random) -> Wave:
    """Some clips with a room, some over the telephone, all of different level."""
    if rng.random() < 0.3:
        pcm = room(pcm, rng)
    if rng.random() < 0.15:
        pcm = telephone(pcm, rng)
    return pcm * np.float32(rng.uniform(0.15, 0.9) / (np.abs(pcm).max() + 1e-6))


def speak(engine: Engine, voices: list[str], lines: list[str], seed: int) -> Batch:
    """Lines in one voice of an engine."""
    rng = random.Random(seed)
    voice = rng.choice(voices)
    batch = Batch(engine.program)
    with tempfile.TemporaryDirectory(prefix="ai2text-") as folder:
        files = [Path(folder) / f"{index}.wav" for index in range(len(lines))]
        complaint = engine.speak(lines, files, voice, rng)
        for line, file in zip(lines, files):
            try:
                pcm, rate_hz = read_wave(file)
            except (OSError, EOFError, wave.Error) as error:
                batch.failures.append(f"{engine.program}, voice {voice}: {complaint or error}")
                continue
            speed = rng.uniform(1 - engine.spread, 1 + engine.spread)
            pcm = resample(pcm, rate_hz, speed)
            if SHORTEST_SECONDS <= len(pcm) / SAMPLE_RATE_HZ <= LONGEST_SECONDS:
                name = f"{engine.program}:{voice}/{speed:.2f}"
                batch.clips.append(Clip(line, degrade(pcm, rng), name))
            else:
                batch.misfits += 1
    return batch


def pieces(text: str, rng: random.Random) -> Iterator[str]:
    """Sentences and clauses of a text, normalised and cut to what is said in one breath."""
    for part in re.split(r"(?<=[.!?;:])\s+", text.strip()):
        words = normalise(part).split()
        while words:
            taken = rng.choice(PIECE_WORDS)
            if len(words) - taken < 4:
                taken = len(words)
            piece, words = words[:taken], words[taken:]
            if SHORTEST_PIECE <= len(piece) <= LONGEST_PIECE:
                yield " ".join(piece)


def sample(paths: Iterable[Path], count: int, rng: random.Random) -> list[str]:
    """`count` lines of the files, each as likely as any other, in one pass (Vitter 1985, R)."""
    kept: list[str] = []
    seen = 0
    for path in paths:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8", errors="replace") as file:
            for line in file:
                place = rng.randrange(seen + 1)
                seen += 1
                if len(kept) < count:
                    kept.append(line)
                elif place < count:
                    kept[place] = line
    return kept


def pick(paths: Iterable[Path], hours: float, rng: random.Random) -> list[str]:
    """Different lines to say, in random order, enough for so many hours where there are enough."""
    taken = sample(paths, max(1, round(hours * LINES_PER_HOUR)), rng)
    lines = sorted({piece for line in taken for piece in pieces(line, rng)})
    rng.shuffle(lines)
    return lines


Task = tuple[Engine, list[str], list[str], int]  # engine, its voices, lines, seed


def plan(
    lines: list[str], engines: list[tuple[Engine, list[str]]], rng: random.Random
) -> Iterator[Task]:
    """Which engine says which lines."""
    shares = [engine.share for engine, _ in engines]
    for start in range(0, len(lines), LINES_OF_A_VOICE):
        ((engine, voices),) = rng.choices(engines, shares)
        yield engine, voices, lines[start : start + LINES_OF_A_VOICE], rng.randrange(1 << 32)


def spoken(tasks: Iterable[Task], jobs: int) -> Iterator[Batch]:
    """Batches in the order of their tasks; two for each job are under way at most."""
    with ThreadPoolExecutor(jobs) as pool:
        waiting: deque[Future[Batch]] = deque()
        for task in tasks:
            waiting.append(pool.submit(speak, *task))
            if len(waiting) >= 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text", nargs="+", type=Path, required=True, help="plain or gzipped")
    parser.add_argument("--dict", type=Path, required=True, help="CMUdict, plain or gzipped")
    parser.add_argument("--out", required=True, help="prefix of the shards")
    parser.add_argument("--hours", type=float, default=12.0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bitrate", type=int, default=18_000)
    args = parser.parse_args()

    engines = installed()
    pronunciations = Pronunciations(args.dict)
    rng = random.Random(args.seed)
    lines = pick(args.text, args.hours, rng)
    can_guess = shutil.which("flite") is not None
    if not can_guess:
        print("Lines with words that the dictionary does not have are left out: flite says them.")
    writer = ShardWriter(args.out, bitrate=args.bitrate)
    wanted_seconds = 3600 * args.hours
    seconds, next_report = 0.0, float(REPORT_SECONDS)
    made: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    with contextlib.closing(spoken(plan(lines, engines, rng), args.jobs)) as batches:
        for batch in batches:
            if batch.failures and not failed[batch.engine]:
                print(batch.failures[0])  # an engine's first; all of them are counted
            failed[batch.engine] += len(batch.failures)
            left_out["their length"] += batch.misfits
            if can_guess:
                pronunciations.guess(word for clip in batch.clips for word in clip.text.split())
            for clip in batch.clips:
                phones = " ".join(pronunciations.phones(clip.text))
                if not phones:
                    left_out["a word without pronunciation"] += 1
                    continue
                writer.add(clip.pcm, clip.text, phones, speaker=clip.voice, source=SOURCE)
                made[batch.engine] += 1
                seconds += len(clip.pcm) / SAMPLE_RATE_HZ
            if seconds >= next_report:
                print(f"{seconds / 3600:.2f} h", flush=True)
                next_report += REPORT_SECONDS
            if seconds >= wanted_seconds:
                break
    writer.flush()
    for engine, _ in engines:
        print(f"{engine.program}: {made[engine.program]} clips, {failed[engine.program]} failures")
    print("left out:", ", ".join(f"{count} for {why}" for why, count in left_out.items()))
    if not made:
        raise SystemExit("No speech was made.")
    if seconds < wanted_seconds:
        print("The texts were not enough for all the hours asked for.")
    print(f"{seconds / 3600:.2f} h in", *writer.paths)


if __name__ == "__main__":
    main()
