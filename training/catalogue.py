"""Writes the built-in models of the catalogue into `tools/catalogue/built-in-models.json`: what they are, and
the length and hash of their files. The second command writes `public/models/catalogue.json` from it.

    python3 training/catalogue.py
    node tools/run.mjs tools/catalogue/write.ts

To be run after any file of a model has changed. The schema is in `lib/catalogue/catalogue.ts`.

The known clip is a sentence of CMU Arctic, read by Kathleen (CC0); the reference search gives exactly
`CLIP_TEXT` on both networks. A backend that computes wrongly gives no words at all, or others, so
one word of five may differ before it is called wrong.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "public" / "models"
BUILT_IN = ROOT / "tools" / "catalogue" / "built-in-models.json"
BCP_47 = {"jw": "jv"}  # Whisper's own code for Javanese
DESCRIPTION = (
    "Writes capitals, punctuation and figures. Best in English, which it was tuned on; it knows the other "
    "98 languages of Whisper as well, most of them less well than larger models do."
)
CLIP_TEXT = "he stopped and philip nodded at the horrified question in his eyes"


def entry(path: str) -> dict[str, object]:
    """Path, length and SHA-256 of one file."""
    data = (MODELS / path).read_bytes()
    return {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def below(folder: str, path: str) -> dict[str, object]:
    """The same, with the path below the model's folder."""
    return {**entry(f"{folder}/{path}"), "path": path}


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
        "name": "Draft",
        "description": (
            "Small and quick, for slow devices and for the first words. Trained on 23 hours of "
            "real speech, it gets about one word in four wrong on clear read English (27 % on 217 "
            "LibriSpeech recordings of four unseen speakers) and more than half of the words on "
            "accented speech. It knows 60,000 words, many names among them, and writes no "
            "punctuation."
        ),
        "languages": ["en"],
        "licence": "CC-BY-4.0",
        "credits": [
            "LibriSpeech (CC BY 4.0)",
            "speechocean762 (CC BY 4.0)",
            "Common Voice (CC0)",
            "VCTK (CC BY 4.0)",
            "Kathleen by rhasspy (CC0)",
            "LJ Speech (public domain)",
            "AN4, © 1991 Carnegie Mellon University (free for any use)",
            "Moonshine test recordings (MIT)",
            "voice2json example recordings (MIT)",
            "CMU Pronouncing Dictionary (BSD-2-Clause)",
            "Texts: public-domain books, OpenStax (CC BY 4.0), ELTeC (CC BY 4.0), Self-dialogue "
            "Corpus (BSD-3-Clause), CLINC150, PolyAI, NLU-Evaluation-Data and Taskmaster-3 (CC BY)",
        ],
        "backends": {
            "wasm": ctc_backend(folder, "model.int8.onnx", "int8"),
            "webgpu": ctc_backend(folder, "model.onnx", "fp32"),
        },
        "search": {
            "beam": 200,
            "beamMargin": 14,
            "entryMargin": 0.5,
            "phonesPerFrame": 10,
            "unitMargin": 6.5,
            "weight": 0.8,
            "wordBonus": -1,
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


def ai2text_base() -> dict[str, object]:
    """Whisper base, fine-tuned: served by the app itself, so it has no repository."""
    folder = "ai2text-base"
    files = {
        "encoder": "onnx/encoder_model_quantized.onnx",
        "decoder": "onnx/decoder_model_merged_quantized.onnx",
        "tokenizer": "tokenizer.json",
        "config": "config.json",
        "generation": "generation_config.json",
    }
    by_role = {role: below(folder, path) for role, path in files.items()}
    languages = json.loads((MODELS / folder / "generation_config.json").read_text())["lang_to_id"]
    return {
        "id": folder,
        "family": "whisper",
        "name": "Base",
        "description": DESCRIPTION,
        "languages": [BCP_47.get(code, code) for code in (name[2:-2] for name in languages)],
        "licence": "MIT",
        "credits": [
            "Whisper base by OpenAI (MIT)",
            "LibriSpeech (CC BY 4.0)",
            "speechocean762 (free for any use)",
            "Kathleen by rhasspy (CC0)",
            "LJ Speech (public domain)",
            "Moonshine test recordings (MIT)",
        ],
        "repository": "",
        "revision": "main",
        "scores": [],
        "backends": {
            "wasm": {
                "precision": "int8",
                "files": by_role,
                "approximateBytes": sum(int(str(file["bytes"])) for file in by_role.values()),
                "needs": [],
                # lib/engine/families/whisper/built-in.test.ts holds the app's kernels to the decoder's graph
                "checked": True,
            },
            "webgpu": None,
        },
    }


def main() -> None:
    text = json.dumps([ai2text_en(), ai2text_base()], indent=2, ensure_ascii=False) + "\n"
    BUILT_IN.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
