"""Trains the recogniser with CTC on shards, on a CPU or on one CUDA GPU.

    python3 training/train.py --shards data/*.shard --out run --minutes 60

Training goes by the clock: the learning rate falls along a cosine to the end of `--minutes`.
SIGTERM stops it with a checkpoint, and the same command resumes from there, also with further
shards. Scores and what is exported come from a running average of the weights.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import math
import multiprocessing
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from augment import distort, hide
from corpus import Corpus, Utterance, batches, targets
from network import HOP, SAMPLE_RATE_HZ, SIZES, STRIDE, Recogniser, normalise
from phones import PHONES
from scoring import collapse, error_rate

WARM_UP_STEPS = 400
LAST_RATE = 0.02  # of the highest
GUESS_WEIGHT = 0.3  # of the middle head in the loss
REPORT_SECONDS = 60


@dataclass
class Progress:
    """Where a run stands; `seconds` of training, pauses not counted."""

    step: int = 0
    epoch: int = 0
    seconds: float = 0.0
    heard_seconds: float = 0.0


def parse_weights(text: str) -> dict[str, float]:
    """`librispeech=4,*=1` as a dictionary."""
    pairs = (part.split("=") for part in text.split(",") if part)
    return {source: float(weight) for source, weight in pairs}


def ctc(logits: Tensor, lengths: Tensor, rows: list[Utterance]) -> Tensor:
    """Negative log-likelihood of all phones of the rows (Graves et al. 2006), in nats."""
    flat, sizes = targets(rows, str(logits.device))
    log_probs = F.log_softmax(logits.float(), dim=-1).transpose(0, 1)
    return F.ctc_loss(log_probs, flat, lengths, sizes, reduction="sum", zero_infinity=True)


def output_lengths(frames: Tensor) -> Tensor:
    """Output frames of feature frames."""
    return (frames + (STRIDE - 1)) // STRIDE


def gradients(
    net: Recogniser, corpus: Corpus, rows: list[Utterance], phones: int, args: argparse.Namespace
) -> tuple[float, float]:
    """Computes the gradients of some rows of a batch of so many phones; loss, seconds heard."""
    net.zero_grad(set_to_none=False)
    features, frames = distort(*corpus.batch(rows), args.augment)
    features = hide(normalise(features, frames), frames, args.augment)
    # bfloat16 in dense layers: twice as fast where the processor has it, with the same outcome
    kind = "cuda" if args.device.startswith("cuda") else "cpu"
    with torch.autocast(kind, torch.bfloat16, enabled=not args.float32):
        logits, guess = net.encode(features, frames)
    lengths = output_lengths(frames)
    loss = ctc(logits, lengths, rows) / phones
    (loss + GUESS_WEIGHT * ctc(guess, lengths, rows) / phones).backward()
    return float(loss.detach()), float(frames.sum()) * HOP / SAMPLE_RATE_HZ


class Peer:
    """A second process that works on a share of each batch, on a CPU.

    One core for each process, with gradients added up at the end of a step, is twice as fast as two
    cores that share every product. Weights, features and the peer's gradients lie in shared memory.
    """

    def __init__(
        self, net: Recogniser, corpus: Corpus, args: argparse.Namespace, seed: int
    ) -> None:
        self.left = [torch.zeros_like(p).share_memory_() for p in net.parameters()]
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=work, args=(net, corpus, args, self.left, theirs, seed), daemon=True
        )
        self.process.start()
        theirs.close()
        self.asked = False

    def ask(self, rows: list[Utterance], phones: int) -> None:
        """Starts work on a share of a batch of so many phones; it may be empty."""
        self.asked = bool(rows)
        if rows:
            self.pipe.send((rows, phones))

    def answer(self, net: Recogniser) -> tuple[float, float]:
        """Loss and seconds of the share; adds its gradients. Raises EOFError if the peer died."""
        if not self.asked:
            return 0.0, 0.0
        done: tuple[float, float] = self.pipe.recv()
        for parameter, gradient in zip(net.parameters(), self.left):
            parameter.grad.add_(gradient)
        return done


    def stop(self) -> None:
        """Ends the peer."""
        self.pipe.close()
        self.process.join()


def work(
    net: Recogniser,
    corpus: Corpus,
    args: argparse.Namespace,
    left: list[Tensor],
    pipe: Connection,
    seed: int,
) -> None:
    """What a peer does until the first process goes away."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the first process decides when to end
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    random.seed(seed)
    for parameter, gradient in zip(net.parameters(), left):
        parameter.grad = gradient
    with contextlib.suppress(EOFError):
        while True:
            rows, phones = pipe.recv()
            pipe.send(gradients(net, corpus, rows, phones, args))


