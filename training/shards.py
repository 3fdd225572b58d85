"""Shards: many utterances in one file, Opus-coded, with their words and phones.

A shard is `AI2T-SHARD-1\\n`, the length of its header (uint64, little-endian), the header (JSON,
deflated: one object for each utterance) and the utterances' packets, each behind its length
(uint16). Coding is by the system's libopus through ctypes, so that a bare GPU machine needs
nothing but that one library; LIBOPUS names its file where it is not installed.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from network import SAMPLE_RATE_HZ

Pcm = NDArray[np.int16]

MAGIC = b"AI2T-SHARD-1\n"
PACKET_SAMPLES = 960  # 60 ms
LARGEST_PACKET_SAMPLES = 5760
LARGEST_PACKET_BYTES = 4000
PREFIX_BYTES = 64  # before the header, with what deflating may add to it
ENTRY_BYTES = 48  # of offset and size in an utterance's line of the header
VOICE, BITRATE, COMPLEXITY, LOOKAHEAD = 2048, 4002, 4010, 4027  # libopus's numbers


class Entry(TypedDict):
    """One utterance: `phones` is a line of them, `skip` the coder's delay in samples."""

    text: str
    phones: str
    speaker: str
    source: str
    samples: int
    skip: int


@cache
def _library() -> ctypes.CDLL:
    name = os.environ.get("LIBOPUS") or ctypes.util.find_library("opus") or "libopus.so.0"
    library = ctypes.CDLL(name)
    pointer, number = ctypes.c_void_p, ctypes.c_int
    library.opus_encoder_create.restype = pointer
    library.opus_decoder_create.restype = pointer
    library.opus_encode.argtypes = [pointer, pointer, number, pointer, ctypes.c_int32]
    library.opus_decode.argtypes = [
        pointer, ctypes.c_char_p, ctypes.c_int32, pointer, number, number,
    ]  # fmt: skip
    library.opus_encoder_destroy.argtypes = [pointer]
    library.opus_decoder_destroy.argtypes = [pointer]
    return library


def opus_encode(pcm: NDArray[np.float32], bitrate: int) -> tuple[bytes, int]:
    """Packets of PCM in [-1, 1] at 16 kHz, and the coder's delay in samples."""
    library, failed = _library(), ctypes.c_int(0)
    coder = ctypes.c_void_p(
        library.opus_encoder_create(SAMPLE_RATE_HZ, 1, VOICE, ctypes.byref(failed))
    )
    library.opus_encoder_ctl(coder, BITRATE, ctypes.c_int(bitrate))
    library.opus_encoder_ctl(coder, COMPLEXITY, ctypes.c_int(3))
    delay = ctypes.c_int(0)
    library.opus_encoder_ctl(coder, LOOKAHEAD, ctypes.byref(delay))
    wave = np.clip(pcm * 32767.0, -32768, 32767).astype(np.int16)
    wave = np.pad(wave, (0, -(len(wave) + delay.value) % PACKET_SAMPLES + delay.value))
    buffer = ctypes.create_string_buffer(LARGEST_PACKET_BYTES)
    packets = []
    for start in range(0, len(wave), PACKET_SAMPLES):
        part = np.ascontiguousarray(wave[start : start + PACKET_SAMPLES])
        size = library.opus_encode(
            coder, part.ctypes.data, PACKET_SAMPLES, buffer, LARGEST_PACKET_BYTES
        )
        if size < 0:
            raise RuntimeError(f"libopus could not encode: error {size}")
        packets.append(struct.pack("<H", size) + buffer.raw[:size])
    library.opus_encoder_destroy(coder)
    return b"".join(packets), delay.value


def opus_decode(packets: bytes, samples: int, skip: int) -> Pcm:
    """The PCM of `opus_encode`'s packets, its delay taken off."""
    library, failed = _library(), ctypes.c_int(0)
    coder = ctypes.c_void_p(
        library.opus_decoder_create(SAMPLE_RATE_HZ, 1, ctypes.byref(failed))
    )
    wave = np.zeros(LARGEST_PACKET_SAMPLES, np.int16)
    parts: list[Pcm] = []
    at = 0
    while at < len(packets):
        (size,) = struct.unpack_from("<H", packets, at)
        packet = packets[at + 2 : at + 2 + size]
        at += 2 + size
        count = library.opus_decode(
            coder, packet, size, wave.ctypes.data, LARGEST_PACKET_SAMPLES, 0
        )
        if count < 0:
            raise RuntimeError(f"libopus could not decode: error {count}")
        parts.append(wave[:count].copy())
    library.opus_decoder_destroy(coder)
    return np.concatenate(parts)[skip : skip + samples]


class ShardWriter:
    """Packs utterances into PREFIX-000.shard, PREFIX-001.shard, ... of at most `limit` bytes.

    An utterance that is larger than that has a shard of its own.
    """

    def __init__(self, prefix: str, limit: int = 28 << 20, bitrate: int = 20_000) -> None:
        self.prefix, self.limit, self.bitrate = prefix, limit, bitrate
        self.paths: list[Path] = []
        self._entries: list[dict[str, object]] = []
        self._packets: list[bytes] = []
        self._size = 0
        self._described = PREFIX_BYTES  # of the header, deflated or not

    def add(
        self, pcm: NDArray[np.float32], text: str, phones: str, speaker: str, source: str
    ) -> None:
        """One utterance: PCM in [-1, 1] at 16 kHz, its normalised text and its phones."""
        packets, skip = opus_encode(pcm, self.bitrate)
        entry = Entry(
            text=text, phones=phones, speaker=speaker, source=source, samples=len(pcm), skip=skip
        )
        self.add_packets(packets, entry)

    def add_packets(self, packets: bytes, entry: Entry) -> None:
        """One utterance as another shard holds it."""
        described = len(json.dumps(entry)) + ENTRY_BYTES
        if self._size + self._described + len(packets) + described > self.limit:
            self.flush()
        self._entries.append({**entry, "offset": self._size, "size": len(packets)})
        self._packets.append(packets)
        self._size += len(packets)
        self._described += described

    def flush(self) -> None:
        """Writes what has been added since the last file; call it at the end."""
        if not self._entries:
            return
        header = zlib.compress(json.dumps(self._entries).encode(), 9)
        path = Path(f"{self.prefix}-{len(self.paths):03d}.shard")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(MAGIC + struct.pack("<Q", len(header)) + header)
            file.writelines(self._packets)
        self.paths.append(path)
        self._entries, self._packets, self._size = [], [], 0
        self._described = PREFIX_BYTES


def read_packets(path: Path) -> Iterator[tuple[Entry, bytes]]:
    """Every utterance of a shard with its packets.

    Raises ValueError on another kind of file and on one that is cut short.
    """
    data = path.read_bytes()
    if not data.startswith(MAGIC):
        raise ValueError(f"not a shard: {path}")
    start = len(MAGIC) + 8
    length = int.from_bytes(data[len(MAGIC) : start], "little")
    if start + length > len(data):
        raise ValueError(f"cut short: {path}")
    for row in json.loads(zlib.decompress(data[start : start + length])):
        offset, size = start + length + row.pop("offset"), row.pop("size")
        if offset + size > len(data):  # libopus would read beyond the end
            raise ValueError(f"cut short: {path}")
        yield row, data[offset : offset + size]


def read_shard(path: Path) -> Iterator[tuple[Entry, Pcm]]:
    """Every utterance of a shard with its PCM."""
    for entry, packets in read_packets(path):
        yield entry, opus_decode(packets, entry["samples"], entry["skip"])
