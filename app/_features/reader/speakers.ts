import type { Speaker } from '@/lib/transcript';

/** How a speaker is shown: by name, colour and shape, so that nobody has to tell colours apart. */
export interface ShownSpeaker {
  id: string;
  name: string;
  /** 1 to 8: `--speaker-1` to `--speaker-8`. */
  colour: number;
  shape: string;
  /** The key that chooses this speaker, with Alt; `null` after the ninth. */
  key: number | null;
}

const SHAPES = ['●', '■', '▲', '◆', '★', '⬟', '✚', '⬢'] as const;

/** How the speakers of a transcript are shown, by id. */
export function shownSpeakers(speakers: readonly Speaker[]): Map<string, ShownSpeaker> {
  return new Map(
    speakers.map(({ id, name }, at) => [
      id,
      {
        id,
        name,
        colour: (at % SHAPES.length) + 1,
        shape: SHAPES[at % SHAPES.length] ?? SHAPES[0],
        key: at < 9 ? at + 1 : null,
      },
    ]),
  );
}
