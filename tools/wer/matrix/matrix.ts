// node tools/run.mjs tools/wer/matrix/matrix.ts --model FOLDER --windows FOLDER: a published Whisper in every
// precision that the folder has, in every way that the app can run it, held to its reference implementation.
//
// The model's folder is laid out as a repository; tools/exports/model-precisions.py adds precisions to it. The
// windows come with what transformers wrote of them: tools/wer/matrix/reference-tokens.py. The nightly tests run it
// where MATRIX_MODEL and MATRIX_WINDOWS name such folders.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { parseWhisperConfig } from '../../../lib/engine/families/whisper/config';
import type { Backend, PartRun } from '../../../lib/engine/types';
import { openTokenizer } from '../../../lib/engine/words/tokenizer';
import { buildKernels } from '../../app/build-kernels';
import { buildSite, serveFolders } from '../../bench/peers/site';
import { CHROMIUM_ARGS, findChromium } from '../../browser/chromium';
import { messageOf, PlainError } from '../../command/errors';
import { main } from '../../command/main';
import { type Command, readCommand } from '../../command/options';
import { root } from '../../command/root';
import { tableLines } from '../../command/table';
import { scoreOutcomes } from '../score';
import type { DecoderWay, MatrixResult, MatrixTask } from './protocol';

/** By the ending of the files' names. */
const PRECISIONS = {
  fp32: '',
  fp16: '_fp16',
  'int8 a tensor': '_quantized',
  'int8 a column': '_perchannel',
  'int8 of products alone': '_products',
  '4 bits': '_q4',
};
type Precision = keyof typeof PRECISIONS;

interface Place {
  name: string;
  backend: Backend;
  threads: number;
}

const PLACES = {
  wasm1: { name: 'wasm, 1 thread', backend: 'wasm', threads: 1 },
  wasm2: { name: 'wasm, 2 threads', backend: 'wasm', threads: 2 },
  webgpu: { name: 'webgpu', backend: 'webgpu', threads: 1 },
} satisfies Record<string, Place>;
type PlaceName = keyof typeof PLACES;

/** How encoder and decoder are run: what the app chooses first, then less and less of our own. */
const WAYS = {
  kernels: { kernels: true, way: 'loop' },
  loop: { kernels: false, way: 'loop' },
  choice: { kernels: false, way: 'choice' },
  graph: { kernels: false, way: 'graph' },
} satisfies Record<string, { kernels: boolean; way: DecoderWay }>;
type WayName = keyof typeof WAYS;

/** Ways that share an encoder: each window is encoded once for all of them. On a GPU it goes with its decoder. */
const RUNS_ON: Readonly<Record<Backend, WayName[][]>> = {
  wasm: [['kernels'], ['loop', 'choice', 'graph']],
  webgpu: [['choice'], ['graph']],
};

/**
 * Of windows with the reference's text, with fp32; else how much higher the error rate may be than the
 * reference's, or than ONNX Runtime's own in that precision.
 */
const LEAST_SAME = 0.98;
const MOST_APART = 0.003;
const MOST_TOKENS = 224;
/** Outside a browser, without our code: tools/wer/matrix/native-tokens.py. */
const NATIVE = 'ONNX Runtime itself';
const READY_MS = 60_000;

const COMMAND = {
  name: 'matrix',
  text: 'holds a Whisper in all precisions and ways to what its reference implementation writes',
  options: {
    model: { value: 'FOLDER', text: 'laid out as a repository; needed' },
    windows: { value: 'FOLDER', text: 'of tools/wer/matrix/reference-tokens.py; needed' },
    precision: { value: 'NAMES', text: `of ${Object.keys(PRECISIONS).join(', ')}; all there are` },
    way: { value: 'NAMES', text: `of ${Object.keys(WAYS).join(', ')}; all` },
    place: { value: 'NAMES', text: `of ${Object.keys(PLACES).join(', ')}; all` },
    limit: { value: 'N', least: 1, text: 'so many windows at most' },
    json: { value: 'FILE', text: 'writes the report there as well' },
  },
} as const satisfies Command;

/** A line of `windows.jsonl`. */
const windowSchema = z.object({
  audio: z.string(),
  /** What was said. */
  text: z.string(),
  /** File of its samples. */
  pcm: z.string(),
  /** Of the reference. */
  tokens: z.array(z.number()),
  /** Of ONNX Runtime itself, by the ending of the files. */
  native: z.record(z.string(), z.array(z.number())).optional(),
});
type ReferenceWindow = z.infer<typeof windowSchema>;

