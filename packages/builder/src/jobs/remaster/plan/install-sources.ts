import { parseDocument } from 'yaml';
import * as z from 'zod';
import { KNOWN_RELEASES } from '../source/known-releases.ts';
import { TextPath } from '../source/read-source.ts';
import { DOWNLOAD_HINT, sourceError } from '../source/source-error.ts';

/** A system that the installer can install; only the fields used here. */
const sourceSchema = z.looseObject({ id: z.string(), path: z.string(), type: z.string() });
export type InstallSource = z.infer<typeof sourceSchema>;

/** Our own source in the list. */
export interface OwnSource {
  readonly id: string;
  /** Relative to /casper on the medium. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** Unpacked. */
  readonly bytes: number;
}

/** Parsed as by PyYAML, which the installer uses. */
const YAML = { version: '1.1' } as const;

/**
 * The systems in an install-sources.yaml.
 *
 * @throws MicroLinuxError `source-iso-incomplete`: not a list of systems, as Ubuntu's live server has it.
 */
export function readInstallSources(text: string): readonly InstallSource[] {
  const document = parseDocument(text, YAML);
  const parsed = z.array(sourceSchema).min(1).safeParse(document.toJS());
  if (document.errors.length > 0 || !parsed.success) {
    throw sourceError('source-iso-incomplete', {
      message: `${TextPath.sources} of the ISO is not in the form that Ubuntu ${KNOWN_RELEASES} has`,
      why: document.errors[0]?.message ?? parsed.error?.issues[0]?.message,
      hint: DOWNLOAD_HINT,
    });
  }
  return parsed.data;
}

/**
 * Adds our source to an install-sources.yaml and makes it the default, the only one. The rest is
 * unchanged.
 */
export function addInstallSource(text: string, own: OwnSource): string {
  const sources = readInstallSources(text);
  const document = parseDocument(text, YAML);
  for (const index of sources.keys()) {
    document.setIn([index, 'default'], false);
  }
  document.add({
    default: true,
    description: { en: own.description },
    id: own.id,
    locale_support: 'none',
    name: { en: own.name },
    path: own.path,
    size: own.bytes,
    type: 'fsimage',
    // Not `server`: then the installer would run apt in the copied system and search for mirrors.
    variant: 'core',
  });
  return document.toString({ lineWidth: 0 });
}
