import type { Locator, Page } from '@playwright/test';

/** The page of speech models. */
export class ModelsPage {
  readonly list: Locator;
  readonly repository: Locator;
  readonly add: Locator;

  constructor(readonly page: Page) {
    this.list = page.getByRole('list', { name: 'Models' });
    this.repository = page.getByRole('textbox', { name: 'Repository' });
    this.add = page.getByRole('button', { name: 'Add', exact: true });
  }

  async open(): Promise<void> {
    await this.page.goto('/models');
    await this.page.locator('ul[aria-label="Models"][aria-busy="false"]').waitFor();
  }

  /** Adds the model of a repository to the list. */
  async addRepository(name: string): Promise<void> {
    await this.repository.fill(name);
    await this.add.click();
  }

  /** A model in whichever list it is: those for speaker labels, and those of the server, have their own. */
  item(name: string): Locator {
    const heading = this.page.getByRole('heading', { name, exact: true });
    return this.page.getByRole('listitem').filter({ has: heading });
  }

  button(model: string, name: string): Locator {
    return this.item(model).getByRole('button', { name, exact: true });
  }

  /** A running download's progress bar. */
  progress(name: string): Locator {
    return this.page.getByRole('progressbar', { name, exact: true });
  }

  /** The message about a model's failure. */
  alert(name: string): Locator {
    return this.item(name).getByRole('alert');
  }

  /** Deletes a model and confirms. */
  async delete(name: string): Promise<void> {
    await this.button(name, 'Delete').click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
  }

  /** The bytes that models take in the browser's private storage. */
  storedBytes(): Promise<number> {
    return this.page.evaluate(async () => {
      const sizeOf = async (folder: FileSystemDirectoryHandle): Promise<number> => {
        let bytes = 0;
        for await (const handle of folder.values())
          bytes +=
            handle.kind === 'directory'
              ? await sizeOf(handle as FileSystemDirectoryHandle)
              : (await (handle as FileSystemFileHandle).getFile()).size;
        return bytes;
      };
      const root = await navigator.storage.getDirectory();
      return sizeOf(await root.getDirectoryHandle('models', { create: true }));
    });
  }
}
