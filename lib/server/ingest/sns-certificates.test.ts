import { afterEach, expect, it, vi } from 'vitest';
import { SnsCertificates } from './sns-certificates';

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
const URL = 'https://sns.eu-central-1.amazonaws.com/a.pem';

afterEach(() => void vi.useRealTimers());

it('fetches a certificate once, and again when it has expired', async () => {
  const fetchOne = vi.fn(async () => PEM);
  const certificates = new SnsCertificates(fetchOne);
  expect(await certificates.get(URL)).toBe(PEM);
  expect(await certificates.get(URL)).toBe(PEM);
  expect(fetchOne).toHaveBeenCalledTimes(1);
  vi.useFakeTimers({ now: Date.UTC(2127, 0) });
  await certificates.get(URL);
  expect(fetchOne).toHaveBeenCalledTimes(2);
});

it('keeps neither failures nor what is not a certificate', async () => {
  const fetchOne = vi.fn(async () => PEM);
  fetchOne.mockRejectedValueOnce(new Error('unreachable')).mockResolvedValueOnce('a page');
  const certificates = new SnsCertificates(fetchOne);
  await expect(certificates.get(URL)).rejects.toThrow('unreachable');
  expect(await certificates.get(URL)).toBe('a page');
  expect(await certificates.get(URL)).toBe(PEM);
});

it('keeps the last few alone', async () => {
  const fetchOne = vi.fn(async () => PEM);
  const certificates = new SnsCertificates(fetchOne);
  for (let index = 0; index <= 16; index += 1) await certificates.get(`${URL}?${index}`);
  await certificates.get(`${URL}?16`);
  expect(fetchOne).toHaveBeenCalledTimes(17);
  await certificates.get(`${URL}?0`);
  expect(fetchOne).toHaveBeenCalledTimes(18);
});
