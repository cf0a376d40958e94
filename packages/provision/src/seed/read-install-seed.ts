import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { type LoadedYaml, loadYaml } from '../pyyaml/load-yaml.ts';
import { EndlessValue, plainValue } from '../pyyaml/plain-value.ts';
import { YamlError } from '../pyyaml/yaml-error.ts';
import { formatKeyPath } from '../values/key-path.ts';
import { type Group, groupIn, isGroup, valueIn } from './group.ts';
import { honouredFindings } from './honoured-findings.ts';
import { honouredSchemaFor } from './honoured-schema.ts';
import { type InstallSeed, installSeedOf } from './install-seed.ts';

/**
 * Reads a seed for our own installer: the keys of autoinstall, or those below `autoinstall:` if
 * that is the only key. Anything it does not support is an error, never ignored.
 *
 * @param name the file's name, for messages.
 * @throws MicroLinuxError, exit code 2, without any secret: `seed-invalid`, if it is not YAML or
 *   not a seed; `seed-not-honoured`, with every finding in `why` and `details`.
 */
export function readInstallSeed(text: string, name: string): InstallSeed {
  const autoinstall = autoinstallIn(readYaml(text, name), name);
  const findings = honouredFindings(autoinstall);
  const parsed = honouredSchemaFor(groupIn(autoinstall, 'network')).safeParse(autoinstall);
  if (findings.length > 0 || !parsed.success) {
    const lines = findings.map(
      ({ path, problem, fix }) => `${formatKeyPath(path)}: ${problem}; ${fix}`,
    );
    throw new MicroLinuxError({
      code: 'seed-not-honoured',
      message: `the seed ${name} asks for what cannot be installed`,
      why: lines.join('\n'),
      hint: 'fix it; `micro-linux seed --check FILE --installer micro-linux` shows the lines',
      exitCode: ExitCode.usage,
      details: {
        seed: name,
        findings: findings.length,
        ...Object.fromEntries(lines.map((line, index) => [`finding${index + 1}`, line])),
      },
    });
  }
  return installSeedOf(parsed.data);
}

/** As PyYAML reads the same file for Ubuntu's installer. */
function readYaml(text: string, name: string): unknown {
  const { value, duplicates } = loaded(text, name);
  const [duplicate] = duplicates;
  if (duplicate) {
    const { line, column } = duplicate.mark;
    throw invalid(name, `a key is written twice: line ${line + 1}, column ${column + 1}`);
  }
  try {
    return plainValue(value);
  } catch (error) {
    if (error instanceof EndlessValue) {
      throw invalid(name, 'its aliases (*) never end');
    }
    throw error;
  }
}

function loaded(text: string, name: string): LoadedYaml {
  try {
    return loadYaml(text);
  } catch (error) {
    if (error instanceof YamlError) {
      const { line, column, message } = error;
      throw invalid(name, `it is not valid YAML: line ${line}, column ${column}: ${message}`);
    }
    throw error;
  }
}

function autoinstallIn(document: unknown, name: string): Group {
  const isWrapped = isGroup(document) && Object.hasOwn(document, 'autoinstall');
  if (isWrapped && Object.keys(document).length > 1) {
    throw invalid(name, 'it has keys next to `autoinstall`, which have no effect');
  }
  const autoinstall = isWrapped ? valueIn(document, 'autoinstall') : document;
  if (!isGroup(autoinstall)) {
    throw invalid(name, 'it has no keys of autoinstall');
  }
  return autoinstall;
}

function invalid(name: string, why: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'seed-invalid',
    message: `the seed ${name} cannot be read`,
    why,
    hint: 'make it again with `micro-linux seed`',
    exitCode: ExitCode.usage,
    details: { seed: name },
  });
}
