// npm run wer: word error rate of the app itself, from files to text, in headless Chromium.
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { ensureInstalled, main } from '../app/app.mjs';
import { withServedApp } from '../app/served-app.mjs';
import { addFiles, openApp, readWords, waitForJobs } from '../browser/app-browser.mjs';
import { installModel } from '../browser/models-page.mjs';
import { comesWithApp } from '../catalogue/find-model.mjs';
import { readCatalogue, withWantedModel } from '../catalogue/wanted-model.mjs';
import { UsageError } from '../command/command.mjs';
import { readCommand } from '../command/options.mjs';
import { tableLines } from '../command/table.mjs';
import { readManifest } from './manifest.mjs';
import { readVocabulary, scoreNames, scoreOutcomes, scoreWords } from './score.mjs';
import { confidenceLines, timeRows, vocabularyRows } from './word-report.mjs';

const COMMAND = {
  name: 'wer',
  text: 'word error rate of the app itself, from files to text, in headless Chromium',
  options: {
    manifest: { value: 'FILE.jsonl', text: 'what to transcribe, and what was said; needed' },
    model: {
      value: 'ID|OWNER/NAME',
      text: 'the model to measure, one of the hub downloaded first; the one that the app chooses here, unless it is given',
    },
    from: { value: 'FOLDER|ZIP', text: 'takes its files from here, without a network' },
    backend: { value: 'NAME', text: 'where it computes', choices: ['wasm', 'webgpu'] },
    times: {
      text: 'compares the times of words as well; the manifest has to have "words" with startMs and endMs',
    },
    confidence: { text: 'compares how sure the model was of its words with how many were right' },
    vocabulary: {
      value: 'FILE',
      text: 'gives the app this custom vocabulary, one entry a line, and counts its entries: said, found, written where they were not said',
    },
    unaided: { text: 'counts the entries of --vocabulary without giving them to the app' },
    limit: { value: 'N', least: 1, text: 'so many recordings at most' },
    json: { value: 'FILE', text: 'writes the report there as well' },
  },
};

/** Files given to the page at once. */
const BATCH = 50;

const isServed = (name) => name === undefined || comesWithApp(name, readCatalogue());

function readOptions() {
  const { values } = readCommand(COMMAND);
  if (!values.manifest)
    throw new UsageError('--manifest FILE.jsonl is missing; npm run wer -- --help explains it.');
  if (values.unaided && !values.vocabulary)
    throw new UsageError('--unaided needs --vocabulary, whose entries it counts.');
  if (values.from && isServed(values.model))
    throw new UsageError(
      '--from needs --model, which says what the files are of, and is none that comes with the app.',
    );
  return values;
}

/**
 * Sends a batch through the app.
 * @returns {Promise<{outcomes: object[], model: object | null}>}
 */
async function transcribeBatch(page, batch, folder) {
  const names = new Map();
  const missing = new Map();
  for (const utterance of batch) {
    // files in different folders may share a name: the number keeps them apart
    const name = `${String(utterance.number).padStart(6, '0')}${extname(utterance.path)}`;
    if (existsSync(utterance.path)) {
      copyFileSync(utterance.path, join(folder, name));
      names.set(utterance.number, name);
    } else missing.set(utterance.number, 'The file is not there.');
  }
  const paths = [...names.values()].map((name) => join(folder, name));
  if (paths.length > 0) await addFiles(page, paths);
  const jobs = paths.length > 0 ? await waitForJobs(page, names.values()) : [];
  for (const path of paths) rmSync(path, { force: true });
  const byName = new Map(jobs.map((job) => [job.fileName, job]));
  const heard = await readWords(
    page,
    jobs.map(({ id }) => id),
  );
  const outcomes = batch.map(({ number, audio, text, words }) => {
    const job = byName.get(names.get(number));
    const error = missing.get(number) ?? (job?.state === 'failed' ? job.error : undefined);
    return {
      audio,
      reference: text,
      referenceWords: words,
      // what a failed file gave before it failed does not count
      hypothesis: error === undefined ? (job?.text ?? '') : '',
      words: error === undefined && job ? (heard[job.id] ?? []) : [],
      ...(error === undefined ? {} : { error: error ?? 'The job failed.' }),
    };
  });
  return { outcomes, model: jobs.find(({ model }) => model !== null)?.model ?? null };
}

