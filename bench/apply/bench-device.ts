import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootEnv } from '@micro-linux/core';
import type { Manifest } from '@micro-linux/update-image';
import { envStore } from 'ota-agent/boot-env/env-store';
import type { SystemPaths } from 'ota-agent/system/system';

/** A device made of files, as the child process reads it. */
export interface BenchDevice {
  readonly paths: Partial<SystemPaths>;
  readonly slots: Readonly<Record<'A' | 'B', string>>;
  readonly update: string;
}

export interface BenchDeviceOptions {
  readonly directory: string;
  readonly update: string;
  readonly publicPem: string;
  readonly manifest: Manifest;
  /** The file or device that is written. */
  readonly target: string;
}

/**
 * Lays out a device that runs slot A, healthy, and knows nothing of slot B.
 *
 * @returns path of the description for the child.
 */
export async function makeDevice(options: BenchDeviceOptions): Promise<string> {
  const { directory, manifest } = options;
  const at = (path: string) => join(directory, path);
  await rm(directory, { recursive: true, force: true });
  await mkdir(at('esp/grub'), { recursive: true });
  await mkdir(at('config/keys'), { recursive: true });
  const env: BootEnv = {
    confirmed: 'A',
    trial: undefined,
    success: true,
    counter: 3,
    fallbackCounter: 3,
    ok: { A: true, B: true },
  };
  const store = envStore(at('esp'));
  store.writeEnv(env);
  store.writeCopy(env);
  store.writeMarker('A');
  await writeFile(at('boot.json'), JSON.stringify({ slot: 'A', disk: '/dev/none' }));
  await writeFile(at('cmdline'), 'micro_linux.slot=A\n');
  const { compatible } = manifest;
  await writeFile(
    at('image.json'),
    JSON.stringify({ schema: 1, compatible, version: '0.0.0', buildId: 'bench' }),
  );
  await writeFile(at('config/keys/bench.pem'), options.publicPem);
  await writeFile(at('slotA'), '');
  const device: BenchDevice = {
    paths: {
      esp: at('esp'),
      bootInfo: at('boot.json'),
      cmdline: at('cmdline'),
      imageInfo: at('image.json'),
      state: at('state'),
      run: at('run'),
      config: [at('config')],
      etcChanges: at('etc-changes'),
      etcOfImage: at('etc-of-image'),
    },
    slots: { A: at('slotA'), B: options.target },
    update: options.update,
  };
  await writeFile(at('device.json'), JSON.stringify(device));
  return at('device.json');
}
