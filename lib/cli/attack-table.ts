/**
 * `npm run attack-table -- PATH_TO_enterprise-attack.json`: writes the ATT&CK facts the product uses from
 * MITRE's release (https://github.com/mitre-attack/attack-stix-data), with the notice its terms ask for.
 */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { sampleDataDirectory } from "#lib/env.ts";
import { readAttack } from "./attack-table/read-attack.ts";
import { revokedFile, techniqueFile } from "./attack-table/write-attack.ts";

async function main(argument: string | undefined): Promise<number> {
  const folder = sampleDataDirectory() ?? resolve("../shared/data");
  const path = argument ?? resolve(folder, "attack-enterprise.json");
  if (!existsSync(path)) {
    console.error(`No file ${path}. Usage: npm run attack-table -- enterprise-attack.json`);
    return 1;
  }
  try {
    const source = readAttack(await readFile(path, "utf8"));
    await writeFile("lib/grounding/attack-techniques.ts", techniqueFile(source));
    await writeFile("lib/connectors/sources/attack-revoked.ts", revokedFile(source));
    console.log(
      `ATT&CK ${source.version}: ${source.techniques.length} techniques, ${source.tactics.length} tactics.`,
    );
    return 0;
  } catch (error) {
    console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

process.exitCode = await main(process.argv[2]);
