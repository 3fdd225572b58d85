import type { Locator } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessibility';
import { putTranscript } from '../fixtures/seeded-transcript';
import { readTranscripts } from '../fixtures/store';
import { expect, test } from '../fixtures/test';
import { TranscriptPage } from '../pages/transcript';

/** The end of the first sentence of the seed. */
const HEAD = 'The weather often said that heavy rain would reach the dust before noon';

test.beforeEach(async ({ home, page, transcript }) => {
  await home.open();
  await putTranscript(page, { title: 'speech', file: 'speech.flac' });
  await home.link('speech').click();
  await expect(transcript.text).toContainText(HEAD);
});

test('corrects a text with the keyboard alone; it is kept, can be undone, and stays tied to the sound', async ({
  page,
  transcript,
}) => {
  const [all = ''] = await transcript.segments();
  await page.keyboard.press('e');
  await expect(transcript.edit).toHaveAttribute('aria-pressed', 'true');
  await expectAccessible(page, 'editing');
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Well, ');
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' indeed');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(transcript.text).toContainText(`Well, ${all} indeed`);

  // the words that were not touched have their times, and play from them
  const [stored] = await readTranscripts(page);
  const words = stored?.segments[0]?.words ?? [];
  expect(words.map(({ text }) => text).join(' ')).toBe(`Well, ${all} indeed`);
  const pier = words.find(({ text }) => text === 'pier');
  await transcript.text.getByRole('button', { name: 'pier', exact: true }).click();
  await expect
    .poll(() => transcript.currentTime())
    .toBeGreaterThanOrEqual((pier?.startMs ?? 0) / 1000 - 0.05);
  await transcript.pause.click();

  // split, join, undo and redo
  await page.keyboard.press('e');
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  for (let step = 0; step < `Well, ${HEAD}`.length; step++) await page.keyboard.press('ArrowRight');
  // nothing plays: the sound is where the caret is
  const noon = words.find(({ text }) => text === 'noon');
  await expect.poll(() => transcript.currentTime()).toBeCloseTo((noon?.startMs ?? 0) / 1000, 1);
  await page.keyboard.press('Enter');
  await page.keyboard.type('But ');
  await expect(transcript.segment(1)).toBeFocused();
  const rest = `But ${all.slice(HEAD.length + 1)} indeed`;
  expect(await transcript.segments()).toEqual([`Well, ${HEAD}`, rest]);
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Backspace');
  await expect(transcript.segment(0)).toBeFocused();
  await expect(transcript.segment(0)).toHaveText(`Well, ${HEAD} ${rest}`);
  await page.keyboard.press('Control+z');
  await expect.poll(() => transcript.segments()).toEqual([`Well, ${HEAD}`, rest]);
  // both segments selected: typing takes their place, they are copied, joined and deleted, each as one step
  const bothAgain = async () => {
    await page.keyboard.press('Control+z');
    await expect.poll(() => transcript.segments()).toEqual([`Well, ${HEAD}`, rest]);
  };
  const selectBoth = async () => {
    await transcript.segment(0).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByText('2 segments selected')).toBeVisible();
  };
  await selectBoth();
  await page.keyboard.type('No.');
  await expect.poll(() => transcript.segments()).toEqual(['No.']);
  await bothAgain();
  await selectBoth();
  await expectAccessible(page, 'selected segments');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect.poll(() => transcript.segments()).toEqual([`Well, ${HEAD} ${rest}`]);
  await bothAgain();
  await transcript.segment(0).focus();
  await transcript.segment(1).click({ modifiers: ['Shift'], position: { x: 20, y: 10 } });
  await expect(page.getByText('2 segments selected')).toBeVisible();
  await page.keyboard.press('Control+x');
  await expect.poll(() => transcript.segments()).toEqual([]);
  await bothAgain();
  for (let step = 0; step < 4; step++) await page.keyboard.press('Control+z');
  await expect.poll(() => transcript.segments()).toEqual([all]);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  await page.keyboard.press('Control+y');
  await expect.poll(async () => (await transcript.segments())[0]).toContain('Well, ');
});

