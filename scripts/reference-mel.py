"""Golden numbers for lib/engine/audio/features, from PyTorch's STFT and dense matrices in float64.

Needs numpy and torch:  python3 scripts/reference-mel.py > lib/engine/audio/features/fixtures/golden-mel.json
"""

import json
import wave
from pathlib import Path

import numpy as np
import torch

CLIP = Path(__file__).parent.parent / "public/models/ai2text-en/known-clip.wav"
RATE_HZ = 16_000
VALUES_PER_CASE = 32
# primes, so that the values looked at lie in all bands and all over the time
BAND_STEP = 37
FRAME_STEP = 101


def speech():
    with wave.open(str(CLIP)) as clip:
        return np.frombuffer(clip.readframes(clip.getnframes()), "<i2") / 32768


def noise(samples):
    """Uniform in [-0.5, 0.5): the generator of Numerical Recipes, which the test has too."""
    state, out = 1, np.empty(samples)
    for at in range(samples):
        state = (1_664_525 * state + 1_013_904_223) % 2**32
        out[at] = state / 2**32 - 0.5
    return out.astype(np.float32).astype(np.float64)


def click(samples):
    out = np.zeros(samples)
    out[-1] = 1
    return out


def filters(bands, fft):
    """Slaney's mel scale and area normalisation, [bands, fft / 2 + 1]."""
    knee = 15.0

    def hz(mel):
        return np.where(mel < knee, mel * 200 / 3, 1000 * np.exp((mel - knee) * np.log(6.4) / 27))

    top = knee + np.log(8) / (np.log(6.4) / 27)
    edges = hz(np.linspace(0, top, bands + 2))
    bins = np.linspace(0, RATE_HZ / 2, fft // 2 + 1)
    rising = (bins[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins[None]) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]


def power(signal, fft, window, pad_mode):
    spectrum = torch.stft(
        torch.from_numpy(signal), fft, 160, 400, window, pad_mode=pad_mode, return_complex=True
    )
    return spectrum.abs().numpy() ** 2


def whisper(signal, bands):
    padded = np.zeros(30 * RATE_HZ)
    padded[: len(signal)] = signal
    window = torch.hann_window(400, periodic=True, dtype=torch.float64)
    energies = filters(bands, 400) @ power(padded, 400, window, "reflect")[:, :-1]
    logs = np.log10(np.maximum(energies, 1e-10))
    return (np.maximum(logs, logs.max() - 8) + 4) / 4


def nemo(signal, bands):
    frames = len(signal) // 160
    emphasised = np.concatenate([signal[:1], signal[1:] - 0.97 * signal[:-1]])
    window = torch.hann_window(400, periodic=False, dtype=torch.float64)
    logs = np.log(filters(bands, 512) @ power(emphasised, 512, window, "constant") + 2**-24)
    logs = logs[:, :frames]
    deviation = logs.std(axis=1, ddof=1, keepdims=True)
    return (logs - logs.mean(axis=1, keepdims=True)) / (deviation + 1e-5)


def case(front_end, bands, name, signal):
    features = front_end(signal, bands)
    # where there is sound: the first frames, or of the click the last ones
    first, last = (2990, 3000) if name == "click" else (0, len(signal) // 160)
    values = []
    for at in range(VALUES_PER_CASE):
        band, frame = at * BAND_STEP % bands, first + at * FRAME_STEP % (last - first)
        values.append([band, frame, round(float(features[band, frame]), 7)])
    return {
        "frontEnd": front_end.__name__,
        "bands": bands,
        "signal": name,
        "frames": features.shape[1],
        "values": values,
    }


def main():
    signals = [("speech", speech()), ("noise", noise(16_037)), ("click", click(480_000))]
    cases = [
        case(front_end, bands, name, signal)
        for front_end in (whisper, nemo)
        for bands in (80, 128)
        for name, signal in signals
    ]
    print(json.dumps(cases))


if __name__ == "__main__":
    main()
