"""References as Whisper writes them: its capitals, punctuation and figures, every word of the reference.

    python3 training/whisper_references.py --model openai/whisper-base --out data/texts.json data/*.shard

Utterances of a speaker are joined to windows of up to 29 s, and Whisper writes them, greedily. Where both
say the same its rendering stands; where they differ the reference's words do, in small letters, with
the punctuation that Whisper put there. Windows that differ in more than 60 % of the words are left out:
the reference is then likely to belong to something else. `whisper_speech.py` reads the file.

Needs torch, transformers, libopus.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

SAMPLE_RATE_HZ = 16_000
GAP_SAMPLES = 3 * SAMPLE_RATE_HZ // 10
WINDOW_SECONDS, ROOM_SECONDS = 30, 29
MOST_DIFFERENT = 0.6
BATCH = 8
TITLES = {"missus": "mrs", "mister": "mr", "doctor": "dr", "saint": "st"}
FIRST_PERSON = {"i": "I", "i'm": "I'm", "i'll": "I'll", "i've": "I've", "i'd": "I'd"}
_PUNCTUATION = re.compile(r"[.,?!;:]+$")
_SENTENCE_END = re.compile(r"[.?!][\"”’]?$")


def _key(word: str) -> str:
    return re.sub(r"[^a-z0-9']", "", word.lower().replace("’", "'"))


def merge(
    references: Sequence[str], written: str, normalise: Callable[[str], str]
) -> tuple[list[str], float]:
    """The references' words in the rendering of one text over all of them, and the share that differs.

    normalise -- makes figures and words alike, so that "1899" can stand for its words
    """
    words = [(word, at) for at, text in enumerate(references) for word in text.split()]
    found = written.split()
    keys = [TITLES.get(_key(word), _key(word)) for word, _ in words]
    texts: list[list[str]] = [[] for _ in references]
    different = 0
    matcher = difflib.SequenceMatcher(None, keys, [_key(word) for word in found], autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if i1 == i2:
            continue
        mine, theirs = words[i1:i2], found[j1:j2]
        first, last = mine[0][1], mine[-1][1]
        if kind == "equal":
            for (_, at), word in zip(mine, theirs):
                texts[at].append(word)
        elif first == last and _same(mine, theirs, normalise):
            texts[first].extend(theirs)
        else:
            different += len(mine)
            begins = not texts[first] or (j1 > 0 and bool(_SENTENCE_END.search(found[j1 - 1])))
            for (_, at), word in zip(mine, _kept([word for word, _ in mine], theirs, begins)):
                texts[at].append(word)
    return [" ".join(text) for text in texts], different / max(1, len(words))


def _same(
    mine: Sequence[tuple[str, int]], theirs: Sequence[str], normalise: Callable[[str], str]
) -> bool:
    return bool(theirs) and normalise(" ".join(theirs)) == normalise(
        " ".join(word for word, _ in mine)
    )


def _kept(mine: Sequence[str], theirs: Sequence[str], begins: bool) -> list[str]:
    """The reference's words where something else was written, as that begins and ends."""
    kept = [FIRST_PERSON.get(word, word) for word in mine]
    if theirs:
        if begins and theirs[0][:1].isupper() and not theirs[0].isupper():
            kept[0] = kept[0][:1].upper() + kept[0][1:]
        if tail := _PUNCTUATION.search(theirs[-1]):
            kept[-1] += tail.group()
    return kept


def grouped(samples: Sequence[int], speakers: Sequence[str]) -> Iterator[list[int]]:
    """Indices of utterances that fit into one window, in order, a speaker at a time."""
    group: list[int] = []
    size = 0
    for at, length in enumerate(samples):
        is_other = bool(group) and speakers[group[-1]] != speakers[at]
        if is_other or (group and size + length > ROOM_SECONDS * SAMPLE_RATE_HZ):
            yield group
            group, size = [], 0
        group.append(at)
        size += length + GAP_SAMPLES
    if group:
        yield group


def main() -> None:
    # what only writing needs: `merge` is used without
    import numpy as np
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer, WhisperForConditionalGeneration
    from transformers.models.whisper.english_normalizer import EnglishTextNormalizer

    from shards import read_shard
    from whisper_network import greedy, log_mel, padded
    from whisper_windows import Marks

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shards", nargs="+", type=Path)
    parser.add_argument("--model", default="openai/whisper-base")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model = WhisperForConditionalGeneration.from_pretrained(args.model).eval()
    tokenizer: Tokenizer = AutoTokenizer.from_pretrained(args.model).backend_tokenizer
    marks = Marks.of(tokenizer.token_to_id)
    normalise = EnglishTextNormalizer({})
    gap = np.zeros(GAP_SAMPLES, np.float32)
    texts: dict[str, str] = {}
    for path in args.shards:
        rows = list(read_shard(path))
        groups = list(
            grouped([len(pcm) for _, pcm in rows], [entry["speaker"] for entry, _ in rows])
        )
        for begin in range(0, len(groups), BATCH):
            batch = groups[begin : begin + BATCH]
            waves = [
                np.concatenate([part for at in group for part in (rows[at][1] / 32768.0, gap)])
                for group in batch
            ]
            sound = torch.from_numpy(padded(waves, WINDOW_SECONDS * SAMPLE_RATE_HZ))
            with torch.autocast("cpu", torch.bfloat16):
                written = greedy(model, log_mel(sound), marks)
            for group, ids in zip(batch, written):
                references = [rows[at][0]["text"] for at in group]
                merged, different = merge(references, tokenizer.decode(ids), normalise)
                if different <= MOST_DIFFERENT:
                    texts.update((f"{path.stem}:{at}", text) for at, text in zip(group, merged))
        print(f"{path.name}: {len(rows)} utterances, {len(texts)} texts so far", flush=True)
    args.out.write_text(json.dumps(texts, ensure_ascii=False))


if __name__ == "__main__":
    main()
