export type { Placed, RemasterPlan } from './plan/plan-remaster.ts';
export { planFor, type RemasterRequest, type RemasterTools, remaster } from './remaster.ts';
export type { DiskInfo } from './source/disk-info.ts';
export { judgeSource } from './source/judge-source.ts';
export { readSource, type SourceFacts } from './source/read-source.ts';
