import { transcriptSchema } from '../../lib/transcript/types';
import { putTranscript } from '../fixtures/seeded-transcript';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';

test.beforeEach(async ({ home, page }) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await page.waitForURL('**/transcripts/*');
});

test('plays a word when it is clicked, and highlights it while it is spoken', async ({
  page,
  transcript,
}) => {
  const [stored] = await readTranscripts(page);
  const word = stored?.segments[0]?.words.find(({ text }) => text.toLowerCase() === 'boats');
  if (!word) throw new Error('the word was not recognised');
  await transcript.text.getByRole('button', { name: 'boats', exact: true }).click();
  await expect
    .poll(() => transcript.currentTime())
    .toBeGreaterThanOrEqual(word.startMs / 1000 - 0.05);
  expect(await transcript.currentTime()).toBeLessThan(word.endMs / 1000 + 2);
  await expect(transcript.pause).toBeVisible();
  await transcript.pause.click();
  await expect(transcript.play).toBeVisible();
});

test('plays, skips and changes speed with the keyboard', async ({ page, transcript }) => {
  await expect(transcript.play).toBeEnabled();
  await page.keyboard.press('Space');
  await expect(transcript.pause).toBeVisible();
  await expect.poll(() => transcript.currentTime()).toBeGreaterThan(0.2);
  await page.keyboard.press('Space');
  await expect(transcript.play).toBeVisible();
  const before = await transcript.currentTime();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => transcript.currentTime()).toBeGreaterThan(before + 4);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => transcript.currentTime()).toBeLessThan(before + 1);
  await page.getByLabel('Speed').selectOption('2');
  expect(await transcript.media.evaluate((media: HTMLMediaElement) => media.playbackRate)).toBe(2);
});

test('keys pressed before the recording is loaded count once it is', async ({
  page,
  home,
  transcript,
}) => {
  await home.open();
  await page.evaluate(() => {
    const { getFile } = FileSystemFileHandle.prototype;
    const coming = new Promise<void>((bring) => Object.assign(window, { bring }));
    FileSystemFileHandle.prototype.getFile = async function () {
      await coming;
      return getFile.call(this);
    };
  });
  await home.link('speech').click();
  await expect(transcript.text).toContainText('weather');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('F4');
  await page.keyboard.press('Space');
  await expect(transcript.pause).toHaveAccessibleDescription('Waiting for the recording');
  await expect(transcript.media).toHaveCount(0);
  await page.evaluate('bring()');
  await expect.poll(() => transcript.currentTime()).toBeGreaterThan(5);
  const rate = () => transcript.media.evaluate((media: HTMLMediaElement) => media.playbackRate);
  await expect.poll(rate).toBe(1.25);
});

test('stores a changed title', async ({ page, home, transcript }) => {
  await transcript.title.fill('Weather report');
  await transcript.title.press('Enter');
  // it is stored: the page reads it from there
  await expect(page).toHaveTitle(/^Weather report/);
  await page.reload();
  await expect(transcript.title).toHaveValue('Weather report');
  await page.getByRole('link', { name: 'Library' }).click();
  await expect(home.link('Weather report')).toBeVisible();
});

test('stores the title and the name of a bookmark that are being typed when the page is left', async ({
  page,
  transcript,
}) => {
  await transcript.title.fill('Weather report');
  await page.reload();
  await expect(transcript.title).toHaveValue('Weather report');
  await page.getByRole('button', { name: 'Set a bookmark' }).click();
  await page.getByRole('button', { name: 'Rename or delete bookmarks' }).click();
  await page.getByRole('textbox', { name: /^Name of Bookmark 1/ }).fill('Her answer');
  await page.reload();
  await expect(page.getByRole('button', { name: /Her answer/ })).toBeVisible();
});

test('stores the name of a speaker that is being typed when the page is left, not one that is given up', async ({
  page,
  transcript,
}) => {
  await transcript.edit.click();
  await transcript.segment(0).focus();
  await page.keyboard.press('Alt+Digit1');
  await page.getByRole('button', { name: 'Speaker: Speaker 1. Change' }).click();
  await page.getByRole('textbox', { name: 'Name of Speaker 1' }).fill('Ada');
  await page.reload();
  const speaker = page.getByRole('button', { name: 'Speaker: Ada. Change' });
  await speaker.click();
  await page.getByRole('textbox', { name: 'Name of Ada' }).fill('Bo');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(speaker).toBeVisible();
});

test('every export format can be parsed and has the words', async ({ page, transcript }) => {
  const [stored] = await readTranscripts(page);
  const words = (stored?.segments ?? []).flatMap((segment) =>
    segment.words.map(({ text }) => text),
  );
  const json = await transcript.export('JSON (.json)');
  expect(json.name).toBe('speech.json');
  const parsed = transcriptSchema.parse(JSON.parse(json.text));
  expect(parsed.segments.flatMap((segment) => segment.words.map(({ text }) => text))).toEqual(
    words,
  );

  const txt = await transcript.export('Plain text (.txt)');
  expect(txt.text.split(/\s+/).filter(Boolean)).toEqual(words);

  for (const [item, arrow] of [
    ['SubRip (.srt)', /^(\d\d):(\d\d):(\d\d),(\d{3}) --> (\d\d):(\d\d):(\d\d),(\d{3})$/],
    ['WebVTT (.vtt)', /^(\d\d):(\d\d):(\d\d)\.(\d{3}) --> (\d\d):(\d\d):(\d\d)\.(\d{3})$/],
  ] as const) {
    const { text } = await transcript.export(item);
    const lines = text.split(/\r?\n/);
    const times = lines.flatMap((line) => arrow.exec(line)?.slice(1).map(Number) ?? []);
    expect(times.length).toBeGreaterThan(0);
    const said = lines.filter(
      (line) => !arrow.test(line) && !/^\d+$/.test(line) && !line.startsWith('WEBVTT'),
    );
    expect(said.join(' ').split(/\s+/).filter(Boolean), item).toEqual(words);
  }
});

test('finds words in the transcript', async ({ page }) => {
  await page.getByRole('button', { name: 'Find' }).click();
  await page.keyboard.type('boats');
  await expect(page.getByText(/1 of 1/)).toBeVisible();
});

test('deletes a transcript and restores it with Undo', async ({ page, home, transcript }) => {
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.waitForURL('/');
  await expect(home.link('speech')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await home.link('speech').click();
  await expect(transcript.text).toContainText(/heavy rain/i);
});

test('says when a transcript does not exist', async ({ page }) => {
  await page.goto('/transcripts/00000000-0000-4000-8000-000000000000');
  await expect(page.getByText(/no such transcript/i)).toBeVisible();
  await page
    .getByRole('link', { name: /library/i })
    .first()
    .click();
  await page.waitForURL('/');
});
