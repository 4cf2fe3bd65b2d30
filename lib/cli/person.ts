/**
 * `npm run person -- add --email E --name N --role R`: enrols a person. The password is read from the
 * terminal (or the first line of standard input), never from the command line.
 */
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { createClient } from "#lib/db/prisma.ts";
import { enrolPerson } from "#lib/db/seed-people.ts";
import { ROLES } from "#lib/domain/people/permissions.ts";
import { adminDatabaseUrl, homeDirectory } from "#lib/env.ts";
import { ownerUrl } from "#lib/db/provision.ts";
import { runningAdminUrl } from "./running.ts";

const inputSchema = z.object({
  email: z.email().max(254).toLowerCase(),
  name: z.string().trim().min(1).max(100),
  role: z.enum(ROLES),
  password: z.string().min(12, "must have at least 12 characters").max(1024),
});

const USAGE = `Usage: npm run person -- add --email E --name N --role ${ROLES.join("|")}`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    email: { type: "string" },
    name: { type: "string" },
    role: { type: "string" },
    "data-dir": { type: "string" },
  },
});

try {
  await add();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function add(): Promise<void> {
  if (positionals[0] !== "add" || !values.email || !values.role) throw new Error(USAGE);
  const input = inputSchema.safeParse({
    email: values.email,
    name: values.name ?? values.email.split("@")[0],
    role: values.role,
    password: await readPassword(),
  });
  if (!input.success) {
    const issue = input.error.issues[0];
    throw new Error(`${issue?.path.join(".")}: ${issue?.message}. ${USAGE}`);
  }
  const admin =
    adminDatabaseUrl() ?? (await runningAdminUrl(values["data-dir"] ?? homeDirectory()));
  const owner = createClient(ownerUrl(admin), 1);
  try {
    await enrolPerson(owner, input.data);
    process.stdout.write(`${input.data.name} may now sign in as ${input.data.role}.\n`);
  } finally {
    await owner.$disconnect();
  }
}

async function readPassword(): Promise<string> {
  const ask = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  process.stderr.write("Password (at least 12 characters): ");
  for await (const line of ask) return line;
  return "";
}
