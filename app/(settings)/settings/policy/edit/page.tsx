import type { Metadata } from "next";
import { PolicyEditor } from "#components/settings/policy-editor.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { policyRulesInForce } from "#lib/queries/policy-page.ts";

export const metadata: Metadata = { title: "Change the policy" };

export default async function EditPolicyPage() {
  const person = await requirePerson("policy:manage");
  const inForce = await policyRulesInForce(db());
  return (
    <PolicyEditor
      person={{ id: person.id, name: person.name, role: person.role }}
      inForce={inForce}
    />
  );
}
