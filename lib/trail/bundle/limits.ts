import type { BundleOptions } from "./verify-bundle.ts";
import type { BundlePredicate } from "./manifest.ts";
import type { EntriesRead } from "./read-entries.ts";

type Known = {
  options: BundleOptions;
  predicate: BundlePredicate | null;
  read: EntriesRead | null;
};

/** What was left out on purpose, and what this bundle cannot prove however well it verifies. */
export function limitsOf({ options, predicate, read }: Known): {
  withheld: string[];
  cannotProve: string[];
} {
  const { evidence = false, names = false, payloads = false } = predicate?.withheld ?? {};
  const end = read?.endsAt ?? "its checkpoint";
  const isWhole = predicate?.scope.kind === "log";
  return {
    withheld: [
      ...(evidence ? ["the raw bytes of evidence, and what models were sent and answered"] : []),
      ...(names ? ["what holds a person's name: payloads, claims and statements"] : []),
      ...(payloads ? ["all payloads"] : []),
    ],
    cannotProve: [
      ...(options.newerThan === undefined && options.witnessSize === undefined
        ? [`that nothing was written after ${end}: ask with --newer-than or --witness-size`]
        : []),
      ...(options.witnesses?.length
        ? [
            "anything, if the log's key and the witness's key were both stolen and no earlier checkpoint was kept",
          ]
        : ["that others were shown the same log: give a witness's key"]),
      ...(options.logKeys ? [] : ["whose log this is: give your own copy of the log's key"]),
      "that an entry was true when it was written: only signatures by passkey speak for a person",
      ...(isWhole
        ? []
        : ["that nothing else in the log belongs here: only the whole log shows that"]),
    ],
  };
}
