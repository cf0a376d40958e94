/** A format of a disk image. */
export interface DiskFormat {
  readonly title: string;
  /** Suffix of the file's name. */
  readonly suffix: string;
  /** Name in qemu-img; undefined: must be decompressed before a program can open it as a disk. */
  readonly driver: DiskDriver | undefined;
  /** Further options of `qemu-img convert`; undefined: zstd compresses the raw disk. */
  readonly options: readonly string[] | undefined;
  /** It is sparse, and a copy must stay sparse. */
  readonly sparse?: true;
}

/** Out-of-order writes with several workers: compressing uses all cores. */
const PARALLEL = ['-m', '8', '-W'];

/** All formats, by their name in `--format`. */
export const DISK_FORMATS = {
  qcow2: {
    title: 'compressed qcow2',
    suffix: 'qcow2',
    driver: 'qcow2',
    // zstd clusters: QEMU ≥ 5.1.
    options: [...PARALLEL, '-c', '-o', 'compression_type=zstd,cluster_size=1M'],
  },
  raw: {
    title: 'raw disk (sparse)',
    suffix: 'raw',
    driver: 'raw',
    options: ['-S', '4k'],
    sparse: true,
  },
  'raw.zst': {
    title: 'raw disk (zstd)',
    suffix: 'raw.zst',
    driver: undefined,
    options: undefined,
  },
  vhdx: {
    title: 'VHDX (Hyper-V)',
    suffix: 'vhdx',
    driver: 'vhdx',
    options: ['-o', 'subformat=dynamic'],
  },
  vmdk: {
    title: 'VMDK (stream-optimized)',
    suffix: 'vmdk',
    driver: 'vmdk',
    options: ['-o', 'subformat=streamOptimized'],
  },
} as const satisfies Readonly<Record<string, DiskFormat>>;

export type DiskFormatName = keyof typeof DISK_FORMATS;

export const DISK_FORMAT_NAMES = Object.keys(DISK_FORMATS) as readonly DiskFormatName[];

/** Names in qemu-img of the formats that programs can open directly. */
export const DISK_DRIVERS = ['qcow2', 'raw', 'vhdx', 'vmdk'] as const;

export type DiskDriver = (typeof DISK_DRIVERS)[number];

/** Whether this is the name of a format that programs can open directly. */
export function isDisk(name: string): boolean {
  const formats: Readonly<Record<string, DiskFormat>> = DISK_FORMATS;
  return formats[name]?.driver !== undefined;
}
