import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPair } from '@micro-linux/update-image/write';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../state/temporary-directory.testdata.ts';
import { NO_FLOOR } from '../state/trust-floor.ts';
import { loadTrust } from './load-trust.ts';

/** Three config directories; the last is the image's. */
function layers() {
  const root = temporaryDirectory();
  const directories = ['etc', 'run', 'lib'].map((name) => join(root, name));
  return {
    directories,
    key(layer: 0 | 1 | 2, name: string, pem = generateKeyPair().publicPem) {
      mkdirSync(join(directories[layer] ?? '', 'keys'), { recursive: true });
      writeFileSync(join(directories[layer] ?? '', 'keys', name), pem);
    },
    revoked(layer: 0 | 1 | 2, text: string) {
      mkdirSync(directories[layer] ?? '', { recursive: true });
      writeFileSync(join(directories[layer] ?? '', 'revoked-keys'), text);
    },
  };
}

describe('trusted keys', () => {
  it('are those of all directories together', () => {
    const at = layers();
    const [own, old] = [generateKeyPair(), generateKeyPair()];
    at.key(0, 'own.pem', own.publicPem);
    at.key(2, 'old.pem', old.publicPem);
    at.key(2, '.hidden.pem', 'no key');
    at.key(2, 'README', 'no key');
    at.revoked(0, `# lost in 2031\n${old.keyId} # laptop\n\n`);
    const trust = loadTrust(at.directories, 2, NO_FLOOR);
    expect(trust.keys.map(({ keyId }) => keyId)).toEqual([own.keyId, old.keyId]);
    expect([...trust.revoked]).toEqual([old.keyId]);
    expect(trust.threshold).toBe(2);
  });

  it('keep the requirements of earlier images, whatever the files say now', () => {
    const at = layers();
    const [own, stolen] = [generateKeyPair(), generateKeyPair()];
    at.key(2, 'own.pem', own.publicPem);
    at.key(2, 'stolen.pem', stolen.publicPem);
    const floor = { threshold: 2, revoked: [stolen.keyId] };
    const trust = loadTrust(at.directories, 1, floor);
    expect([...trust.revoked]).toEqual([stolen.keyId]);
    expect(trust.threshold).toBe(2);
    expect(loadTrust(at.directories, 3, floor).threshold).toBe(3);
  });

  it('can be empty', () => {
    expect(loadTrust(layers().directories, 1, NO_FLOOR)).toEqual({
      keys: [],
      revoked: new Set(),
      threshold: 1,
    });
  });

  it('are never guessed: a file without a key is an error that names it', () => {
    const at = layers();
    at.key(0, 'own.pem', 'rubbish');
    expect(() => loadTrust(at.directories, 1, NO_FLOOR)).toThrow(
      expect.objectContaining({ code: 'key-invalid', message: expect.stringContaining('own.pem') }),
    );
  });

  it.each<[string, (path: string) => void]>([
    ['a directory', (path) => mkdirSync(path)],
    ['a FIFO, which nobody writes to', (path) => void execFileSync('mkfifo', [path])],
    ['a file that never ends', (path) => symlinkSync('/dev/zero', path)],
    ['16 MiB', (path) => writeFileSync(path, Buffer.alloc(16 * 1024 * 1024, 'A'))],
  ])('do not wait for %s in place of a key or of the list of revoked ones', (_, make) => {
    for (const name of ['keys/own.pem', 'revoked-keys']) {
      const at = layers();
      mkdirSync(join(at.directories[0] ?? '', 'keys'), { recursive: true });
      make(join(at.directories[0] ?? '', name));
      expect(() => loadTrust(at.directories, 1, NO_FLOOR)).toThrow(
        expect.objectContaining({
          code: 'keys-unreadable',
          message: expect.stringContaining(name),
        }),
      );
    }
  });

  it('are not loaded if the list of revoked ones cannot be parsed', () => {
    const at = layers();
    at.revoked(2, '# fine\nABCDEF\n');
    expect(() => loadTrust(at.directories, 1, NO_FLOOR)).toThrow(
      expect.objectContaining({
        code: 'revoked-keys-invalid',
        details: expect.objectContaining({ line: 2 }),
      }),
    );
  });
});
