import type { Browser, BrowserContext, Cookie, Locator, Page, Request } from '@playwright/test';
import { type AppServer, PASSWORD } from '../fixtures/app-server';
import { saveData } from '../fixtures/save-data';
import { putTranscript } from '../fixtures/seeded-transcript';
import { ENGINE_FILES } from '../fixtures/test';
import { HomePage } from './home';

/** One browser of a user: its own storage, and every request that it made. */
export class Device {
  readonly requests: Request[] = [];
  home: HomePage;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly server: AppServer,
  ) {
    this.home = new HomePage(page);
    context.on('request', (request) => this.requests.push(request));
  }

  static async open(browser: Browser, server: AppServer): Promise<Device> {
    const context = await browser.newContext({ baseURL: server.url, serviceWorkers: 'block' });
    await saveData(context);
    // no model is loaded: these tests use transcripts made before
    await context.route(ENGINE_FILES, (route) => route.abort());
    return new Device(context, await context.newPage(), server);
  }

  /** Restores an earlier session, since sign-ins are rate-limited. */
  async restoreSession(cookies: Cookie[]): Promise<void> {
    await this.context.addCookies(cookies);
    await this.home.open();
    // the page that has that account's library
    await this.page.getByRole('button', { name: /^Account of/ }).waitFor();
    await this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
  }

  /** Signs the owner in, and comes back to the library. */
  async signIn(): Promise<void> {
    await this.page.goto('/sign-in');
    await this.page.getByLabel('Email').fill(this.server.owner);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await this.home.transcripts.waitFor({ state: 'attached' });
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: /^Account of/ }).click();
    await this.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await this.page.getByText('You are signed out.').waitFor();
  }

  /** Adds a transcript as if it had been made on this device. */
  async addTranscript(title: string): Promise<void> {
    await putTranscript(this.page, { title });
    await this.link(title).waitFor();
  }

  /** Agrees to list this device's transcripts on the others. */
  async showList(): Promise<void> {
    await this.page.getByRole('button', { name: 'Show the list' }).click();
    await this.page.getByRole('button', { name: 'Show the list' }).waitFor({ state: 'hidden' });
  }

  /** Focuses the page again, which is when it asks the server for changes. */
  async refocus(): Promise<void> {
    await this.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  }

  link(title: string): Locator {
    return this.home.link(title);
  }

  /** The row of a transcript in the library. */
  row(title: string): Locator {
    const link = this.page.getByRole('link', { name: title, exact: true });
    return this.home.transcripts.getByRole('listitem').filter({ has: link });
  }

  /** Renames a transcript on its own page, and returns to the library. */
  async rename(title: string, to: string): Promise<void> {
    await this.link(title).click();
    const box = this.page.getByRole('textbox', { name: 'Title' });
    await box.fill(to);
    await box.press('Enter');
    await this.page.getByRole('link', { name: 'AI2Text', exact: true }).click();
    await this.link(to).waitFor();
  }

  async delete(title: string): Promise<void> {
    await this.row(title).getByRole('button', { name: 'Delete' }).click();
    await this.link(title).waitFor({ state: 'hidden' });
  }
}
