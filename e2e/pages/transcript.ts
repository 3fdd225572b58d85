import type { Locator, Page } from '@playwright/test';

/** One transcript beside its player. */
export class TranscriptPage {
  readonly title: Locator;
  readonly text: Locator;
  readonly media: Locator;
  readonly play: Locator;
  readonly pause: Locator;
  readonly edit: Locator;

  constructor(readonly page: Page) {
    this.title = page.getByRole('textbox', { name: 'Title' });
    this.text = page.getByRole('region', { name: 'Transcript' });
    this.media = page.locator('audio[aria-label="Recording"], video[aria-label="Recording"]');
    this.play = page.getByRole('button', { name: 'Play', exact: true });
    this.pause = page.getByRole('button', { name: 'Pause playback' });
    this.edit = page.getByRole('button', { name: 'Edit', exact: true });
  }

  /** The text of a segment, while one edits. */
  segment(at: number): Locator {
    return this.text.getByRole('textbox').nth(at);
  }

  /** The texts of all segments on the page. */
  segments(): Promise<string[]> {
    return this.text
      .locator('[data-row]')
      .evaluateAll((rows) => rows.map((row) => (row.textContent ?? '').trim()));
  }

  /** Chooses an item of the menu with what is done more rarely. */
  async more(item: string): Promise<void> {
    await this.page.getByRole('button', { name: 'More', exact: true }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Downloads the transcript in one of the menu's formats. */
  async export(item: string): Promise<{ name: string; text: string }> {
    await this.page.getByRole('button', { name: 'Export' }).click();
    return this.saved(this.page.getByRole('menuitem', { name: item }));
  }

  /** What a button hands to the user as a file. */
  async saved(button: Locator): Promise<{ name: string; text: string }> {
    const coming = this.page.waitForEvent('download');
    await button.click();
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
