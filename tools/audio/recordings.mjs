// Recordings for the measuring scripts, by the system's ffmpeg.
import { execFileSync } from 'node:child_process';

/** Samples of a recording, 16 kHz mono. @param {string} path @returns {Float32Array} */
export function readRecording(path) {
  const args = ['-v', 'error', '-i', path, '-ar', '16000', '-ac', '1', '-f', 'f32le', 'pipe:1'];
  const bytes = execFileSync('ffmpeg', args, { maxBuffer: 2 ** 30 });
  return new Float32Array(Uint8Array.from(bytes).buffer);
}
