import { expect, test } from "vitest";
import { POLICY_TEMPLATE } from "#lib/domain/decision/policy-change.ts";
import { readRuleForm, ruleFormOf } from "./policy-rule-form.ts";

test("what is not touched comes back as it was", () => {
  for (const { number: _, ...rule } of POLICY_TEMPLATE) {
    expect(readRuleForm(ruleFormOf(rule))).toEqual({ ok: true, rule });
  }
});

test("each field that cannot be says so itself", () => {
  const form = {
    ...ruleFormOf(POLICY_TEMPLATE[0]!),
    signOffs: "six",
    leadSignOffs: "-1",
    proposalMinutes: "0",
    signOffMinutes: "1e3",
  };
  const read = readRuleForm(form);
  expect(read.ok ? {} : Object.keys(read.errors).toSorted()).toEqual([
    "leadSignOffs",
    "proposalMinutes",
    "signOffMinutes",
    "signOffs",
  ]);
});

test("more leads than signatures are refused at the leads", () => {
  const form = { ...ruleFormOf(POLICY_TEMPLATE[0]!), signOffs: "1", leadSignOffs: "2" };
  expect(readRuleForm(form)).toMatchObject({
    ok: false,
    errors: { leadSignOffs: "Not more than there are signatures." },
  });
});

test("how far it reaches is asked of a containment alone", () => {
  const form = { ...ruleFormOf(POLICY_TEMPLATE[2]!), kind: "closure" as const };
  expect(readRuleForm(form)).toMatchObject({ ok: true, rule: { blastRadii: null } });
});
