import { ExitCode, MicroLinuxError } from '@micro-linux/core';
import { isSecretPath } from './key-path.ts';
import { type SyntaxFinding, syntaxHint } from './syntax-fault.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

/**
 * Reads a config file: YAML 1.2 without aliases.
 *
 * @param file its name for messages.
 * @throws MicroLinuxError `config-syntax`, with every syntax error's line and column.
 */
export function readYaml(text: string, file: string): YamlDocument {
  const document = parseYaml(text, file, {
    isSecret: (path) => isSecretPath(path[0] === 'variants' ? path.slice(2) : path),
  });
  if (document.syntax.length > 0) {
    throw configSyntax(file, document.syntax);
  }
  return document;
}

/** The error for a file that cannot be read as YAML. */
export function configSyntax(file: string, findings: readonly SyntaxFinding[]): MicroLinuxError {
  const lines = findings.map(({ line, col, problem }) => `${file}:${line}:${col}: ${problem}`);
  return new MicroLinuxError({
    code: 'config-syntax',
    message: lines.length === 1 ? lines.join() : `${file} is not valid YAML`,
    why: lines.length === 1 ? undefined : lines.join('\n'),
    hint: syntaxHint(findings),
    exitCode: ExitCode.usage,
    details: { file, line: findings[0]?.line ?? 1, column: findings[0]?.col ?? 1 },
  });
}
