import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, relative } from "node:path";

const HERE = import.meta.dirname;
const MAIN = join(HERE, "verify-main.ts");
const IMPORT = /^import (?!type\b)\{([^}]*)\} from "([^"]+)";$/gm;
const EXPORT = /^export (?=(?:async )?(?:function|const|let|class)\b)/gm;
const EXPORTED = /^export (?:async )?(?:function\*?|const|let|class) (\w+)/gm;

/**
 * The verifier as one file of JavaScript that needs nothing but Node 20: the modules of this repository with their types
 * taken out, each in a function of its own, in the order in which they need each other. There is one implementation.
 */
export async function verifierSource(): Promise<string> {
  const modules = new Map<string, string>();
  const needed = new Set<string>();
  await add(MAIN, { modules, needed });
  return [
    "#!/usr/bin/env node",
    "// Checks a Countersign bundle: node verify.mjs BUNDLE. Needs Node 20 or newer, no package and no network.",
    ...[...needed].map((name) => `import * as ${builtin(name)} from ${JSON.stringify(name)};`),
    ...modules.values(),
    `process.exitCode = await ${nameOf(MAIN)}.verifyBundleMain(process.argv.slice(2));`,
    "",
  ].join("\n");
}

type Collected = { modules: Map<string, string>; needed: Set<string> };

async function add(path: string, collected: Collected): Promise<void> {
  if (collected.modules.has(path)) return;
  const source = stripTypeScriptTypes(await readFile(path, "utf8"), { mode: "strip" });
  const imports = [...source.matchAll(IMPORT)];
  for (const [, , from] of imports) {
    if (from!.startsWith("node:")) collected.needed.add(from!);
    else await add(join(dirname(path), from!), collected);
  }
  const exported = [...source.matchAll(EXPORTED)].map(([, name]) => name!);
  const body = source
    .replace(IMPORT, (_, names: string, from: string) => constsOf(names, path, from))
    .replace(EXPORT, "")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
  collected.modules.set(
    path,
    `const ${nameOf(path)} = (() => {\n${body}\nreturn { ${exported.join(", ")} };\n})();`,
  );
}

function constsOf(names: string, path: string, from: string): string {
  const source = from.startsWith("node:") ? builtin(from) : nameOf(join(dirname(path), from));
  const picked = names
    .split(",")
    .map((name) => name.trim().replace(/ as /, ": "))
    .filter((name) => name !== "");
  return `const { ${picked.join(", ")} } = ${source};`;
}

function builtin(name: string): string {
  return name.replace(/\W/g, "_");
}

function nameOf(path: string): string {
  return `m_${relative(dirname(HERE), path).replace(/\.ts$/, "").replace(/\W/g, "_")}`;
}
