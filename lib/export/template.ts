import { type Transcript, wordsOf } from '@/lib/transcript';
import type { ExportLabels, ExportOptions } from './options';
import { bookmarksOf, prepare, speakerNames } from './prepare';
import { clock, dayOf, seconds } from './time-stamp';

/** What a template does not say right, and where: line and column are counted from 1. */
export interface TemplateProblem {
  kind: 'unknown' | 'unclosed-tag' | 'unclosed-section' | 'unopened-section' | 'not-a-list';
  /** What stands in the braces. */
  name: string;
  line: number;
  column: number;
}

/** A parsed template: text, values, and sections with what is in them. */
type Node =
  | { kind: 'text'; text: string }
  | { kind: 'value'; name: string }
  | { kind: 'section'; name: string; isInverted: boolean; nodes: Node[] };

const WORD = [
  'word',
  'start',
  'end',
  'start_ms',
  'end_ms',
  'start_seconds',
  'end_seconds',
] as const;
/** The placeholders there are: for the whole, and inside of each list. */
export const TEMPLATE_NAMES = {
  document: ['title', 'date', 'duration', 'language', 'recording', 'speakers'],
  segments: [
    'number',
    'start',
    'end',
    'start_ms',
    'end_ms',
    'start_seconds',
    'end_seconds',
    'speaker',
    'turn',
    'text',
  ],
  words: WORD,
  bookmarks: ['time', 'label'],
} as const;

type Level = keyof typeof TEMPLATE_NAMES;

/** Where a list may stand. */
const LISTS: Record<string, { level: Level; inside: Level }> = {
  segments: { level: 'segments', inside: 'document' },
  bookmarks: { level: 'bookmarks', inside: 'document' },
  words: { level: 'words', inside: 'segments' },
};

const TAG = /\{\{([#^/!]?)\s*([^{}]*?)\s*\}\}/y;

export type ParsedTemplate = { nodes: Node[]; problem: null } | { problem: TemplateProblem };

interface Frame {
  name: string;
  at: number;
  levels: Level[];
  nodes: Node[];
}

/**
 * Reads a template: `{{name}}` is a value, `{{#list}}…{{/list}}` is repeated for each of a list,
 * `{{#name}}…{{/name}}` is shown where there is a value, `{{^name}}…{{/name}}` where there is none,
 * `{{! }}` is a comment. A line that holds nothing but a tag of a section is not part of the text.
 */
export function parseTemplate(template: string): ParsedTemplate {
  const text = template.replaceAll('\r\n', '\n');
  const root: Frame = { name: '', at: 0, levels: ['document'], nodes: [] };
  const frames: Frame[] = [root];
  const fail = (kind: TemplateProblem['kind'], name: string, at: number): ParsedTemplate => {
    const before = text.slice(0, at).split('\n');
    return {
      problem: { kind, name, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
    };
  };
  let at = 0;
  for (;;) {
    const frame = frames.at(-1) ?? root;
    const opened = text.indexOf('{{', at);
    if (opened < 0) {
      frame.nodes.push({ kind: 'text', text: text.slice(at) });
      break;
    }
    TAG.lastIndex = opened;
    const match = TAG.exec(text);
    if (!match) return fail('unclosed-tag', text.slice(opened + 2).split('\n')[0] ?? '', opened);
    const [whole, sign = '', name = ''] = match;
    const alone = sign === '' ? null : lineOfItsOwn(text, opened, opened + whole.length);
    const end = alone?.end ?? opened + whole.length;
    frame.nodes.push({ kind: 'text', text: text.slice(at, Math.max(at, alone?.start ?? opened)) });
    at = end;
    if (sign === '!') continue;
    if (sign === '/') {
      if (frame === root || frame.name !== name) return fail('unopened-section', name, opened);
      frames.pop();
      continue;
    }
    const list = LISTS[name];
    const level = frame.levels.at(-1) ?? 'document';
    const isKnown = frame.levels.some((known) =>
      TEMPLATE_NAMES[known].some((other) => other === name),
    );
    if (!isKnown && list?.inside !== level) return fail('unknown', name, opened);
    if (sign === '') {
      if (!isKnown) return fail('not-a-list', name, opened);
      frame.nodes.push({ kind: 'value', name });
      continue;
    }
    const nodes: Node[] = [];
    frame.nodes.push({ kind: 'section', name, isInverted: sign === '^', nodes });
    const levels = list && !isKnown && sign === '#' ? [...frame.levels, list.level] : frame.levels;
    frames.push({ name, at: opened, levels, nodes });
  }
  const open = frames.at(-1);
  if (open && open !== root) return fail('unclosed-section', open.name, open.at);
  return { nodes: root.nodes, problem: null };
}

/** The whole line of a tag that stands alone on it; `null` where something else is there. */
function lineOfItsOwn(text: string, from: number, to: number) {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const next = text.indexOf('\n', to);
  const end = next < 0 ? text.length : next + 1;
  const isAlone =
    /^[ \t]*$/.test(text.slice(start, from)) && /^[ \t\n]*$/.test(text.slice(to, end));
  return isAlone ? { start, end } : null;
}

type Values = { [name: string]: string | Values[] | (() => Values[]) };

/**
 * A text file in the user's own form. A template that cannot be read gives nothing: ask
 * `parseTemplate` what is wrong with it.
 */
export function writeTemplate(
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
): string {
  const parsed = parseTemplate(options.template);
  if (parsed.problem) return '';
  return render(parsed.nodes, [valuesOf(prepare(transcript, options), labels)]);
}

function render(nodes: readonly Node[], scopes: readonly Values[]): string {
  return nodes
    .map((node): string => {
      if (node.kind === 'text') return node.text;
      const found = scopes.findLast((scope) => Object.hasOwn(scope, node.name))?.[node.name] ?? '';
      const value = typeof found === 'function' ? found() : found;
      if (node.kind === 'value') return typeof value === 'string' ? value : '';
      const isThere = value.length > 0;
      if (node.isInverted) return isThere ? '' : render(node.nodes, scopes);
      if (typeof value === 'string') return isThere ? render(node.nodes, scopes) : '';
      return value.map((inner) => render(node.nodes, [...scopes, inner])).join('');
    })
    .join('');
}

function valuesOf(transcript: Transcript, labels: ExportLabels): Values {
  const nameOf = speakerNames(transcript);
  const segments = transcript.segments.filter(({ text }) => text !== '');
  return {
    title: transcript.title || labels.transcript,
    date: dayOf(transcript.createdAt),
    duration: clock(transcript.durationMs),
    language: transcript.language === 'und' ? '' : transcript.language,
    recording: transcript.source.name,
    speakers: transcript.speakers.map(({ name }) => name).join(', '),
    bookmarks: bookmarksOf(transcript).map(({ atMs, label }) => ({ time: clock(atMs), label })),
    segments: () =>
      segments.map((segment, at): Values => {
        const { speakerId, text } = segment;
        const speaker = nameOf(speakerId) ?? '';
        return {
          ...timesOf(segment),
          number: String(at + 1),
          speaker,
          turn: speakerId === (segments[at - 1]?.speakerId ?? null) ? '' : speaker,
          text,
          words: () =>
            wordsOf(segment, segment.words).map((word) => ({ ...timesOf(word), word: word.text })),
        };
      }),
  };
}

function timesOf({ startMs, endMs }: { startMs: number; endMs: number }): Values {
  return {
    start: clock(startMs),
    end: clock(endMs),
    start_ms: String(startMs),
    end_ms: String(endMs),
    start_seconds: seconds(startMs),
    end_seconds: seconds(endMs),
  };
}
