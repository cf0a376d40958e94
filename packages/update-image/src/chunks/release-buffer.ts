/**
 * Frees the memory of a chunk immediately. The garbage collector would let tens of MiB accumulate
 * first. The buffer, and all others on the same memory, are empty afterwards: call it when nothing
 * reads or writes them any more.
 */
export function releaseBuffer(buffer: Buffer): void {
  const memory = buffer.buffer;
  // Small buffers share slabs of poolSize; none of them fills one.
  const alone = buffer.length === memory.byteLength || memory.byteLength > Buffer.poolSize;
  if (memory instanceof ArrayBuffer && alone) {
    memory.transfer(0);
  }
}
