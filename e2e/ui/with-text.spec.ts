import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../fixtures/accessibility';
import { audio } from '../fixtures/files';
import { expect, test } from '../fixtures/test';

const CUES = `1
00:00:00,200 --> 00:00:01,700
Please send the report

2
00:00:01,700 --> 00:00:03,200
to the library on Monday.
`;

test('a recording chosen with its subtitles has their text, and can be transcribed instead', async ({
  home,
  page,
  transcript,
}) => {
  await home.open();
  await home.add(
    {
      name: 'report.mp3',
      mimeType: 'audio/mpeg',
      buffer: await readFile(audio('second.mp3')),
    },
    { name: 'report.en.srt', mimeType: '', buffer: Buffer.from(CUES) },
  );
  const notice = page.getByRole('region', { name: 'Recording and text' });
  await expect(notice).toContainText('report.mp3 was added with the text of report.en.srt');
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expectAccessible(page, 'library with a joined recording');

  await home.link('report').click();
  await expect(transcript.text).toContainText('Please send the report');
  await transcript.text.getByRole('button', { name: 'library', exact: true }).click();
  await expect.poll(() => transcript.currentTime()).toBeGreaterThan(1.9);
  // a recording can be transcribed later, too
  await transcript.more('Transcribe again');
  const asked = page.getByRole('dialog', { name: 'Transcribe again' });
  await expect(asked).toContainText('This text stays as it is');
  await asked.getByRole('button', { name: 'Transcribe again' }).click();
  await expect(page.getByText(/This text stays/)).toBeVisible();
  await expect(transcript.text).toContainText('Please send the report');
  await page.getByRole('link', { name: 'Library' }).click();

  // deleted, there is nothing to decide about; brought back, there is
  await home.transcripts.getByRole('button', { name: 'Delete' }).click();
  await expect(notice).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();

  await notice.getByRole('button', { name: 'Transcribe instead' }).click();
  // for a moment the one that failed may be there, too
  await expect(home.card('report.mp3')).toHaveCount(1);
  await expect(home.link('report')).toHaveCount(0);
  await expect(notice).toHaveCount(0);
});
