// node tools/wer/matrix/matrix.mjs --model FOLDER --windows FOLDER: a published Whisper in every precision
// that the folder has, in every way that the app can run it, held to its reference implementation.
//
// The model's folder is laid out as a repository; tools/exports/model-precisions.py adds precisions to it. The
// windows come with what transformers wrote of them: tools/wer/matrix/reference-tokens.py. The nightly tests run it
// where MATRIX_MODEL and MATRIX_WINDOWS name such folders.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureInstalled, main, PlainError, root } from '../../app/app.mjs';
import { buildKernels } from '../../app/build-kernels.mjs';
import { serveFolders } from '../../bench/peers/server.mjs';
import { CHROMIUM_ARGS, findChromium } from '../../browser/chromium.mjs';
import { readCommand } from '../../command/options.mjs';
import { tableLines } from '../../command/table.mjs';
import { scoreOutcomes } from '../score.mjs';

/** By the ending of the files' names. */
const PRECISIONS = {
  fp32: '',
  fp16: '_fp16',
  'int8 a tensor': '_quantized',
  'int8 a column': '_perchannel',
  'int8 of products alone': '_products',
  '4 bits': '_q4',
};

const WASM_1 = { name: 'wasm, 1 thread', backend: 'wasm', threads: 1 };
const WASM_2 = { name: 'wasm, 2 threads', backend: 'wasm', threads: 2 };
const WEBGPU = { name: 'webgpu', backend: 'webgpu', threads: 1 };
const PLACES = { wasm1: WASM_1, wasm2: WASM_2, webgpu: WEBGPU };

/** How encoder and decoder are run: what the app chooses first, then less and less of our own. */
const WAYS = {
  kernels: { kernels: true, way: 'loop' },
  loop: { kernels: false, way: 'loop' },
  choice: { kernels: false, way: 'choice' },
  graph: { kernels: false, way: 'graph' },
};
/** Ways that share an encoder: each window is encoded once for all of them. On a GPU it goes with its decoder. */
const RUNS_ON = {
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
  name: 'model-matrix',
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
};

function listOf(text, known) {
  const names = text?.split(',').map((name) => name.trim()) ?? Object.keys(known);
  const unknown = names.find((name) => !(name in known));
  if (unknown !== undefined) throw new PlainError(`There is no "${unknown}".`);
  return names;
}

/** @returns {Promise<string>} folder with the page's script */
async function buildSite(outDir) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    base: '/site/',
    resolve: { alias: { '@': root } },
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      minify: false,
      modulePreload: false,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 100_000,
      rollupOptions: {
        input: { page: join(root, 'tools', 'wer', 'matrix', 'page.ts') },
        output: { entryFileNames: '[name].js', format: 'es' },
      },
    },
  });
}

