import type { Page } from '@playwright/test';
import { openApp } from '../browser/app-browser';
import { messageOf } from '../command/errors';
import { type BenchContext, type Figure, figure, missing } from './figures';
import { FORMATS, type Format, speechIn } from './media';

const SECONDS = 3600;
const TARGET = 80;
const GIVEN_UP_MS = 600_000;

/** What the page says when it is done: seconds of sound, seconds taken; both as English groups digits. */
const RESULT = /decoded ([\d.,]+) s in ([\d.,]+) s/;

async function pace(page: Page, url: string, format: Format): Promise<number> {
  const path = await speechIn(format, SECONDS);
  await page.goto(`${url}/diagnostics`);
  await page.getByLabel('Measure decoding').setInputFiles(path);
  const status = page.getByRole('status').filter({ hasText: /decod/ });
  const idle = page.getByLabel('Measure decoding').and(page.locator(':enabled'));
  await status.waitFor({ timeout: GIVEN_UP_MS });
  await idle.waitFor({ timeout: GIVEN_UP_MS });
  const text = (await page.getByRole('status').allTextContents()).join(' ');
  const found = RESULT.exec(text);
  if (!found) throw new Error(`The page says: ${text.trim()}`);
  const [audio = 0, taken = 0] = found.slice(1).map((digits) => Number(digits.replaceAll(',', '')));
  // a decoder that stops early would look fast
  if (audio < 0.99 * SECONDS) throw new Error(`Only ${audio} s were decoded.`);
  return audio / taken;
}

/** Decoding alone, an hour in each format. */
export async function decode({ url }: BenchContext): Promise<Figure[]> {
  const results: Figure[] = [];
  const app = await openApp(url);
  try {
    for (const format of FORMATS)
      try {
        const value = await pace(app.page, url, format);
        results.push(figure('decode', format, value, 'x real time', 'higher', TARGET));
      } catch (error) {
        const reason = messageOf(error);
        results.push(missing('decode', format, 'x real time', 'higher', TARGET, reason));
      }
  } finally {
    await app.close();
  }
  return results;
}
