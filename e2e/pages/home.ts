import type { Locator, Page } from '@playwright/test';
import type { Payload } from '../fixtures/files';

/** The start page: choosing files, the queue and the library. */
export class HomePage {
  readonly input: Locator;
  readonly transcripts: Locator;

  constructor(readonly page: Page) {
    this.input = page.getByLabel('Choose audio or video files');
    this.transcripts = page.getByRole('list', { name: 'Transcripts' });
  }

  async open(): Promise<void> {
    await this.page.goto('/');
    // the library has been read, so the database exists
    await this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
  }

  /** Chooses files, by path or by content. */
  async add(...files: (string | Payload)[]): Promise<void> {
    // the two kinds cannot be mixed in one call
    const paths = files.filter((file) => typeof file === 'string');
    const payloads = files.filter((file) => typeof file !== 'string');
    if (paths.length > 0) await this.input.setInputFiles(paths);
    if (payloads.length > 0) await this.input.setInputFiles(payloads);
  }

  /** The link of a finished transcript. */
  link(title: string): Locator {
    return this.transcripts.getByRole('link', { name: title, exact: true });
  }

  /** A running job's progress bar. */
  job(fileName: string): Locator {
    return this.page.getByRole('progressbar', { name: fileName });
  }

  /** A job's card with its buttons. */
  card(fileName: string): Locator {
    return this.page.getByRole('group', { name: fileName });
  }

  button(fileName: string, name: string): Locator {
    return this.card(fileName).getByRole('button', { name, exact: true });
  }

  /** The message about a job that failed. */
  alert(fileName: string): Locator {
    return this.page.getByRole('alert').filter({ hasText: fileName });
  }
}
