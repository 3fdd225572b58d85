"""Loads a copied version of the dataset in the tools that train on it.

    python3 tools/dataset/check.py FOLDER [VERSION]

FOLDER is what `npm run dataset -- FOLDER` made. Checks the hashes, reads the manifests as NeMo does and
the Kaldi folders as its validation scripts do, then loads them in NeMo, Lhotse, Hugging Face datasets
and kaldiio, each of which is left out, with a line that says so, when it is not installed. Ends with
status 1 when anything differs.

Needs nothing; loads nemo, lhotse, datasets (with torchcodec), kaldiio and soundfile where they are there.
"""

import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import sys
from pathlib import Path

SPLITS = ("train", "dev", "test")


def expect(condition, what):
    if not condition:
        raise SystemExit(f"FAILED: {what}")


def read_nemo(manifest):
    """The lines as NeMo's collections read them: paths from the manifest's folder, a duration, a text."""
    lines = []
    for number, text in enumerate(manifest.read_text(encoding="utf-8").splitlines(), 1):
        line = json.loads(text)
        where = f"{manifest}:{number}"
        expect(isinstance(line["text"], str) and line["text"].strip(), f"{where}: a text")
        expect(isinstance(line["duration"], (int, float)) and 1 <= line["duration"] <= 30, f"{where}: a duration")
        line["audio"] = (manifest.parent / line["audio_filepath"]).resolve()
        expect(line["audio"].is_file(), f"{where}: {line['audio']} is there")
        lines.append(line)
    return lines


def read_table(path):
    """A Kaldi table: a key, a space, a value; keys unique and in the order of their bytes."""
    rows = {}
    for line in path.read_bytes().splitlines():
        expect(line == line.strip() and b"\t" not in line, f"{path}: no stray space in {line!r}")
        key, _, value = line.partition(b" ")
        expect(key and value and key not in rows, f"{path}: one value for {key!r}")
        rows[key] = value.decode("utf-8")
    expect(list(rows) == sorted(rows), f"{path}: sorted as LC_ALL=C")
    return {key.decode(): value for key, value in rows.items()}


def check_kaldi(folder, lines):
    wav, text, speakers = (read_table(folder / name) for name in ("wav.scp", "text", "utt2spk"))
    by_speaker = read_table(folder / "spk2utt")
    durations = read_table(folder / "utt2dur")
    ids = [line["utterance"] for line in lines]
    for name, table in (("wav.scp", wav), ("text", text), ("utt2spk", speakers), ("utt2dur", durations)):
        expect(list(table) == ids, f"{folder / name}: the utterances of the manifest")
    back = {one: speaker for speaker, of in by_speaker.items() for one in of.split(" ")}
    expect(back == speakers, f"{folder}: spk2utt is the inverse of utt2spk")
    for line in lines:
        one = line["utterance"]
        expect(one.startswith(f"{speakers[one]}-"), f"{one} begins with its speaker")
        expect(text[one] == line["text"], f"the text of {one}")
        expect(float(durations[one]) == line["duration"], f"the duration of {one}")
        expect(re.fullmatch(r"flac -c -d -s \S+\.flac \|", wav[one]), f"the command of {one}")


def check_nemo(manifest, lines):
    from nemo.collections.asr.data.audio_to_text import AudioToCharDataset
    from nemo.collections.asr.parts.utils.manifest_utils import read_manifest

    expect([line["id"] for line in read_manifest(str(manifest))] == [line["id"] for line in lines], f"{manifest}: the lines")
    letters = sorted({letter for line in lines for letter in line["text"]})
    texts = AudioToCharDataset(str(manifest), labels=letters, sample_rate=16000, normalize=False)
    expect(len(texts) == len(lines), f"{manifest}: {len(texts)} utterances of {len(lines)}")
    by_audio = {str(line["audio"]): line for line in lines}
    for index, one in enumerate(texts.manifest_processor.collection):
        line = by_audio[str(Path(one.audio_file).resolve())]
        _, samples, tokens, _ = texts[index]
        expect(int(samples) == round(line["duration"] * 16000), f"{manifest}: the samples of {line['id']}")
        read = "".join(letters[token] for token in tokens)
        expect(read == line["text"], f"{manifest}: the text of {line['id']}")


