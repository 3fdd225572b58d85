// The rules that keep Whisper from inventing, and what in their source switches each off.
const WHISPER = 'lib/engine/families/whisper';

/** A rule, and how it is switched off. */
export interface Rule {
  name: string;
  /** Sound is given to the model as it is: there is no VAD. */
  everywhere?: boolean;
  /** The tokens that a window gets depend on it, whatever becomes of them. */
  search?: boolean;
  /** In the source, each there once. */
  changes?: readonly [file: string, from: string, to: string][];
}

/** All rules; the first switches nothing off. */
export const RULES: readonly Rule[] = [
  { name: 'none' },
  { name: 'only speech is heard (VAD)', everywhere: true },
  {
    name: 'silence is not heard',
    changes: [[`${WHISPER}/windows.ts`, 'SILENCE_LEVEL = 1e-4', 'SILENCE_LEVEL = 0']],
  },
  {
    name: 'no-speech probability',
    changes: [[`${WHISPER}/quality.ts`, 'MAX_NO_SPEECH = 0.6', 'MAX_NO_SPEECH = Infinity']],
  },
  {
    name: 'log-probability',
    changes: [
      [`${WHISPER}/quality.ts`, 'MIN_AVERAGE_LOG_PROB = -1', 'MIN_AVERAGE_LOG_PROB = -Infinity'],
    ],
  },
  {
    name: 'compression ratio',
    changes: [
      [`${WHISPER}/quality.ts`, 'MAX_COMPRESSION_RATIO = 2.4', 'MAX_COMPRESSION_RATIO = Infinity'],
    ],
  },
  {
    name: 'other temperatures',
    changes: [
      [`${WHISPER}/decode.ts`, 'TEMPERATURES = [0, 0.2, 0.4, 0.6, 0.8, 1]', 'TEMPERATURES = [0]'],
    ],
  },
  {
    name: 'several hypotheses',
    search: true,
    changes: [[`${WHISPER}/decode.ts`, 'BEAM_WIDTH = 3', 'BEAM_WIDTH = 1']],
  },
  {
    name: 'repetition that can be said',
    changes: [[`${WHISPER}/quality.ts`, 'SURE_LOG_PROB = -0.5', 'SURE_LOG_PROB = Infinity']],
  },
  {
    name: 'loops are cut',
    search: true,
    changes: [
      [`${WHISPER}/quality.ts`, 'MIN_REPEATS = 8', 'MIN_REPEATS = Infinity'],
      [`${WHISPER}/quality.ts`, 'MIN_LONG_REPEATS = 3', 'MIN_LONG_REPEATS = Infinity'],
    ],
  },
  {
    name: 'the least bad text, not the last',
    changes: [[`${WHISPER}/decode.ts`, 'bestOfBad(attempts[row] ?? [])', 'attempts[row]?.at(-1)']],
  },
  {
    name: 'no words outside speech',
    changes: [[`${WHISPER}/spans.ts`, 'TOLERANCE_SAMPLES = 3200', 'TOLERANCE_SAMPLES = Infinity']],
  },
  {
    name: 'text with times',
    search: true,
    changes: [
      [`${WHISPER}/model.ts`, 'task: run.task, times: true', 'task: run.task, times: false'],
      [`${WHISPER}/rules.ts`, 'timestamps: {', 'timestamps: null && {'],
    ],
  },
];

/** A plugin of Vite that switches a rule off. */
export interface WithoutRule {
  name: string;
  enforce: 'pre';
  transform(code: string, id: string): { code: string; map: null } | null;
  /** What the source no longer has. */
  missing(): string[];
}

/** Switches a rule off. */
export function withoutRule({ changes = [] }: Pick<Rule, 'changes'>): WithoutRule {
  const left = new Set(changes);
  return {
    name: 'without-rule',
    enforce: 'pre',
    transform(code, id) {
      let changed = code;
      for (const change of changes) {
        const [file, from, to] = change;
        if (!id.endsWith(file) || changed.split(from).length !== 2) continue;
        changed = changed.replace(from, to);
        left.delete(change);
      }
      return changed === code ? null : { code: changed, map: null };
    },
    missing: () => [...left].map(([file, from]) => `${file}: ${from}`),
  };
}
