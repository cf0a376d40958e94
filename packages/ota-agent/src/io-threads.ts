/**
 * Number of libuv threads, for UV_THREADPOOL_SIZE; the default is 4. `apply` uses a disk and the
 * processors at once, and threads that wait for the disk must not delay decompression. Set it before anything uses these threads.
 */
export const IO_THREADS = '12';