def check_lhotse(path, lines):
    from lhotse import CutSet
    from lhotse.qa import validate

    cuts = list(CutSet.from_file(path))
    expect([cut.id for cut in cuts] == [line["utterance"] for line in lines], f"{path}: the utterances")
    for cut, line in zip(cuts, lines):
        validate(cut, read_data=True)
        expect(cut.supervisions[0].text == line["text"], f"{path}: the text of {cut.id}")
        expect(cut.load_audio().shape == (1, round(line["duration"] * 16000)), f"{path}: the samples of {cut.id}")


def check_huggingface(folder, lines):
    from datasets import load_dataset

    rows = load_dataset("audiofolder", data_dir=str(folder), split="train")
    by_id = {line["id"]: line for line in lines}
    expect(len(rows) == len(lines), f"{folder}: {len(rows)} rows of {len(lines)}")
    for row in rows:
        line = by_id[row["id"]]
        samples = row["audio"].get_all_samples()
        expect(row["text"] == line["text"], f"{folder}: the text of {row['id']}")
        expect(samples.sample_rate == 16000, f"{folder}: the rate of {row['id']}")
        expect(samples.data.shape[-1] == round(line["duration"] * 16000), f"{folder}: the samples of {row['id']}")


def check_kaldiio(folder, lines):
    import kaldiio

    with kaldiio.ReadHelper(f"scp:{folder / 'wav.scp'}") as reader:
        read = {key: (rate, sound) for key, (rate, sound) in reader}
    for line in lines:
        rate, sound = read[line["utterance"]]
        expect(rate == 16000 and len(sound) == round(line["duration"] * 16000), f"the samples of {line['utterance']}")


def main():
    root = Path(sys.argv[1]).resolve()
    versions = sorted((root / "manifests").glob("v*"), key=lambda path: int(path.name[1:]))
    version = root / "manifests" / sys.argv[2] if len(sys.argv) > 2 else versions[-1]
    # paths of Lhotse and Kaldi are from the root of the dataset
    os.chdir(root)
    for line in (version / "SHA256SUMS").read_text().splitlines():
        sha256, path = line.split("  ")
        expect(hashlib.sha256((version / path).read_bytes()).hexdigest() == sha256, f"the hash of {path}")
    index = json.loads((version / "dataset.json").read_text())
    splits = {split: read_nemo(version / f"{split}.jsonl") for split in SPLITS}
    lines = [line for split in SPLITS for line in splits[split]]
    expect(len(lines) == index["clips"], "the count of clips")
    expect(sum(round(line["duration"] * 1000) for line in lines) == index["durationMs"], "the hours")
    members = {}
    for split, of in splits.items():
        for line in of:
            for member in (line["speaker"], line["recording"]):
                expect(members.setdefault(member, split) == split, f"{member} is in one split")
            expect(hashlib.sha256(line["audio"].read_bytes()).hexdigest() == line["sha256"], line["audio"])
    print(f"hashes, NeMo: {len(lines)} utterances, {index['durationMs']} ms")
    tools = {
        "nemo": lambda split: splits[split] and check_nemo(version / f"{split}.jsonl", splits[split]),
        "lhotse": lambda split: check_lhotse(version / "lhotse" / f"cuts_{split}.jsonl.gz", splits[split]),
        "datasets": lambda split: splits[split] and check_huggingface(version / "huggingface" / split, splits[split]),
        "kaldiio": lambda split: splits[split] and check_kaldiio(version / "kaldi" / split, splits[split]),
    }
    for split in SPLITS:
        check_kaldi(version / "kaldi" / split, splits[split])
        cuts = gzip.decompress((version / "lhotse" / f"cuts_{split}.jsonl.gz").read_bytes()).splitlines()
        expect(len(cuts) == len(splits[split]), f"the cuts of {split}")
    print("Kaldi: sorted, unique, inverse")
    for name, check in tools.items():
        if importlib.util.find_spec(name) is None:
            print(f"{name}: left out, it is not installed")
        elif name == "kaldiio" and shutil.which("flac") is None:
            print(f"{name}: left out, wav.scp needs the program flac")
        else:
            for split in SPLITS:
                check(split)
            print(f"{name}: loaded")


main()
