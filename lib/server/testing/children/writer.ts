// A process that writes `rows` or `objects`, as its argument says, as fast as it can and says what was
// acknowledged: for the test that kills it. Lines: `row ID`, `object KEY`; `failed …` is a failure.
import { newId } from '@/lib/core/ids';
import { database } from '@/lib/server/db/database';
import { identities, users } from '@/lib/server/db/schema';
import { objectStore } from '@/lib/server/objects/object-store';

/** Two rows that must be there together. */
async function writeRows(): Promise<void> {
  const { transaction } = await database();
  const id = newId();
  await transaction(async (tx) => {
    await tx.insert(users).values({ id, email: `${id}@example.org`, name: id, role: 'member' });
    await tx.insert(identities).values({ provider: 'test', subject: id, userId: id });
  });
  console.log(`row ${id}`);
}

/** An object that repeats its own key, so that a part of it can be distinguished from the whole. */
async function writeObject(): Promise<void> {
  const key = `killed/${newId()}`;
  await objectStore().put(key, new TextEncoder().encode(key.repeat(2_000)));
  console.log(`object ${key}`);
}

async function again(write: () => Promise<void>): Promise<never> {
  for (;;)
    try {
      await write();
    } catch (error) {
      console.log(`failed ${error}`);
    }
}

const write = process.argv[2] === 'rows' ? writeRows : writeObject;
await write();
console.log('ready');
await Promise.all([again(write), again(write), again(write)]);
