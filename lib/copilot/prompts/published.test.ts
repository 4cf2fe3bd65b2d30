import { expect, test } from "vitest";
import { lintedSecrets } from "../redaction/secretlint.ts";
import { maskSecrets } from "../redaction/mask-secrets.ts";
import { LATEST, promptFor, PROMPTS, promptSha256, type PromptedKind } from "./published.ts";

/** Rows in databases refer to these texts: one that was published never changes again. */
const DIGESTS: [string, string][] = [
  ["summarise/1", "92d56d4cafaf629137e9941c64b5bd47454c19f44f6a4abe9d95141520381ae0"],
  ["summarise/2", "194b9ae4a05cfbfbe907b47785fdbaeacd9fd8f8d01007d2be5a334ff8def302"],
  ["summarise/3", "934487b229f016391adcadea9eba97603faff8b2ba171ecac7cf44198c77325a"],
  ["repair/1", "489a3cc8341a3b21789f80b294f063e6a57c7f10be6268d009a14bb996adf781"],
  ["answer/1", "5fb2a128194d0f901dd7b0646a81fbe9619ac99b855d39415db8aa0506d4d58c"],
  ["draft/1", "96024de3ab3c7771d8767c8d415d179aa228879c9e9770b5cbc3c6770ab2857f"],
];

test("every prompt is the text that it was when it was published", () => {
  const now = PROMPTS.map((prompt) => [`${prompt.name}/${prompt.version}`, promptSha256(prompt)]);
  expect(now).toEqual(DIGESTS);
});

test("the newest of each is what the next evaluation is of", () => {
  for (const [name, version] of Object.entries(LATEST)) {
    const versions = PROMPTS.filter((prompt) => prompt.name === name).map((one) => one.version);
    expect(versions).toEqual(Array.from({ length: version }, (_, at) => at + 1));
  }
});

test("each kind of run has a prompt, and a version that never was is refused", () => {
  const kinds: PromptedKind[] = ["summary", "repair", "answer", "note", "handover", "message"];
  const names = kinds.map((kind) => promptFor(kind, LATEST).name);
  expect(names).toEqual(["summarise", "repair", "answer", "draft", "draft", "draft"]);
  expect(() => promptFor("summary", { ...LATEST, summarise: 99 })).toThrow("summarise/99");
});

test("prompts are public: they hold no secret and say why they are as they are", async () => {
  const texts = PROMPTS.map(({ text }) => text);
  expect((await lintedSecrets(texts)).flat()).toEqual([]);
  for (const { text, reason } of PROMPTS) {
    expect(maskSecrets(text)).toBe(text);
    expect(reason).toMatch(/^[A-Z].{20,}\.$/);
  }
});
