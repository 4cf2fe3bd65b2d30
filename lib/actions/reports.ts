"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { fileReport as file } from "#lib/commands/file-report.ts";
import { resolveReport as resolve } from "#lib/commands/resolve-report.ts";
import { fileReportInput, resolveReportInput } from "#lib/contracts/report-inputs.ts";
import { by } from "./by.ts";

export const fileReport = defineAction({
  name: "report_file",
  permission: "report:file",
  input: fileReportInput,
  run: ({ person, input, db }) => file(db, input, by(person)),
});

export const resolveReport = defineAction({
  name: "report_resolve",
  permission: "report:resolve",
  input: resolveReportInput,
  run: ({ person, input, db }) => resolve(db, input, by(person)),
});