/** How close texts are to the reference. */
interface Judged {
  /** The part of the windows with the same text. */
  same: number;
  wer: number;
  /** From the reference's error rate. */
  apart: number;
  texts: readonly string[];
}

/** The outcome of one way in one place. */
type Row = {
  precision: Precision;
  place: string;
  wanted?: WayName;
  /** What the precision loses by itself, as far as it is known. */
  lost: number;
} & (
  | (Judged & {
      failed?: never;
      runs?: readonly PartRun[];
      encoderMs?: number;
      decoderMs?: number;
    })
  | { failed: string }
);

/** What `--json` writes. */
interface MatrixReport {
  windows: number;
  referenceWer: number;
  rows: Row[];
}

function namesOf<N extends string>(text: string | undefined, known: Record<N, unknown>): N[] {
  const isKnown = (name: string): name is N => Object.hasOwn(known, name);
  const names = text?.split(',').map((name) => name.trim()) ?? Object.keys(known);
  return names.map((name) => {
    if (!isKnown(name)) throw new PlainError(`There is no "${name}".`);
    return name;
  });
}

async function openPage(url: string): Promise<{ page: Page; close: () => Promise<void> }> {
  const { chromium } = await import('@playwright/test');
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: [...CHROMIUM_ARGS, '--enable-unsafe-webgpu'],
  });
  const page = await browser.newPage();
  await page.goto(url);
  await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: READY_MS });
  return { page, close: () => browser.close() };
}

const encoderName = (ending: string) => `onnx/encoder_model${ending}.onnx`;

const filesOf = (ending: string) => ({
  encoder: `/model/${encoderName(ending)}`,
  decoder: `/model/onnx/decoder_model_merged${ending}.onnx`,
  tokenizer: '/model/tokenizer.json',
  config: '/model/config.json',
  generation: '/model/generation_config.json',
});

function errorRate(windows: readonly ReferenceWindow[], texts: readonly string[]): number {
  return scoreOutcomes(
    windows.map(({ audio, text }, at) => ({ audio, reference: text, hypothesis: texts[at] ?? '' })),
  ).wer;
}

/** Texts of tokens, as the app's tokenizer writes them. */
function textOfTokens(model: string): (tokens: readonly number[]) => string {
  const read = (name: string) => readFileSync(join(model, name), 'utf8');
  const tokenizer = openTokenizer(read('tokenizer.json'));
  const { firstTimeId } = parseWhisperConfig(
    read('config.json'),
    read('generation_config.json'),
    tokenizer,
  );
  return (tokens) => tokenizer.decode(tokens.filter((token) => token < firstTimeId)).trim();
}

/** What is to be run. */
interface Plan {
  windows: readonly ReferenceWindow[];
  textOf: (tokens: readonly number[]) => string;
  precisions: readonly Precision[];
  places: readonly PlaceName[];
  ways: readonly WayName[];
  keep: (report: MatrixReport) => void;
}

/** Runs some ways in the page; what breaks the page fails all of them. */
async function runWays(
  page: Page,
  task: Omit<MatrixTask, 'ways'>,
  ways: readonly WayName[],
): Promise<MatrixResult> {
  const wanted = { ...task, ways: ways.map((name) => WAYS[name].way) };
  try {
    return await page.evaluate((one) => globalThis.runTask(one), wanted);
  } catch (error) {
    const [failed = ''] = messageOf(error).split('\n');
    return { encoderMs: 0, ways: wanted.ways.map((way) => ({ way, failed })) };
  }
}

