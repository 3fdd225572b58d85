import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { asSnsMessage, checkSnsSignature, isCertificateUrl } from './sns-signature';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const certificate = async () => publicKey.export({ type: 'spki', format: 'pem' }).toString();

function signed(changes: object = {}) {
  const message = {
    Type: 'Notification',
    MessageId: 'm',
    TopicArn: 'arn:aws:sns:eu-central-1:1:recordings',
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

const check = (value: object) => {
  const message = asSnsMessage(value);
  if (!message) throw new Error('This has not the form of a message.');
  return checkSnsSignature(message, certificate);
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
  ])
    await expect(check(value)).rejects.toMatchObject({ code: 'FORBIDDEN' });
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