/** Loads the model and makes the choice of the backend, so that the first file does not pay for it. */
async function warmUp(page, folder) {
  const { silentWav } = await import('../audio/wav.mjs');
  const name = 'warm-up.wav';
  writeFileSync(join(folder, name), silentWav(1));
  await addFiles(page, [join(folder, name)]);
  await waitForJobs(page, [name]);
}

async function transcribeAll(page, utterances, folder) {
  const outcomes = [];
  let model = null;
  const startedMs = performance.now();
  for (let at = 0; at < utterances.length; at += BATCH) {
    const done = await transcribeBatch(page, utterances.slice(at, at + BATCH), folder);
    outcomes.push(...done.outcomes);
    model ??= done.model;
    console.log(`${outcomes.length} of ${utterances.length} files`);
  }
  return { outcomes, model, processingSeconds: (performance.now() - startedMs) / 1000 };
}

await main(async () => {
  const command = readOptions();
  ensureInstalled();
  const { times = false, confidence = false } = command;
  const utterances = readManifest(command.manifest, command.limit, { times }).map(
    (utterance, number) => ({ ...utterance, number }),
  );
  const names = command.vocabulary ? await readVocabulary(command.vocabulary) : null;
  const folder = mkdtempSync(join(tmpdir(), 'ai2text-wer-'));
  try {
    const measure = (wanted) =>
      withServedApp(async (url) => {
        const { backend } = command;
        const modelId = wanted ? undefined : command.model;
        const vocabulary = command.unaided ? undefined : (names ?? undefined);
        const app = await openApp(url, { backend, modelId, vocabulary });
        try {
          if (wanted) await installModel(app, url, wanted, backend);
          await warmUp(app.page, folder);
          return await transcribeAll(app.page, utterances, folder);
        } finally {
          await app.close();
        }
      });
    const { outcomes, model, processingSeconds } = isServed(command.model)
      ? await measure(null)
      : await withWantedModel(command.model, command.from, measure);
    const { words, items, ...sums } = await scoreOutcomes(outcomes);
    const audioSeconds = utterances.reduce((sum, { duration }) => sum + duration, 0);
    const report = {
      model: model?.id ?? command.model ?? null,
      backend: model?.backend ?? command.backend ?? null,
      ...sums,
      audioSeconds,
      processingSeconds,
      rtf: processingSeconds / audioSeconds,
      ...(await scoreWords(outcomes, { times, confidence })),
      ...(names ? { vocabulary: await scoreNames(names, outcomes) } : {}),
      items,
    };
    if (command.json) writeFileSync(command.json, `${JSON.stringify(report, null, 2)}\n`);
    print(report, words);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function print(report, words) {
  const percent = (value) => `${(value * 100).toFixed(2)} %`;
  const failed = report.items.filter(({ error }) => error !== undefined);
  const rows = [
    ['model', `${report.model} (${report.backend})`],
    ['utterances', `${report.utterances}, ${failed.length} failed`],
    ['reference words', String(report.referenceWords)],
    ['WER', percent(report.wer)],
    ['CER', percent(report.cer)],
    ['substitutions', String(words.substitutions)],
    ['deletions', String(words.deletions)],
    ['insertions', String(words.insertions)],
    ['audio', `${report.audioSeconds.toFixed(1)} s`],
    ['processing', `${report.processingSeconds.toFixed(1)} s`],
    ['RTF', report.rtf.toFixed(4)],
    ...(report.times ? timeRows(report.times) : []),
    ...(report.vocabulary ? vocabularyRows(report.vocabulary) : []),
  ];
  for (const line of tableLines(['figure', 'value'], rows)) console.log(line);
  if (report.confidence) for (const line of confidenceLines(report.confidence)) console.log(line);
  for (const { audio, error } of failed) console.log(`${audio}: ${error}`);
}
