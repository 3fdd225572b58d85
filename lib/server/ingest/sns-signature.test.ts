import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import {
  checkSnsMessage,
  fetchOfSns,
  isCertificateUrl,
  readSnsMessage,
  SnsCertificates,
} from './sns-signature';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const certificate = async () => publicKey.export({ type: 'spki', format: 'pem' }).toString();

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:recordings';

function signed(changes: object = {}) {
  const message = {
    Type: 'Notification',
    MessageId: 'm',
    TopicArn: TOPIC,
    Message: '{}',
    Timestamp: new Date().toISOString(),
    SignatureVersion: '2',
    SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/cert.pem',
    ...changes,
  };
  const text = (['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'] as const)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('');
  return {
    ...message,
    Signature: sign('sha256', Buffer.from(text), privateKey).toString('base64'),
  };
}

const check = async (value: object, topics = [TOPIC], pem = certificate) => {
  const message = readSnsMessage(value);
  if (!message) throw new Error('This does not have the form of a message.');
  return checkSnsMessage(message, topics, pem);
};

it('lets a message pass that SNS has signed', async () => {
  await expect(check(signed())).resolves.toBeUndefined();
});

it('refuses one that was changed, is old, or names a certificate of others', async () => {
  const old = new Date(Date.now() - 2 * 3_600_000).toISOString();
  for (const value of [
    { ...signed(), Message: '{"Records":[]}' },
    signed({ Timestamp: old }),
    signed({ SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.example.org/cert.pem' }),
    signed({ SigningCertURL: 'https://sns.eu-central-1.notamazonaws.com/cert.pem' }),
  ])
    await expect(check(value)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

it('refuses what has the form of a message and no signature of version 2', () => {
  for (const value of [
    { Type: 'Notification', Message: '{"Records":[]}' },
    { Type: 'SubscriptionConfirmation', SubscribeURL: 'https://sns.us-east-1.amazonaws.com/' },
    { TopicArn: TOPIC, Message: '{}' },
    signed({ SignatureVersion: '1' }),
  ])
    expect(() => readSnsMessage(value)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  expect(readSnsMessage({ Records: [] })).toBeNull();
});

it('refuses topics that are not named, and all where none is', async () => {
  for (const topics of [[], [`${TOPIC}-of-others`]])
    await expect(check(signed(), topics)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('INGEST_SNS_TOPICS'),
    });
});

it('says that SNS cannot be reached when its certificate does not come in time, or is none', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/gone') response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const busy = { code: 'SERVER_BUSY' };
  await expect(fetchOfSns(`${url}/gone`)).rejects.toMatchObject(busy);
  await expect(fetchOfSns(`${url}/silent`, 50)).rejects.toMatchObject(busy);
  await expect(check(signed(), [TOPIC], async () => 'a page')).rejects.toMatchObject(busy);
});

it('takes certificates from hosts of SNS alone', () => {
  expect(isCertificateUrl('https://sns.us-east-1.amazonaws.com/a.pem')).toBe(true);
  for (const url of [
    'http://sns.us-east-1.amazonaws.com/a.pem',
    'https://evil.org/sns.us-east-1.amazonaws.com/a.pem',
    'https://sns.us-east-1.amazonaws.com:8443/a.pem',
    'https://sns.us-east-1.amazonaws.com/a.txt',
  ])
    expect(isCertificateUrl(url), url).toBe(false);
});

// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=sns.amazonaws.com -days 36500
const PEM = `-----BEGIN CERTIFICATE-----
MIIBjzCCATWgAwIBAgIUSdc4XLRvrnGMLj3thwrBbuqA7PswCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRc25zLmFtYXpvbmF3cy5jb20wIBcNMjYxMTI5MDg0NzI0WhgP
MjEyNjExMDUwODQ3MjRaMBwxGjAYBgNVBAMMEXNucy5hbWF6b25hd3MuY29tMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERomlWCwnj1tDzpUTgdRlXyyvOhozP748
gKlz7bLGBJWN1FellDQT7lD+qc/P0+H08LsKMbDraPUGa3rPX7MzcqNTMFEwHQYD
VR0OBBYEFJsyY6FWf4i7qcZR9Vhw1I/5LirEMB8GA1UdIwQYMBaAFJsyY6FWf4i7
qcZR9Vhw1I/5LirEMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIg
CbOgdJu2l3CYLV+FwigVaB1fuIyIeX5CuB1FORroFmQCIQCfcxG6P+3bmHyMOFYF
IinOInFFBhqAX3X3QLv0alLN0A==
-----END CERTIFICATE-----
`;
const CERTIFICATE_URL = 'https://sns.eu-central-1.amazonaws.com/a.pem';

afterEach(() => void vi.useRealTimers());

it('fetches a certificate once, and again when it has expired', async () => {
  const fetchOne = vi.fn(async () => PEM);
  const certificates = new SnsCertificates(fetchOne);
  expect(await certificates.get(CERTIFICATE_URL)).toBe(PEM);
  expect(await certificates.get(CERTIFICATE_URL)).toBe(PEM);
  expect(fetchOne).toHaveBeenCalledTimes(1);
  vi.useFakeTimers({ now: Date.UTC(2127, 0) });
  await certificates.get(CERTIFICATE_URL);
  expect(fetchOne).toHaveBeenCalledTimes(2);
});

it('keeps neither failures nor what is not a certificate', async () => {
  const fetchOne = vi.fn(async () => PEM);
  fetchOne.mockRejectedValueOnce(new Error('unreachable')).mockResolvedValueOnce('a page');
  const certificates = new SnsCertificates(fetchOne);
  await expect(certificates.get(CERTIFICATE_URL)).rejects.toThrow('unreachable');
  expect(await certificates.get(CERTIFICATE_URL)).toBe('a page');
  expect(await certificates.get(CERTIFICATE_URL)).toBe(PEM);
});

it('keeps the last few alone', async () => {
  const fetchOne = vi.fn(async () => PEM);
  const certificates = new SnsCertificates(fetchOne);
  for (let index = 0; index <= 16; index += 1)
    await certificates.get(`${CERTIFICATE_URL}?${index}`);
  await certificates.get(`${CERTIFICATE_URL}?16`);
  expect(fetchOne).toHaveBeenCalledTimes(17);
  await certificates.get(`${CERTIFICATE_URL}?0`);
  expect(fetchOne).toHaveBeenCalledTimes(18);
});
