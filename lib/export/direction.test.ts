import { describe, expect, it } from 'vitest';
import type { Transcript } from '../transcript/types';
import { writeJson } from './json';
import { DEFAULT_EXPORT_OPTIONS, ENGLISH_LABELS } from './options';
import { writeSrt, writeVtt } from './subtitles';
import { writeTxt } from './txt';

const RLM = '\u200f';

/** One segment for each text, whose words are said one after the other. */
function transcript(language: string, texts: string[]): Transcript {
  const segments = texts.map((text, at) => {
    const startMs = at * 10_000;
    const words = text.split(' ').map((word, i) => ({
      text: word,
      startMs: startMs + i * 300,
      endMs: startMs + i * 300 + 250,
      confidence: 0.9,
    }));
    const endMs = words.at(-1)?.endMs ?? startMs;
    return { id: `s${at}`, startMs, endMs, speakerId: null, text, edited: false, words };
  });
  return {
    version: 1,
    id: '7b1f2f1e-0000-4000-8000-000000000000',
    title: 'Talk',
    language,
    createdAt: '2026-01-02T03:04:05.000Z',
    durationMs: texts.length * 10_000,
    source: { name: 'talk.mp3', mediaType: 'audio/mpeg', sizeBytes: 1, sha256: null },
    model: { id: 'test', backend: 'wasm', precision: 'int8' },
    speakers: [],
    segments,
  };
}

/** Paragraphs or lines of captions, without times. */
const linesOf = (text: string) =>
  text.split('\n').filter((line) => line !== '' && !/^(\d+|WEBVTT|.* --> .*)$/.test(line));

const TEXTS: [language: string, text: string, marked: string][] = [
  ['ar', 'كيف حالك اليوم', 'كيف حالك اليوم'],
  ['ar', 'كيف حالك اليوم؟', `كيف حالك اليوم؟${RLM}`],
  ['ar', 'AI2Text برنامج جديد.', `${RLM}AI2Text برنامج جديد.${RLM}`],
  ['he', '„שלום“ אמר 3 פעמים', `${RLM}„שלום“ אמר 3 פעמים`],
  ['he', 'כתבנו ב־Word', `כתבנו ב־Word${RLM}`],
  ['fa', 'حال شما چطور است؟', `حال شما چطور است؟${RLM}`],
  ['ur', 'آپ کیسے ہیں۔', `آپ کیسے ہیں۔${RLM}`],
  // wholly in another script: it runs its own way
  ['ar', 'Thank you.', 'Thank you.'],
];

describe('text from right to left in formats that are text alone', () => {
  it.each(TEXTS)('has what keeps its order in %s: %s', (language, text, marked) => {
    const given = transcript(language, [
      text,
      'مرحبا بكم جميعا في هذا البرنامج',
      'שלום לכולם וברוכים',
    ]);
    for (const write of [writeTxt, writeSrt, writeVtt])
      expect(linesOf(write(given, DEFAULT_EXPORT_OPTIONS, ENGLISH_LABELS))[0]).toBe(marked);
  });

  it('is as it is in JSON', () => {
    const given = transcript('ar', ['AI2Text برنامج.']);
    expect(writeJson(given, DEFAULT_EXPORT_OPTIONS)).not.toContain(RLM);
  });

  it.each([
    ['en', 'He said مرحبا.'],
    ['de', 'Öffne dich, Sesam!'],
    ['en', 'שלום.'],
  ])('changes nothing of a text in %s', (language, text) => {
    const given = transcript(language, [text, 'A longer sentence from left to right.']);
    for (const write of [writeTxt, writeSrt, writeVtt])
      expect(linesOf(write(given, DEFAULT_EXPORT_OPTIONS, ENGLISH_LABELS))[0]).toBe(text);
  });
});
