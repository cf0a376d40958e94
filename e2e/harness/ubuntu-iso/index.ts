export { type Edition, SERVER_24_04, SERVER_24_04_2 } from './edition.ts';
export { standInPayload } from './payload.ts';
export { bootReport, unpackIso } from './read-iso.ts';
export { remasterOf } from './remaster-of.ts';
export { makeUbuntuIso } from './ubuntu-iso.ts';
