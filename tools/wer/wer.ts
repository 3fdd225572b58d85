// npm run wer: word error rate of the app itself, from files to text, in headless Chromium.
import { writeFileSync } from 'node:fs';
import { writtenForms } from '../../lib/client/store/vocabulary';
import type { ErrorCounts } from '../../lib/engine/runtime/word-error-rate';
import { withServedApp } from '../app/server';
import { openApp } from '../browser/app-browser';
import { installModel } from '../browser/models-page';
import { comesWithApp, readCatalogue, type WantedModel } from '../catalogue/catalogue';
import { withWantedModel } from '../catalogue/wanted-model';
import { UsageError } from '../command/errors';
import { main } from '../command/main';
import { type Command, readCommand } from '../command/options';
import { tableLines } from '../command/table';
import { readManifest, type Utterance } from './manifest';
import {
  type OutcomeScores,
  readVocabulary,
  scoreOutcomes,
  scoreWords,
  type WordScores,
} from './score';
import { type TranscribedAll, transcribeAll, warmUp } from './transcribe';
import {
  alternativeRows,
  confidenceLines,
  scoreVocabulary,
  timeRows,
  type VocabularyScores,
  vocabularyRows,
} from './word-report';

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
} as const satisfies Command;

/** The report, as `--json` writes it. */
interface Report extends Omit<OutcomeScores, 'words'>, WordScores {
  model: string | null;
  backend: string | null;
  audioSeconds: number;
  processingSeconds: number;
  rtf: number;
  vocabulary?: VocabularyScores;
}

const isServed = (name: string | undefined) =>
  name === undefined || comesWithApp(name, readCatalogue());

function readOptions() {
  const { manifest, ...values } = readCommand(COMMAND).values;
  if (!manifest)
    throw new UsageError('--manifest FILE.jsonl is missing; npm run wer -- --help explains it.');
  if (values.unaided && !values.vocabulary)
    throw new UsageError('--unaided needs --vocabulary, whose entries it counts.');
  if (values.from && isServed(values.model))
    throw new UsageError(
      '--from needs --model, which says what the files are of, and is none that comes with the app.',
    );
  return { manifest, ...values };
}

type Options = ReturnType<typeof readOptions>;

/** Transcribes them with the model of the options. @param vocabulary what the app is given */
async function measure(
  utterances: readonly Utterance[],
  { model, from, backend }: Options,
  vocabulary: string[] | undefined,
): Promise<TranscribedAll> {
  const inApp = (wanted: WantedModel | null) =>
    withServedApp(async (url) => {
      const modelId = wanted ? undefined : model;
      const { page, close } = await openApp(url, { backend, modelId, vocabulary });
      try {
        if (wanted) await installModel(page, url, wanted, backend);
        await warmUp(page);
        return await transcribeAll(page, utterances);
      } finally {
        await close();
      }
    });
  return model === undefined || isServed(model) ? inApp(null) : withWantedModel(model, from, inApp);
}

await main(async () => {
  const options = readOptions();
  const { times = false, confidence = false } = options;
  const utterances = readManifest(options.manifest, options.limit, { times });
  const names = options.vocabulary ? readVocabulary(options.vocabulary) : undefined;
  const measured = await measure(utterances, options, options.unaided ? undefined : names);
  const { outcomes, model, processingSeconds } = measured;
  const { words, items, ...sums } = scoreOutcomes(outcomes);
  const audioSeconds = utterances.reduce((sum, { duration }) => sum + duration, 0);
  const report: Report = {
    model: model?.id ?? options.model ?? null,
    backend: model?.backend ?? options.backend ?? null,
    ...sums,
    audioSeconds,
    processingSeconds,
    rtf: processingSeconds / audioSeconds,
    ...scoreWords(outcomes, { times, confidence }),
    ...(names ? { vocabulary: scoreVocabulary(writtenForms(names), outcomes) } : {}),
    items,
  };
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  print(report, words);
});

function print(report: Report, words: ErrorCounts): void {
  const percent = (value: number) => `${(value * 100).toFixed(2)} %`;
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
    ...(report.alternatives ? alternativeRows(report.alternatives) : []),
    ...(report.vocabulary ? vocabularyRows(report.vocabulary) : []),
  ];
  for (const line of tableLines(['figure', 'value'], rows)) console.log(line);
  if (report.confidence) for (const line of confidenceLines(report.confidence)) console.log(line);
  for (const { audio, error } of failed) console.log(`${audio}: ${error}`);
}
