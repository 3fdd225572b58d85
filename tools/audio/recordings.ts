// Recordings for tools that measure, by the system's ffmpeg.
import { execFileSync } from 'node:child_process';

/** Samples of a recording, 16 kHz mono. */
export function readRecording(path: string): Float32Array<ArrayBuffer> {
  const args = ['-v', 'error', '-i', path, '-ar', '16000', '-ac', '1', '-f', 'f32le', 'pipe:1'];
  const bytes = execFileSync('ffmpeg', args, { maxBuffer: 2 ** 30 });
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
