import { lintSource } from "@secretlint/core";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { lastNotAbove } from "./decoded.ts";
import type { Span } from "./spans.ts";

/** Evidence could hold the comment that switches rules off; nothing here is a file of ours. */
const CONFIG = {
  rules: rules
    .filter(({ meta }) => !meta.id.includes("filter-comments"))
    .map((rule) => ({ id: rule.meta.id, rule })),
};
const REST = /[\w/+=-]*/y;
const BETWEEN = "\n\u0000\n";

/** What secretlint's recommended rules find in each text, in one pass over all of them. */
export async function lintedSecrets(texts: readonly string[]): Promise<Span[][]> {
  const spans: Span[][] = texts.map(() => []);
  const starts: number[] = [];
  let length = 0;
  for (const text of texts) {
    starts.push(length);
    length += text.length + BETWEEN.length;
  }
  const { messages } = await lintSource({
    source: {
      filePath: "evidence.txt",
      content: texts.join(BETWEEN),
      ext: ".txt",
      contentType: "text",
    },
    options: { config: CONFIG, noPhysicFilePath: true },
  });
  for (const { range, ruleId } of messages) {
    const at = lastNotAbove(starts, range[0]);
    const [start, text] = [starts[at] ?? 0, texts[at] ?? ""];
    const end = runEnd(text, Math.min(range[1] - start, text.length));
    spans[at]?.push({ start: range[0] - start, end, kind: kindOf(ruleId) });
  }
  return spans;
}

/** Some of its rules measure a match from the name before it: the rest of the value is the secret's too. */
function runEnd(text: string, from: number): number {
  REST.lastIndex = from;
  REST.test(text);
  return REST.lastIndex;
}

function kindOf(ruleId: string): string {
  const name = ruleId.replace(/^.*secretlint-rule-/, "");
  if (name === "aws" || name === "gcp" || name === "github") return name;
  if (name === "privatekey") return "private_key";
  return name === "basicauth" || name.includes("connection") ? "connection_string" : "token";
}
