import type { Browser, BrowserContext, Locator, Page, Request, Response } from '@playwright/test';

/** A phone that has never opened the app. */
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** Someone with a link, in a browser of their own, with every request and response. */
export class Reader {
  readonly requests: Request[] = [];
  readonly responses: Response[] = [];
  readonly text: Locator;
  readonly password: Locator;
  readonly open: Locator;
  readonly media: Locator;
  readonly notAvailable: Locator;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    context.on('request', (request) => this.requests.push(request));
    context.on('response', (response) => this.responses.push(response));
    this.text = page.getByRole('region', { name: 'Transcript' });
    this.password = page.getByRole('textbox', { name: 'Password' });
    this.open = page.getByRole('button', { name: 'Open', exact: true });
    this.media = page.locator('audio[aria-label="Recording"]');
    this.notAvailable = page.getByRole('heading', { name: 'This link is not available' });
  }

  static async open(browser: Browser): Promise<Reader> {
    const context = await browser.newContext(PHONE);
    return new Reader(context, await context.newPage());
  }

  /** Opens a link; the page is loaded again even when it is already open. */
  async visit(link: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(link);
  }

  async unlock(password: string): Promise<void> {
    await this.password.fill(password);
    await this.open.click();
  }

  /** The message about a failure. */
  alert(text: string): Locator {
    return this.page.getByRole('alert').filter({ hasText: text });
  }

  currentTime(): Promise<number> {
    return this.media.evaluate((media: HTMLMediaElement) => media.currentTime);
  }
}

/** The dialog of links on a transcript's page. */
export class ShareDialog {
  readonly box: Locator;
  readonly link: Locator;
  readonly rows: Locator;

  constructor(private readonly page: Page) {
    this.box = page.getByRole('dialog', { name: 'Share' });
    this.link = this.box.getByRole('textbox', { name: 'Share link' });
    this.rows = this.box
      .getByRole('list', { name: 'Links to this transcript' })
      .getByRole('listitem');
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Share', exact: true }).click();
    await this.box.waitFor();
  }

  async close(): Promise<void> {
    await this.box.getByRole('button', { name: 'Close' }).click();
  }

  /** Creates a link. @returns it */
  async make({ password = '', audio = false, expires = '' } = {}): Promise<string> {
    if (expires !== '') await this.box.getByLabel('Expires').selectOption({ label: expires });
    if (password !== '') await this.box.getByLabel('Password', { exact: true }).fill(password);
    if (audio) await this.box.getByLabel('Include audio').check();
    await this.box.getByRole('button', { name: 'Create link' }).click();
    await this.link.waitFor();
    return this.link.inputValue();
  }

  async revoke(row: Locator): Promise<void> {
    await row.getByRole('button', { name: 'Revoke', exact: true }).click();
    await row.getByRole('button', { name: 'Revoke link' }).click();
  }
}
