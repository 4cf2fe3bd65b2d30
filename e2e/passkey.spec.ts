/** Passkeys, with the authenticator that Chromium has for tests: enrolled, signed with, stolen, revoked, asked for. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright/test";
import { hasOpenssl, opensslSays } from "#lib/signing/testing-openssl.ts";
import { asOwner, awake, proposeClosure, summarisedCase } from "./desk-steps.ts";
import { expect, expectAccessible, personOf, signInAs, test } from "./fixtures.ts";
import { addPerson, PASSWORD } from "./model-desk.ts";
import type { Desk, Who } from "./fixtures.ts";

/** As much of the protocol's WebAuthn.Credential as is passed on. */
type Credential = {
  credentialId: string;
  isResidentCredential: boolean;
  privateKey: string;
  signCount: number;
  rpId?: string;
};
type Device = {
  credentials: () => Promise<Credential[]>;
  hold: (credential: Credential) => Promise<void>;
};

/** A device of the page's own that verifies whoever uses it. */
async function plugIn(page: Page): Promise<Device> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: async () =>
      (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    hold: async (credential) => {
      await cdp.send("WebAuthn.addCredential", { authenticatorId, credential });
    },
  };
}

async function enrol(page: Page, password: string, name: string): Promise<void> {
  await page.goto("/account");
  await page.getByRole("button", { name: "Enrol a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Enrol a passkey" });
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Your password").fill(password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table", { name: "Your passkeys" })).toContainText(name);
}

async function personWithPasskey(desk: Desk, who: Who) {
  const page = await desk.signIn(who);
  const device = await plugIn(page);
  const name = `key ${randomUUID().slice(0, 8)}`;
  await enrol(page, personOf(desk.demo, who).password, name);
  return { page, device, name };
}

/** A closure that the analyst proposed; the path of its review. */
async function proposed(desk: Desk): Promise<string> {
  const { number } = await summarisedCase(desk, `passkey-${randomUUID().slice(0, 8)}`);
  const analyst = await desk.signIn("analyst");
  await proposeClosure(analyst, number);
  const { decisions } = (await desk.read(`/api/incidents/${number}/decisions`)) as {
    decisions: { id: string; incidentId: string }[];
  };
  return `/incidents/${decisions[0]!.incidentId}/decisions/${decisions[0]!.id}`;
}

test("a passkey is enrolled, signs a closure, and openssl agrees", async ({ desk }) => {
  const { page } = await personWithPasskey(desk, "second analyst");
  await expectAccessible(page);
  const path = await proposed(desk);
  await page.goto(path);
  await expectAccessible(page);
  const button = page.getByRole("button", { name: "Sign with passkey" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Closure: in effect").first()).toBeVisible();
  await expect(page.getByText("by passkey").first()).toBeVisible();
  const row = await asOwner(desk, async (client) => {
    const { rows } = await client.query(
      `select s.*, k.public_key, d.statement from sign_off s join passkey k on k.id = s.passkey_id
         join decision d on d.id = s.decision_id where d.id = $1`,
      [path.split("/").at(-1)],
    );
    return rows[0];
  });
  expect(row.assurance).toBe("passkey");
  if (!hasOpenssl()) return;
  const said = opensslSays({
    publicKey: row.public_key,
    statement: row.statement,
    authenticatorData: row.authenticator_data,
    clientDataJson: row.client_data_json,
    signature: row.signature,
  });
  expect(said).toEqual({
    verdict: "Verified OK",
    challenge: JSON.parse(row.client_data_json.toString()).challenge,
  });
});

test("a wrong password enrols nothing, and the same device's key is enrolled with the right one", async ({
  desk,
}) => {
  const page = await desk.signIn("lead");
  await plugIn(page);
  await page.goto("/account");
  await page.getByRole("button", { name: "Enrol a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Enrol a passkey" });
  await dialog.getByLabel("Name").fill("lead's key");
  await dialog.getByLabel("Your password").fill("not my password at all");
  await dialog.getByRole("button", { name: "Enrol passkey" }).click();
  await expect(dialog.getByText("That is not your password.")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel("Your password").fill(personOf(desk.demo, "lead").password);
  await dialog.getByRole("button", { name: "Enrol passkey" }).click();
  await expect(page.getByRole("table", { name: "Your passkeys" })).toContainText("lead's key");
});

test("who signs nothing is offered no passkey", async ({ desk }) => {
  const page = await desk.signIn("auditor");
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Sessions" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Enrol a passkey" })).toHaveCount(0);
});