test('says who speaks by key, and in the list of speakers', async ({ page, transcript }) => {
  await transcript.edit.click();
  await transcript.segment(0).focus();
  await page.keyboard.press('Shift+Alt+Digit1');
  await page.keyboard.press('Control+Home');
  for (let step = 0; step < HEAD.length; step++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(transcript.segment(1)).toBeFocused();
  await page.keyboard.press('Alt+Digit2');
  await page.getByRole('button', { name: 'Speaker: Speaker 2. Change' }).click();
  const dialog = page.getByRole('dialog', { name: 'Speakers' });
  await expectAccessible(page, 'speakers');
  await dialog.getByRole('textbox', { name: 'Name of Speaker 2' }).fill('Ada');
  await dialog.getByRole('textbox', { name: 'Name of Speaker 2' }).press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'Name of Ada' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Speaker: Ada. Change' })).toBeVisible();
  const { text } = await transcript.export('Plain text (.txt)');
  expect(text).toContain(`Speaker 1: ${HEAD}`);
  expect(text).toContain('Ada: ');
});

test('walks through doubtful words, replaces what is found, and takes changes back one by one', async ({
  page,
  transcript,
}) => {
  const [all = ''] = await transcript.segments();
  await page.getByRole('button', { name: /to check$/ }).click();
  const review = page.getByRole('region', { name: 'Doubtful words' });
  await expectAccessible(page, 'review');
  const said = review.getByRole('textbox', { name: 'What was said' });
  const first = await said.inputValue();
  await said.fill('coast');
  await page.keyboard.press('Enter');
  await expect(transcript.text).toContainText('coast');
  await expect(said).not.toHaveValue('coast');
  // what else the word may be: by the arrow keys, or pressed
  const second = await said.inputValue();
  const other = review.getByRole('group', { name: 'Or was it…' }).getByRole('button').first();
  const alternative = (await other.textContent()) ?? '';
  await page.keyboard.press('ArrowDown');
  await expect(said).toHaveValue(alternative);
  await page.keyboard.press('ArrowUp');
  await expect(said).toHaveValue(second);
  await other.click();
  await expect(said).not.toHaveValue(second);
  await expect(transcript.text).toContainText(alternative);
  await page.keyboard.press('Escape');
  await expect(review).toBeHidden();

  await page.keyboard.press('Control+h');
  await page.getByRole('searchbox', { name: 'Find in transcript' }).fill('the');
  await page.getByLabel('Whole words').check();
  await page.getByRole('textbox', { name: 'Replace with' }).fill('that');
  await page.getByRole('button', { name: 'Replace all' }).click();
  await expect(page.getByText(/places replaced$/)).toBeVisible();
  await expect(transcript.text).not.toContainText(/\bthe\b/);
  await page.getByRole('button', { name: 'Close find' }).click();

  await transcript.more('Changes');
  const changes = page.getByRole('region', { name: 'Changes' });
  await expectAccessible(page, 'changes');
  await expect(changes.locator('del', { hasText: first })).toBeVisible();
  const report = await transcript.saved(changes.getByRole('button', { name: 'Save as report' }));
  expect(report.name).toBe('speech · Changes.html');
  expect(report.text).toContain(`<del>${first}</del>`);
  await changes.getByRole('button', { name: `Restore: ${first}` }).click();
  await expect(changes.locator('ins', { hasText: 'coast' })).toBeHidden();
  await changes.getByRole('button', { name: 'Restore', exact: true }).click();
  await expect(page.getByText('Nothing differs from what was recognised.')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the text' }).click();
  await expect.poll(() => transcript.segments()).toEqual([all]);
});

test('puts a finished text over the recognised words', async ({ page, transcript }) => {
  await transcript.edit.click();
  await transcript.more('Paste a text');
  await page
    .getByRole('textbox', { name: 'Finished text' })
    .fill(`Ada: ${HEAD}.\nBen: Most of the boats had already come home.`);
  await page.getByRole('button', { name: 'Use this text' }).click();
  await expect
    .poll(() => transcript.segments())
    .toEqual([`${HEAD}.`, 'Most of the boats had already come home.']);
  await expect(page.getByRole('button', { name: 'Speaker: Ben. Change' })).toBeVisible();
});

test('segments that the mouse was drawn over are typed over, deleted and given up', async ({
  page,
  transcript,
}) => {
  const lines = ['One two three four.', 'Five six seven.', 'Eight nine ten.', 'Eleven twelve.'];
  await transcript.edit.click();
  await transcript.more('Paste a text');
  await page.getByRole('textbox', { name: 'Finished text' }).fill(lines.join('\n'));
  await page.getByRole('button', { name: 'Use this text' }).click();
  await expect.poll(() => transcript.segments()).toEqual(lines);
  const placeOf = async (shown: Locator) => {
    const box = await shown.boundingBox();
    if (!box) throw new Error('It is not on the page.');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const word = (text: string) => placeOf(transcript.text.getByText(text, { exact: true }));
  type Place = Awaited<ReturnType<typeof word>>;
  const draw = async (from: Place, to: Place, steps = 5) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps });
  };
  const selected = (count: number) => page.getByText(`${count} segments selected`);
  const undo = async () => {
    await page.keyboard.press('Control+z');
    await expect.poll(() => transcript.segments()).toEqual(lines);
  };

  // the focus is elsewhere: keys go to what is selected all the same
  await transcript.edit.focus();
  await transcript.segment(2).click({ modifiers: ['Shift'], position: { x: 20, y: 10 } });
  await expect(selected(3)).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect.poll(() => transcript.segments()).toEqual([lines[3]]);
  await undo();

  await draw(await word('three'), await word('nine'));
  await page.mouse.up();
  await expect(selected(3)).toBeVisible();
  await page.keyboard.type('No.');
  await expect.poll(() => transcript.segments()).toEqual(['No.', 'Eleven twelve.']);
  await undo();

  // upwards
  await draw(await word('nine'), await word('six'));
  await page.mouse.up();
  await expect(selected(2)).toBeVisible();
  await page.keyboard.press('Delete');
  await expect.poll(() => transcript.segments()).toEqual([lines[0], lines[3]]);
  await undo();

  // out of the text and back in one go: it ends where the mouse was let go
  await draw(await word('six'), await placeOf(page.getByRole('region', { name: 'Player' })), 1);
  await expect(selected(3)).toBeVisible();
  const back = await word('nine');
  await page.mouse.move(back.x, back.y);
  await expect(selected(2)).toBeVisible();
  await page.mouse.up();
  // given up, nothing of it is left to be typed over
  await page.keyboard.press('Escape');
  await expect(selected(2)).toBeHidden();
  await page.keyboard.type('-');
  await expect
    .poll(async () => (await transcript.segments()).join('').length)
    .toBe(lines.join('').length + 1);
  await undo();

  // from beside the text, where nothing has the focus
  const time = await placeOf(transcript.text.locator('.stamp').nth(1));
  await draw(time, await word('twelve.'));
  await page.mouse.up();
  await expect(selected(3)).toBeVisible();
  await page.keyboard.type('But');
  await expect.poll(() => transcript.segments()).toEqual([lines[0], 'But']);
  await undo();
});

