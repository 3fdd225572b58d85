import { afterEach, describe, expect, it, vi } from 'vitest';
import { publicUrl, rememberPublicUrl } from './public-url';
import { fetchSession } from './session';

const user = {
  id: '6f2c1f0e-5b0f-4a53-9a50-0c6f6f2f7a11',
  email: 'anna@example.org',
  name: 'Anna',
  role: 'owner',
};

function serverSays(answer: object): void {
  vi.stubGlobal('window', { location: { origin: 'http://192.168.0.7:3000' } });
  vi.stubGlobal('fetch', async () => Response.json(answer));
}

afterEach(() => {
  vi.unstubAllGlobals();
  rememberPublicUrl(undefined);
});

describe('links to this server', () => {
  it('begin with the public address that the server was told', async () => {
    serverSays({ user, publicUrl: 'https://ai2text.example.org/' });
    expect(await fetchSession()).toEqual({ user });
    expect(publicUrl()).toBe('https://ai2text.example.org');
  });

  it('begin with the address in the bar where the server was told none', async () => {
    serverSays({ user, publicUrl: 'https://ai2text.example.org' });
    await fetchSession();
    serverSays({ user });
    await fetchSession();
    expect(publicUrl()).toBe('http://192.168.0.7:3000');
  });
});
