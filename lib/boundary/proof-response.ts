/** The file of a proof, as a download. */
export function proofResponse(seq: number, text: string): Response {
  return new Response(text, {
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": `attachment; filename="entry-${seq}.tlog-proof"`,
      "cache-control": "private, no-store",
    },
  });
}