test('nothing typed is lost: two tabs, no network, a reload', async ({
  context,
  page,
  transcript,
}) => {
  const [all = ''] = await transcript.segments();
  await transcript.edit.click();
  const other = new TranscriptPage(await context.newPage());
  await other.page.goto(page.url());
  await other.edit.click();

  // both type in the same segment before either sees the other's words
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  await other.segment(0).focus();
  await other.page.keyboard.press('Control+End');
  await Promise.all([page.keyboard.type('First '), other.page.keyboard.type(' last')]);
  for (const tab of [transcript, other])
    await expect.poll(() => tab.segments()).toEqual([`First ${all} last`]);

  await context.setOffline(true);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Offline ');
  await expect.poll(() => other.segments()).toEqual([`Offline First ${all} last`]);
  await context.setOffline(false);

  await page.keyboard.type('at once ');
  await page.reload();
  await expect(transcript.text).toContainText(`Offline at once First ${all} last`);
});

/** Divides the text behind some words. */
async function splitBehind(words: number, transcript: TranscriptPage): Promise<void> {
  const { page } = transcript;
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  for (let word = 0; word < words; word++) await page.keyboard.press('Control+ArrowRight');
  await page.keyboard.press('Enter');
  await expect(transcript.segment(1)).toBeFocused();
}

test('moves a word that is dragged into the next segment in one step', async ({
  page,
  transcript,
}) => {
  await transcript.edit.click();
  await splitBehind(8, transcript);
  const before = await transcript.segments();
  const word = transcript.segment(0).getByText('would', { exact: true });
  await word.dblclick();
  await word.dragTo(transcript.segment(1).getByText('dust', { exact: true }), {
    targetPosition: { x: 1, y: 10 },
  });
  const [first = '', second = ''] = before;
  const after = [first.replace(' would', ''), second.replace('dust', 'would dust')];
  await expect.poll(() => transcript.segments()).toEqual(after);
  await page.keyboard.press('Control+z');
  await expect.poll(() => transcript.segments()).toEqual(before);
});

test('the caret stays with what is being typed while another tab changes the words before it', async ({
  page,
  context,
  transcript,
}) => {
  const [all = ''] = await transcript.segments();
  const other = new TranscriptPage(await context.newPage());
  await other.page.goto(page.url());
  for (const tab of [transcript, other]) {
    await tab.page.bringToFront();
    await tab.edit.click();
  }
  await other.segment(0).focus();
  await other.page.keyboard.press('Control+End');
  await other.page.keyboard.type(' one ');
  await expect.poll(() => transcript.segments()).toEqual([`${all} one`]);
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('Well, ');
  await expect.poll(() => other.segments()).toEqual([`Well, ${all} one`]);
  await other.page.keyboard.type('two');
  await expect.poll(() => transcript.segments()).toEqual([`Well, ${all} one two`]);
});

test('a pasted text of several lines becomes as many segments, and one that has no place is refused', async ({
  page,
  context,
  transcript,
}) => {
  const [all = ''] = await transcript.segments();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await transcript.edit.click();
  await transcript.segment(0).focus();
  await page.keyboard.press('Control+End');
  const paste = async (text: string) => {
    await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
    await page.keyboard.press('Control+v');
  };
  await paste(' and on.\r\nOne more.\n\nThe last');
  await expect(transcript.segment(2)).toBeFocused();
  await page.keyboard.type(' one.');
  const pasted = [`${all} and on.`, 'One more.', 'The last one.'];
  await expect.poll(() => transcript.segments()).toEqual(pasted);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  const refused = page.getByText(/more text than fits/);
  await paste('one two three\n'.repeat(9_000));
  await expect(refused).toBeVisible();
  await page.keyboard.type(' More.');
  pasted[2] = 'The last one. More.';
  await expect.poll(() => transcript.segments()).toEqual(pasted);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();

  // one that the browser has put into the field stays there until it is made shorter
  await paste(' one two three'.repeat(9_000));
  await expect(page.getByText('Not saved', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('The end.');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect.poll(() => transcript.segments()).toEqual([...pasted.slice(0, 2), 'The end.']);
});