test("another person's key on one's own device signs nothing in one's own name", async ({
  desk,
}) => {
  const lead = await personWithPasskey(desk, "lead");
  const second = await personWithPasskey(desk, "second analyst");
  const path = await proposed(desk);
  const credentials = await lead.device.credentials();
  const stolen = credentials.at(-1)!;
  await second.device.hold(stolen);
  // The page would name the person's own passkeys to the browser; a page that lies names the stolen one.
  await second.page.addInitScript((id) => {
    const real = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (options) => {
      const bytes = Uint8Array.from(atob(id), (letter) => letter.charCodeAt(0));
      options!.publicKey!.allowCredentials = [{ type: "public-key", id: bytes }];
      return real(options);
    };
  }, stolen.credentialId);
  await second.page.goto(path);
  await second.page.getByRole("button", { name: "Sign with passkey" }).click();
  await expect(second.page.getByText("This passkey is another person's.")).toBeVisible();
  await expect(second.page.getByText("Nobody has signed yet.", { exact: true })).toBeVisible();
});

test("a passkey that was revoked meanwhile signs no more", async ({ desk }) => {
  const { page, name } = await personWithPasskey(desk, "second analyst");
  const path = await proposed(desk);
  await page.goto(path);
  await expect(page.getByRole("button", { name: "Sign with passkey" })).toBeVisible();
  const other = await page.context().newPage();
  await other.goto("/account");
  await other.getByRole("button", { name: `Revoke ${name}` }).click();
  const dialog = other.getByRole("dialog", { name: `Revoke ${name}?` });
  await dialog.getByLabel("Your password").fill("not my password at all");
  await dialog.getByRole("button", { name: "Revoke passkey" }).click();
  await expect(dialog.getByText("That is not your password.")).toBeVisible();
  await expectAccessible(other);
  await dialog.getByLabel("Your password").fill(personOf(desk.demo, "second analyst").password);
  await dialog.getByRole("button", { name: "Revoke passkey" }).click();
  const row = other.getByRole("row", { name: new RegExp(name) });
  await expect(row).toContainText("Revoked");
  await other.close();
  await page.getByRole("button", { name: "Sign with passkey" }).click();
  await expect(page.getByText("This passkey is revoked.")).toBeVisible();
});

test("an admin revokes another person's passkey, by keyboard; a lead finds no such place", async ({
  desk,
}) => {
  const { page: lead, name } = await personWithPasskey(desk, "lead");
  await lead.goto("/passkeys");
  await expect(lead).toHaveURL(/\/forbidden/);
  const admin = await desk.signIn("admin", "/");
  await admin.getByRole("link", { name: "Passkeys" }).click();
  const row = admin
    .getByRole("table", { name: "Everybody's passkeys" })
    .getByRole("row", { name: new RegExp(name) });
  await expect(row).toContainText("Lead");
  await expectAccessible(admin);
  await row.getByRole("button", { name: "Revoke" }).focus();
  await admin.keyboard.press("Enter");
  await admin
    .getByRole("dialog")
    .getByLabel("Your password")
    .fill(personOf(desk.demo, "admin").password);
  await admin.keyboard.press("Enter");
  await expect(row).toContainText("Revoked");
});

test("where the policy asks for a passkey, a password signs nothing, and who has none is told where to enrol", async ({
  desk,
}) => {
  await publishPolicy(desk, "'passkey'");
  try {
    const path = await proposed(desk);
    const lead = await desk.signIn("lead");
    await revokeAll(desk, "lead");
    await lead.goto(path);
    await expect(lead.getByText("The policy asks for a passkey here")).toBeVisible();
    await expect(lead.getByRole("button", { name: "Sign as lead" })).toHaveCount(0);
    await expect(lead.getByRole("button", { name: "Sign with passkey" })).toHaveCount(0);
    await expectAccessible(lead);
    await plugIn(lead);
    await lead.getByRole("link", { name: "Enrol a passkey" }).click();
    await enrol(lead, personOf(desk.demo, "lead").password, "the lead's second key");
    await lead.goto(path);
    await lead.getByRole("button", { name: "Sign with passkey" }).click();
    await expect(lead.getByText("Closure: in effect").first()).toBeVisible();
  } finally {
    await publishPolicy(desk, "'password'");
  }
});

