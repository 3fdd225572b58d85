#!/usr/bin/env bash
# Makes the speech files of the tests: e2e/fixtures/audio. Their contents are committed; this is
# how they were made. Needs flite 2.2, espeak-ng 1.51 and ffmpeg 5.1.
set -euo pipefail
cd "$(dirname "$0")/../../e2e/fixtures/audio"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
encode() { ffmpeg -nostdin -v error -y "$@"; }

# One voice, with pauses between the sentences.
sentences=(
  "The weather office said that heavy rain would reach the coast before noon."
  "Most of the boats had already come home."
  "Nobody on the pier was in a hurry to leave."
)
: > "$work/list"
for i in "${!sentences[@]}"; do
  flite -voice slt -t "${sentences[$i]}" -o "$work/$i.wav"
  encode -i "$work/$i.wav" -af "adelay=400,apad=pad_dur=0.5" "$work/padded$i.wav"
  echo "file '$work/padded$i.wav'" >> "$work/list"
done
printf '%s\n' "${sentences[@]}" > speech.txt
encode -f concat -safe 0 -i "$work/list" -ar 16000 -ac 1 -bitexact speech.wav

# 48 and 44.1 kHz stereo, as recordings come
encode -i speech.wav -ar 44100 -ac 2 "$work/44.wav"
encode -i speech.wav -ar 48000 -ac 2 "$work/48.wav"

plain=(-map_metadata -1 -bitexact)
encode -i "$work/44.wav" -c:a libmp3lame -b:a 48k "${plain[@]}" -write_xing 1 speech-cbr.mp3
encode -i "$work/44.wav" -ac 1 -c:a libmp3lame -q:a 7 "${plain[@]}" -write_xing 1 speech-vbr.mp3
encode -i "$work/44.wav" -c:a aac -b:a 64k "${plain[@]}" -movflags +faststart speech.m4a
encode -i "$work/44.wav" -c:a aac -b:a 48k "${plain[@]}" -f adts speech.aac
encode -i "$work/44.wav" -ac 1 -c:a aac -b:a 32k "${plain[@]}" -f mpegts speech.mpegts
encode -i "$work/48.wav" -ac 1 -c:a libopus -b:a 24k "${plain[@]}" speech-opus.ogg
encode -i "$work/44.wav" -c:a libvorbis -q:a 0 "${plain[@]}" speech-vorbis.ogg
encode -i speech.wav -ac 1 -c:a flac -compression_level 12 "${plain[@]}" speech.flac
encode -i "$work/48.wav" -ac 1 -c:a libopus -b:a 24k "${plain[@]}" speech.webm
encode -i speech.wav -ar 8000 -c:a alac "${plain[@]}" speech-alac.m4a
encode -i speech.wav -ar 8000 -c:a pcm_s16be "${plain[@]}" speech.aiff
encode -i speech.wav -ar 44100 -c:a wmav2 -b:a 32k "${plain[@]}" speech.wma

video=(-f lavfi -i "testsrc=size=64x48:rate=5:duration=12")
h264=(-c:v libx264 -preset veryslow -crf 40 -pix_fmt yuv420p)
encode -i "$work/44.wav" "${video[@]}" -map 1:v -map 0:a -shortest "${h264[@]}" -c:a aac -b:a 48k \
  "${plain[@]}" speech.mp4
encode -i "$work/48.wav" "${video[@]}" -map 1:v -map 0:a -shortest "${h264[@]}" -ac 1 -c:a ac3 -b:a 48k \
  "${plain[@]}" speech-ac3.mkv
encode -i "$work/44.wav" "${video[@]}" -map 1:v -map 0:a -shortest -c:v mpeg4 -q:v 31 \
  -c:a libmp3lame -b:a 32k "${plain[@]}" speech.avi
encode "${video[@]}" -t 2 "${h264[@]}" "${plain[@]}" video-only.mp4

# another voice, for tests that need two different recordings
espeak-ng -v en-us -s 150 -w "$work/second.wav" \
  "Please send the report to the library on Monday morning."
echo "Please send the report to the library on Monday morning." > second.txt
encode -i "$work/second.wav" -ar 16000 -ac 1 -c:a libmp3lame -b:a 32k "${plain[@]}" second.mp3
# a broadcast whose sound begins 1.2 s behind its picture
encode -f lavfi -i "testsrc=size=64x48:rate=10:duration=6" -itsoffset 1.2 -i second.mp3 -map 0:v -map 1:a \
  -c:v mpeg2video -q:v 31 -c:a mp2 -ar 44100 -ac 1 -b:a 32k "${plain[@]}" -f mpegts second-late.mpegts
