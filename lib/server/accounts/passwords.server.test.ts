import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './passwords';

describe('passwords', () => {
  it('knows the right one and no other', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(await verifyPassword('correct horse battery', hash)).toBe(true);
    expect(await verifyPassword('correct horse batterz', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  it('stores the costs beside the key, and never twice the same', async () => {
    const [one, two] = await Promise.all([
      hashPassword('same again!'),
      hashPassword('same again!'),
    ]);
    expect(one).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(two);
  });

  it('checks a hash that was made with other costs', async () => {
    // node -e "console.log(crypto.scryptSync('older password', Buffer.alloc(16,7), 32, {N:1024,r:8,p:1}).toString('base64url'))"
    const salt = Buffer.alloc(16, 7).toString('base64url');
    const older = `scrypt$1024$8$1$${salt}$C-JwmzC4OFyV372dM2hMI6omstR4X7uToYCbjU_059s`;
    expect(await verifyPassword('older password', older)).toBe(true);
    expect(await verifyPassword('other password', older)).toBe(false);
  });

  it('takes one password written with other code points as the same', async () => {
    const hash = await hashPassword('cafe\u0301 au lait');
    expect(await verifyPassword('caf\u00e9 au lait', hash)).toBe(true);
  });

  it('is never right for an account that has none, and takes as much work', async () => {
    const before = process.cpuUsage();
    expect(await verifyPassword('A'.repeat(43), null)).toBe(false);
    // the work is done in the thread pool, which counts as this process's
    expect(process.cpuUsage(before).user).toBeGreaterThan(20_000);
  });

  it('turns away what would wait too long instead of holding all of it', async () => {
    const cheap = `scrypt$1024$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    const all = await Promise.allSettled(
      Array.from({ length: 60 }, () => verifyPassword('guess', cheap)),
    );
    const refused = all.filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(20);
    expect(refused.length).toBeLessThan(60);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'SERVER_BUSY' });
    // and it works again afterwards
    expect(await verifyPassword('guess', cheap)).toBe(false);
  });
});
