/** How a vocabulary writes bytes: a letter for each (GPT-2), or `<0x0A>` where no token fits. */
export type ByteForm = 'byte-level' | 'byte-fallback';

/** A part of a token that is kept or left out as a whole; `byte` is `null` for plain text. */
interface Unit {
  token: number;
  text: string;
  byte: number | null;
}

const FALLBACK_BYTE = /^<0x([0-9A-F]{2})>$/i;

/** Bytes that GPT-2's vocabulary writes as the Latin-1 character of the same number. */
const PLAIN_RANGES = [
  [33, 126],
  [161, 172],
  [174, 255],
] as const;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Leaves out of tokens those bytes that make no character: a decoder would write U+FFFD for them,
 * though the model meant none. A U+FFFD that the model wrote has bytes of its own and stays.
 * @param isLiteral true for tokens that are text as they stand
 * @returns tokens without those bytes; empty ones are left out
 */
export function withoutBrokenCharacters(
  tokens: readonly string[],
  form: ByteForm,
  isLiteral: (token: string) => boolean,
): string[] {
  const units = tokens.flatMap((text, token): Unit[] => {
    if (isLiteral(text)) return [{ token, text, byte: null }];
    if (form === 'byte-level')
      return Array.from(text, (letter) => ({
        token,
        text: letter,
        byte: BYTE_OF.get(letter) ?? null,
      }));
    const hex = FALLBACK_BYTE.exec(text)?.[1];
    return [{ token, text, byte: hex === undefined ? null : Number.parseInt(hex, 16) }];
  });
  const kept = tokens.map(() => '');
  for (let at = 0; at < units.length; ) {
    const length = soundLength(units, at);
    for (const { token, text } of units.slice(at, at + length)) kept[token] += text;
    at += Math.max(1, length);
  }
  return kept.filter((text) => text !== '');
}

/** Units of the character that begins at `at`; 0 when its bytes make none. */
function soundLength(units: readonly Unit[], at: number): number {
  const lead = units[at]?.byte ?? null;
  if (lead === null) return 1;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const bytes = Uint8Array.from(units.slice(at, at + length), ({ byte }) => byte ?? 0);
  const again = encoder.encode(utf8.decode(bytes));
  const isSound = bytes.length === length && again.every((byte, index) => byte === bytes[index]);
  return isSound && again.length === length ? length : 0;
}

/** The byte that each letter of a byte-level vocabulary stands for (Radford et al. 2019). */
const BYTE_OF = new Map<string, number>();
let unnamed = 256;
for (let byte = 0; byte < 256; byte++) {
  const isPlain = PLAIN_RANGES.some(([first, last]) => byte >= first && byte <= last);
  BYTE_OF.set(String.fromCharCode(isPlain ? byte : unnamed++), byte);
}
