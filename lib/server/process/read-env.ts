import 'server-only';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '@/lib/core';

/** Where objects go when they do not go into a directory. */
export interface S3Settings {
  /** Without a last slash. */
  endpoint: string;
  /** Where browsers reach the store; `null`: they do not, and what they get comes through the app. */
  publicEndpoint: string | null;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Empty, or ends with a slash. */
  prefix: string;
}

/** An OpenID Connect provider that signs people in. */
export interface OidcSettings {
  /** Without a last slash. */
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** An application registered with GitHub or Google. */
export interface OauthSettings {
  clientId: string;
  clientSecret: string;
}

/** Who trains models for this server. */
export interface TrainingSettings {
  engine: 'webhook' | 'ray';
  /** Where requests go: the whole address of a webhook, the base of a Ray cluster's dashboard. */
  url: string;
  /** Signs what is sent and what comes back. */
  secret: string;
  /** Opens a Ray cluster that wants a token; `null`: it wants none. */
  rayToken: string | null;
  /** What a job on a Ray cluster runs. */
  rayEntrypoint: string;
  /** So much new speech starts a run, in ms; `null`: the owner starts them. */
  startsAtMs: number | null;
  /** A run that was handed over and is silent for this long has failed, in ms. */
  silenceMs: number;
}

/** Everything the server reads from its environment, checked. `null`: not set, the default applies. */
export interface ServerEnv {
  /** Absolute path of the embedded data. */
  dataDir: string;
  databaseUrl: string | null;
  s3: S3Settings | null;
  /** What users type: an origin. */
  publicUrl: string;
  /** `publicUrl` was set and is not a guess: links are made with it. */
  hasPublicUrl: boolean;
  /** Given by `NEXTAUTH_SECRET`; use `sessionSecret()`, which makes one when there is none. */
  givenSecret: string | null;
  /** Number of proxies whose forwarded address is believed. */
  trustProxy: number;
  metricsToken: string | null;
  /** What workers bring; `null`: there are none. */
  workerToken: string | null;
  /** NATS JetStream, where jobs wait; `null`: they wait in the database. */
  queueUrl: string | null;
  /** What the object store's notifications bring. */
  ingestSecret: string | null;
  /** Topics of Amazon SNS whose messages are taken: their ARNs. */
  ingestSnsTopics: readonly string[];
  /** Where new recordings come to lie; ends with a slash. */
  ingestPrefix: string;
  training: TrainingSettings | null;
  oidc: OidcSettings | null;
  github: OauthSettings | null;
  google: OauthSettings | null;
}

const address = (protocols: RegExp, example: string) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && protocols.test(new URL(value).protocol), {
      error: `must be an address such as ${example}`,
    })
    .transform((value) => value.replace(/\/+$/, ''));

const webAddress = (example: string) =>
  address(/^https?:$/, example).refine(
    (value) => {
      if (!URL.canParse(value)) return true;
      const { username, search, hash } = new URL(value);
      return !username && !search && !hash;
    },
    { error: `must be a plain address such as ${example}` },
  );

const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value <= max, `must be at most ${max}`);

const secret = (minLength: number) =>
  z.string().min(minLength, `must have at least ${minLength} characters`);

/** A secret that is sent in a header, or in an address: a space would end it there. */
const token = (minLength: number) => secret(minLength).regex(/^\S*$/, 'must not hold spaces');

const HOUR_MS = 3_600_000;

