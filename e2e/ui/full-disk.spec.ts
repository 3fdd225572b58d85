import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessibility';
import { putTranscript } from '../fixtures/seeded-transcript';
import { smallDiskTest as test } from '../fixtures/small-disk';
import { readTranscripts } from '../fixtures/store';
import { expect } from '../fixtures/test';
import { TranscriptPage } from '../pages/transcript';

test.beforeEach(async ({ home, page, transcript }) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await expect(transcript.text).toContainText('before noon');
  await transcript.edit.click();
});

const problemOn = (page: Page) => page.getByRole('alert').filter({ hasText: 'could not be saved' });

const storedSegments = async (page: Page) => (await readTranscripts(page))[0]?.segments ?? [];

const storedText = async (page: Page) =>
  (await storedSegments(page)).map(({ text }) => text).join(' ');

test('a correction typed on a full disk is said not to be saved, outlives a reload, and is saved once there is room', async ({
  page,
  transcript,
  disk,
}) => {
  const [all = ''] = await transcript.segments();
  const problem = problemOn(page);
  await disk.fill();
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Well, ');
  await expect(problem).toContainText('The storage of this browser is full.');
  await expectAccessible(page, 'editing on a full disk');
  // one goes on typing, and asks for another try
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' indeed');
  await problem.getByRole('button', { name: 'Try again' }).click();
  await expect(problem).toContainText('The storage of this browser is full.');
  expect(await transcript.segments()).toEqual([`Well, ${all} indeed`]);
  expect(await storedText(page)).toBe(all);

  await page.reload();
  await expect(problem).toContainText('The storage of this browser is full.');
  await expect.poll(() => transcript.segments()).toEqual([`Well, ${all} indeed`]);
  expect(await storedText(page)).toBe(all);

  // by itself
  await disk.free();
  await expect(problem).toBeHidden();
  expect(await storedText(page)).toBe(`Well, ${all} indeed`);
  await page.reload();
  await expect.poll(() => transcript.segments()).toEqual([`Well, ${all} indeed`]);
});

test('a split and a speaker on a full disk outlive a reload, and are saved once there is room', async ({
  page,
  transcript,
  disk,
}) => {
  const [all = ''] = await transcript.segments();
  const problem = problemOn(page);
  await disk.fill();
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+ArrowRight');
  await page.keyboard.press('Enter');
  await expect(transcript.segment(1)).toBeFocused();
  await page.keyboard.press('Alt+1');
  await expect(problem).toBeVisible();
  expect(await storedText(page)).toBe(all);

  await page.reload();
  await expect(problem).toBeVisible();
  await disk.free();
  await expect(problem).toBeHidden();
  const segments = await storedSegments(page);
  expect(segments.map(({ speakerId }) => speakerId)).toEqual([null, 's1']);
  expect(segments.map(({ text }) => text).join(' ')).toBe(all);
  await expect(transcript.text.getByRole('button', { name: /Speaker 1/ })).toBeVisible();
});

test('what could not be saved is said at once when the transcript is left within the app and opened again', async ({
  page,
  home,
  transcript,
  disk,
}) => {
  const [all = ''] = await transcript.segments();
  const problem = problemOn(page);
  await disk.fill();
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Well, ');
  await expect(problem).toBeVisible();
  await page.getByRole('link', { name: 'AI2Text' }).first().click();
  await home.link('speech').click();
  await expect(problem).toBeVisible();
  expect(await transcript.segments()).toEqual([`Well, ${all}`]);
  await disk.free();
  await expect(problem).toBeHidden();
  expect(await storedText(page)).toBe(`Well, ${all}`);
});

test('a second tab on a full disk stores a half-typed word once', async ({
  page,
  context,
  transcript,
  disk,
}) => {
  const [all = ''] = await transcript.segments();
  await disk.fill();
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Unfort');
  await expect(problemOn(page)).toBeVisible();
  await page.keyboard.type('unately, ');
  // `Try again` stores what was typed before
  await problemOn(page).getByRole('button', { name: 'Try again' }).click();
  await expect(problemOn(page)).toBeVisible();

  const second = await context.newPage();
  await second.goto(page.url());
  await expect(problemOn(second)).toBeVisible();
  await expect.poll(() => new TranscriptPage(second).segments()).toEqual([`Unfortunately, ${all}`]);
  await disk.free();
  await expect(problemOn(page)).toBeHidden();
  await expect(problemOn(second)).toBeHidden();
  expect(await storedText(page)).toBe(`Unfortunately, ${all}`);
  for (const tab of [transcript, new TranscriptPage(second)])
    await expect.poll(() => tab.segments()).toEqual([`Unfortunately, ${all}`]);
});

const HEIGHT = 700;
/** Somebody who types sees the text: bars above it leave more than half of a phone. */
const MOST_OF_SCREEN = 0.45;

for (const width of [1280, 360])
  test(`what could not be saved, Find and the review stand below one another, ${width} pixels wide`, async ({
    page,
    transcript,
    disk,
  }) => {
    await page.setViewportSize({ width, height: HEIGHT });
    await disk.fill();
    await transcript.segment(0).focus();
    await page.keyboard.type('Well, ');
    await expect(problemOn(page)).toBeVisible();
    await page.getByRole('button', { name: /to check$/ }).click();
    await page.keyboard.press('Control+f');
    const bars = [
      problemOn(page),
      page.getByRole('search'),
      page.getByRole('region', { name: 'Doubtful words' }),
    ];
    for (const bar of bars) await expect(bar).toBeVisible();
    await page.mouse.wheel(0, 2_000);
    // measured one after the other: again while the page still scrolls
    await expect(async () => {
      let belowY = Number.NEGATIVE_INFINITY;
      for (const bar of bars) {
        const box = await bar.boundingBox();
        expect(box?.y).toBeGreaterThanOrEqual(belowY);
        belowY = (box?.y ?? 0) + (box?.height ?? 0);
      }
      const fromY = (await problemOn(page).boundingBox())?.y ?? 0;
      expect(belowY - fromY).toBeLessThan(MOST_OF_SCREEN * HEIGHT);
    }).toPass();
    await expectAccessible(page, `all bars on a full disk, ${width}`);
    const whole = problemOn(page).getByRole('button', { name: 'Show all of the message' });
    await expect(whole).toBeVisible({ visible: width === 360 });
    if (width !== 360) return;
    const heightNow = async () => (await problemOn(page).boundingBox())?.height ?? 0;
    const before = await heightNow();
    await whole.click();
    await expect.poll(heightNow).toBeGreaterThan(before);
  });
