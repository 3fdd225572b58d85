import { describe, expect, it } from 'vitest';
import { keysOfEvents } from './ingest';

const event = (eventSource: string, eventName: string, key: string) => ({
  Records: [{ eventSource, eventName, s3: { bucket: { name: 'b' }, object: { key, size: 3 } } }],
});

describe('notifications of object stores', () => {
  it('name keys as each store writes them', () => {
    const key = 'inbox/a b ấ+c.wav';
    const form = 'inbox/a+b+%E1%BA%A5%2Bc.wav';
    expect(keysOfEvents(event('ceph:s3', 'ObjectCreated:Put', key))).toEqual([key]);
    expect(keysOfEvents(event('aws:s3', 'ObjectCreated:Put', form))).toEqual([key]);
    const minio = event('minio:s3', 's3:ObjectCreated:CompleteMultipartUpload', form);
    expect(keysOfEvents({ EventName: 's3:ObjectCreated:Put', Key: form, ...minio })).toEqual([key]);
  });

  it('of other things name none', () => {
    expect(keysOfEvents(event('aws:s3', 'ObjectRemoved:Delete', 'inbox/a'))).toEqual([]);
    expect(keysOfEvents({ Service: 'Amazon S3', Event: 's3:TestEvent' })).toEqual([]);
    expect(keysOfEvents(event('aws:s3', 'ObjectCreated:Put', '%E0%A4%A'))).toEqual([]);
  });

  it.each([
    ['NUL', 'inbox/a\0b'],
    ['half a character', 'inbox/a\ud83d'],
    ['more than any key has', `inbox/${'é'.repeat(512)}`],
  ])('with %s name no object', (_, key) => {
    expect(keysOfEvents(event('ceph:s3', 'ObjectCreated:Put', key))).toEqual([]);
  });

  it('are refused when they have another form', () => {
    for (const value of [null, 'x', {}, { Records: [{}] }])
      expect(() => keysOfEvents(value)).toThrow(/notification/i);
  });
});
