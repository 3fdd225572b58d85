import { describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi';

interface Operation {
  security: object[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema?: { properties: Record<string, object> } }> };
  responses: Record<string, { content?: Record<string, object> }>;
}

const { paths } = openApiDocument() as { paths: Record<string, Record<string, Operation>> };
const operation = (path: string, method: string) => {
  const found = paths[path]?.[method];
  if (!found) throw new Error(`No ${method} ${path}`);
  return found;
};

describe('the OpenAPI document', () => {
  it('describes what goes over the wire, before it is transformed', () => {
    const put = operation('/api/transcripts/{id}', 'put');
    const body = put.requestBody?.content['application/json']?.schema;
    expect(body?.properties.title).toMatchObject({ type: 'string', minLength: 1 });
    expect(put.responses['200']?.content).toHaveProperty('application/json');
    expect(put.parameters).toMatchObject([{ name: 'id', in: 'path', required: true }]);
  });

  it('says which parts of a query may be left out', () => {
    const { parameters } = operation('/api/transcripts/{id}', 'delete');
    expect(parameters.map(({ name, required }) => [name, required])).toEqual([
      ['id', true],
      ['at', true],
    ]);
    expect(operation('/api/shares', 'get').parameters).toMatchObject([
      { name: 'transcriptId', in: 'query', required: false },
    ]);
  });

  it('distinguishes bytes, JSON and no body', () => {
    const part = operation('/api/shares/{id}/parts/{n}', 'put');
    expect(part.requestBody?.content).toEqual({ 'application/octet-stream': {} });
    expect(Object.keys(part.responses)).toEqual(['204', 'default']);
  });

  it('says how a caller authenticates', () => {
    const of = (path: string, method: string) => operation(path, method).security;
    expect(of('/api/transcripts', 'get')).toEqual([{ session: [] }]);
    expect(of('/api/metrics', 'get')).toEqual([{ metricsToken: [] }]);
    expect(of('/api/shares/{id}', 'get')).toEqual([{ shareKey: [] }]);
    expect(of('/api/sign-in', 'get')).toEqual([]);
  });
});
