export type { DiariseMethods } from '@/lib/engine/diarisation';
