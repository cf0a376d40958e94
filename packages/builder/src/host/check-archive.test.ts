import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkArchive } from './check-archive.ts';

const IN_RELEASE =
  '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nSuite: stable\nCodename: noble\n';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('checkArchive', () => {
  it('gets the index of a suite from the same place as apt', async () => {
    const archiveUrl = await serve((request, response) => {
      response.writeHead(request.url === '/ubuntu/dists/noble/InRelease' ? 200 : 404);
      response.end(IN_RELEASE);
    });

    expect(await checkArchive({ archiveUrl: `${archiveUrl}/ubuntu/`, suite: 'noble' })).toEqual({
      reachable: true,
      url: `${archiveUrl}/ubuntu/dists/noble/InRelease`,
      inRelease: IN_RELEASE,
    });
  });

  it('follows a redirect to another mirror', async () => {
    const target = await serve((_, response) => response.end(IN_RELEASE));
    const archiveUrl = await serve((request, response) =>
      response.writeHead(302, { location: `${target}${request.url}` }).end(),
    );

    expect(await checkArchive({ archiveUrl, suite: 'noble' })).toMatchObject({ reachable: true });
  });

  it('reports a suite that the archive does not have', async () => {
    const archiveUrl = await serve((_, response) => response.writeHead(404).end());

    expect(await checkArchive({ archiveUrl, suite: 'noble' })).toMatchObject({
      reachable: false,
      reason: 'suite-absent',
    });
  });

  it('distinguishes a login page from an archive', async () => {
    const archiveUrl = await serve((_, response) => response.end('<html>Welcome to Hotel</html>'));

    expect(await checkArchive({ archiveUrl, suite: 'noble' })).toMatchObject({
      reachable: false,
      reason: 'not-an-archive',
      why: expect.stringContaining('login page'),
    });
  });

  it('reports an unknown status as it is', async () => {
    const archiveUrl = await serve((_, response) => response.writeHead(503).end());

    expect(await checkArchive({ archiveUrl, suite: 'noble' })).toMatchObject({
      reason: 'http-status',
      why: expect.stringContaining('503'),
    });
  });

  it('does not wait for a silent server', async () => {
    const archiveUrl = await serve(() => {});

    expect(await checkArchive({ archiveUrl, suite: 'noble', timeoutMs: 200 })).toMatchObject({
      reason: 'timeout',
    });
  });

  it('does not wait for an endless answer', async () => {
    const archiveUrl = await serve((_, response) => void response.write(IN_RELEASE));

    expect(await checkArchive({ archiveUrl, suite: 'noble', timeoutMs: 200 })).toMatchObject({
      reason: 'timeout',
    });
  });

  it('reports a refused connection', async () => {
    const archiveUrl = await serve(() => {});
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));

    expect(await checkArchive({ archiveUrl, suite: 'noble' })).toMatchObject({ reason: 'refused' });
  });

  it('reports a name that cannot be resolved', async () => {
    expect(
      await checkArchive({ archiveUrl: 'http://mirror.invalid/ubuntu', suite: 'noble' }),
    ).toMatchObject({ reason: 'dns', why: expect.stringContaining('mirror.invalid') });
  });

  it('reads a local archive, and reports a missing suite', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'micro-linux-archive '));
    await mkdir(join(directory, 'dists/noble'), { recursive: true });
    await writeFile(join(directory, 'dists/noble/InRelease'), IN_RELEASE);

    for (const scheme of ['file', 'copy']) {
      const archiveUrl = `${scheme}://${encodeURI(directory)}`;
      expect(await checkArchive({ archiveUrl, suite: 'noble' })).toMatchObject({
        inRelease: IN_RELEASE,
      });
      expect(await checkArchive({ archiveUrl, suite: 'jammy' })).toMatchObject({
        reason: 'suite-absent',
      });
    }
    await rm(directory, { recursive: true });
  });

  it('ends at once if it is cancelled', async () => {
    const archiveUrl = await serve(() => {});
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);

    await expect(
      checkArchive({ archiveUrl, suite: 'noble', signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'cancelled', exitCode: 130 });
  });

  it('refuses what is not a URL', async () => {
    await expect(
      checkArchive({ archiveUrl: 'mirror.example', suite: 'noble' }),
    ).rejects.toMatchObject({ code: 'archive-url-invalid', exitCode: 2 });
  });

  it('uses the proxy of the environment', async () => {
    const asked: string[] = [];
    const proxy = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.end(IN_RELEASE);
    });
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = proxy;
    try {
      expect(
        await checkArchive({ archiveUrl: 'http://mirror.invalid/ubuntu', suite: 'noble' }),
      ).toMatchObject({ reachable: true });
    } finally {
      if (before === undefined) {
        delete process.env['http_proxy'];
      } else {
        process.env['http_proxy'] = before;
      }
    }
    expect(asked).toEqual(['http://mirror.invalid/ubuntu/dists/noble/InRelease']);
  });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
}
