import { expect, type Page } from '@playwright/test';
import type { TrainingReceiver } from '../fixtures/training-receiver';
import { TranscriptPage } from './transcript';

/** Corrects a transcript of one segment and divides it into three. */
export async function correct(page: Page): Promise<void> {
  const transcript = new TranscriptPage(page);
  await transcript.edit.click();
  await transcript.segment(0).focus();
  await page.keyboard.press('Home');
  await page.keyboard.type('Well, ');
  for (const [at, next] of [' most of', ' nobody'].entries()) {
    const text = await transcript.segment(at).textContent();
    await transcript.segment(at).focus();
    await page.keyboard.press('Control+Home');
    for (let step = 0; step < (text ?? '').indexOf(next); step++)
      await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(transcript.segment(at + 1)).toBeFocused();
  }
  await transcript.edit.click();
}

/** Takes the run of the version that was published, and hands a model over. */
export async function train(page: Page, receiver: TrainingReceiver): Promise<void> {
  await expect.poll(() => receiver.jobs.length).toBe(1);
  const [job] = receiver.jobs;
  if (!job) throw new Error('No run was handed over.');
  const runs = trainingRuns(page);
  const utterances = await job.utterances();
  expect(utterances.map(({ text }) => text).sort()).toEqual([
    expect.stringMatching(/^Well, /),
    expect.stringMatching(/^nobody/i),
  ]);
  const running = { state: 'running', progress: 0.5, message: 'Epoch 2 of 4' } as const;
  expect(await job.report(running)).toBe('running');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(runs.getByRole('progressbar', { name: 'Training on v1' })).toBeVisible();
  const scores = { beforePercent: 25.4, afterPercent: 21.3, utterances: 2, words: 20 };
  expect(await job.deliver(scores)).toBe('done');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(runs.getByRole('heading', { name: 'v1: done' })).toBeVisible();
  await expect(runs).toContainText('21.3 %, before 25.4 %');
}

/** The list of training runs. */
export const trainingRuns = (page: Page) => page.getByRole('list', { name: 'Training runs' });
