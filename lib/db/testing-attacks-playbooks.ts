import { asOwner } from "./testing-attacks-rights.ts";
import { guard } from "./testing-moves.ts";
import type { TestPerson } from "./testing-people.ts";
import type { Attack, World } from "./testing-world.ts";

/** Attacks on what a playbook says; that its versions never change is among those on the work of an incident. */
export const PLAYBOOK_ATTACKS: Attack[] = [
  guard(
    "G2",
    "whoever writes a playbook",
    "someone who has left writes a playbook",
    writing((w) => w.gone),
  ),
  guard(
    "G3",
    "the role may not write a playbook",
    "an analyst writes a playbook",
    writing((w) => w.ana),
  ),
  ...[
    playbook("'', 1, '{}', 0, 'No name.'"),
    playbook("'New', 1, '{}', 0, ''"),
    playbook("'New', 1, '{}', 1001, 'Before all others.'"),
    playbook("'New', 1, '{weather}', 0, 'For what there is not.'"),
  ].map((sql) => checked("playbook", sql)),
  ...[
    step("51, 'One too many', '', null"),
    step("9, '', '', null"),
    step("9, 'Long', repeat('x', 2001), null"),
    step("9, 'For what there is not', '', 'weather'"),
  ].map((sql) => checked("playbook_step", sql)),
  {
    ...asOwner(
      playbook("'PHISHING', 1, '{}', 0, 'The same in capitals.'"),
      'duplicate key value violates unique constraint "playbook_name_version_key"',
    ),
    state: "23505",
  },
];

function writing(by: (w: World) => TestPerson): Attack["run"] {
  return (w) =>
    w.web.query("select gate.write_playbook($1, 'Mine', 0, '{}', 0, $2, 'Mine.')", [
      by(w).id,
      JSON.stringify([{ title: "Trust me", details: "", tactic: null }]),
    ]);
}

function playbook(values: string): string {
  return `insert into playbook (name, version, incident_types, rank, reason) values (${values})`;
}

function step(values: string): string {
  return `insert into playbook_step (playbook, version, number, title, details, tactic) values ('Phishing', 1, ${values})`;
}

function checked(table: string, sql: string): Attack {
  return asOwner(
    sql,
    `new row for relation "${table}" violates check constraint "${table}_limits"`,
  );
}
