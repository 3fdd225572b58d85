import 'server-only';
import type { NextApiRequest, NextApiResponse } from 'next';
import NextAuth, { type NextAuthOptions } from 'next-auth';
import { serverEnv } from '@/lib/server/process/env';

/** What next-auth is asked. */
export interface NextAuthCall {
  method: string;
  /** The address below `/api/auth`: `['callback', 'oidc']`. */
  path: string[];
  query: Record<string, string>;
  body: Record<string, unknown>;
  cookies: Record<string, string>;
}

/** Collects what next-auth writes into the response of a classic handler. */
class Answer {
  private statusCode = 200;
  private readonly headers = new Map<string, string | string[]>();
  private body: string | null = null;

  status(code: number): this {
    this.statusCode = code;
    return this;
  }

  getHeader(name: string): string | string[] | undefined {
    return this.headers.get(name.toLowerCase());
  }

  setHeader(name: string, value: string | string[]): this {
    this.headers.set(name.toLowerCase(), value);
    return this;
  }

  json(value: unknown): void {
    this.setHeader('content-type', 'application/json');
    this.body = JSON.stringify(value);
  }

  send(value: unknown): void {
    if (typeof value === 'object' && value !== null) this.json(value);
    else this.body = value === undefined || value === null ? null : String(value);
  }

  end(): void {
    this.body = null;
  }

  toResponse(): Response {
    const headers = new Headers();
    for (const [name, value] of this.headers)
      for (const one of [value].flat()) headers.append(name, one);
    return new Response(this.body, { status: this.statusCode, headers });
  }
}

/**
 * Calls next-auth by its handler for plain requests: the one for routes reads cookies and headers out
 * of Next's request scope, which tests do not have. It learns its own address from two headers, which
 * are made here from the public address, never from what a client sent.
 */
export async function askNextAuth(call: NextAuthCall, options: NextAuthOptions): Promise<Response> {
  const { host, protocol } = new URL(serverEnv().publicUrl);
  // only with this does it look at them when `NEXTAUTH_URL` is not set
  process.env.AUTH_TRUST_HOST ??= 'true';
  const request = {
    method: call.method,
    query: { ...call.query, nextauth: call.path },
    body: call.body,
    cookies: call.cookies,
    headers: { 'x-forwarded-host': host, 'x-forwarded-proto': protocol.replace(':', '') },
  };
  const answer = new Answer();
  // all that next-auth touches of a request and a response is there
  await NextAuth(
    request as unknown as NextApiRequest,
    answer as unknown as NextApiResponse,
    options,
  );
  return answer.toResponse();
}
