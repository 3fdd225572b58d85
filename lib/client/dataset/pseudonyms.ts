import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { getSetting, setSetting, type TranscriptRecord } from '@/lib/client/store';

/** Names that say nothing of what they name. */
export interface Pseudonyms {
  recording: string;
  speakerOf(speakerId: string | null): string;
}

/** What distinguishes a recording and its speakers from others. */
export type NamedRecording = Pick<TranscriptRecord, 'source' | 'durationMs' | 'speakers'>;

/**
 * Pseudonyms of a recording and its speakers: a recording that is transcribed again has the same one, and
 * so has a speaker who is named the same in several recordings. Names that end in a number stand for
 * somebody in one recording.
 * @param key secret, of this library, in hexadecimal: without it nobody can try names out
 */
export function pseudonymsOf(
  { source, durationMs, speakers }: NamedRecording,
  key: string,
): Pseudonyms {
  const named = (...parts: (string | number)[]) =>
    bytesToHex(hmac(sha256, hexToBytes(key), utf8ToBytes(JSON.stringify(parts)))).slice(0, 32);
  const recording = named('recording', source.name, source.sizeBytes, durationMs);
  return {
    recording,
    speakerOf(speakerId) {
      const name = speakers?.find(({ id }) => id === speakerId)?.name.trim();
      return name === undefined || /\d$/.test(name)
        ? named('speaker', recording, name ?? '')
        : named('speaker', name.toLowerCase());
    },
  };
}

/** The secret of this library, made when it is first asked for. */
export async function pseudonymKey(): Promise<string> {
  const known = await getSetting('pseudonymKey');
  if (known) return known;
  const made = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  await setSetting('pseudonymKey', made);
  return made;
}
