import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { LineCounter, parseDocument } from 'yaml';
import { formatKeyPath } from '../values/key-path.ts';
import { type Group, isGroup, valueIn } from './group.ts';
import { honouredFindings } from './honoured-findings.ts';
import { honouredSchema } from './honoured-schema.ts';
import { type InstallSeed, installSeedOf } from './install-seed.ts';

/**
 * Reads a seed that our own installer shall carry out: the keys of autoinstall, or those below
 * `autoinstall:` and nothing beside it. Whatever it could not do is an error, never passed over.
 *
 * @param name the file's name, for messages.
 * @throws MicroLinuxError, exit code 2, without any secret: `seed-invalid`, if it is no YAML or no
 *   seed; `seed-not-honoured`, with every finding in `why` and `details`.
 */
export function readInstallSeed(text: string, name: string): InstallSeed {
  const autoinstall = autoinstallIn(readYaml(text, name), name);
  const findings = honouredFindings(autoinstall);
  const parsed = honouredSchema.safeParse(autoinstall);
  if (findings.length > 0 || !parsed.success) {
    const lines = findings.map(
      ({ path, problem, fix }) => `${formatKeyPath(path)}: ${problem}; ${fix}`,
    );
    throw new MicroLinuxError({
      code: 'seed-not-honoured',
      message: `the seed ${name} asks for what cannot be installed`,
      why: lines.join('\n'),
      hint: 'mend it; `micro-linux seed --check FILE --installer micro-linux` shows the lines',
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

/** By the rules of YAML 1.1, as PyYAML reads the same file for Ubuntu's installer. */
function readYaml(text: string, name: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    lineCounter: lines,
    // Pretty errors quote the line, which may hold a password.
    prettyErrors: false,
    uniqueKeys: true,
    stringKeys: true,
  });
  const [error] = [...document.errors, ...document.warnings];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const what = error.code === 'DUPLICATE_KEY' ? 'a key is written twice' : 'it is no valid YAML';
    throw invalid(name, `${what}: line ${line}, column ${col}`);
  }
  try {
    return document.toJS();
  } catch {
    throw invalid(name, 'its aliases (*) never end');
  }
}

function autoinstallIn(document: unknown, name: string): Group {
  const isWrapped = isGroup(document) && Object.hasOwn(document, 'autoinstall');
  if (isWrapped && Object.keys(document).length > 1) {
    throw invalid(name, 'it has keys beside `autoinstall`, which nothing acts on');
  }
  const autoinstall = isWrapped ? valueIn(document, 'autoinstall') : document;
  if (!isGroup(autoinstall)) {
    throw invalid(name, 'it holds no keys of autoinstall');
  }
  return autoinstall;
}

function invalid(name: string, why: string): MicroLinuxError {
  return new MicroLinuxError({
    code: 'seed-invalid',
    message: `the seed ${name} cannot be read`,
    why,
    hint: 'make it anew with `micro-linux seed`',
    exitCode: ExitCode.usage,
    details: { seed: name },
  });
}
