/** The relevant parts of a boot entry of the firmware. */
export interface BootEntry {
  /** Four hex digits, as efibootmgr(8) names it. */
  readonly number: string;
  /** GUID of the partition that it starts from, in lower case; undefined where it names none. */
  readonly partUuid: string | undefined;
}

/** `Boot0001* name<tab>HD(1,GPT,GUID,0x1800,0x80000)/File(…)`; versions differ in what follows. */
const ENTRY = /^Boot([0-9A-Fa-f]{4})[* ]/;
const PARTITION = /HD\(\d+,GPT,([0-9a-f-]{36})/i;

/** Reads what `efibootmgr -v` prints. */
export function parseBootEntries(text: string): readonly BootEntry[] {
  return text.split('\n').flatMap((line) => {
    const number = ENTRY.exec(line)?.[1];
    return number === undefined
      ? []
      : [{ number, partUuid: PARTITION.exec(line)?.[1]?.toLowerCase() }];
  });
}

/** Input for the boot entry of this disk. */
export interface BootEntryFacts {
  readonly entries: readonly BootEntry[];
  /** GUID of the ESP now. */
  readonly esp: string;
  /** GUIDs of the partitions that the disk had before; their boot entries are obsolete. */
  readonly gone: readonly string[];
  readonly disk: string;
  /** Number of the ESP on the disk. */
  readonly partition: number;
  readonly label: string;
}

/** The fallback path of firmware without an entry for the disk: our entry names the same file. */
const LOADER = '\\EFI\\BOOT\\BOOTX64.EFI';

/**
 * The calls of efibootmgr that leave exactly one entry for the disk, first in the boot order. The
 * order of the others does not change.
 */
export function planBootEntry(facts: BootEntryFacts): readonly (readonly string[])[] {
  const stale = new Set([facts.esp, ...facts.gone].map((guid) => guid.toLowerCase()));
  const old = facts.entries.filter(({ partUuid }) => partUuid !== undefined && stale.has(partUuid));
  return [
    ...old.map(({ number }) => ['--quiet', '--bootnum', number, '--delete-bootnum']),
    [
      ...['--quiet', '--create', '--disk', facts.disk, '--part', String(facts.partition)],
      ...['--loader', LOADER, '--label', facts.label],
    ],
  ];
}
