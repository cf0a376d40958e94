/**
 * Threads of libuv, as UV_THREADPOOL_SIZE takes it; 4 unless told. `apply` keeps a disk and the
 * processors busy at once, and what waits for the disk must not keep what is to be decompressed
 * waiting. Set it before anything uses these threads.
 */
export const IO_THREADS = '12';
