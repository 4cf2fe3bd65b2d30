import { Client } from "pg";

/** Says to the database for which address passkeys are; the owner alone may. Nothing is written when it is the same. */
export async function setRelyingParty(
  ownerUrl: string,
  party: { id: string; origin: string },
): Promise<void> {
  const client = new Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query("select gate.set_relying_party($1, $2)", [party.id, party.origin]);
  } finally {
    await client.end().catch(() => undefined);
  }
}
