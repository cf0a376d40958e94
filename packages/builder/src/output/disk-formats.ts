/** A form in which a disk is handed out. */
export interface DiskFormat {
  readonly title: string;
  /** What the file's name ends with. */
  readonly suffix: string;
  /** As qemu-img names it; undefined: no program opens it as a disk before it is unpacked. */
  readonly driver: DiskDriver | undefined;
  /** What `qemu-img convert` is told beside the format; undefined: zstd packs the plain disk. */
  readonly options: readonly string[] | undefined;
  /** It has holes, which a copy has to keep. */
  readonly sparse?: true;
}

/** Out-of-order writes with several workers: compressing uses all cores. */
const PARALLEL = ['-m', '8', '-W'];

/** Every form, by the name that `--format` takes. */
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

/** What qemu-img calls the forms that programs open as they are. */
export const DISK_DRIVERS = ['qcow2', 'raw', 'vhdx', 'vmdk'] as const;

export type DiskDriver = (typeof DISK_DRIVERS)[number];

/** Whether this is the name of a form in which programs open a disk. */
export function isDisk(name: string): boolean {
  const formats: Readonly<Record<string, DiskFormat>> = DISK_FORMATS;
  return formats[name]?.driver !== undefined;
}
