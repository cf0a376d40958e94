import { type Entry, type Section, VALID_SECTIONS } from './valid-sections.ts';

/**
 * The installer's verdict on a section: `by-version`: only one of its ways of partitioning accepts
 * it.
 */
export type Verdict = 'refused' | 'accepted' | 'by-version';

/** A valid section with one change, and the verdict of Subiquity and curtin. */
export interface KnownVerdict {
  readonly base: keyof typeof VALID_SECTIONS;
  /** Id of the entry that is changed; the section itself if left out. */
  readonly id?: string;
  /** Keys that get other values; `undefined` removes a key. */
  readonly set: Entry;
  readonly verdict: Verdict;
}

const DISK = 'd0';

/** Obtained from verdicts.py; compare.ts checks it again. */
export const KNOWN_VERDICTS: readonly KnownVerdict[] = [
  { base: 'plain', set: { version: 2 }, verdict: 'accepted' },
  { base: 'plain', set: { config: 'd0' }, verdict: 'refused' },
  { base: 'plain', set: { config: undefined }, verdict: 'refused' },
  { base: 'plain', set: { swap: { size: '1G' } }, verdict: 'accepted' },
  { base: 'plain', set: { swap: { size: '1GiB' } }, verdict: 'refused' },
  { base: 'plain', set: { swap: { maxsize: 1.5 } }, verdict: 'refused' },
  { base: 'plain', set: { grub: { reorder_uefi: 'no' } }, verdict: 'refused' },
  { base: 'plain', set: { grub: { update_nvram: 'no' } }, verdict: 'accepted' },
  { base: 'plain', id: DISK, set: { ptable: 'mbr' }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { ptable: 'GPT' }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { ptable: 'unsupported' }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { ptable: undefined }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { ptable: 'msdos' }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { wipe: 'zeros' }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { wipe: 'pvremove' }, verdict: 'accepted' },
  { base: 'plain', id: DISK, set: { preserve: true }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { wwn: 5 }, verdict: 'accepted' },
  { base: 'plain', id: DISK, set: { name: 5 }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { match: null }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { match: [] }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { match: 'largest' }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { match: { serial: 5 } }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { match: { ssd: 'no' } }, verdict: 'refused' },
  { base: 'plain', id: DISK, set: { match: [{ serial: 'x' }, {}] }, verdict: 'accepted' },
  { base: 'plain', id: 'root', set: { size: '1g' }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { size: '1.3M' }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { size: '1e10' }, verdict: 'accepted' },
  { base: 'plain', id: 'root', set: { size: '1_000_000_000' }, verdict: 'accepted' },
  { base: 'plain', id: 'root', set: { size: 0 }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { size: 1.5 }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { size: 1 }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { size: true }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { size: '33%' }, verdict: 'by-version' },
  { base: 'plain', id: 'root', set: { size: '100%' }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { number: '2' }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { number: 129 }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { number: 1 }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { number: 14 }, verdict: 'accepted' },
  { base: 'plain', id: 'root', set: { flag: ['boot'] }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { flag: 'logical' }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { wipe: 'all' }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { path: 'root' }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { offset: '1G' }, verdict: 'by-version' },
  { base: 'plain', id: 'root', set: { offset: 1_048_576 }, verdict: 'by-version' },
  { base: 'plain', id: 'root', set: { partition_type: '8300' }, verdict: 'by-version' },
  { base: 'plain', id: 'root', set: { uuid: 'x' }, verdict: 'by-version' },
  { base: 'plain', id: 'root', set: { device: 'bios' }, verdict: 'refused' },
  { base: 'plain', id: 'root', set: { resize: 'no' }, verdict: 'accepted' },
  { base: 'numbered', id: 'bios', set: { number: '14' }, verdict: 'refused' },
  // Neither way: one requires a partition 1, the other rejects shares.
  { base: 'numbered', id: 'esp', set: { number: 6 }, verdict: 'refused' },
  { base: 'plain', id: 'f-home', set: { fstype: 'EXT4' }, verdict: 'refused' },
  { base: 'plain', id: 'f-home', set: { fstype: 'iso9660' }, verdict: 'refused' },
  { base: 'plain', id: 'f-home', set: { fstype: null }, verdict: 'refused' },
  { base: 'plain', id: 'f-home', set: { label: 5 }, verdict: 'refused' },
  { base: 'plain', id: 'f-home', set: { label: 'a-label-of-seventeen' }, verdict: 'accepted' },
  { base: 'plain', id: 'f-home', set: { extra_options: 5 }, verdict: 'refused' },
  { base: 'plain', id: 'f-home', set: { extra_options: [1] }, verdict: 'refused' },
  { base: 'plain', id: 'm-home', set: { path: 5 }, verdict: 'refused' },
  { base: 'plain', id: 'm-home', set: { path: '' }, verdict: 'refused' },
  { base: 'plain', id: 'm-home', set: { options: ['noatime'] }, verdict: 'refused' },
  { base: 'plain', id: 'm-home', set: { device: 'home' }, verdict: 'refused' },
  {
    base: 'plain',
    id: 'm-home',
    set: { device: undefined, spec: 'tmpfs', fstype: 'tmpfs' },
    verdict: 'refused',
  },
  { base: 'lvm', id: 'vg', set: { devices: 'pv' }, verdict: 'refused' },
  { base: 'lvm', id: 'vg', set: { devices: [] }, verdict: 'refused' },
  { base: 'lvm', id: 'vg', set: { name: '' }, verdict: 'refused' },
  { base: 'lvm', id: 'lv', set: { name: 5 }, verdict: 'refused' },
  { base: 'lvm', id: 'lv', set: { size: -1 }, verdict: 'refused' },
  { base: 'lvm', id: 'lv2', set: { wipe: 'none' }, verdict: 'refused' },
  { base: 'lvm', id: 'lv', set: { volgroup: 'pv' }, verdict: 'refused' },
  { base: 'raid', id: 'md', set: { raidlevel: 4 }, verdict: 'refused' },
  { base: 'raid', id: 'md', set: { raidlevel: '1' }, verdict: 'accepted' },
  { base: 'raid', id: 'md', set: { raidlevel: 'mirror' }, verdict: 'accepted' },
  { base: 'raid', id: 'md', set: { raidlevel: 5 }, verdict: 'refused' },
  { base: 'raid', id: 'md', set: { raidlevel: 0 }, verdict: 'refused' },
  { base: 'raid', id: 'md', set: { raidlevel: 0, spare_devices: [] }, verdict: 'accepted' },
  { base: 'raid', id: 'md', set: { devices: ['r0'] }, verdict: 'refused' },
  { base: 'raid', id: 'md', set: { name: 5 }, verdict: 'refused' },
  { base: 'raid', id: 'md', set: { name: 'x/y' }, verdict: 'refused' },
  { base: 'raid', id: 'md', set: { preserve: true }, verdict: 'refused' },
  { base: 'crypt', id: 'crypt', set: { key: undefined }, verdict: 'refused' },
  { base: 'crypt', id: 'crypt', set: { key: 5 }, verdict: 'refused' },
  { base: 'crypt', id: 'crypt', set: { keyfile: '/dev/urandom' }, verdict: 'accepted' },
  { base: 'crypt', id: 'crypt', set: { options: 5 }, verdict: 'refused' },
  { base: 'crypt', id: 'crypt', set: { recovery_key: true }, verdict: 'refused' },
  { base: 'crypt', id: 'crypt', set: { volume: 'f-boot' }, verdict: 'refused' },
  { base: 'msdos', id: 'root', set: { number: 6 }, verdict: 'refused' },
  { base: 'msdos', id: 'ext', set: { flag: undefined }, verdict: 'refused' },
  { base: 'msdos', id: 'ext', set: { size: '11G' }, verdict: 'by-version' },
  { base: 'msdos', id: 'ext', set: { size: '8G' }, verdict: 'refused' },
  { base: 'msdos', id: 'l1', set: { flag: 'extended' }, verdict: 'refused' },
  { base: 'msdos', id: 'l1', set: { uuid: 'x' }, verdict: 'accepted' },
  { base: 'msdos', id: 'ext', set: { partition_type: 'linux' }, verdict: 'by-version' },
  { base: 'msdos', id: 'srv', set: { number: 6 }, verdict: 'by-version' },
  { base: 'msdos', id: 'srv', set: { flag: 'prep' }, verdict: 'by-version' },
  { base: 'zfs', id: 'pool', set: { vdevs: [] }, verdict: 'refused' },
  { base: 'zfs', id: 'pool', set: { fs_properties: { canmount: 'maybe' } }, verdict: 'refused' },
  { base: 'zfs', id: 'pool', set: { pool_properties: ['ashift'] }, verdict: 'refused' },
  { base: 'zfs', id: 'pool', set: { encryption_style: 'luks' }, verdict: 'refused' },
  { base: 'zfs', id: 'z2', set: { properties: { mountpoint: '/' } }, verdict: 'refused' },
  { base: 'zfs', id: 'z2', set: { volume: '' }, verdict: 'refused' },
  { base: 'zfsroot', id: 'm-root', set: { path: '/srv' }, verdict: 'refused' },
  { base: 'zfsroot', id: DISK, set: { ptable: 'msdos' }, verdict: 'refused' },
  { base: 'btrfs', id: 'f-root', set: { fstype: 'zfsroot' }, verdict: 'refused' },
  { base: 'others', id: 'dasd', set: { device_id: '1520' }, verdict: 'refused' },
  { base: 'others', id: 'dasd', set: { disk_layout: undefined }, verdict: 'refused' },
  { base: 'others', id: 'dev', set: { path: undefined }, verdict: 'refused' },
  { base: 'others', id: 'nvme', set: { transport: undefined }, verdict: 'refused' },
  { base: 'direct', set: { layout: { name: 'direct', mode: 'erase' } }, verdict: 'refused' },
  { base: 'direct', set: { layout: { name: 'direct', ptable: 'mbr' } }, verdict: 'refused' },
  {
    base: 'direct',
    set: { layout: { name: 'lvm', 'sizing-policy': 'none' } },
    verdict: 'refused',
  },
  { base: 'direct', set: { layout: { name: 'lvm', 'recovery-key': true } }, verdict: 'refused' },
  {
    base: 'direct',
    set: { layout: { name: 'lvm', password: 'placeholder', 'recovery-key': true } },
    verdict: 'accepted',
  },
  {
    base: 'direct',
    set: { layout: { name: 'lvm', 'reset-partition': '1GiB' } },
    verdict: 'refused',
  },
  { base: 'direct', set: { layout: { name: 'lvm', 'reset-partition': -1 } }, verdict: 'refused' },
  { base: 'direct', set: { layout: { name: 'zfs', password: 5 } }, verdict: 'refused' },
  { base: 'direct', set: { layout: { name: 'dd' } }, verdict: 'refused' },
  { base: 'direct', set: { layout: undefined }, verdict: 'refused' },
];

/** The section of a known verdict. */
export function sectionOf({ base, id, set }: KnownVerdict): Section {
  const section = VALID_SECTIONS[base] ?? {};
  const config = section['config'];
  return id === undefined
    ? without({ ...section, ...set })
    : {
        ...section,
        config: (Array.isArray(config) ? config : []).map((entry: Entry) =>
          entry['id'] === id ? without({ ...entry, ...set }) : entry,
        ),
      };
}

function without(group: Entry): Entry {
  return Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined));
}
