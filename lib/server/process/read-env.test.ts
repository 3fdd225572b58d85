import { expect, test } from 'vitest';
import { readEnv } from './read-env';

/** Only what this app reads. */
const env = (variables: Record<string, string>) => readEnv(variables as NodeJS.ProcessEnv);

const s3 = {
  S3_ENDPOINT: 'https://s3.example.org/',
  S3_BUCKET: 'ai2text',
  S3_ACCESS_KEY_ID: 'id',
  S3_SECRET_ACCESS_KEY: 'a secret',
};

test('needs no variable', () => {
  expect(env({})).toMatchObject({
    dataDir: expect.stringMatching(/\/data$/),
    databaseUrl: null,
    s3: null,
    publicUrl: 'http://localhost:3000',
    hasPublicUrl: false,
    trustProxy: 0,
    oidc: null,
  });
});

test('takes empty variables, as compose files pass them on, as ones that are not set', () => {
  expect(env({ DATABASE_URL: '', S3_BUCKET: ' ', TRUST_PROXY: '', NEXTAUTH_SECRET: '' })).toEqual(
    env({}),
  );
});

test('reads an object store, with its defaults', () => {
  expect(env(s3).s3).toEqual({
    endpoint: 'https://s3.example.org',
    publicEndpoint: null,
    region: 'us-east-1',
    bucket: 'ai2text',
    accessKeyId: 'id',
    secretAccessKey: 'a secret',
    prefix: '',
  });
  expect(env({ ...s3, S3_PREFIX: '/team/ai2text' }).s3?.prefix).toBe('team/ai2text/');
});

test('takes the public address without its last slash, and the port where there is none', () => {
  for (const NEXTAUTH_URL of ['https://text.example.org/', 'HTTPS://Text.example.org:443'])
    expect(env({ NEXTAUTH_URL })).toMatchObject({
      publicUrl: 'https://text.example.org',
      hasPublicUrl: true,
    });
  expect(env({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
});

test('reads the topics of SNS', () => {
  const topics = ['a', 'b'].map((name) => `arn:aws:sns:eu-central-1:123456789012:${name}`);
  expect(env({ INGEST_SNS_TOPICS: topics.join(', ') }).ingestSnsTopics).toEqual(topics);
});

test.each([
  ['0.0.0.0', 'http://localhost:3000'],
  ['::', 'http://localhost:3000'],
  ['127.0.0.1', 'http://127.0.0.1:3000'],
  ['::1', 'http://[::1]:3000'],
  ['notes.local', 'http://notes.local:3000'],
])('guesses the address of a server that listens on %s', (HOSTNAME, url) => {
  expect(env({ HOSTNAME })).toMatchObject({ publicUrl: url, hasPublicUrl: false });
});

const wrong: [Record<string, string>, RegExp][] = [
  [{ DATABASE_URL: 'mysql://db/app' }, /^DATABASE_URL must be an address such as postgres:/],
  [{ DATABASE_URL: 'postgres' }, /^DATABASE_URL must be/],
  [{ ...s3, S3_ENDPOINT: 's3.example.org' }, /^S3_ENDPOINT must be an address such as https:/],
  [{ ...s3, S3_BUCKET: '' }, /^S3_BUCKET is missing: it is needed beside S3_ENDPOINT\.$/],
  [{ ...s3, S3_BUCKET: 'My Bucket' }, /^S3_BUCKET must be/],
  [{ ...s3, S3_PREFIX: '../other' }, /^S3_PREFIX must be/],
  [{ S3_BUCKET: 'ai2text' }, /^S3_ENDPOINT is missing/],
  [{ NEXTAUTH_URL: 'https://user:word@text.example.org' }, /^NEXTAUTH_URL must be/],
  [{ NEXTAUTH_URL: 'https://example.org/text' }, /^NEXTAUTH_URL must be an address without a path/],
  [
    { NEXTAUTH_URL: 'https://example.org/text/' },
    /^NEXTAUTH_URL .*host name, so give it one of its own/,
  ],
  [{ NEXTAUTH_URL: 'https://example.org/?a' }, /^NEXTAUTH_URL must be a plain address/],
  [{ NEXTAUTH_URL: 'text.example.org' }, /^NEXTAUTH_URL must be an address such as https:/],
  [{ KEEP_ALIVE_TIMEOUT: '75s' }, /^KEEP_ALIVE_TIMEOUT must be a whole number of milliseconds\.$/],
  [{ NEXTAUTH_SECRET: 'short' }, /^NEXTAUTH_SECRET must have at least 32 characters\.$/],
  [{ TRUST_PROXY: 'yes' }, /^TRUST_PROXY must be a whole number\.$/],
  [{ TRUST_PROXY: '-1' }, /^TRUST_PROXY must be/],
  [{ PORT: '70000' }, /^PORT must be at most 65535\.$/],
  [{ METRICS_TOKEN: 'guess' }, /^METRICS_TOKEN must have/],
  [{ METRICS_TOKEN: 'a token of many words' }, /^METRICS_TOKEN must not hold spaces\.$/],
  [{ WORKER_TOKEN: 'a token of many words' }, /^WORKER_TOKEN must not hold spaces\.$/],
  [{ INGEST_SECRET: 'a secret of many words' }, /^INGEST_SECRET must not hold spaces\.$/],
  [{ INGEST_SECRET: 'a-secret-of-the-store' }, /^WORKER_TOKEN is missing.* beside INGEST_SECRET/],
  [{ INGEST_SNS_TOPICS: 'recordings' }, /^INGEST_SNS_TOPICS must be names such as arn:aws:sns:/],
  [{ OIDC_ISSUER: 'https://id.example.org' }, /^OIDC_CLIENT_ID is missing/],
  [{ GITHUB_SECRET: 'x' }, /^GITHUB_ID is missing/],
  [{ GOOGLE_ID: 'x' }, /^GOOGLE_SECRET is missing/],
];

test.each(wrong)('names the wrong variable of %o', (variables, sentence) => {
  expect(() => env(variables)).toThrow(sentence);
  expect(() => env(variables)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
});

test('never prints the value of a variable', () => {
  for (const [variables] of wrong)
    try {
      env(variables);
    } catch (error) {
      expect(String(error)).not.toMatch(/mysql|My Bucket|user:word|short|guess/);
    }
});
