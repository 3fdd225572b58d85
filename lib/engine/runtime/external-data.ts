import type { ModelFiles } from '@/lib/engine';
import type { ExternalData } from './runtime';

/**
 * The weights beside a graph, under the name by which the graph asks for them.
 * @param role of the file; none when the model has no such file
 * @throws what reading the file throws
 */
export async function externalData(files: ModelFiles, role: string): Promise<ExternalData[]> {
  if (!files.has(role)) return [];
  return [{ path: files.nameOf(role), data: await files.read(role) }];
}
