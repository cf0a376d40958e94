import * as z from 'zod';
import * as build from './build-outputs.ts';
import * as other from './other-outputs.ts';
import { field, text } from './shared.ts';

/** One form of a command's output: the fields in addition to `schema` and `ok`. */
export interface OutputForm {
  /** When it is printed, for docs/reference/json.md. */
  readonly when: string;
  readonly fields: z.ZodObject;
  /** It also comes with `ok: false`, together with the fields of a failure. */
  readonly canFail?: true;
}

const DRY: OutputForm = { when: '--dry-run', fields: build.planned };
const BUILT: OutputForm = { when: '', fields: build.built };

/** What every command prints with `--json`. The one source of docs/reference/json.md. */
export const OUTPUTS: Readonly<Record<string, readonly OutputForm[]>> = {
  init: [{ when: '', fields: other.projectMade }],
  quickstart: [{ when: '', fields: other.quickstarted, canFail: true }],
  doctor: [{ when: '', fields: other.doctor, canFail: true }],
  'setup-host': [{ when: '', fields: other.setUp }],
  config: [{ when: '', fields: other.configShown }],
  build: [BUILT, DRY],
  rootfs: [{ when: '', fields: build.rootfs }, DRY],
  qcow2: [BUILT, DRY],
  seed: [
    { when: '', fields: other.seedMade },
    { when: '--dry-run', fields: other.seedPlanned },
    { when: '--check', fields: other.seedChecked, canFail: true },
  ],
  iso: [
    BUILT,
    DRY,
    { when: '--source-iso', fields: build.remastered },
    { when: '--source-iso --dry-run', fields: build.remasterPlanned },
  ],
  update: [
    BUILT,
    DRY,
    { when: '--slot-image', fields: other.updateMade },
    { when: '--slot-image --dry-run', fields: other.updatePlanned },
  ],
  keygen: [{ when: '', fields: other.keyMade }],
  attach: [{ when: '', fields: other.attached }],
  vm: [
    { when: '--ssh', fields: other.remote, canFail: true },
    { when: '--dry-run', fields: other.vmPlanned },
  ],
  test: [{ when: '', fields: other.tested, canFail: true }],
  inspect: [
    { when: 'a disk image', fields: other.diskInspected },
    { when: 'an update', fields: other.updateInspected, canFail: true },
    { when: 'an ISO', fields: other.mediumInspected, canFail: true },
  ],
  completion: [{ when: '', fields: other.completion }],
};

/** The fields of every failure, in addition to `schema` and `ok`; its code may add details. */
export const FAILURE = z.looseObject({
  code: text('Stable: scripts may rely on it.'),
  message: text('What happened, one line.'),
  why: text('Why, as far as is known; may have several lines.').optional(),
  hint: text('What fixes it, best a command.').optional(),
  exitCode: field(z.number().int().min(1).max(255), 'What the command ends with.'),
});

/** The `findings` of `config-invalid`. */
export const CONFIG_FINDING = z.strictObject({
  key: text('Path of the key, such as `disk.size`; empty: the file as a whole.'),
  where: text('`micro-linux.yaml:3:7`, `environment variable PREFIX`, `flag --prefix`.'),
  problem: text('What is wrong; no secret.'),
  fix: text('What to write instead.'),
  code: text('`config-invalid`, or a code of its own, such as `disk-too-small`.'),
});

/** The fields of a form as JSON Schema, for docs/reference/json.md. */
export function jsonSchemaOf(fields: z.ZodObject): object {
  return z.toJSONSchema(fields, { io: 'output' });
}

const head = { schema: z.literal(1), ok: z.boolean() };

/**
 * What is wrong with an output by its command's schema; undefined if nothing is.
 *
 * @param exitCode the exit code of the command.
 */
export function outputProblem(verb: string, output: object, exitCode: number): string | undefined {
  const { schema: _schema, ok, ...fields } = z.looseObject(head).parse(output);
  if (ok !== (exitCode === 0)) {
    return `ok is ${ok}, but the exit code ${exitCode}`;
  }
  const forms = OUTPUTS[verb] ?? [];
  if (ok) {
    return firstMatch(forms, fields);
  }
  const failure = FAILURE.safeParse(fields);
  if (!failure.success) {
    return z.prettifyError(failure.error);
  }
  if (failure.data.exitCode !== exitCode) {
    return `it says exit code ${failure.data.exitCode}, but that was ${exitCode}`;
  }
  if (failure.data.code === 'config-invalid') {
    const { error } = z.array(CONFIG_FINDING).safeParse(fields['findings']);
    return error && z.prettifyError(error);
  }
  return reportProblem(forms, fields);
}

/** A failure that also reports results has the same fields as a success. */
function reportProblem(
  forms: readonly OutputForm[],
  fields: Readonly<Record<string, unknown>>,
): string | undefined {
  const report = forms.filter(({ canFail, fields: { shape } }) => {
    const own = Object.keys(shape).filter((name) => !(name in FAILURE.shape));
    // A single one may be a detail of another failure.
    return canFail && own.filter((name) => name in fields).length > 1;
  });
  if (report.length === 0) {
    return undefined;
  }
  const problems = report.map(({ fields: form }) => {
    const names = Object.keys(fields).filter(
      (name) => name in form.shape || !(name in FAILURE.shape),
    );
    return form.safeParse(Object.fromEntries(names.map((name) => [name, fields[name]]))).error;
  });
  return problems.some((problem) => problem === undefined)
    ? undefined
    : problems.map((problem) => problem && z.prettifyError(problem)).join('\nor:\n');
}

function firstMatch(forms: readonly OutputForm[], fields: object): string | undefined {
  const problems = forms.map(({ fields: form }) => form.safeParse(fields).error);
  return problems.some((problem) => problem === undefined)
    ? undefined
    : problems.map((problem) => problem && z.prettifyError(problem)).join('\nor:\n') ||
        'no such verb';
}
