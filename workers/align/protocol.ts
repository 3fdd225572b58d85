export type { AlignMethods } from '@/lib/engine/families';
