import type { Locator, Page } from '@playwright/test';

/** One transcript beside its player. */
export class TranscriptPage {
  readonly title: Locator;
  readonly text: Locator;
  readonly media: Locator;
  readonly play: Locator;
  readonly pause: Locator;

  constructor(readonly page: Page) {
    this.title = page.getByRole('textbox', { name: 'Title' });
    this.text = page.getByRole('region', { name: 'Transcript' });
    this.media = page.locator('audio[aria-label="Recording"], video[aria-label="Recording"]');
    this.play = page.getByRole('button', { name: 'Play', exact: true });
    this.pause = page.getByRole('button', { name: 'Pause playback' });
  }

  /** Downloads the transcript in one of the menu's formats. */
  async export(item: string): Promise<{ name: string; text: string }> {
    await this.page.getByRole('button', { name: 'Export' }).click();
    const coming = this.page.waitForEvent('download');
    await this.page.getByRole('menuitem', { name: item }).click();
    const download = await coming;
    const { readFile } = await import('node:fs/promises');
    return {
      name: download.suggestedFilename(),
      text: await readFile(await download.path(), 'utf8'),
    };
  }

  currentTime(): Promise<number> {
    return this.media.evaluate((media: HTMLMediaElement) => media.currentTime);
  }
}
