import { defineRoute } from "#lib/boundary/define-route.ts";
import { downloadExport } from "#lib/commands/exports/ask-export.ts";
import { personActor } from "#lib/commands/actor.ts";
import { exportParams } from "#lib/contracts/export-inputs.ts";
import { noQuery } from "#lib/contracts/queries.ts";
import { Problem } from "#lib/domain/problem.ts";
import { findExportFile } from "#lib/queries/open-export.ts";

/** The file of an export that is ready, for people. Each download is an entry of the trail, written before the first byte leaves. */
export const GET = defineRoute({
  name: "export_download",
  access: { kind: "reader", permission: "trail:export", scope: null },
  query: noQuery,
  params: exportParams,
  run: async ({ caller, params, db }) => {
    if (caller.kind !== "person")
      throw new Problem("not_allowed", 403, "Only people take exports away.");
    const by = personActor(caller.person);
    const file = await findExportFile(db, params.id);
    const { fileName, bytes, sha256 } = await downloadExport(db, { exportId: params.id }, by);
    return new Response(file.open(), {
      headers: {
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename="${fileName}"`,
        "content-length": String(bytes),
        "repr-digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`,
        "cache-control": "private, no-store",
      },
    });
  },
});
