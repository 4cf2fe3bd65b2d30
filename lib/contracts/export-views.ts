import type { ExportFormat, ExportState } from "#lib/domain/trail/export.ts";
import type { BundleScope, Withheld } from "#lib/trail/bundle/manifest.ts";
import type { PersonView } from "./views.ts";

export type ExportView = {
  id: string;
  by: PersonView;
  format: ExportFormat;
  scope: BundleScope;
  scopePerson: string | null; // the name behind a scope that is a person
  withheld: Withheld;
  state: ExportState;
  done: number; // entries, or incidents where each is a line
  total: number | null; // null until it is counted
  fileName: string | null;
  bytes: number | null;
  sha256: string | null; // hex
  reason: string | null;
  askedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  expiresAt: string | null;
};

export type ExportPage = { exports: ExportView[]; nextCursor: string | null };
