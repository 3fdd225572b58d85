import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Incremental checksums of a file. `crypto.subtle` needs the whole input in memory, which model files are too
 * large for.
 */
export class Checksums {
  private readonly whole = sha256.create();
  private readonly git: ReturnType<typeof sha1.create> | null;

  /** @param gitBytes length of the file, which git hashes first; `null`: git's hash is not wanted */
  constructor(gitBytes: number | null) {
    this.git = gitBytes === null ? null : sha1.create().update(utf8ToBytes(`blob ${gitBytes}\0`));
  }

  update(bytes: Uint8Array): void {
    this.whole.update(bytes);
    this.git?.update(bytes);
  }

  /** Lower-case hex. May be called once. */
  digest(): { sha256: string; gitSha1: string | null } {
    return {
      sha256: bytesToHex(this.whole.digest()),
      gitSha1: this.git ? bytesToHex(this.git.digest()) : null,
    };
  }
}
