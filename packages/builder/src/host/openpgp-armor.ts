const BLOCK =
  /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n([\s\S]*?)-----END PGP PUBLIC KEY BLOCK-----/g;

/** Characters of base64 in a line. */
const LINE = 64;

/** Whether a file contains armored public keys, as opposed to binary ones. */
export function isArmored(content: Buffer): boolean {
  return content.subarray(0, 64).toString('latin1').includes('-----BEGIN PGP PUBLIC KEY BLOCK');
}

/** The packets in all armored blocks of a text. */
export function dearmor(text: string): Buffer {
  const keys = [...text.matchAll(BLOCK)].map((block) => {
    // An empty line ends the headers; the line that begins with = is a checksum.
    const body = (block[1] ?? '').replace(/^(?:[\w-]+:.*\r?\n)*\r?\n/, '').replace(/^=.*$/m, '');
    return Buffer.from(body, 'base64');
  });
  return Buffer.concat(keys);
}

/** Packets as one armored block. */
export function armor(packets: Buffer): string {
  const lines = packets.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [
    '-----BEGIN PGP PUBLIC KEY BLOCK-----',
    '',
    ...lines,
    // RFC 9580 no longer asks for it, but gpg does not read a block without it.
    `=${checksum(packets)}`,
    '-----END PGP PUBLIC KEY BLOCK-----',
    '',
  ].join('\n');
}

/** CRC-24 of RFC 4880, section 6.1, in base64. */
function checksum(packets: Buffer): string {
  let crc = 0xb7_04_ce;
  for (const byte of packets) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if ((crc & 0x1_00_00_00) !== 0) {
        crc ^= 0x1_86_4c_fb;
      }
    }
  }
  return Buffer.from([crc >> 16, crc >> 8, crc]).toString('base64');
}