class Trainer:
    """One run: its network, the average of it, and the optimiser, all kept in `last.pt`."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.cuda = args.device.startswith("cuda")
        self.out: Path = args.out
        self.out.mkdir(parents=True, exist_ok=True)
        self.progress = Progress()
        self.net = Recogniser(SIZES[args.size], args.dropout).to(args.device)
        self.average = copy.deepcopy(self.net).eval()
        matrices = [p for p in self.net.parameters() if p.dim() > 1]
        others = [p for p in self.net.parameters() if p.dim() <= 1]
        self.optimiser = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}],
            lr=args.rate,
            betas=(0.9, 0.98),
        )
        self.peers: list[Peer] = []
        self.last = self.out / "last.pt"
        if self.last.exists():
            saved = torch.load(self.last, map_location=args.device)
            self.net.load_state_dict(saved["net"])
            self.average.load_state_dict(saved["average"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.progress = Progress(**saved["progress"])
        elif args.init:
            weights = torch.load(args.init, map_location=args.device)["model"]
            self.net.load_state_dict(weights)
            self.average.load_state_dict(weights)

    def log(self, line: str) -> None:
        line = f"{time.strftime('%H:%M:%S')} {self.progress.seconds / 60:6.1f} min {line}"
        print(line, flush=True)
        with (self.out / "log.txt").open("a") as file:
            file.write(line + "\n")

    def save(self) -> None:
        """Writes what is exported (`checkpoint.pt`) and what a run resumes from (`last.pt`)."""
        half = {name: value.half() for name, value in self.average.state_dict().items()}
        saved = {"model": half, "size": self.args.size, **asdict(self.progress)}
        torch.save(saved, self.out / "checkpoint.pt")
        whole = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": asdict(self.progress),
        }
        unfinished = self.last.with_suffix(".tmp")
        torch.save(whole, unfinished)
        unfinished.replace(self.last)

    def rate(self) -> float:
        done = min(1.0, self.progress.seconds / (60 * self.args.minutes))
        cosine = 0.5 * (1 + math.cos(math.pi * done))
        warm = min(1.0, (self.progress.step + 1) / WARM_UP_STEPS)
        return self.args.rate * warm * (LAST_RATE + (1 - LAST_RATE) * cosine)

    def step(self, corpus: Corpus, rows: list[Utterance]) -> float:
        """One batch; the loss of the last head for each phone."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        phones = max(1, sum(len(row.phones) for row in rows))
        shares = [rows[i :: len(self.peers) + 1] for i in range(len(self.peers) + 1)]
        for peer, share in zip(self.peers, shares[1:]):
            peer.ask(share, phones)
        done = [gradients(self.net, corpus, shares[0], phones, self.args)]
        for peer in self.peers:
            done.append(peer.answer(self.net))
        losses, seconds = zip(*done)
        nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        self.progress.step += 1
        self.progress.heard_seconds += sum(seconds)
        step = self.progress.step
        decay = min(self.args.average, (1 + step) / (20 + step))
        with torch.no_grad():
            averages = list(self.average.parameters())
            torch._foreach_mul_(averages, decay)
            torch._foreach_add_(averages, list(self.net.parameters()), alpha=1 - decay)
        return sum(losses)

    @torch.no_grad()
    def score(self, corpus: Corpus) -> dict[str, float]:
        """Phone error rates of the average in percent, greedily decoded, for each source."""
        pairs: dict[str, list[tuple[list[str], list[str]]]] = {}
        for rows in batches(corpus.utterances, {"*": 1.0}, 20_000, random.Random(1)):
            features, frames = corpus.batch(rows)
            logits, _ = self.average.encode(normalise(features, frames), frames)
            best, lengths = logits.argmax(-1).tolist(), output_lengths(frames).tolist()
            for row, path, length in zip(rows, best, lengths):
                wanted = [PHONES[phone] for phone in row.phones]
                found = collapse(path[:length], PHONES)
                pairs.setdefault(row.source, []).append((wanted, found))
        return {source: error_rate(rows) for source, rows in sorted(pairs.items())}

    def report(self, held_out: Corpus | None) -> None:
        self.save()
        if held_out:
            scores = self.score(held_out).items()
            self.log("PER " + ", ".join(f"{source} {rate:.1f} %" for source, rate in scores))

    def run(self, corpus: Corpus, held_out: Corpus | None) -> None:
        """Trains until the minutes are over or SIGTERM comes."""
        if not self.cuda:
            self.net.share_memory()
            corpus.features.share_memory_()
            torch.set_num_threads(1)
            seed = self.args.seed + self.progress.step
            numbers = range(1, self.args.threads)
            self.peers = [Peer(self.net, corpus, self.args, seed + i) for i in numbers]
        stopped: list[int] = []
        signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
        rng = random.Random(self.args.seed + self.progress.step)
        started = time.monotonic() - self.progress.seconds
        next_score = self.progress.seconds + 60 * self.args.score_minutes
        reported, heard, losses = time.monotonic(), self.progress.heard_seconds, [0.0][:0]

        def steps() -> Iterator[list[Utterance]]:
            while True:
                yield from batches(corpus.utterances, self.args.weights, self.args.frames, rng)
                self.progress.epoch += 1

        for rows in steps():
            self.progress.seconds = time.monotonic() - started
            if stopped or self.progress.seconds >= 60 * self.args.minutes:
                break
            losses.append(self.step(corpus, rows))
            passed = time.monotonic() - reported
            if passed >= REPORT_SECONDS:
                speed = (self.progress.heard_seconds - heard) / passed
                loss = sum(losses) / len(losses)
                self.log(
                    f"step {self.progress.step}, epoch {self.progress.epoch}, rate "
                    f"{self.rate():.2e}, loss {loss:.3f}, {speed:.0f} x real time"
                )
                reported, heard, losses = time.monotonic(), self.progress.heard_seconds, []
            if self.progress.seconds >= next_score:
                self.report(held_out)
                next_score = self.progress.seconds + 60 * self.args.score_minutes
        for peer in self.peers:
            peer.stop()
        self.report(None if stopped else held_out)
        hours = self.progress.heard_seconds / 3600
        self.log(f"{'stopped' if stopped else 'done'}: {hours:.0f} h heard")


