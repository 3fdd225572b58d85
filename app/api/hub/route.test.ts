import { afterEach, describe, expect, it, vi } from 'vitest';
import { GET } from './route';

afterEach(() => vi.unstubAllEnvs());

describe('GET /api/hub', () => {
  it('names the public hub when nothing is set', async () => {
    vi.stubEnv('MODEL_HUB', undefined);
    const response = GET();
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ address: 'https://huggingface.co' });
  });

  it('reads the variable at each request', async () => {
    vi.stubEnv('MODEL_HUB', 'http://mirror.example/hub/');
    expect(await GET().json()).toEqual({ address: 'http://mirror.example/hub' });
  });

  it('says in one sentence that an address is none, and does not repeat it', async () => {
    vi.stubEnv('MODEL_HUB', 'user:secret@nowhere');
    const response = GET();
    expect(response.status).toBe(500);
    const answer = await response.json();
    expect(answer).toMatchObject({ code: 'BAD_REQUEST' });
    expect(answer.message).toMatch(/^MODEL_HUB must be .*\.$/);
    expect(answer.message).not.toContain('secret');
  });
});
