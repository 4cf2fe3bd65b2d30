import { NOBODY } from "./acting.ts";
import type { Db } from "./prisma.ts";
import type { SourceFormat } from "#lib/domain/evidence/record.ts";
import type { TokenScope } from "#lib/domain/people/permissions.ts";
import { newToken } from "./new-token.ts";
import { transact, appendTrail } from "./transaction.ts";

/** A source of the demo with a fresh token, which is returned once. `owner` is the owner's login. */
export async function createDemoSource(
  owner: Db,
  source: { name: string; format: SourceFormat; sensitivity: string },
): Promise<string> {
  const { token, sha256, hint } = newToken("cs_src");
  await transact(owner, NOBODY, async (tx) => {
    const { id } = await tx.source.create({
      data: { ...source, tokenSha256: sha256, tokenHint: hint },
      select: { id: true },
    });
    await appendTrail(tx, {
      kind: "source.created",
      actor: "system:setup",
      incidentId: null,
      payload: { source: id, name: source.name, format: source.format },
    });
  });
  return token;
}

/** A machine's reading token; only the owner's login may make one. Returned once, stored as sha256. */
export async function createApiToken(
  owner: Db,
  given: { name: string; scopes: TokenScope[] },
): Promise<string> {
  const { token, sha256 } = newToken("cs_api");
  await owner.apiToken.create({ data: { ...given, sha256 } });
  return token;
}
