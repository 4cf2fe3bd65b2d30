/** Streams text lines as a download, a batch at a time, in constant memory. */
export function streamLines(
  lines: AsyncGenerator<string>,
  file: { fileName: string; contentType: string },
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await lines.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(`${next.value}\n`));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": file.contentType,
      "content-disposition": `attachment; filename="${file.fileName}"`,
      "cache-control": "private, no-store",
    },
  });
}

/**
 * The same lines once the first of them is there. What cannot be begun is refused while there still is an answer to
 * refuse it with: throws what the first line throws.
 */
export async function begun(lines: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = await lines.next();
  return (async function* () {
    try {
      if (first.done) return;
      yield first.value;
      yield* lines;
    } finally {
      await lines.return(undefined);
    }
  })();
}