async function measure(page: Page, url: string, plan: Plan): Promise<Row[]> {
  const { windows, textOf, precisions, places, ways, keep } = plan;
  const rows: Row[] = [];
  const reference = windows.map(({ tokens }) => textOf(tokens));
  const referenceWer = errorRate(windows, reference);
  const judge = (texts: readonly string[]): Judged => {
    const same = texts.filter((text, at) => text === reference[at]).length / windows.length;
    const wer = errorRate(windows, texts);
    return { same, wer, apart: wer - referenceWer, texts };
  };
  const usual = {
    language: 'en',
    maxTokens: MOST_TOKENS,
    runtimeUrl: `${url}/ort/`,
    kernelsUrl: `${url}/kernels/`,
    windows: windows.map(({ pcm }) => `/windows/${pcm}`),
  };
  console.log(`${windows.length} windows; reference: WER ${percent(referenceWer, 2)}`);
  const add = (row: Row) => {
    rows.push(row);
    console.log(lineOf(row).join(' | '));
    keep({ windows: windows.length, referenceWer, rows });
  };
  for (const precision of precisions) {
    const ending = PRECISIONS[precision];
    const native = windows.flatMap((window) => {
      const tokens = window.native?.[ending];
      return tokens ? [textOf(tokens)] : [];
    });
    const own = native.length === windows.length ? judge(native) : null;
    if (own) add({ precision, place: NATIVE, ...own, lost: own.apart });
    const lost = Math.max(0, own?.apart ?? 0);
    for (const { name, backend, threads } of places.map((place) => PLACES[place]))
      for (const run of RUNS_ON[backend]) {
        const wanted = run.filter((one) => ways.includes(one));
        const [first] = wanted;
        if (!first) continue;
        const { kernels } = WAYS[first];
        const task = { ...usual, backend, threads, kernels, files: filesOf(ending) };
        const { encoderMs, ways: results } = await runWays(page, task, wanted);
        for (const [at, result] of results.entries()) {
          const row = { precision, place: name, wanted: wanted[at] ?? first, lost };
          if ('failed' in result) add({ ...row, failed: result.failed });
          else {
            const { runs, texts, decoderMs } = result;
            add({ ...row, runs, ...judge(texts), encoderMs, decoderMs });
          }
        }
      }
  }
  return rows;
}

const percent = (share: number, digits: number) => `${(100 * share).toFixed(digits)} %`;

function isRight(row: Row): boolean {
  if (row.failed !== undefined) return false;
  const { precision, same, apart, lost } = row;
  return precision === 'fp32' ? same >= LEAST_SAME : apart - lost <= MOST_APART;
}

function lineOf(row: Row): string[] {
  const { precision, place, wanted = '' } = row;
  if (row.failed !== undefined) return [precision, place, '', wanted, row.failed, '', '', 'no'];
  const by = (part: PartRun['part']) => row.runs?.find((run) => run.part === part)?.by ?? '';
  const points = `${row.apart >= 0 ? '+' : ''}${(100 * row.apart).toFixed(2)}`;
  return [
    ...[precision, place, by('encoder'), by('decoder') || wanted],
    ...[percent(row.same, 0), percent(row.wer, 2), points, isRight(row) ? 'yes' : 'no'],
  ];
}

await main(async () => {
  const { values } = readCommand(COMMAND);
  const model = resolve(values.model ?? process.env.MATRIX_MODEL ?? '');
  const folder = resolve(values.windows ?? process.env.MATRIX_WINDOWS ?? '');
  const list = join(folder, 'windows.jsonl');
  if (!existsSync(join(model, 'onnx')) || !existsSync(list)) {
    console.log('Not measured: no real weights here (--model, --windows; docs/models.md).');
    return;
  }
  await buildKernels();
  const plan: Plan = {
    windows: readFileSync(list, 'utf8')
      .split('\n')
      .filter(Boolean)
      .slice(0, values.limit)
      .map((line) => windowSchema.parse(JSON.parse(line))),
    textOf: textOfTokens(model),
    precisions: namesOf(values.precision, PRECISIONS).filter((name) =>
      existsSync(join(model, encoderName(PRECISIONS[name]))),
    ),
    places: namesOf(values.place, PLACES),
    ways: namesOf(values.way, WAYS),
    // it takes an hour: what is known is kept
    keep: (report) => {
      if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
    },
  };
  const site = mkdtempSync(join(tmpdir(), 'ai2text-matrix-'));
  await buildSite(site, { page: join(root, 'tools', 'wer', 'matrix', 'page.ts') });
  const { url, close } = await serveFolders({
    site,
    model,
    windows: folder,
    ort: join(root, 'node_modules', 'onnxruntime-web', 'dist'),
    kernels: join(root, 'public', 'kernels'),
  });
  try {
    const opened = await openPage(url);
    const rows = await measure(opened.page, url, plan).finally(opened.close);
    const head = ['precision', 'on', 'encoder', 'decoder', 'same text', 'WER', 'apart', 'right'];
    for (const line of tableLines(head, rows.map(lineOf))) console.log(line);
    if (!rows.every((row) => row.place === NATIVE || isRight(row))) process.exitCode = 1;
  } finally {
    await close();
    rmSync(site, { recursive: true, force: true });
  }
});
