export { checkLiveKernel } from './check-live-kernel.ts';
export { type IsoStepsOptions, isoSteps } from './iso-steps.ts';
