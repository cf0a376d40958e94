/**
 * Gives the memory of a chunk back at once. Without this it waits for the garbage collector, which
 * lets tens of MiB gather first. The buffer, and all others on its memory, are empty afterwards: call
 * it when nothing reads or writes them any more.
 */
export function releaseBuffer(buffer: Buffer): void {
  const memory = buffer.buffer;
  // Small buffers lie in slabs of poolSize, which Node shares among many; none fills one.
  const alone = buffer.length === memory.byteLength || memory.byteLength > Buffer.poolSize;
  if (memory instanceof ArrayBuffer && alone) {
    memory.transfer(0);
  }
}
