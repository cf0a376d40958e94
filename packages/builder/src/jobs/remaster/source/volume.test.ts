import { expect, test } from 'vitest';
import { BLOCK_BYTES, parseVolume } from './volume.ts';

const NO_TABLE = Buffer.alloc(512);

function descriptor(type: number, change: (block: Buffer) => void = () => {}): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.writeUInt8(type, 0);
  block.write('CD001', 1);
  change(block);
  return block;
}

const primary = descriptor(1, (block) => {
  block.write('NAME'.padEnd(32), 40);
  block.writeUInt32LE(100, 80);
  block.writeUInt16LE(2048, 128);
});
const joliet = descriptor(2, (block) => block.write('%/E', 88));
const end = descriptor(255);

test('reads name, length and whether there are names for Windows', () => {
  const expected = { id: 'NAME', bytes: 204_800, joliet: false };
  expect(parseVolume(NO_TABLE, Buffer.concat([primary, end, joliet]))).toEqual(expected);
  expect(parseVolume(NO_TABLE, Buffer.concat([primary, descriptor(2), end]))).toEqual(expected);
  expect(parseVolume(NO_TABLE, Buffer.concat([primary, joliet, end]))).toEqual({
    ...expected,
    joliet: true,
  });
});

test('uses a larger partition table, whose backup header is in the last sector', () => {
  const table = Buffer.alloc(512);
  table.write('EFI PART');
  table.writeBigUInt64LE(999n, 32);
  expect(parseVolume(table, Buffer.concat([primary, end]))?.bytes).toBe(512_000);
});

test.each([Buffer.alloc(0), Buffer.alloc(BLOCK_BYTES), primary.subarray(1), end])(
  'finds no volume in anything else',
  (descriptors) => {
    expect(parseVolume(NO_TABLE, descriptors)).toBeUndefined();
  },
);
