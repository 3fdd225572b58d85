import type { Browser, BrowserContext, Cookie, Locator, Page, Request } from '@playwright/test';
import { type AppServer, PASSWORD } from '../fixtures/app-server';
import { savesData } from '../fixtures/draft';
import { ENGINE_FILES } from '../fixtures/test';
import { putTranscript } from '../fixtures/work';
import { HomePage } from './home';

/** One browser of a user: storage of its own, and everything it asked for. */
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
    await savesData(context);
    // no model is loaded: what these tests look at was transcribed before
    await context.route(ENGINE_FILES, (route) => route.abort());
    return new Device(context, await context.newPage(), server);
  }

  /** Has signed in before: how often one may do so is limited. */
  async isSignedIn(cookies: Cookie[]): Promise<void> {
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

  /** Has a transcript that was made here before. */
  async has(title: string): Promise<void> {
    await putTranscript(this.page, { title });
    await this.link(title).waitFor();
  }

  /** Shows this device's transcripts on the others. */
  async show(): Promise<void> {
    await this.page.getByRole('button', { name: 'Show the list' }).click();
    await this.page.getByRole('button', { name: 'Show the list' }).waitFor({ state: 'hidden' });
  }

  /** Comes back to the page, as from another window: that is when it asks for news. */
  async look(): Promise<void> {
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

  /** Gives a transcript another name, on its own page, and goes back to the library. */
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
