import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BundleScope, Withheld } from "../trail/bundle/manifest.ts";

/** Each is read in one sitting; what is signed first, then what is in the log. */
const SCRIPTS = ["verify.sh", "verify-log.sh"];

/** The verifier of standard tools: sh, coreutils, openssl 3 and jq. One file, made of two. */
export async function verifierScript(): Promise<string> {
  const parts = await Promise.all(
    SCRIPTS.map((name) => readFile(join(import.meta.dirname, name), "utf8")),
  );
  return parts.join("");
}

/** What a bundle says of itself to whoever opens it. */
export function readmeText({
  scope,
  withheld,
  askedBy,
  sealed,
}: {
  scope: BundleScope;
  withheld: Withheld;
  askedBy: string;
  sealed: { size: number };
}): string {
  const left = [
    ...(withheld.evidence ? ["raw evidence, and what models were sent and answered"] : []),
    ...(withheld.names ? ["what holds a person's name"] : []),
    ...(withheld.payloads ? ["all payloads"] : []),
  ];
  return `A part of the decision trail of a security desk, with everything that is needed to check it.

Holds:      ${scopeWords(scope)}
Sealed at:  ${sealed.size} entries
Asked by:   ${askedBy}
Left out:   ${left.length === 0 ? "nothing" : left.join("; ")}

Check it with either of these. Neither needs a network, an account or an installation.

    sh verify.sh . --log-key YOUR-COPY-OF-log.key.pub     (sh, coreutils, openssl 3, jq)
    node verify.mjs . --log-key YOUR-COPY-OF-log.key.pub  (Node 20 or newer)

More is proved with --checkpoint FILE (an earlier checkpoint that you kept), --witness-key FILE, --tsa-ca FILE (the CAs of a
time-stamping authority), and --newer-than TIME or --witness-size N (a log cut at an older checkpoint verifies as well as a whole one).

A verifier that came with what it is to verify proves nothing to whoever does not trust the sender: read it, write
your own from the description of the format, or take it from a source of your own.

trail.jsonl          the entries: the line that was hashed, its leaf, its payload and the salt of that
support.jsonl        entries outside these on which they rest
proofs/N.tlog-proof  that entry N is in the signed log (C2SP tlog-proof)
checkpoint           size and root of the log, signed (C2SP tlog-checkpoint)
consistency.jsonl    that the log begins with earlier checkpoints (RFC 6962), by their size
timestamp.tsr        a time stamp (RFC 3161) over timestamp.checkpoint
log.key.pub          the keys to that, old ones too; compare them with your own copy
signoffs.jsonl       signatures by passkey as the authenticators gave them; credentials.jsonl, the keys to these
evidence.jsonl       the incident's evidence in order; evidence/SHA256, its raw bytes
claims/, model/      what was claimed, and what models were sent and answered
manifest.dsse.json   the list of all this, signed (in-toto Statement v1 in a DSSE envelope)
SHA256SUMS           the same list for sha256sum
`;
}

function scopeWords(scope: BundleScope): string {
  switch (scope.kind) {
    case "log":
      return "the whole log";
    case "incident":
      return `the entries of incident ${scope.number} (${scope.incident})`;
    case "period":
      return `the entries ${scope.from} to ${scope.to}`;
    case "person":
      return `the entries of the person ${scope.person}`;
    case "model":
      return `the entries by or about the model ${scope.model}`;
    case "prompt":
      return `the entries about the prompt ${scope.prompt}`;
  }
}
