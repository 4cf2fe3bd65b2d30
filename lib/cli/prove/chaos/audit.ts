/**
 * What must hold of every decision ever made in a database, counted by SQL of its own: it calls none of the gate's
 * functions but `gate.missing_guards`, whose answer is one of the questions.
 */
import type { TestDatabase } from "#lib/db/testing.ts";
import { exportTrail } from "#lib/queries/export-trail.ts";
import { verifyLines } from "#lib/trail/verify.ts";

/** All of it is zero when all is well. */
export type GateAudit = {
  /** In effect with fewer valid sign-offs, by people who may, with keys not revoked until then, than its policy asks. */
  unsigned: number;
  /** Sign-offs that the signer's password over that statement does not give. */
  unproved: number;
  /** In effect without exactly one transition, or a transition of anything else than a decision in effect over it. */
  effects: number;
  /** Incidents whose gated columns are not what their transitions made them. */
  states: number;
  /** Moves that no policy allows. */
  moves: number;
  /** Decisions whose statement does not have its hash, or does not tell the version it took effect on. */
  statements: number;
  /** Second open proposals of a kind, second sign-offs of a person, sign-offs after the end, rejections without one. */
  endings: number;
  /** Response runs that are not one for each action of a containment in effect. */
  responses: number;
  /** Incidents that do not hold exactly the evidence they count. */
  evidence: number;
  /** Entries of the trail that stand for nothing, and what stands without its one entry. */
  entries: number;
  /** Status moves that do not follow each other on the trail, up to the status there is. */
  history: number;
  /** Guards that are not as the migrations left them. */
  guards: number;
};

const RANK = (role: string) => `case ${role} when 'lead' then 2 when 'analyst' then 1 else 0 end`;
const LAST = (kinds: string) => `(select t.* from transition t where t.incident_id = i.id
  and t.kind in (${kinds}) order by t.from_version desc limit 1)`;

