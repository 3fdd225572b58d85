import { z } from 'zod';
import { ERROR_CODES } from '@/lib/core';
import { API } from './api';
import type { Endpoint } from './endpoint';

type JsonSchema = Record<string, unknown>;

/** What every failure is answered with. */
export const failureSchema = z.object({
  code: z.enum(ERROR_CODES),
  /** One sentence, for people. */
  message: z.string(),
});

/** A schema as JSON Schema, of what goes over the line: before it is transformed. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

function parameters(where: 'path' | 'query', schema: z.ZodType | undefined): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(schema) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: of,
  }));
}

function requestBody({ body, rawBody }: Endpoint): object {
  const content = rawBody
    ? { 'application/octet-stream': {} }
    : body && { 'application/json': { schema: jsonSchemaOf(body) } };
  return content ? { requestBody: { required: true, content } } : {};
}

function success({ answer }: Endpoint): object {
  if (answer === null) return { '204': { description: 'Done.' } };
  const content =
    typeof answer === 'string'
      ? { [answer]: {} }
      : { 'application/json': { schema: jsonSchemaOf(answer) } };
  return { '200': { description: 'The answer.', content } };
}

function security({ session, authorization }: Endpoint): object[] {
  if (authorization === 'METRICS_TOKEN') return [{ metricsToken: [] }];
  if (authorization === 'WORKER_TOKEN') return [{ workerToken: [] }];
  if (authorization === 'INGEST_SECRET') return [{ ingestSecret: [] }];
  if (authorization === 'token of the training run') return [{ trainingToken: [] }];
  if (authorization === 'signature in the address') return [{ signedAddress: [] }];
  if (authorization !== undefined) return [{ shareKey: [] }];
  return session === 'open' ? [] : [{ session: [] }];
}

/** Rises when a route takes or gives something else than before. */
const VERSION = '1';

/** All routes as an OpenAPI document. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, object>> = {};
  for (const { name, endpoints } of API)
    for (const endpoint of endpoints) {
      const { method, path, summary, session, params, query } = endpoint;
      paths[path] ??= {};
      paths[path][method.toLowerCase()] = {
        tags: [name],
        summary,
        ...(session === 'owner' && { description: 'For the owner alone.' }),
        security: security(endpoint),
        parameters: [...parameters('path', params), ...parameters('query', query)],
        ...requestBody(endpoint),
        responses: { ...success(endpoint), default: { $ref: '#/components/responses/Failure' } },
      };
    }
  return {
    openapi: '3.1.1',
    info: {
      title: 'AI2Text',
      version: VERSION,
      description:
        'What pages and workers ask this server. Audio and text go here only where somebody gives them for the training of models, and where the operator lets workers transcribe the recordings of an inbox.',
    },
    tags: API.map(({ name }) => ({ name })),
    paths,
    components: {
      responses: {
        Failure: {
          description: 'What failed; the status fits the code.',
          content: { 'application/json': { schema: jsonSchemaOf(failureSchema) } },
        },
      },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'next-auth.session-token' },
        metricsToken: { type: 'http', scheme: 'bearer' },
        workerToken: { type: 'http', scheme: 'bearer' },
        ingestSecret: { type: 'http', scheme: 'bearer' },
        trainingToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token that came with the request to train.',
        },
        signedAddress: {
          type: 'apiKey',
          in: 'query',
          name: 'signature',
          description: 'Comes with the address.',
        },
        shareKey: {
          type: 'apiKey',
          in: 'header',
          name: 'authorization',
          description: 'Share, a space, and the key that is derived from the secret of the link.',
        },
      },
    },
  };
}
