import type { PublishedFile } from '@/lib/catalogue';

/** A file that a repository or a folder offers. */
export type OfferedFile = PublishedFile;

/** Numeric forms of weights, as file names state them. */
export type Precision = 'fp32' | 'fp16' | 'q8' | 'q4';

/** A graph with its weights: in the file itself, or in a second one beside it. */
export interface OfferedGraph {
  graph: OfferedFile;
  data: OfferedFile | null;
  precision: Precision;
}

/** What publishers put between a graph's name and its ending. */
const MARKS: Record<Precision, readonly string[]> = {
  fp32: [''],
  fp16: ['_fp16', '.fp16', '-fp16'],
  q8: ['_quantized', '.int8', '_int8', '-int8'],
  q4: ['_q4'],
};

/** Folders in which publishers put graphs. */
const FOLDERS = ['onnx/', ''];

/**
 * The largest graph with its weights that can be loaded, in bytes: browsers do not read more than
 * 2 GB into one buffer, and a tab needs some of its memory for the rest.
 */
const MAX_GRAPH_BYTES = 1_900_000_000;

/** The files of a repository or a folder, found by what publishers call them. */
export class OfferedFiles {
  private readonly byPath: Map<string, OfferedFile>;

  constructor(files: readonly OfferedFile[]) {
    this.byPath = new Map(files.map((file) => [file.path, file]));
  }

  /** The first of these paths that there is. */
  first(paths: readonly string[]): OfferedFile | null {
    for (const path of paths) {
      const file = this.byPath.get(path);
      if (file) return file;
    }
    return null;
  }

  /** Whether there is a graph of this name, in whatever precision. */
  hasGraph(name: string): boolean {
    return Object.values(MARKS).some((marks) => this.first(graphPaths(name, marks)) !== null);
  }

  /** A graph that can be loaded, or `null`. @param name without mark and ending */
  graph(name: string, precision: Precision): OfferedGraph | null {
    const graph = this.first(graphPaths(name, MARKS[precision]));
    return graph && this.withData(graph, precision);
  }

  /** The graph of a repository or folder with a single one, whatever its name; else `null`. */
  onlyGraph(): OfferedGraph | null {
    const [graph, ...others] = [...this.byPath.values()].filter(({ path }) =>
      path.endsWith('.onnx'),
    );
    return graph && others.length === 0 ? this.withData(graph, 'fp32') : null;
  }

  private withData(graph: OfferedFile, precision: Precision): OfferedGraph | null {
    const data = this.first([`${graph.path}_data`, `${graph.path}.data`]);
    // weights in several pieces have names of which we know only the first
    const isSplit = this.first([`${graph.path}_data_1`, `${graph.path}_data_00001`]) !== null;
    const bytes = (graph.bytes ?? 0) + (data?.bytes ?? 0);
    return isSplit || bytes > MAX_GRAPH_BYTES ? null : { graph, data, precision };
  }
}

function graphPaths(name: string, marks: readonly string[]): string[] {
  return FOLDERS.flatMap((folder) => marks.map((mark) => `${folder}${name}${mark}.onnx`));
}
