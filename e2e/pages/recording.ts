import { expect, type Locator, type Page } from '@playwright/test';
import { readTranscripts, type StoredTranscript } from '../fixtures/store';

/** Words of `speech.wav` that are recognised wherever the recording begins. */
export const SPOKEN = /boats had already come/i;

/** The page that records. */
export class RecordingPage {
  readonly live: Locator;
  readonly start: Locator;
  readonly pause: Locator;
  readonly resume: Locator;
  readonly stop: Locator;

  constructor(readonly page: Page) {
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    this.live = page.getByRole('region', { name: 'Live transcript' });
    this.start = button('Start recording');
    this.pause = button('Pause recording');
    this.resume = button('Resume recording');
    this.stop = button('Stop recording');
  }

  async open(): Promise<void> {
    await this.page.goto('/record');
    await this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
  }

  /** Waits until the service worker has cached the app. */
  async waitForOfflineCopy(): Promise<void> {
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  }

  /** Waits for words of `speech.wav`, not only the placeholder shown before the first. */
  async waitForWords(): Promise<void> {
    await expect(this.live).toContainText(SPOKEN, { timeout: 90_000 });
  }

  /** The live text so far. */
  async text(): Promise<string> {
    return (await this.live.textContent()) ?? '';
  }

  /** Waits until this much has been recorded. */
  async waitForLength(ms: number): Promise<void> {
    await expect.poll(() => this.elapsedMs()).toBeGreaterThan(ms);
  }

  /** Stops, and waits for the final pass. @returns what is then stored */
  async finish(): Promise<StoredTranscript> {
    await this.stop.click();
    let stored: StoredTranscript | undefined;
    // the transcript's page may open meanwhile, which interrupts the read
    await expect(async () => {
      [stored] = await readTranscripts(this.page);
      expect(stored?.state).toBe('complete');
    }).toPass();
    if (!stored) throw new Error('The recording is gone.');
    return stored;
  }

  /** Length of the recording so far, in ms. */
  async elapsedMs(): Promise<number> {
    const clock = this.page.locator('[data-elapsed-ms]').first();
    return Number(await clock.getAttribute('data-elapsed-ms'));
  }
}
