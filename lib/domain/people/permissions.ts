/** Who may do what. One table; the button and the door ask the same function. */
export const ROLES = ["analyst", "lead", "auditor", "admin"] as const;
export type Role = (typeof ROLES)[number];

const PERMISSION_TABLE = {
  "incident:read": {
    roles: ["analyst", "lead", "auditor"],
    sentence: "See the queue, incidents, their threads and summaries.",
  },
  "incident:assign": { roles: ["analyst", "lead"], sentence: "Take an incident or give it back." },
  "incident:work": {
    roles: ["analyst", "lead"],
    sentence: "Put an incident in progress or on hold.",
  },
  "incident:merge": {
    roles: ["analyst", "lead"],
    sentence: "Merge an incident into another, and take a merge apart.",
  },
  "incident:hand_over": {
    roles: ["analyst", "lead"],
    sentence: "Hand an incident over with a note, and take over what was handed over.",
  },
  "incident:watch": {
    roles: ["analyst", "lead"],
    sentence: "Watch an incident, to be told of what becomes of it.",
  },
  "task:work": {
    roles: ["analyst", "lead"],
    sentence: "Start a playbook; add, assign, do and remove tasks of an incident.",
  },
  "playbook:read": {
    roles: ["analyst", "lead", "auditor", "admin"],
    sentence: "See the playbooks of the desk, and how they came to be.",
  },
  "playbook:write": {
    roles: ["lead", "admin"],
    sentence: "Write, change and retire the playbooks of the desk.",
  },
  "evidence:read": {
    roles: ["analyst", "lead", "auditor"],
    sentence: "Open the raw bytes of a record; each such opening is on the trail.",
  },
  "evidence:add": {
    roles: ["analyst", "lead"],
    sentence: "Add evidence to an incident by hand.",
  },
  "incident:open": { roles: ["analyst", "lead"], sentence: "Open an incident by hand." },
  "record:pin": {
    roles: ["analyst", "lead"],
    sentence: "Pin a record above an incident's thread for everybody, and take a pin off.",
  },
  "note:add": { roles: ["analyst", "lead"], sentence: "Add a note to an incident." },
  "claim:review": { roles: ["analyst", "lead"], sentence: "Accept, dispute or correct a claim." },
  "verdict:set": { roles: ["analyst", "lead"], sentence: "Set the incident's verdict." },
  "summary:request": { roles: ["analyst", "lead"], sentence: "Ask for a new summary." },
  "question:ask": {
    roles: ["analyst", "lead"],
    sentence: "Ask the model about an incident, have it draft a text, and cancel what was asked.",
  },
  "run:read": {
    roles: ["analyst", "lead", "auditor"],
    sentence: "See what a model was sent and what it answered, as it was.",
  },
  "report:file": {
    roles: ["analyst", "lead", "auditor"],
    sentence: "Report a claim of a model.",
  },
  "report:read": {
    roles: ["lead", "auditor", "admin"],
    sentence: "See what was reported of models, and what came of it.",
  },
  "report:resolve": { roles: ["lead"], sentence: "Settle a report of a model's claim." },
  "review:read": {
    roles: ["lead", "auditor"],
    sentence: "See where people overruled the model, take the list away, and read the trends.",
  },
  "review:judge": {
    roles: ["lead"],
    sentence: "Say whether one agrees where somebody else overruled the model.",
  },
  "training:choose": {
    roles: ["analyst", "lead"],
    sentence: "Let leads see figures of one's own, or end it.",
  },
  "decision:propose": {
    roles: ["analyst", "lead"],
    sentence: "Propose an escalation, a containment, a closure or a reopening.",
  },
  "decision:sign": {
    roles: ["analyst", "lead"],
    sentence: "Sign or reject a proposed decision, as far as the policy allows.",
  },
  "notice:read": {
    roles: ["analyst", "lead", "admin"],
    sentence: "Read one's own notices, and say which of them come by mail.",
  },
  "second_review:read": {
    roles: ["lead", "auditor"],
    sentence: "See what was decided by break-glass, and its second reviews.",
  },
  "second_review:give": {
    roles: ["lead"],
    sentence: "Give the second review of what another lead decided by break-glass.",
  },
  "passkey:enrol": {
    roles: ["analyst", "lead"],
    sentence: "Enrol a passkey of one's own, to sign with.",
  },
  "passkey:revoke": {
    roles: ["analyst", "lead", "admin"],
    sentence: "Revoke a passkey of one's own; an admin, anybody's.",
  },
  "passkey:oversee": {
    roles: ["admin"],
    sentence: "See which passkeys everybody has, and when they were used.",
  },
  "decision:withdraw": { roles: ["analyst", "lead"], sentence: "Withdraw one's own proposal." },
  "trail:read": { roles: ["auditor", "lead"], sentence: "Read the decision trail." },
  "trail:export": {
    roles: ["auditor", "lead"],
    sentence: "Take the decision trail away as a file; each export is on the trail.",
  },
  "source:read": { roles: ["admin", "lead"], sentence: "See the sources and how they are doing." },
  "source:manage": { roles: ["admin"], sentence: "Add a source, rotate or revoke its token." },
  "responder:read": {
    roles: ["admin", "lead"],
    sentence: "See the responders and what each can do.",
  },
  "responder:manage": {
    roles: ["admin"],
    sentence: "Add, change, try and retire a responder.",
  },
  "model:read": {
    roles: ["admin", "lead"],
    sentence: "See the models, their evaluations, budgets and which one is in force.",
  },
  "model:manage": {
    roles: ["admin"],
    sentence: "Add a model, evaluate it, sign its activation, set budgets.",
  },
  "model:stop": {
    roles: ["admin", "lead"],
    sentence: "Switch the model off, at once.",
  },
  "policy:read": {
    roles: ["analyst", "lead", "auditor", "admin"],
    sentence: "Read the policy, its versions and what waits to change it.",
  },
  "policy:manage": {
    roles: ["admin"],
    sentence: "Propose and sign a change of the policy, or end one before its time.",
  },
  "automation:read": {
    roles: ["analyst", "lead", "auditor", "admin"],
    sentence: "See what may run by itself, what did and what is stopped.",
  },
  "automation:stop": {
    roles: ["analyst", "lead", "admin"],
    sentence: "Stop what runs by itself, at once.",
  },
  "automation:lift": {
    roles: ["lead", "admin"],
    sentence: "Lift a stop of automation, signed.",
  },
  "automation:manage": {
    roles: ["admin"],
    sentence: "Write and sign the rules of what may run by itself.",
  },
  "retention:read": {
    roles: ["lead", "auditor", "admin"],
    sentence: "See legal holds, and what was asked to be erased and by whom.",
  },
  "retention:manage": {
    roles: ["lead", "admin"],
    sentence: "Place and lift a legal hold; ask for an erasure, or approve another's.",
  },
  "person:read": {
    roles: ["admin", "lead"],
    sentence: "See the people of this desk and their roles.",
  },
  "session:end": {
    roles: ["analyst", "lead", "auditor", "admin"],
    sentence: "End one's own sessions, everywhere.",
  },
} as const satisfies Record<string, { roles: readonly Role[]; sentence: string }>;

export type Permission = keyof typeof PERMISSION_TABLE;
export const PERMISSIONS = Object.keys(PERMISSION_TABLE) as Permission[];

export function may(role: Role, permission: Permission): boolean {
  const roles: readonly Role[] = PERMISSION_TABLE[permission].roles;
  return roles.includes(role);
}

export function permissionSentence(permission: Permission): string {
  return PERMISSION_TABLE[permission].sentence;
}

/** Scopes of machine tokens; a token never signs. */
export const TOKEN_SCOPES = ["alerts:write", "incidents:read"] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];