const QUESTIONS: Record<keyof GateAudit, string> = {
  unsigned: `
    select count(*) from decision d left join policy_rule p on (p.policy_version, p.kind) = (d.policy_version, d.kind)
    where d.state = 'in_effect' and (p.kind is null
      or exists (select from sign_off s where s.decision_id = d.id and s.outcome = 'rejected')
      or case when d.break_glass then 1 else p.sign_offs end > (select count(distinct s.person_id) from sign_off s join person m on m.id = s.person_id
          left join passkey k on k.id = s.passkey_id
        where s.decision_id = d.id and s.outcome = 'approved' and s.statement_sha256 = d.statement_sha256 and m.human
          and case when d.break_glass then s.role = 'lead' and s.assurance = 'passkey'
            else ${RANK("s.role")} >= ${RANK("p.min_role")} and (not p.distinct_from_proposer or s.person_id <> d.proposer_id)
              and (p.assurance = 'password' or s.assurance = 'passkey') end
          and (s.assurance = 'password' or (k.person_id = s.person_id and (k.revoked_at is null or k.revoked_at > d.settled_at)))
          and s.at between d.settled_at - make_interval(mins => p.sign_off_minutes) and d.settled_at))`,
  unproved: `
    select count(*) from sign_off s left join gate.sign_key k on k.person_id = s.person_id
    where s.assurance = 'password' and s.proof is distinct from sha256(k.key || s.statement_sha256)`,
  effects: `
    select (select count(*) from decision d where d.state = 'in_effect'
        and (case when d.content ? 'incidents' then jsonb_array_length(d.content -> 'incidents') else 1 end)
          <> (select count(*) from transition t where t.decision_id = d.id))
      + (select count(*) from transition t left join decision d on d.id = t.decision_id
          left join decision_incident m on (m.decision_id, m.incident_id) = (t.decision_id, t.incident_id)
        where (d.state, coalesce(m.incident_id, d.incident_id), d.kind, coalesce(m.incident_version, d.incident_version)) is distinct from ('in_effect', t.incident_id, t.kind, t.from_version)) as count`,
  states: `
    select count(*) from incident i left join lateral ${LAST("'closure', 'reopening'")} c on true
      left join lateral ${LAST("'escalation'")} e on true left join lateral ${LAST("'containment'")} k on true
    where (i.status = 'closed') is distinct from coalesce(c.kind = 'closure', false)
      or i.closed_by is distinct from case c.kind when 'closure' then c.decision_id end
      or i.escalated_by is distinct from e.decision_id or i.contained_by is distinct from k.decision_id
      or exists (select from transition t where t.incident_id = i.id and t.from_version >= i.version)`,
  moves: `
    select count(*) from transition where not case kind
      when 'closure' then from_status <> 'closed' and to_status = 'closed'
      when 'reopening' then from_status = 'closed' and to_status = 'in_progress'
      when 'containment' then from_status = to_status and (from_status <> 'closed' or not exists (
        select from response_run r join response_task k on k.run_id = r.id
        where r.decision_id = transition.decision_id and k.undo_of is null))
      else from_status = to_status and from_status <> 'closed' end`,
  statements: `
    select count(*) from decision d left join transition t on (t.decision_id, t.incident_id) = (d.id, d.incident_id)
    where sha256(convert_to(d.statement, 'UTF8')) <> d.statement_sha256
      or d.statement::jsonb #>> '{incident,version}' <> t.from_version::text or d.statement::jsonb ->> 'kind' <> d.kind`,
  endings: `
    select (select count(*) from (select from decision where state = 'proposed' group by incident_id, kind having count(*) > 1) a)
      + (select count(*) from (select from sign_off group by decision_id, person_id having count(*) > 1) b)
      + (select count(*) from sign_off s join decision d on d.id = s.decision_id where s.at > d.settled_at)
      + (select count(*) from decision d where (d.state = 'rejected') <>
        exists (select from sign_off s where s.decision_id = d.id and s.outcome = 'rejected')) as count`,
  responses: `
    select count(*) from decision d where (select count(*) from response_run r where r.decision_id = d.id)
      <> case when d.state = 'in_effect' and d.kind = 'containment' then jsonb_array_length(d.content -> 'actions') else 0 end`,
  evidence: `
    select count(*) from incident i left join (
      select incident_id, count(*) as items, max(position) as last, count(distinct position) as places from evidence_leaf group by 1) e
      on e.incident_id = i.id
    where i.merged_into_id is null and (coalesce(e.items, 0) <> i.evidence_count or e.items <> e.last or e.items <> e.places)`,
  entries: `
    with told as (select e.kind, convert_from(p.bytes, 'UTF8')::jsonb as body from trail.entry e join trail.payload p using (seq)
        where e.kind like 'decision.%'),
      said as (select kind, coalesce(body ->> 'signOff', body ->> 'decision') as id from told),
      meant as (
        select case state when 'refused' then 'decision.refused' else 'decision.proposed' end as kind, id::text from decision
        union all select case outcome when 'approved' then 'decision.signed' else 'decision.rejected' end, id::text from sign_off
        union all select case state when 'in_effect' then 'decision.took_effect' when 'stale' then 'decision.went_stale'
          else 'decision.' || state end, id::text from decision where state in ('in_effect', 'withdrawn', 'expired', 'stale'))
    select (select count(*) from (table said except all table meant) a)
      + (select count(*) from (table meant except all table said) b) as count`,
  history: `
    with told as (select e.incident_id, e.seq, convert_from(p.bytes, 'UTF8')::jsonb as body
        from trail.entry e join trail.payload p using (seq) where e.kind in ('incident.status_changed', 'decision.took_effect')),
      moves as (select incident_id, seq, coalesce(body ->> 'from', body ->> 'fromStatus') as from_status,
        coalesce(body ->> 'to', body ->> 'toStatus') as to_status from told),
      steps as (select *, lag(to_status, 1, 'new') over (partition by incident_id order by seq) as before,
        lead(seq) over (partition by incident_id order by seq) is null as is_last from moves)
    select (select count(*) from steps where from_status is distinct from before)
      + (select count(*) from incident i left join steps s on s.incident_id = i.id and s.is_last
        where i.status <> coalesce(s.to_status, 'new')) as count`,
  guards: `select count(*) from gate.missing_guards()`,
};

export async function auditGate(db: TestDatabase): Promise<GateAudit> {
  const audit = {} as GateAudit;
  for (const [name, sql] of Object.entries(QUESTIONS) as [keyof GateAudit, string][]) {
    const { rows } = await db.pools.owner.query<{ count: string }>(sql);
    audit[name] = Number(rows[0]!.count);
  }
  return audit;
}

/** The trail as an auditor takes it away, checked with nothing but its lines; null when all of it holds. */
export async function auditTrail(
  db: TestDatabase,
): Promise<{ entries: number; fault: string | null }> {
  const { entries, holds, checks } = await verifyLines(exportTrail(db.auditor));
  const broken = checks.find((check) => !check.holds);
  return { entries, fault: holds ? null : (broken?.first?.reason ?? "the trail does not hold") };
}
