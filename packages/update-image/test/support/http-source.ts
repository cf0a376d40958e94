import type { SourceRange, UpdateSource } from '../../src/index.ts';

/** Maximum number of bytes per request. */
const SPAN_BYTES = 1024 * 1024;

interface Span extends SourceRange {
  bytes: number;
  content?: Promise<Buffer>;
}

/**
 * An update on a web server: a minimal source that uses the hints of `willRead` to fetch adjacent
 * ranges in one request.
 */
export function httpSource(url: string): UpdateSource {
  let spans: Span[] = [];

  async function fetchRange(range: SourceRange, signal: AbortSignal | undefined): Promise<Buffer> {
    const response = await fetch(url, {
      headers: { range: `bytes=${range.offset}-${range.offset + range.bytes - 1}` },
      ...(signal && { signal }),
    });
    return Buffer.from(await response.arrayBuffer());
  }

  return {
    name: url,
    size: undefined,
    seekable: true,
    willRead(ranges) {
      spans = [];
      for (const { offset, bytes } of ranges) {
        const last = spans.at(-1);
        if (last && last.offset + last.bytes === offset && last.bytes + bytes <= SPAN_BYTES) {
          last.bytes += bytes;
        } else {
          spans.push({ offset, bytes });
        }
      }
    },
    async readAt(offset, target, signal) {
      const end = offset + target.length;
      const span = spans.find((one) => one.offset <= offset && end <= one.offset + one.bytes);
      if (!span) {
        (await fetchRange({ offset, bytes: target.length }, signal)).copy(target);
        return;
      }
      span.content ??= fetchRange(span, signal);
      (await span.content).copy(target, 0, offset - span.offset, end - span.offset);
    },
    async close() {},
  };
}