/** The next version of the policy: closures at this assurance, all else as it was. */
async function publishPolicy(desk: Desk, assurance: "'passkey'" | "'password'"): Promise<void> {
  await asOwner(desk, (client) =>
    client.query(
      `insert into policy_rule (policy_version, kind, number, sign_offs, min_role, distinct_from_proposer, assurance, proposal_minutes,
         sign_off_minutes, severities, incident_types, blast_radii, claims_settled, summary_complete, evidence_opened)
       select policy_version + 1, kind, number, sign_offs, min_role, distinct_from_proposer,
         case kind when 'closure' then ${assurance} else assurance end, proposal_minutes, sign_off_minutes, severities,
         incident_types, blast_radii, claims_settled, summary_complete, evidence_opened
       from policy_rule where policy_version = gate.policy_version()`,
    ),
  );
}

async function revokeAll(desk: Desk, role: string): Promise<void> {
  await asOwner(desk, (client) =>
    client.query(
      `select gate.revoke_passkey(k.id, p.id, sha256(s.key || sha256(convert_to(gate.revocation_statement(k.id, p.id), 'UTF8'))))
       from passkey k join person p on p.id = k.person_id join gate.sign_key s on s.person_id = p.id where p.role = $1`,
      [role],
    ),
  );
}

test("a lead decides alone by break-glass, which is marked everywhere and waits for its second review", async ({
  desk,
}) => {
  const { page } = await personWithPasskey(desk, "lead");
  const { number } = await summarisedCase(desk, `alone-${randomUUID().slice(0, 8)}`);
  await page.goto(`/incidents/${number}`);
  await awake(page);
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "Propose closure" });
  await dialog.getByText("True positive").click();
  await dialog.getByText("Break-glass: sign it alone").click();
  await dialog.getByRole("textbox", { name: "Why" }).fill("It spreads.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Propose closure" }).click();
  await expect(dialog.getByText(/why nobody else could sign/)).toBeVisible();
  await dialog
    .getByRole("textbox", { name: "Why" })
    .fill("It is 03:00, the other lead is on a flight, and it spreads.");
  await dialog.getByRole("button", { name: "Propose closure" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("link", { name: "Review and sign" }).click();
  await expect(page.getByText(/^BREAK-GLASS: one lead decides alone/)).toBeVisible();
  await expect(page.getByRole("button", { name: /^Sign as/ })).toBeHidden();
  await page.getByRole("button", { name: "Sign with passkey" }).click();
  await expect(page.getByText("Closure: in effect").first()).toBeVisible();
  await expect(page.getByText(/The second review is due in 2[34] h/)).toBeVisible();
  await expectAccessible(page);
  await page.goto("/second-reviews");
  const line = page.getByRole("listitem").filter({ hasText: number });
  await expect(line).toContainText("Closure by break-glass");
  await expect(line.getByRole("button", { name: "Give second review" })).toBeHidden();
  await expectAccessible(page);
  await page.goto(`/incidents?view=closed&q=${number}`);
  await expect(page.getByRole("row").filter({ hasText: number })).toContainText("Break-glass");
  await page.goto("/second-reviews");
  await reviewedByAnotherLead(page, { home: desk.home, number });
});

/** Another lead reads what is signed, signs it with the password, and it stands as signed. */
async function reviewedByAnotherLead(
  page: Page,
  { home, number }: { home: string; number: string },
): Promise<void> {
  addPerson(home, "Mara", "lead");
  await page.context().clearCookies();
  await signInAs(page.context(), { email: "mara@desk.example", password: PASSWORD });
  await page.goto("/second-reviews");
  const line = page.getByRole("listitem").filter({ hasText: number });
  await line.getByRole("button", { name: "Give second review" }).click();
  const dialog = page.getByRole("dialog", { name: "Second review", exact: true });
  await dialog.getByRole("radio", { name: /^Object/ }).check();
  await dialog.getByLabel("Why").fill("It could have waited until the morning.");
  await dialog.getByRole("button", { name: "Show what is signed" }).click();
  await expect(dialog.getByRole("region", { name: "What is signed" })).toContainText(
    '"outcome":"objected"',
  );
  await expectAccessible(page);
  await dialog.getByLabel("Your password").fill("not my password at all");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText(/That is not your password/)).toBeVisible();
  await dialog.getByLabel("Your password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await page.goto("/second-reviews?state=given");
  await expect(page.getByRole("listitem").filter({ hasText: number })).toContainText(
    "objected to in the second review, signed by password",
  );
  await expectAccessible(page);
}
