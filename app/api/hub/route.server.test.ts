import { describe, expect, it } from 'vitest';
import { withServer } from '@/lib/server/testing/test-support';
import { GET } from './route';

const ask = () => GET(new Request('http://localhost:3000/api/hub'));

describe('GET /api/hub', () => {
  it('names the public hub when nothing is set', async () => {
    await withServer({ database: 'none' });
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ address: 'https://huggingface.co' });
  });

  it('reads the variable at each request', async () => {
    await withServer({ database: 'none', env: { MODEL_HUB: 'http://mirror.example/hub/' } });
    expect(await (await ask()).json()).toEqual({ address: 'http://mirror.example/hub' });
  });

  it('says in one sentence that an address is none, and does not repeat it', async () => {
    await withServer({ database: 'none', env: { MODEL_HUB: 'user:secret@nowhere' } });
    const response = await ask();
    expect(response.status).toBe(500);
    const answer = await response.json();
    expect(answer).toMatchObject({ code: 'BAD_REQUEST' });
    expect(answer.message).toMatch(/^MODEL_HUB must be .*\.$/);
    expect(answer.message).not.toContain('secret');
  });
});
