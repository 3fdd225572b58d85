// A process that asks for the session secret on command: for the test that many may start at once.
import { createInterface } from 'node:readline';
import { sessionSecret } from '@/lib/server/process/env';

console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) console.log(await sessionSecret());
