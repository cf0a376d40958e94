import { PAGE_BYTES } from './raw-device.ts';

/** WebAssembly counts memory in these. */
const WASM_PAGE_BYTES = 65_536;

/** Node has it, but TypeScript describes it among the DOM's types only. */
interface WasmMemory {
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer };
}

/**
 * A buffer that begins at a page boundary, as direct I/O demands. Nothing else in Node promises
 * where a buffer lies; WebAssembly's memory is page-aligned by the engine's design.
 *
 * @param bytes its length, a multiple of a page.
 */
export function pageBuffer(bytes: number): Buffer {
  if (bytes % PAGE_BYTES !== 0) {
    throw new RangeError(`${bytes} bytes are no whole pages`);
  }
  const pages = Math.ceil(bytes / WASM_PAGE_BYTES);
  const { Memory } = (globalThis as unknown as { readonly WebAssembly: WasmMemory }).WebAssembly;
  const memory = new Memory({ initial: pages, maximum: pages });
  return Buffer.from(memory.buffer, 0, bytes);
}
