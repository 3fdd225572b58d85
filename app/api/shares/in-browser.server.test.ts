// What a browser does with shares, against the real routes.
import { sql } from 'drizzle-orm';
import { deleteDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { fetchShares, revokeShare } from '@/app/_features/sharing/own-shares';
import type { SharedAudio } from '@/lib/client/sharing/document';
import { newShareSecret } from '@/lib/client/sharing/envelope';
import { parseShareLink } from '@/lib/client/sharing/link';
import { downloadAudio } from '@/lib/client/sharing/open-link';
import { patterned } from '@/lib/client/sharing/test-share';
import { closeDatabase } from '@/lib/client/store/db';
import { keepMedia } from '@/lib/client/store/media';
import { listShareLinks } from '@/lib/client/store/share-links';
import { setDeleted } from '@/lib/client/store/transcripts';
import { PART_BYTES } from '@/lib/contracts/shares';
import { database } from '@/lib/server/db/database';
import { shares } from '@/lib/server/db/schema';
import {
  codeOf,
  DAY_S,
  ID,
  make,
  open,
  openPageBeforeEach,
  openWithAudio,
  PASSWORD,
  page,
  record,
  signal,
  TITLE,
  WORDS,
} from './test-browser';

openPageBeforeEach();

/** Changes rows of every share. */
async function update(set: Parameters<ReturnType<typeof updating>['set']>[0]): Promise<void> {
  await updating(await database()).set(set);
}
const updating = ({ db }: Awaited<ReturnType<typeof database>>) => db.update(shares);

describe('a shared transcript', () => {
  it('is in another browser what it was here', async () => {
    const { link, progress } = await make();
    expect(link).toMatch(/^http:\/\/localhost:3000\/s\/[\w-]{22}#k=[\w-]{22}$/);
    expect(progress.at(-1)).toBe(1);
    const { document, expiresAt } = await open(link);
    expect(document.transcript).toMatchObject({
      title: TITLE,
      segments: [{ text: WORDS.join(' ') }],
    });
    expect(document.transcript.segments[0]?.words.map(({ text }) => text)).toEqual(WORDS);
    expect(document.audio).toBeNull();
    const lastsMs = Date.parse(expiresAt ?? '') - Date.now();
    expect(Math.abs(lastsMs - DAY_S * 1000)).toBeLessThan(60_000);
  });

  it('comes with its recording, over several parts, byte for byte', async () => {
    const sound = patterned(PART_BYTES + 12_345);
    await keepMedia(ID, new Blob([sound]), signal);
    const { link, progress } = await make({ withAudio: true });
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(page.asked().map((line) => line.replace(/shares\/[\w-]+/, 'shares/…'))).toEqual([
      'POST /api/shares',
      'PUT /api/shares/…',
      'PUT /api/shares/…/parts/0',
      'PUT /api/shares/…/parts/1',
      'POST /api/shares/…/complete',
    ]);
    const { audio, blob, progress: got } = await openWithAudio(link);
    expect(audio).toMatchObject({ name: 'weather.mp3', sizeBytes: sound.length, hasVideo: false });
    expect(Buffer.compare(new Uint8Array(await (await blob).arrayBuffer()), sound)).toBe(0);
    expect((await blob).type).toBe('audio/mpeg');
    expect(got.at(-1)).toBe(1);
  });

  it('is made and opened without that the server learns of any word, title, name or secret', async () => {
    await keepMedia(ID, new Blob(['the sound of thunder']), signal);
    const { link } = await make({ withAudio: true, password: PASSWORD });
    page.as = null;
    expect(await codeOf(open(link, 'open sesame'))).toBe('FORBIDDEN');
    const opened = await open(link, PASSWORD);
    await downloadAudio(opened, opened.document.audio as SharedAudio, {
      signal,
      onProgress: () => undefined,
    });
    const { secret } = parseShareLink(new URL(link).pathname, new URL(link).hash);
    const traffic = page.exchanges.map(({ sent, got }) => `${sent}\n${got}`).join('\n');
    expect(page.exchanges).toHaveLength(7);
    expect(traffic.length).toBeGreaterThan(2_000);
    // in every form that text takes on its way
    const forms = [TITLE, PASSWORD, 'open sesame', secret, record.source.name, ...WORDS].flatMap(
      (text) => [
        text,
        encodeURIComponent(text),
        Buffer.from(text).toString('latin1'),
        Buffer.from(text).toString('base64url').slice(0, -2),
      ],
    );
    for (const form of forms) expect(traffic.includes(form), `“${form}” was sent`).toBe(false);
    // what is behind the # never reaches the server; the keys of the text are not part of it either
    expect(traffic).not.toContain('#k=');
  });

  it('opens with its password alone, and takes no more after ten wrong ones', async () => {
    const { link } = await make({ password: PASSWORD });
    expect(link.endsWith('&p')).toBe(true);
    expect(await codeOf(open(link, 'wrong'))).toBe('FORBIDDEN');
    expect(await codeOf(open(link))).toBe('FORBIDDEN');
    // the same password as other keyboards give it
    await open(link, PASSWORD.normalize('NFD'));
    const { id } = parseShareLink(new URL(link).pathname, new URL(link).hash);
    const wrong = { headers: { authorization: `Share ${newShareSecret().secret}` } };
    for (let time = 2; time < 10; time += 1)
      expect((await page.fetch(`/api/shares/${id}`, wrong)).status).toBe(403);
    await expect(open(link, PASSWORD)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterS: expect.any(Number) },
    });
  });

  it('is not available when it was revoked, has expired, was not finished, or never was', async () => {
    const { link } = await make();
    const { pathname, hash } = new URL(link);
    const failure = async (address: string) => {
      const error = await open(address).catch((thrown) => thrown);
      const answer = page.exchanges.at(-1);
      return [error.code, answer?.status, answer?.got.replace(/"x-request-id","[^"]+"/, '')];
    };
    const unknown = await failure(`http://localhost:3000/s/${newShareSecret().id}${hash}`);
    expect(unknown.slice(0, 2)).toEqual(['NOT_FOUND', 404]);
    for (const set of [
      { expiresAt: sql`now() - interval '1 second'` },
      { revokedAt: sql`now()` },
      { completedAt: null },
    ]) {
      const before = { expiresAt: sql`now() + interval '1 hour'`, revokedAt: null };
      await update({ ...before, completedAt: sql`now()`, ...set });
      expect(await failure(link)).toEqual(unknown);
    }
    const other = `http://localhost:3000${pathname}#k=${newShareSecret().secret}`;
    expect(await failure(other)).toEqual(unknown);
  });

  it('asks the server nothing for half a link', async () => {
    const { link } = await make();
    page.asked();
    for (const half of [link.slice(0, -3), link.split('#')[0] ?? '', link.replace('/s/', '/s/x')])
      expect(() => open(half)).toThrow(expect.objectContaining({ code: 'SHARE_LINK_INVALID' }));
    expect(page.asked()).toEqual([]);
  });
});

describe('the links of a device', () => {
  it('can be copied again, and end for everyone when they are revoked', async () => {
    const { link } = await make();
    const owner = page.as;
    const [own] = await fetchShares(ID, signal);
    expect(own).toMatchObject({ link, hasPassword: false, audioBytes: 0, opens: 0 });
    await open(link);
    page.as = owner;
    const [again] = await fetchShares(ID, signal);
    expect(again?.opens).toBe(1);
    if (again) await revokeShare(again);
    expect(await fetchShares(ID, signal)).toEqual([]);
    expect(await listShareLinks()).toEqual([]);
    expect(await codeOf(open(link))).toBe('NOT_FOUND');
    // twice is fine
    page.as = owner;
    if (again) await revokeShare(again);
  });

  it('outlive their transcript, and are listed without it', async () => {
    const { link } = await make();
    await setDeleted(ID, true);
    const [own] = await fetchShares(null, signal);
    expect(own).toMatchObject({ link, transcriptId: ID });
    if (own) await revokeShare(own);
    expect(await codeOf(open(link))).toBe('NOT_FOUND');
  });

  it('that were made on another device are listed without their secret', async () => {
    await make();
    await closeDatabase();
    await deleteDB('ai2text');
    expect(await fetchShares(ID, signal)).toMatchObject([{ link: null, id: null }]);
  });
});
