/** Where a secret stands in a record: each carrier makes the members of one event. */

export const CARRIERS = [
  "command_line",
  "script",
  "message",
  "title",
  "url",
  "unknown_member",
  "json_in_json",
  "powershell_base64",
  "base64_text",
  "percent_encoded",
  "hexadecimal",
  "two_records",
] as const;
export type Carrier = (typeof CARRIERS)[number];

/** The members of the records that carry `text`; the last of `two_records` holds only `part`, with nothing around it. */
export function carry(carrier: Carrier, text: string, part: string): Record<string, string>[] {
  switch (carrier) {
    case "command_line":
      return [{ "process.command_line": `cmd.exe /c ${text}` }];
    case "script":
      return [{ script: `# step 1\n${text}\nWrite-Host done` }];
    case "message":
      return [{ message: `Captured from standard input: ${text}` }];
    case "title":
      return [{ title: `process created: ${text}` }];
    case "url":
      return [{ "url.full": `https://files.example.org/up?note=${text}` }];
    case "unknown_member":
      return [{ vendor_details: text }];
    case "json_in_json":
      return [{ message: JSON.stringify({ outer: JSON.stringify({ line: text }) }) }];
    case "powershell_base64":
      return [{ "process.command_line": `powershell -enc ${base64(text, "utf16le")}` }];
    case "base64_text":
      return [{ message: `body (base64): ${base64(text, "utf8")}` }];
    case "percent_encoded":
      return [{ "url.full": `https://files.example.org/up?note=${encodeURIComponent(text)}` }];
    case "hexadecimal":
      return [{ message: `proctitle=${Buffer.from(text).toString("hex")}` }];
    case "two_records":
      return [{ "process.command_line": `cmd.exe /c ${text}` }, { "registry.value": part }];
  }
}

function base64(text: string, encoding: "utf8" | "utf16le"): string {
  return Buffer.from(text, encoding).toString("base64");
}
