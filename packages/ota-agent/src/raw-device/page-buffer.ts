import { PAGE_BYTES } from './raw-device.ts';

/** The unit of WebAssembly memory. */
const WASM_PAGE_BYTES = 65_536;

/** Node has it, but TypeScript declares it only among the DOM's types. */
interface WasmMemory {
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer };
}

/**
 * A buffer that begins at a page boundary, as direct I/O requires. Nothing else in Node guarantees
 * the alignment of a buffer; WebAssembly's memory is page-aligned by the engine's design.
 *
 * @param bytes its length, a multiple of a page.
 */
export function pageBuffer(bytes: number): Buffer {
  if (bytes % PAGE_BYTES !== 0) {
    throw new RangeError(`${bytes} bytes are not whole pages`);
  }
  const pages = Math.ceil(bytes / WASM_PAGE_BYTES);
  const { Memory } = (globalThis as unknown as { readonly WebAssembly: WasmMemory }).WebAssembly;
  const memory = new Memory({ initial: pages, maximum: pages });
  return Buffer.from(memory.buffer, 0, bytes);
}
