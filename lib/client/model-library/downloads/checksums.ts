import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Checksums of a file whose bytes come one after the other. `crypto.subtle` hashes only what lies
 * in memory as a whole, which files of models must not.
 */
export class Checksums {
  private readonly whole = sha256.create();
  private readonly git: ReturnType<typeof sha1.create> | null;

  /** @param gitBytes length of the file, when git's name for it is wanted too: it begins with it */
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