async function openPage(url) {
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

const filesOf = (ending) => ({
  encoder: `/model/onnx/encoder_model${ending}.onnx`,
  decoder: `/model/onnx/decoder_model_merged${ending}.onnx`,
  tokenizer: '/model/tokenizer.json',
  config: '/model/config.json',
  generation: '/model/generation_config.json',
});

async function errorRate(windows, texts) {
  const outcomes = windows.map(({ audio, text }, at) => ({
    audio,
    reference: text,
    hypothesis: texts[at] ?? '',
  }));
  return (await scoreOutcomes(outcomes)).wer;
}

/**
 * Texts of tokens, as the app's tokenizer writes them.
 * @returns {Promise<(tokens: number[]) => string>}
 */
async function textOfTokens(model) {
  const { importTypeScript } = await import('../../command/typescript.mjs');
  const { openTokenizer } = await importTypeScript('lib/asr/words/tokenizer.ts');
  const { parseWhisperConfig } = await importTypeScript('lib/asr/whisper/config.ts');
  const read = (name) => readFileSync(join(model, name), 'utf8');
  const tokenizer = openTokenizer(read('tokenizer.json'));
  const { firstTimeId } = parseWhisperConfig(
    read('config.json'),
    read('generation_config.json'),
    tokenizer,
  );
  return (tokens) => tokenizer.decode(tokens.filter((token) => token < firstTimeId)).trim();
}

async function measure(page, url, { windows, textOf, precisions, places, ways, keep }) {
  const rows = [];
  const reference = windows.map(({ tokens }) => textOf(tokens));
  const referenceWer = await errorRate(windows, reference);
  const usual = {
    language: 'en',
    maxTokens: MOST_TOKENS,
    runtimeUrl: `${url}/ort/`,
    kernelsUrl: `${url}/kernels/`,
    windows: windows.map(({ pcm }) => `/windows/${pcm}`),
  };
  console.log(`${windows.length} windows; reference: WER ${percent(referenceWer, 2)}`);
  const add = (row) => {
    rows.push(row);
    console.log(lineOf(row).join(' | '));
    keep({ windows: windows.length, referenceWer, rows });
  };
  for (const precision of precisions) {
    const native = windows.map((window) => window.native?.[PRECISIONS[precision]]);
    const isKnown = !native.includes(undefined);
    const own = isKnown ? await judge({ texts: native.map(textOf) }) : null;
    if (own) add({ precision, place: NATIVE, ...own, lost: own.apart });
    const lost = Math.max(0, own?.apart ?? 0);
    for (const place of places) {
      const { name, backend, threads } = PLACES[place];
      for (const run of RUNS_ON[backend]) {
        const wanted = run.filter((one) => ways.includes(one));
        if (wanted.length === 0) continue;
        const files = filesOf(PRECISIONS[precision]);
        const { kernels } = WAYS[wanted[0]];
        const task = { ...usual, backend, threads, kernels, files };
        const result = await page
          .evaluate((one) => globalThis.runTask(one), {
            ...task,
            ways: wanted.map((one) => WAYS[one].way),
          })
          .catch((error) => {
            const failed = error.message.split('\n')[0];
            return { encoderMs: 0, ways: wanted.map(() => ({ failed })) };
          });
        for (const [at, one] of result.ways.entries()) {
          const judged = await judge({ ...one, encoderMs: result.encoderMs });
          add({ precision, place: name, wanted: wanted[at], lost, ...judged });
        }
      }
    }
  }
  return rows;

  async function judge({ runs, texts, failed, encoderMs, decoderMs }) {
    if (failed !== undefined) return { failed };
    const same = texts.filter((text, at) => text === reference[at]).length / windows.length;
    const wer = await errorRate(windows, texts);
    const apart = wer - referenceWer;
    return { runs, same, wer, apart, encoderMs, decoderMs, texts };
  }
}

const percent = (share, digits) => `${(100 * share).toFixed(digits)} %`;

/** @param {{lost: number}} row `lost`: what the precision loses by itself, as far as it is known */
function isRight({ precision, failed, same, apart, lost }) {
  if (failed !== undefined) return false;
  return precision === 'fp32' ? same >= LEAST_SAME : apart - lost <= MOST_APART;
}

function lineOf(row) {
  const { precision, place, runs, wanted, failed, same, wer, apart } = row;
  const by = (part) => runs?.find((run) => run.part === part)?.by ?? '';
  const head = [precision, place, by('encoder'), by('decoder') || wanted || ''];
  if (failed !== undefined) return [...head, failed, '', '', 'no'];
  const points = `${apart >= 0 ? '+' : ''}${(100 * apart).toFixed(2)}`;
  return [...head, percent(same, 0), percent(wer, 2), points, isRight(row) ? 'yes' : 'no'];
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
  ensureInstalled();
  await buildKernels();
  const windows = readFileSync(list, 'utf8')
    .split('\n')
    .filter(Boolean)
    .slice(0, values.limit)
    .map((line) => JSON.parse(line));
  const precisions = listOf(values.precision, PRECISIONS).filter((name) =>
    existsSync(join(model, filesOf(PRECISIONS[name]).encoder.replace('/model/', ''))),
  );
  const places = listOf(values.place, PLACES);
  const ways = listOf(values.way, WAYS);
  const site = mkdtempSync(join(tmpdir(), 'ai2text-matrix-'));
  const { url, close } = await buildSite(site).then(() =>
    serveFolders({
      site,
      model,
      windows: folder,
      ort: join(root, 'node_modules', 'onnxruntime-web', 'dist'),
      kernels: join(root, 'public', 'kernels'),
    }),
  );
  try {
    const opened = await openPage(url);
    const rows = await measure(opened.page, url, {
      windows,
      textOf: await textOfTokens(model),
      precisions,
      places,
      ways,
      // it takes an hour: what is known is kept
      keep: (report) => {
        if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
      },
    }).finally(opened.close);
    const head = ['precision', 'on', 'encoder', 'decoder', 'same text', 'WER', 'apart', 'right'];
    for (const line of tableLines(head, rows.map(lineOf))) console.log(line);
    if (!rows.every((row) => row.place === NATIVE || isRight(row))) process.exitCode = 1;
  } finally {
    await close();
    rmSync(site, { recursive: true, force: true });
  }
});
