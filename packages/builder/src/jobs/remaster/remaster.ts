import { rm } from 'node:fs/promises';
import type { Progress, Runner } from '@micro-linux/core';
import { MediumPath, SOURCE_ID } from '@micro-linux/provision';
import type { SeedTexts } from '../../autoinstall/make/seed-files.ts';
import { liveFile } from '../../steps/live-system/live-file.ts';
import type { MediumFile } from '../../steps/medium/medium-file.ts';
import { makeOwnFolder } from '../../system/temporary/own-folder.ts';
import { planRemaster, type RemasterPlan } from './plan/plan-remaster.ts';
import type { SourceFacts } from './source/read-source.ts';
import { makeTargetRoot } from './target/make-target-root.ts';
import { writeRemaster } from './write/write-remaster.ts';

export interface RemasterRequest {
  /** Read by `readSource` and accepted by `judgeSource`. */
  readonly source: SourceFacts;
  /** The files of any medium for the agent's `install`. */
  readonly payload: readonly MediumFile[];
  /** Node and the agent's bundle, for the live system. */
  readonly node: string;
  readonly agent: string;
  readonly seed: SeedTexts;
  /** Title of the image, such as `micro-linux noble 1.2.3`. */
  readonly title: string;
  readonly consoles: readonly string[];
  /** Seconds during which a key stops the installation. */
  readonly countdownSeconds: number;
  readonly slim: boolean;
  readonly output: string;
  readonly sourceDateEpoch: number;
}

export interface RemasterTools {
  readonly run: Runner;
  readonly signal: AbortSignal;
  readonly temporary: string;
  readonly progress: (progress: Progress) => void;
}

/**
 * Makes a copy of Ubuntu's ISO that installs our image without prompting. `output` appears whole or
 * not at all.
 *
 * @throws MicroLinuxError of {@link planRemaster} and {@link writeRemaster}.
 */
export async function remaster(
  request: RemasterRequest,
  tools: RemasterTools,
): Promise<RemasterPlan> {
  const scratch = await makeOwnFolder(tools.temporary, 'micro-linux-target-', tools.run);
  try {
    const hook = liveFile('curtin-hooks');
    const { sourceDateEpoch } = request;
    const root = await makeTargetRoot({ hook, scratch, sourceDateEpoch }, tools.run, tools.signal);
    const plan = planFor(request, root);
    await writeRemaster(request.source, plan, request, tools);
    return plan;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What {@link remaster} will change, with the installer's source as a file of this name and size. */
export function planFor(
  request: Omit<RemasterRequest, 'output' | 'sourceDateEpoch'>,
  root: { readonly file: string; readonly bytes: number },
): RemasterPlan {
  const path = `${MediumPath.directory}/rootfs.squashfs`;
  return planRemaster({
    ...request,
    sourceId: SOURCE_ID,
    root: { path, bytes: root.bytes },
    payload: [
      ...request.payload.map((one) => ({ ...one, executable: false })),
      { path, file: root.file, executable: false },
      { path: MediumPath.program, file: liveFile('install'), executable: true },
      { path: MediumPath.node, file: request.node, executable: true },
      { path: MediumPath.agent, file: request.agent, executable: false },
    ],
  });
}
