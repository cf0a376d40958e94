/**
 * For tests: hashes of the password `example`, made by `openssl passwd -6 -salt saltsalt example`,
 * the same with -5, and crypt(3) of libxcrypt with a yescrypt setting.
 */
export const HASHES = [
  '$6$saltsalt$fCrh8nUGWG1kaWS0cBxg4tHqtdI/.vguU6L92utUDE2uuLboegIJMic.sfv7QYLSrG3dfTzYL584/rt2BJn400',
  '$5$saltsalt$5i1qBpoG1r2lckbKSq1CnT.UGPp8XJNqM5AYlEGzft6',
  '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$3jqFjmCn6lvxu/JOlErX8yUWJcQPO4fBiat3GkMiKrD',
] as const;

/**
 * For tests: public keys by `ssh-keygen -t ed25519 -C me@example` and `-t ecdsa`; the private keys
 * were deleted.
 */
export const KEYS = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFdxHnYyZKAa63YJeSna2LHMUg4YwB3vJ+RDC3nzfwpN me@example',
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBFIhuq7q8DvDenupT7QmSOI2rBeh+HRgRpTBIpbuuvGQkCMwZETjjo8m7l+ujCUlHdLj0zRoYl2uqJ4gQO+DxxM= me@example',
] as const;

/** For tests: sets of interfaces without problems. */
export { interfaceSets } from './network/generate.ts';