def arguments() -> argparse.Namespace:
    cuda = torch.cuda.is_available()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shards", nargs="+", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the run's folder")
    parser.add_argument("--cache", type=Path, default=Path("cache"), help="keeps features")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--size", default="tdnn-m", choices=sorted(SIZES))
    parser.add_argument("--init", type=Path, help="a checkpoint to start from")
    parser.add_argument("--weights", type=parse_weights, default={}, help="source=times,*=1")
    parser.add_argument("--hold-out", nargs="*", default=[], help="speakers to score, not to train")
    parser.add_argument("--augment", type=float, default=1.0, help="strength, 0 for none")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--average", type=float, default=0.999, help="decay of the average")
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--frames", type=int, default=96_000 if cuda else 6_000, help="of a batch")
    parser.add_argument("--score-minutes", type=float, default=10)
    parser.add_argument("--device", default="cuda" if cuda else "cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--float32", action="store_true", help="for processors without bfloat16")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    random.seed(args.seed)
    trainer = Trainer(args)
    left_out = {source for source, weight in args.weights.items() if weight == 0}
    kept = {speaker for speaker in args.hold_out}
    corpus = Corpus(
        args.shards, args.device, args.cache, args.threads,
        lambda row: row.source not in left_out and f"{row.source}/{row.speaker}" not in kept,
    )  # fmt: skip
    held_out = None
    if kept:
        held_out = Corpus(
            args.shards, args.device, args.cache, args.threads,
            lambda row: f"{row.source}/{row.speaker}" in kept,
        )  # fmt: skip
    hours = ", ".join(f"{source} {hours:.2f} h" for source, hours in corpus.hours().items())
    size = sum(parameter.numel() for parameter in trainer.net.parameters()) / 1e6
    trainer.log(f"{args.size}, {size:.2f} M parameters, {args.device}; {hours}")
    trainer.run(corpus, held_out)


if __name__ == "__main__":
    main()