/** A topic of Amazon SNS. */
const TOPIC_ARN = /^arn:aws[\w-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/;

const variables = z.object({
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: address(/^postgres(ql)?:$/, 'postgres://user:password@host:5432/name').optional(),
  S3_ENDPOINT: webAddress('https://s3.example.org').optional(),
  S3_PUBLIC_ENDPOINT: webAddress('https://s3.example.org').optional(),
  S3_REGION: z
    .string()
    .regex(/^[\w-]+$/, 'must be the name of a region')
    .default('us-east-1'),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_PREFIX: z
    .string()
    .regex(/^(?!.*(^|\/)\.{1,2}(\/|$))[\w./-]+$/, 'must be a path such as ai2text/')
    .transform((value) => `${value.replace(/^\/+|\/+$/g, '')}/`)
    .optional(),
  NEXTAUTH_URL: webAddress('https://ai2text.example.org')
    .refine((value) => !URL.canParse(value) || new URL(value).pathname === '/', {
      error:
        'must be an address without a path: the app is served at the root of a host name, so give it one of its own, such as https://ai2text.example.org',
    })
    .transform((value) => new URL(value).origin)
    .optional(),
  NEXTAUTH_SECRET: secret(32).optional(),
  PORT: wholeNumber(65_535).default(3000),
  HOSTNAME: z.string().optional(),
  // read by Next
  KEEP_ALIVE_TIMEOUT: z
    .string()
    .regex(/^\d{1,7}$/, 'must be a whole number of milliseconds')
    .optional(),
  TRUST_PROXY: wholeNumber(10).default(0),
  METRICS_TOKEN: token(16).optional(),
  WORKER_TOKEN: token(16).optional(),
  QUEUE_URL: address(/^nats:$/, 'nats://host:4222').optional(),
  INGEST_SECRET: token(16).optional(),
  INGEST_SNS_TOPICS: z
    .string()
    .transform((value) => value.split(/[\s,]+/).filter(Boolean))
    .refine((topics) => topics.every((topic) => TOPIC_ARN.test(topic)), {
      error: 'must be names such as arn:aws:sns:eu-central-1:123456789012:recordings, with commas',
    })
    .default([]),
  INGEST_PREFIX: z
    .string()
    .regex(/^(?!\/)(?!.*(^|\/)\.{1,2}(\/|$))[\w./-]+$/, 'must be a path such as inbox/')
    .transform((value) => `${value.replace(/\/+$/g, '')}/`)
    .default('inbox/'),
  TRAINING_WEBHOOK_URL: webAddress('https://trainer.example.org/start').optional(),
  TRAINING_RAY_URL: webAddress('http://ray.example.org:8265').optional(),
  TRAINING_RAY_TOKEN: token(1).optional(),
  TRAINING_RAY_ENTRYPOINT: z.string().max(500).default('python3 training/receiver/job.py'),
  TRAINING_SECRET: secret(24).optional(),
  TRAINING_HOURS: z
    .string()
    .regex(/^\d{1,5}(\.\d{1,4})?$/, 'must be a number of hours such as 10 or 0.5')
    .transform(Number)
    .refine((value) => value > 0, { error: 'must be more than 0' })
    .optional(),
  TRAINING_SILENCE_HOURS: z
    .string()
    .regex(/^\d{1,4}(\.\d{1,4})?$/, 'must be a number of hours such as 24 or 0.5')
    .transform(Number)
    .refine((value) => value > 0, { error: 'must be more than 0' })
    .default(24),
  OIDC_ISSUER: webAddress('https://sign-in.example.org').optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  GITHUB_ID: z.string().optional(),
  GITHUB_SECRET: z.string().optional(),
  GOOGLE_ID: z.string().optional(),
  GOOGLE_SECRET: z.string().optional(),
});

type Variables = z.output<typeof variables>;
type Name = keyof Variables;

/** Variables that mean something only together: all of them, or `null` when none is set. */
function together<K extends Name>(
  values: Variables,
  names: readonly K[],
): { [P in K]: NonNullable<Variables[P]> } | null {
  const present = names.filter((name) => values[name] !== undefined);
  const [first] = present;
  if (first === undefined) return null;
  const missing = names.find((name) => values[name] === undefined);
  if (missing !== undefined)
    throw new AppError('BAD_REQUEST', `${missing} is missing: it is needed beside ${first}.`);
  // none is undefined, as was just checked
  return values as { [P in K]: NonNullable<Variables[P]> };
}

function parse(source: NodeJS.ProcessEnv): Variables {
  // compose files pass unset variables on as empty ones
  const set = Object.entries(source).filter(([, value]) => value?.trim());
  const result = variables.safeParse(
    Object.fromEntries(set.map(([name, value]) => [name, value?.trim()])),
  );
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  // the value itself is left out: it may be a password
  throw new AppError(
    'BAD_REQUEST',
    `${String(issue?.path[0])} ${issue?.message ?? 'is not valid'}.`,
  );
}

function trainingOf(values: Variables): TrainingSettings | null {
  const { TRAINING_WEBHOOK_URL: webhook, TRAINING_RAY_URL: ray, TRAINING_HOURS: hours } = values;
  if (webhook !== undefined && ray !== undefined)
    throw new AppError(
      'BAD_REQUEST',
      'TRAINING_WEBHOOK_URL and TRAINING_RAY_URL are both set: keep one.',
    );
  const url = webhook ?? ray;
  if (url === undefined) {
    const names = ['TRAINING_HOURS', 'TRAINING_SECRET', 'TRAINING_RAY_TOKEN'] as const;
    const set = names.find((name) => values[name]);
    if (set === undefined) return null;
    throw new AppError(
      'BAD_REQUEST',
      `TRAINING_WEBHOOK_URL is missing: it, or TRAINING_RAY_URL, is needed beside ${set}.`,
    );
  }
  if (values.TRAINING_SECRET === undefined)
    throw new AppError('BAD_REQUEST', 'TRAINING_SECRET is missing: it signs what is sent.');
  return {
    engine: webhook === undefined ? 'ray' : 'webhook',
    url,
    secret: values.TRAINING_SECRET,
    rayToken: values.TRAINING_RAY_TOKEN ?? null,
    rayEntrypoint: values.TRAINING_RAY_ENTRYPOINT,
    startsAtMs: hours === undefined ? null : Math.round(hours * HOUR_MS),
    silenceMs: Math.round(values.TRAINING_SILENCE_HOURS * HOUR_MS),
  };
}

/** Where the app can be reached from this machine, as far as its own variables say. */
function localUrl({ HOSTNAME, PORT }: Variables): string {
  const isEverywhere = HOSTNAME === undefined || HOSTNAME === '0.0.0.0' || HOSTNAME === '::';
  const url = `http://${isEverywhere ? 'localhost' : HOSTNAME}:${PORT}`;
  return URL.canParse(url) ? url : `http://[${HOSTNAME}]:${PORT}`;
}

/**
 * Reads and checks the variables of `source`.
 * @throws BAD_REQUEST with a sentence that names the first wrong variable
 */
export function readEnv(source: NodeJS.ProcessEnv): ServerEnv {
  const values = parse(source);
  const s3 = together(values, [
    'S3_ENDPOINT',
    'S3_BUCKET',
    'S3_ACCESS_KEY_ID',
    'S3_SECRET_ACCESS_KEY',
  ]);
  const oidc = together(values, ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']);
  if (values.INGEST_SECRET !== undefined && values.WORKER_TOKEN === undefined)
    throw new AppError(
      'BAD_REQUEST',
      'WORKER_TOKEN is missing: it is needed beside INGEST_SECRET, since workers transcribe what is notified.',
    );
  const github = together(values, ['GITHUB_ID', 'GITHUB_SECRET']);
  const google = together(values, ['GOOGLE_ID', 'GOOGLE_SECRET']);
  return {
    dataDir: resolve(/* turbopackIgnore: true */ values.DATA_DIR),
    databaseUrl: values.DATABASE_URL ?? null,
    s3: s3 && {
      endpoint: s3.S3_ENDPOINT,
      publicEndpoint: values.S3_PUBLIC_ENDPOINT ?? null,
      region: values.S3_REGION,
      bucket: s3.S3_BUCKET,
      accessKeyId: s3.S3_ACCESS_KEY_ID,
      secretAccessKey: s3.S3_SECRET_ACCESS_KEY,
      prefix: values.S3_PREFIX ?? '',
    },
    publicUrl: values.NEXTAUTH_URL ?? localUrl(values),
    hasPublicUrl: values.NEXTAUTH_URL !== undefined,
    givenSecret: values.NEXTAUTH_SECRET ?? null,
    trustProxy: values.TRUST_PROXY,
    metricsToken: values.METRICS_TOKEN ?? null,
    workerToken: values.WORKER_TOKEN ?? null,
    queueUrl: values.QUEUE_URL ?? null,
    ingestSecret: values.INGEST_SECRET ?? null,
    ingestSnsTopics: values.INGEST_SNS_TOPICS,
    ingestPrefix: values.INGEST_PREFIX,
    training: trainingOf(values),
    oidc: oidc && {
      issuer: oidc.OIDC_ISSUER,
      clientId: oidc.OIDC_CLIENT_ID,
      clientSecret: oidc.OIDC_CLIENT_SECRET,
    },
    github: github && { clientId: github.GITHUB_ID, clientSecret: github.GITHUB_SECRET },
    google: google && { clientId: google.GOOGLE_ID, clientSecret: google.GOOGLE_SECRET },
  };
}
