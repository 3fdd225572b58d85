"""Writes `public/models/catalogue.json`: what each model is, and the length and hash of its files.

    python3 training/catalogue.py

To be run after any file of a model has changed. The schema is in `lib/models/catalogue.ts`.

The known clip was made with `flite -voice slt` from the sentence in `CLIP_TEXT`; the reference
search gives exactly this text on the fp32 and on the int8 network. A backend that computes wrongly
gives no words at all, or others, so one word of five may differ before it is called wrong.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

MODELS = Path(__file__).resolve().parent.parent / "public" / "models"
CLIP_TEXT = (
    "she opened the door of the house and found that the whole family was waiting for her in "
    "the garden"
)


def entry(path: str) -> dict[str, object]:
    """Path, length and SHA-256 of one file."""
    data = (MODELS / path).read_bytes()
    return {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def ctc_backend(folder: str, network: str, precision: str) -> dict[str, object]:
    """What one backend loads of a model of the CTC family."""
    return {
        "precision": precision,
        "files": {
            "network": entry(f"{folder}/{network}"),
            "vocabulary": entry(f"{folder}/vocab.json"),
            "languageModel": entry(f"{folder}/lm.bin"),
        },
    }


def ai2text_en() -> dict[str, object]:
    """The model that ships with the app."""
    folder = "ai2text-en"
    return {
        "id": folder,
        "family": "ctc",
        "name": "AI2Text English (starter)",
        "description": (
            "A rough starter, trained on ten hours of real speech: it gets about one word in "
            "three wrong on clear read English (33 % on 217 LibriSpeech recordings of four "
            "unseen speakers) and more than half of the words on accented speech. It knows "
            "30,000 words and writes no punctuation and no names."
        ),
        "languages": ["en"],
        "licence": "CC-BY-SA-4.0",
        "credits": [
            "LibriSpeech (CC BY 4.0)",
            "speechocean762 (CC BY 4.0)",
            "Free Spoken Digit Dataset (CC BY-SA 4.0)",
            "Kathleen by rhasspy (CC0)",
            "LJ Speech (public domain)",
            "Moonshine test recordings (MIT)",
            "CMU Pronouncing Dictionary (BSD-2-Clause)",
            "Common Voice sentences (CC0)",
        ],
        "backends": {
            "wasm": ctc_backend(folder, "model.int8.onnx", "int8"),
            "webgpu": ctc_backend(folder, "model.onnx", "fp32"),
        },
        "search": {
            "beam": 200,
            "beamMargin": 20,
            "entryMargin": 1,
            "phonesPerFrame": 10,
            "unitMargin": 9,
            "weight": 0.9,
            "wordBonus": -1.5,
            "blankPenalty": 2,
            "unfinishedWordScore": -6,
            "hotBonus": 3.5,
            "newWordScore": -11,
        },
        "knownClip": {
            **entry(f"{folder}/known-clip.wav"),
            "text": CLIP_TEXT,
            "maxWordErrorRate": 0.2,
        },
    }


def main() -> None:
    catalogue = {"version": 1, "models": [ai2text_en()]}
    text = json.dumps(catalogue, indent=2, ensure_ascii=False) + "\n"
    (MODELS / "catalogue.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
