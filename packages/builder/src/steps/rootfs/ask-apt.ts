import { shellQuote } from '@micro-linux/core';
import type { StepContext } from '../../plan/step.ts';
import type { LocalPackage } from '../product-root/local-packages.ts';
import { aptSources } from './apt-sources.ts';
import { explainMmdebstrap } from './explain-mmdebstrap.ts';
import { AUTH_PLACE, type RootfsPlan, uploadLogins } from './mmdebstrap-arguments.ts';
import { addRepositories } from './repositories.ts';

/** apt's answer for a list of packages, from the archive's index only: nothing is downloaded. */
export interface AptAnswer {
  /** It could install them all. */
  readonly possible: boolean;
  /** What it printed. */
  readonly lines: readonly string[];
  /** All package names of the archive; empty on success. */
  readonly names: readonly string[];
  /** The essential packages among the unwanted ones: dpkg refuses to remove them. */
  readonly essential: readonly string[];
}

export interface AptQuestion {
  readonly plan: RootfsPlan;
  /** Packages that must not be in the image. */
  readonly unwanted: readonly string[];
  /** .deb files to install too. */
  readonly local?: readonly LocalPackage[];
  /** A file with the logins of the mirrors. */
  readonly logins: string | undefined;
}

const RESULT = '== result ';
const ESSENTIAL = '== essential ';
const NAME = '== name ';

/**
 * Asks apt whether the packages of a plan can be installed: uses mmdebstrap with the archives and
 * keys of the build; takes a few seconds and needs no root.
 *
 * @throws MicroLinuxError of `explainMmdebstrap` if mmdebstrap fails; `cancelled`.
 */
export async function askApt(
  question: AptQuestion,
  context: Pick<StepContext, 'run' | 'signal' | 'workDirectory'>,
): Promise<AptAnswer> {
  try {
    const { stderr } = await context.run('mmdebstrap', askAptArguments(question), {
      signal: context.signal,
      env: { TMPDIR: context.workDirectory },
    });
    return parseAnswer(stderr);
  } catch (thrown) {
    throw explainMmdebstrap(thrown);
  }
}

/** The arguments of that mmdebstrap call. */
export function askAptArguments({
  plan,
  unwanted,
  local = [],
  logins,
}: AptQuestion): readonly string[] {
  return [
    // Not --quiet: then mmdebstrap keeps what apt says about an archive that it cannot use.
    '--mode=chrootless',
    '--variant=custom',
    '--format=null',
    '--skip=check/chrootless,check/qemu,cleanup',
    `--components=${plan.profile.components.join(',')}`,
    ...(plan.mirror ? [] : [`--keyring=${plan.keyring}`]),
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    '--aptopt=Acquire::http::Timeout "30"',
    ...uploadLogins(logins),
    ...addRepositories(plan.repositories),
    `--customize-hook=${askScript([...plan.packages.include, ...local.map(({ file }) => file)], unwanted)}`,
    ...(logins === undefined ? [] : [`--customize-hook=rm "$1${AUTH_PLACE}"`]),
    plan.profile.suite,
    '-',
    ...aptSources(plan.profile, plan.mirror, plan.keyring),
  ];
}

/** mmdebstrap's standard output is the tar: everything goes to standard error. */
function askScript(wanted: readonly string[], unwanted: readonly string[]): string {
  const names = ['apt', ...wanted, ...unwanted.map((name) => `${name}-`)].map(shellQuote);
  return [
    'exec >&2; export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" LC_ALL=C; status=0',
    `apt-get install --simulate --quiet=1 ${names.join(' ')} || status=$?`,
    `echo "${RESULT}$status"`,
    ...unwanted.map(
      (name) =>
        `! apt-cache show --no-all-versions ${shellQuote(name)} 2>/dev/null | grep -q '^Essential: yes' || echo ${shellQuote(`${ESSENTIAL}${name}`)}`,
    ),
    `test "$status" = 0 || apt-cache pkgnames | sed 's/^/${NAME}/'`,
  ].join('\n');
}

function parseAnswer(text: string): AptAnswer {
  const lines = text.split('\n');
  const behind = (mark: string) =>
    lines.flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []));
  return {
    possible: behind(RESULT)[0] === '0',
    lines: lines.filter((line) => !/^(?:== |Inst |Conf )/.test(line)),
    names: behind(NAME),
    essential: behind(ESSENTIAL),
  };
}
