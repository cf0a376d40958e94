import { Problem } from './problem.ts';

const KEY_TYPES: readonly string[] = [
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];
const EXAMPLE = 'write the one line of the .pub file: `ssh-ed25519 AAAA… comment`';

/**
 * Reads a public key line: type, base64, comment. The problem never quotes the text, which may be a
 * private key.
 *
 * @returns the line without surrounding blanks, or what is wrong.
 */
export function parseSshKey(text: string): string | Problem {
  const line = text.trim();
  if (line.includes('PRIVATE KEY') || line.startsWith('PuTTY-User-Key-File')) {
    return new Problem(
      'is a private key, which must never leave its owner (value not shown)',
      'write the public half, the one line of the .pub file; treat this key as leaked if the file was shared',
    );
  }
  if (/\p{Cc}/u.test(line)) {
    return new Problem('has several lines or control characters', EXAMPLE);
  }
  const [type = '', blob = ''] = line.split(/ +/, 2);
  if (!KEY_TYPES.includes(type)) {
    return new Problem(
      type === 'ssh-dss'
        ? 'is a DSA key, which OpenSSH no longer accepts'
        : 'does not begin with a key type (value not shown)',
      `${EXAMPLE}; types: ${KEY_TYPES.join(', ')}`,
    );
  }
  return isKeyBlob(blob, type)
    ? line
    : new Problem(
        `is not a complete ${type} key: its base64 part is damaged or cut short`,
        EXAMPLE,
      );
}

/**
 * Whether the base64 is a chain of length-prefixed strings (RFC 4253 §6.6) that begins with the key
 * type.
 */
function isKeyBlob(base64: string, type: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    return false;
  }
  const bytes = Buffer.from(base64, 'base64');
  const fields: Buffer[] = [];
  let offset = 0;
  while (offset + 4 <= bytes.length) {
    const end = offset + 4 + bytes.readUInt32BE(offset);
    fields.push(bytes.subarray(offset + 4, end));
    offset = end;
  }
  return offset === bytes.length && fields.length >= 2 && fields[0]?.toString('latin1') === type;
}
