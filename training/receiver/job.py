"""One training run: from a version of the dataset to a model that the app offers.

    AI2TEXT_JOB='{"run": …}' python3 training/receiver/job.py

`AI2TEXT_JOB` is the `data` of the app's request (docs/training.md). The receiver starts this; on a
Ray cluster it is the job itself. It fetches the version, trains the built-in model Draft a little
further, measures both on the version's test split by the app's own search, hands the model over,
and reports at each step. `EPOCHS` and `RATE` say how long and how fast.

Needs torch, numpy, onnx, ffmpeg, and Node with the app's dependencies for the word error rates.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch  # noqa: E402

import export  # noqa: E402
from network import FrontEnd  # noqa: E402
from receiver.app_client import AppClient, Cancelled, Job, Refused  # noqa: E402
from receiver.tune import Example, Plan, example_of, tune  # noqa: E402
from receiver.utterances import (  # noqa: E402
    LeftOut,
    Utterance,
    first_pronunciations,
    read_utterances,
    to_wav,
)
from receiver.weights import read_weights  # noqa: E402
from word_trigrams import LanguageModel  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
DRAFT = ROOT / "public" / "models" / "ai2text-en"
SPLITS = ("train", "dev", "test")
SCORE_TIMEOUT_S = 3600
FETCHED, TUNED, SCORED = 0.3, 0.8, 0.95  # progress after each part


class Run:
    """One run in a folder of its own."""

    def __init__(self, client: AppClient, folder: Path) -> None:
        self.client, self.folder = client, folder
        self.left_out = LeftOut()
        self.logs = {"logsUrl": url} if (url := os.environ.get("AI2TEXT_LOGS_URL")) else {}

    def say(self, progress: float, message: str) -> None:
        """Reports and logs. Raises Cancelled."""
        print(f"{progress:.2f} {message}", flush=True)
        self.client.report("running", progress=round(progress, 3), message=message, **self.logs)

    def run(self) -> None:
        """All of it."""
        self.say(0.0, "Fetching the dataset")
        splits = self._fetch()
        if not splits["train"] or not splits["test"]:
            raise ValueError("the version has no utterances to train on, or none to test with")
        net, size = read_weights(DRAFT / "model.onnx")
        front = FrontEnd()
        examples = {name: self._examples(front, splits[name]) for name in ("train", "dev")}
        plan = Plan(int(os.environ.get("EPOCHS", "4")), float(os.environ.get("RATE", "3e-5")))
        self.say(FETCHED, f"Training on {len(examples['train'])} clips")

        def on_epoch(epoch: int, loss: float, rate: float) -> None:
            done = FETCHED + (TUNED - FETCHED) * epoch / plan.epochs
            lost = "" if math.isnan(loss) else f", loss {loss:.3f}"
            self.say(done, f"Epoch {epoch} of {plan.epochs}{lost}, phone errors {rate:.2f} %")

        best = tune(net, examples["train"], examples["dev"], plan, on_epoch)
        model = self._export(best, size)
        self.say(TUNED, "Measuring word error rates")
        before = self._score(DRAFT / "model.int8.onnx", splits["test"])
        after = self._score(model / "model.int8.onnx", splits["test"])
        self.say(SCORED, "Handing the model over")
        files = self._hand_over(model)
        scores = {
            "beforePercent": round(before["wer"], 3),
            "afterPercent": round(after["wer"], 3),
            "utterances": after["utterances"],
            "words": after["words"],
        }
        print(json.dumps({**scores, "leftOut": dataclasses.asdict(self.left_out)}), flush=True)
        self.client.report("done", scores=scores, model=self._describe(files), **self.logs)

    def _fetch(self) -> dict[str, list[Utterance]]:
        model = LanguageModel((DRAFT / "lm.bin").read_bytes())
        known = first_pronunciations(model.words, model.pronunciations)
        splits: dict[str, list[Utterance]] = {}
        for name in SPLITS:
            manifest = self.folder / f"{name}.jsonl"
            self.client.fetch(f"{name}.jsonl", manifest)
            lines = manifest.read_text("utf-8").splitlines()
            # all of the test split counts, with the words that no network could get right
            is_test = name == "test"
            splits[name] = self._clips(read_utterances(lines, known, self.left_out, is_test))
        return splits

    def _clips(self, wanted: list[Utterance]) -> list[Utterance]:
        there = []
        for one in wanted:
            flac = self.folder / "clip.flac"
            try:
                self.client.fetch(one.clip, flac)
            except Refused:
                # withdrawn since the version was published
                self.left_out.withdrawn += 1
                continue
            digest = hashlib.sha256(flac.read_bytes()).hexdigest()
            if digest != Path(one.clip).stem:
                raise ValueError(f"{one.clip} is not what its name says")
            to_wav(flac, self._wav(one))
            there.append(one)
        return there

    def _wav(self, one: Utterance) -> Path:
        return self.folder / f"{Path(one.clip).stem}.wav"

    def _examples(self, front: FrontEnd, utterances: list[Utterance]) -> list[Example]:
        found = (example_of(front, self._wav(one), one.phones) for one in utterances)
        return [one for one in found if one is not None]

    def _export(self, net: Any, size: str) -> Path:
        model = self.folder / "model"
        checkpoint = self.folder / "checkpoint.pt"
        torch.save({"model": net.state_dict(), "size": size}, checkpoint)
        command = [sys.executable, str(Path(export.__file__)), "--checkpoint", str(checkpoint)]
        subprocess.run([*command, "--out", str(model)], check=True, timeout=SCORE_TIMEOUT_S)
        shutil.copyfile(DRAFT / "lm.bin", model / "lm.bin")
        (model / "search.json").write_text(json.dumps(draft_entry()["search"], indent=1) + "\n")
        return model

    def _score(self, network: Path, utterances: list[Utterance]) -> dict[str, Any]:
        """Word error rate by the app's own search, of the network that browsers run on a CPU."""
        manifest, result = self.folder / "test-wavs.jsonl", self.folder / "scores.json"
        lines = [{"audio": str(self._wav(one)), "text": one.text} for one in utterances]
        manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
        script = ["node", "tools/run.mjs", "training/evaluate.ts", str(manifest)]
        script += ["--network", str(network), "--json", str(result)]
        subprocess.run(script, cwd=ROOT, check=True, timeout=SCORE_TIMEOUT_S)
        scores: dict[str, Any] = json.loads(result.read_text())
        return scores

    def _hand_over(self, model: Path) -> list[dict[str, Any]]:
        files = [entry_of(path) for path in sorted(model.iterdir())]
        sums = "".join(f"{file['sha256']}  {file['path']}\n" for file in files)
        (model / "SHA256SUMS").write_text(sums)
        for path in sorted(model.iterdir()):
            self.client.put(path.name, path)
        return files

    def _describe(self, files: list[dict[str, Any]]) -> dict[str, Any]:
        entry = draft_entry()
        shared = {"vocabulary": "vocab.json", "languageModel": "lm.bin", "search": "search.json"}

        def variant(precision: str, network: str) -> dict[str, Any]:
            return {"precision": precision, "files": {"network": network, **shared}}

        credits = [f"Version {self.client.job.version} of this server’s dataset", "Draft by AI2Text"]
        return {
            "family": "phone-ctc",
            "languages": entry["languages"],
            "licence": entry["licence"],
            "credits": [*credits, *entry["credits"]],
            "backends": {
                "wasm": variant("int8", "model.int8.onnx"),
                "webgpu": variant("fp32", "model.onnx"),
            },
            "files": files,
        }


def entry_of(path: Path) -> dict[str, Any]:
    """Name, length and SHA-256 of a file of the model."""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return {"path": path.name, "bytes": len(data), "sha256": digest}


def draft_entry() -> dict[str, Any]:
    """What the app's catalogue says of Draft."""
    catalogue = json.loads((ROOT / "public" / "models" / "catalogue.json").read_text())
    entry: dict[str, Any] = catalogue["models"][0]
    return entry


def main() -> int:
    """The exit status: 0 also when the owner has cancelled the run."""
    client = AppClient(Job.of(json.loads(os.environ["AI2TEXT_JOB"])))
    with tempfile.TemporaryDirectory(prefix="ai2text-run-") as folder:
        try:
            Run(client, Path(folder)).run()
        except Cancelled:
            print("The owner has cancelled the run.", flush=True)
        except (Refused, ValueError, subprocess.SubprocessError) as error:
            print(f"failed: {error}", flush=True)
            client.report("failed", message=str(error)[:300])
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
