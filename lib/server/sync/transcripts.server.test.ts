import { beforeEach, describe, expect, it } from 'vitest';
import type { PutSummary } from '@/lib/contracts/transcripts';
import { newId } from '@/lib/core/ids';
import { makeUser } from '@/lib/server/testing/sign-in';
import { withServer } from '@/lib/server/testing/test-support';
import { deleteSummary, listSummaries, putSummary } from './transcripts';

const WRITERS = 50;

const put = (title: string, at: number): PutSummary => ({
  title,
  language: 'en',
  durationMs: 1_000,
  wordCount: 10,
  tags: [],
  createdAt: '2026-01-02T03:04:05.000Z',
  fieldTimes: { title: at, language: 1, durationMs: 1, wordCount: 1, tags: 1, deleted: 0 },
});

let owner: string;

beforeEach(async () => {
  await withServer();
  owner = await makeUser();
});

/** Follows a list as a device does: from where it was, page by page. */
function follower() {
  const seen: { id: string; revision: number }[] = [];
  let since = 0;
  let reading = Promise.resolve();
  const read = async () => {
    for (let more = true; more; ) {
      const page = await listSummaries(owner, { since, limit: 7 });
      seen.push(...page.items.map(({ id, revision }) => ({ id, revision })));
      since = page.revision;
      more = page.more;
    }
  };
  return {
    seen,
    /** Resolves when it has read what was there when it was asked. */
    look: () => {
      reading = reading.then(read);
      return reading;
    },
  };
}

describe('many writers at once', () => {
  it('each get a revision of their own, and a reader misses none of them', async () => {
    const ids = Array.from({ length: WRITERS }, newId);
    const reader = follower();
    const answers = await Promise.all(
      ids.map(async (id) => {
        const answer = await putSummary(owner, id, put('one', 1));
        await reader.look();
        return answer;
      }),
    );
    const revisions = answers.map(({ revision }) => revision).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: WRITERS }, (_, at) => at + 1));
    // in order and without a gap, although it read while they wrote
    expect(reader.seen.map(({ revision }) => revision)).toEqual(revisions);
    expect(new Set(reader.seen.map(({ id }) => id))).toEqual(new Set(ids));
  });

  it('of one transcript end with the latest name, and every answer was true when it was given', async () => {
    const id = newId();
    const order = Array.from({ length: WRITERS }, (_, at) => (at * 17) % WRITERS);
    const answers = await Promise.all(
      order.map((at) => putSummary(owner, id, put(`name ${at}`, at + 1))),
    );
    const { items } = await listSummaries(owner, { since: 0, limit: 10 });
    expect(items).toMatchObject([{ title: `name ${WRITERS - 1}` }]);
    const byRevision = new Map(answers.map(({ revision, title }) => [revision, title]));
    for (const { revision, title } of answers) expect(byRevision.get(revision)).toBe(title);
  });

  it('delete and rename the same one, and it is deleted for every reader', async () => {
    const id = newId();
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        at === 7 ? deleteSummary(owner, id, 500) : putSummary(owner, id, put(`n${at}`, 1_000 + at)),
      ),
    );
    const { items } = await listSummaries(owner, { since: 0, limit: 10 });
    expect(items).toMatchObject([{ id, deleted: true, title: '' }]);
  });
});

describe('the limit of a list', () => {
  it('refuses one more than there is room for, and still takes changes of those that are there', async () => {
    const ids = [newId(), newId(), newId()];
    for (const id of ids) await putSummary(owner, id, put('one', 1), 3);
    await expect(putSummary(owner, newId(), put('more', 1), 3)).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    const renamed = await putSummary(owner, ids[0] ?? '', put('renamed', 2), 3);
    expect(renamed).toMatchObject({ title: 'renamed', revision: 4 });
    // many changes of few transcripts fill nothing
    expect(await putSummary(owner, newId(), put('fourth', 1), 4)).toMatchObject({ revision: 5 });
  });
});
