import { describe, expect, it } from 'vitest';
import { safePath } from './safe-path';

describe('safePath', () => {
  it('keeps a path with its query and drops the fragment', () => {
    expect(safePath('/transcripts/1?t=5#key')).toBe('/transcripts/1?t=5');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/./%2e//evil.example',
    '/.//evil.example',
    'https://evil.example/',
    'https:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'settings',
    '',
    ' /settings',
    `/${'x'.repeat(3000)}`,
    null,
    { toString: () => '/settings' },
  ])('takes %j for the fallback', (value) => {
    expect(safePath(value, '/fallback')).toBe('/fallback');
  });

  it('takes a whole address of the given origin, and of no other', () => {
    const origin = 'https://app.example.org';
    expect(safePath('https://app.example.org/settings', '/', origin)).toBe('/settings');
    expect(safePath('https://app.example.org.evil.example/x', '/', origin)).toBe('/');
    expect(safePath('https://app.example.org@evil.example/x', '/', origin)).toBe('/');
    expect(safePath('https://app.example.org//evil.example', '/', origin)).toBe('/');
  });
});
