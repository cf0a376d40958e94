export { checkLiveKernel } from './check-live-kernel.ts';
export { ISO_MODE } from './iso-step.ts';
export { type IsoStepsOptions, isoSteps } from './iso-steps.ts';
