import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { API, openApiDocument } from '@/lib/contracts';
import { withServer } from '@/lib/server/testing/test-support';
import { GET } from './openapi.json/route';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const ENDPOINTS = API.flatMap(({ endpoints }) => endpoints);

/** Handlers that the contracts name by what they do, or not at all. */
const ELSEWHERE = ['/api/auth/{nextauth}', '/api/{path}'];

const files = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)route\.ts$/.test(file))
  .map((file) => `./${file}`);

/** The path that a route's folder stands for, as the contracts write it. */
function pathOf(file: string): string {
  const folder = file.slice(2).replace(/\/?route\.ts$/, '');
  return `/api/${folder}`.replace(/\[+(\.\.\.)?(\w+)\]+/g, '{$2}');
}

async function handlers(): Promise<string[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const module: Record<string, unknown> = await import(/* @vite-ignore */ file);
      return METHODS.filter((method) => method in module).map(
        (method) => `${method} ${pathOf(file)}`,
      );
    }),
  );
  return found.flat();
}

describe('the contracts', () => {
  it('have an entry for every route handler, and no other', async () => {
    const there = (await handlers()).filter((one) => !ELSEWHERE.some((path) => one.endsWith(path)));
    const described = ENDPOINTS.map(({ method, path }) => `${method} ${path}`).filter(
      (one) => !one.includes(' /api/auth/'),
    );
    expect(described.toSorted()).toEqual(there.toSorted());
  });

  it('say what stands in each path', () => {
    for (const { path, params } of ENDPOINTS) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = params ? Object.keys(params.shape) : [];
      expect(described, path).toEqual(names);
    }
  });

  it('are served to everyone as OpenAPI', async () => {
    await withServer({ database: 'none' });
    const answer = await GET(new Request('http://localhost:3000/api/openapi.json'));
    expect(answer.status).toBe(200);
    const document = await answer.json();
    expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
    const operations = Object.values(document.paths).flatMap((path) =>
      Object.values(path as object),
    );
    expect(operations).toHaveLength(ENDPOINTS.length);
  });
});
