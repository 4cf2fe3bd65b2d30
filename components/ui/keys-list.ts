/** Keys that mean the same on every screen, as the help lists them. */
export const EVERYWHERE: readonly { key: string; shown?: string; what: string }[] = [
  { key: "Ctrl K", what: "Go anywhere, or do something" },
  { key: "?", what: "These keys" },
  { key: "z", what: "Undo what a message offers to undo" },
  { key: "u", what: "Times in UTC, or in your own zone" },
  { key: "v", what: "Dense or comfortable rows" },
  { key: "T", shown: "⇧ t", what: "Dark or light theme" },
];
