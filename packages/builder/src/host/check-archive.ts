import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cancelled, ExitCode, errnoOf, MicroLinuxError } from '@micro-linux/core';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { type AptLogin, basicAuthorization, loginFor } from './apt-auth.ts';

/** Why an archive cannot be used. */
export type UnreachableReason =
  | 'dns'
  | 'refused'
  | 'timeout'
  | 'suite-absent'
  | 'http-status'
  | 'login'
  | 'not-an-archive'
  | 'network';

/** The result of asking an archive for a suite. */
export type ArchiveAnswer =
  | {
      readonly reachable: true;
      readonly url: string;
      /** The suite's signed index; undefined if only apt supports the URL's protocol. */
      readonly inRelease: string | undefined;
    }
  | {
      readonly reachable: false;
      readonly url: string;
      readonly reason: UnreachableReason;
      /** The reason, for display. */
      readonly why: string;
    };

export interface CheckArchiveOptions {
  /** Base URL as in sources.list: http, https, file or copy. */
  readonly archiveUrl: string;
  readonly suite: string;
  readonly signal?: AbortSignal | undefined;
  /** Timeout for the whole answer; 10 s by default. */
  readonly timeoutMs?: number | undefined;
  /** The first one that matches the address is used, as in apt. */
  readonly logins?: readonly AptLogin[] | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 5;
/** Real ones have 130–280 KB; an endless answer is cut off here. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Asks an archive for a suite's InRelease, through the proxy in `http_proxy`, `https_proxy` and
 * `no_proxy`, as apt does. A failure of the archive is returned, not thrown.
 *
 * @throws MicroLinuxError `cancelled` when the signal is aborted; `archive-url-invalid`
 */
export async function checkArchive(options: CheckArchiveOptions): Promise<ArchiveAnswer> {
  const url = inReleaseUrl(options.archiveUrl, options.suite);
  const answer = (reason: UnreachableReason, why: string): ArchiveAnswer => ({
    reachable: false,
    url: url.href,
    reason,
    why,
  });
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  const isFile = url.protocol === 'file:' || url.protocol === 'copy:';
  if (!isHttp && !isFile) {
    return { reachable: true, url: url.href, inRelease: undefined };
  }
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const got = isHttp
      ? await fetchText(
          url,
          AbortSignal.any([timeout, ...(options.signal ? [options.signal] : [])]),
          options.logins ?? [],
        )
      : { status: 200, text: await readFile(filePath(url), 'utf8') };
    if (got.status === 404 || got.status === 410) {
      return answer('suite-absent', suiteAbsent(options.suite, `HTTP ${got.status}`));
    }
    const had = loginFor(url, options.logins ?? []) !== undefined;
    // Many servers answer 403, not 404, for a missing file.
    if (got.status === 401 || (got.status === 403 && had)) {
      return answer(
        'login',
        `it answers with HTTP ${got.status} to ${url.href}, ${had ? 'and the login it was given is not accepted' : 'and no login was given'}`,
      );
    }
    if (got.status !== 200) {
      return answer('http-status', `it answers with HTTP ${got.status} to ${url.href}`);
    }
    if (!looksLikeInRelease(got.text)) {
      return answer(
        'not-an-archive',
        `${url.href} is not a signed index of an archive but ${JSON.stringify(got.text.slice(0, 40))}…: ` +
          'a login page of the network, or a broken mirror',
      );
    }
    return { reachable: true, url: url.href, inRelease: got.text };
  } catch (thrown) {
    if (options.signal?.aborted) {
      throw cancelled('asking the archive was cancelled');
    }
    const code = errorCode(thrown);
    if (timeout.aborted || code === 'ETIMEDOUT' || code?.endsWith('_TIMEOUT')) {
      return answer('timeout', `${url.host} did not answer within ${timeoutMs / 1000} s`);
    }
    switch (code) {
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return answer('dns', `the name ${url.hostname} cannot be resolved: no network, or a typo`);
      case 'ECONNREFUSED':
        return answer('refused', `${url.host} refuses the connection`);
      case 'ENOENT':
      case 'ENOTDIR':
        return answer('suite-absent', suiteAbsent(options.suite, `no file ${filePath(url)}`));
      default:
        return answer('network', thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}

function inReleaseUrl(archiveUrl: string, suite: string): URL {
  try {
    return new URL(`dists/${suite}/InRelease`, `${archiveUrl.replace(/\/+$/, '')}/`);
  } catch (cause) {
    throw new MicroLinuxError({
      code: 'archive-url-invalid',
      message: `${JSON.stringify(archiveUrl)} is not the URL of an archive`,
      hint: 'it looks like http://HOST/DIRECTORY or file:///DIRECTORY',
      exitCode: ExitCode.usage,
      cause,
    });
  }
}

/** apt's `copy:` is `file:`, but copies the files. */
function filePath(url: URL): string {
  return fileURLToPath(new URL(`file://${url.pathname}`));
}

function suiteAbsent(suite: string, evidence: string): string {
  return `it does not have the suite ${suite} (${evidence})`;
}

async function fetchText(
  from: URL,
  signal: AbortSignal,
  logins: readonly AptLogin[],
): Promise<{ readonly status: number; readonly text: string }> {
  const dispatcher = new EnvHttpProxyAgent();
  try {
    let url = from;
    for (let hops = 0; ; hops++) {
      const login = loginFor(url, logins);
      const headers = login === undefined ? {} : { authorization: basicAuthorization(login) };
      const response = await request(url, { dispatcher, signal, headers });
      const location = response.headers['location'];
      const isRedirect = response.statusCode >= 300 && response.statusCode < 400;
      if (isRedirect && typeof location === 'string' && hops < MAX_REDIRECTS) {
        await response.body.dump();
        url = new URL(location, url);
        continue;
      }
      return { status: response.statusCode, text: await limitedText(response) };
    }
  } finally {
    await dispatcher.destroy();
  }
}

async function limitedText(response: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    const buffer = Buffer.from(chunk);
    chunks.push(buffer);
    bytes += buffer.length;
    if (bytes > MAX_BYTES) {
      break;
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

function looksLikeInRelease(text: string): boolean {
  return (
    text.startsWith('-----BEGIN PGP SIGNED MESSAGE-----') && /^(?:Suite|Codename): /m.test(text)
  );
}

/** The errno code of a network failure; undici wraps one error per address it tried. */
function errorCode(thrown: unknown): string | undefined {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) {
    return errorCode(thrown.errors[0]);
  }
  if (!(thrown instanceof Error)) {
    return undefined;
  }
  return errnoOf(thrown) ?? errorCode(thrown.cause);
}
