import type { Role } from "#lib/domain/people/permissions.ts";

/** The desk of the demo. Passwords are made at the first start, never here. */
export const DEMO_PEOPLE: readonly { email: string; name: string; role: Role }[] = [
  { email: "ines.calder@countersign.example", name: "Ines Calder", role: "analyst" },
  { email: "tomas.rehn@countersign.example", name: "Tomas Rehn", role: "analyst" },
  { email: "amara.osei@countersign.example", name: "Amara Osei", role: "lead" },
  { email: "jonas.whitlock@countersign.example", name: "Jonas Whitlock", role: "auditor" },
  { email: "petra.novak@countersign.example", name: "Petra Novak", role: "admin" },
  // A weaker policy and rules that isolate need the signatures of two.
  { email: "elif.demir@countersign.example", name: "Elif Demir", role: "admin" },
];
