-- Tasks of an incident, and the playbooks they are made from (docs/decisions/061). A playbook is a named list of steps for
-- incidents of some types; a version never changes, and the newest of a name is offered. Tasks are people's alone: no
-- login but web's writes one, and only for somebody who works incidents.

CREATE TABLE public.playbook (
  name text NOT NULL,
  version int NOT NULL,
  incident_types text[] NOT NULL, -- tactics as `gate.incident_types` names them; none: for what no other one fits
  rank int NOT NULL, -- of those that fit, the one with the highest is offered first
  reason text NOT NULL,
  by_id uuid, -- null: came with the product
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT playbook_pkey PRIMARY KEY (name, version),
  CONSTRAINT playbook_by_id_fkey FOREIGN KEY (by_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE public.playbook_step (
  playbook text NOT NULL,
  version int NOT NULL,
  number int NOT NULL,
  title text NOT NULL,
  details text NOT NULL,
  tactic text, -- what of the incident it answers, as above
  CONSTRAINT playbook_step_pkey PRIMARY KEY (playbook, version, number),
  CONSTRAINT playbook_step_playbook_version_fkey FOREIGN KEY (playbook, version) REFERENCES public.playbook (name, version) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE public.incident_task (
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  place int NOT NULL, -- 1, 2, ... in the incident
  title text NOT NULL,
  details text NOT NULL,
  tactic text,
  playbook text, -- whose step it was made from; null: by hand
  playbook_version int,
  playbook_step int,
  person_id uuid NOT NULL, -- who asked for it
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT incident_task_pkey PRIMARY KEY (id),
  CONSTRAINT incident_task_incident_id_place_key UNIQUE (incident_id, place),
  CONSTRAINT incident_task_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES public.incident (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_task_playbook_fkey FOREIGN KEY (playbook, playbook_version, playbook_step)
    REFERENCES public.playbook_step (playbook, version, number) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT incident_task_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- How a task stands: the newest number counts, and the earlier ones say who did what when. None: open, nobody's.
CREATE TABLE public.task_state (
  task_id uuid NOT NULL,
  number int NOT NULL,
  state text NOT NULL CONSTRAINT task_state_state CHECK (state IN ('open', 'done', 'not_needed')),
  assignee_id uuid,
  removed boolean NOT NULL,
  person_id uuid NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT task_state_pkey PRIMARY KEY (task_id, number),
  CONSTRAINT task_state_removed CHECK (NOT removed OR state = 'open'),
  CONSTRAINT task_state_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.incident_task (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT task_state_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT task_state_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

-- By somebody who works incidents, now.
CREATE FUNCTION gate.check_tasker() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM gate.require_worker_of_desk(new.person_id);
  new.at := clock_timestamp();
  RETURN new;
END $$;
CREATE TRIGGER check_tasker BEFORE INSERT ON public.incident_task FOR EACH ROW EXECUTE FUNCTION gate.check_tasker();
ALTER TABLE public.incident_task ENABLE ALWAYS TRIGGER check_tasker;
CREATE TRIGGER check_tasker BEFORE INSERT ON public.task_state FOR EACH ROW EXECUTE FUNCTION gate.check_tasker();
ALTER TABLE public.task_state ENABLE ALWAYS TRIGGER check_tasker;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.playbook FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.playbook ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.playbook FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.playbook ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.playbook_step FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.playbook_step ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.playbook_step FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.playbook_step ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.incident_task FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.incident_task ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.incident_task FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.incident_task ENABLE ALWAYS TRIGGER no_truncate;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.task_state FOR EACH ROW EXECUTE FUNCTION trail.deny();
ALTER TABLE public.task_state ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.task_state FOR EACH STATEMENT EXECUTE FUNCTION trail.deny();
ALTER TABLE public.task_state ENABLE ALWAYS TRIGGER no_truncate;

-- Somebody works on an incident that has tasks: it is not merged away.
CREATE OR REPLACE FUNCTION gate.check_merge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF old.merged_into_id IS NOT NULL OR new.status <> 'new' OR new.assignee_id IS NOT NULL OR new.verdict IS NOT NULL
    OR EXISTS (SELECT FROM public.decision WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.claim_review WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.note WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.incident_task WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.automation_stop WHERE incident_id = new.id)
    OR EXISTS (SELECT FROM public.automatic_act WHERE incident_id = new.id AND action <> 'collect_artifacts')
    OR EXISTS (SELECT FROM public.incident WHERE id = new.merged_into_id AND merged_into_id IS NOT NULL)
  THEN
    RAISE EXCEPTION 'merge: only an untouched incident may be merged, once, into one that stands' USING ERRCODE = '42501';
  END IF;
  RETURN new;
END $$;

INSERT INTO public.playbook (name, version, incident_types, rank, reason) VALUES
  ('Any incident', 1, '{}', 0, 'Came with the product.'),
  ('Phishing', 1, '{initial-access,reconnaissance,resource-development}', 10, 'Came with the product.'),
  ('Malware on an endpoint', 1, '{execution,persistence,privilege-escalation,defense-evasion,command-and-control,impact}', 20, 'Came with the product.'),
  ('Credential abuse', 1, '{credential-access,lateral-movement}', 30, 'Came with the product.'),
  ('Data exfiltration', 1, '{collection,exfiltration}', 40, 'Came with the product.');

INSERT INTO public.playbook_step (playbook, version, number, title, details, tactic) VALUES
  ('Any incident', 1, 1, 'Read the alerts and what they cite', 'Open the records behind the claims that matter. What no record shows is not known yet.', null),
  ('Any incident', 1, 2, 'Say what systems and accounts are in it', 'Name each host and account, whose it is, and how much it matters to the business.', null),
  ('Any incident', 1, 3, 'Look for the same elsewhere', 'Search the other incidents for its addresses, hashes and accounts.', null),
  ('Any incident', 1, 4, 'Ask the owner', 'Ask whoever owns the system or account whether they know of it, by a way that the attacker does not read.', null),
  ('Any incident', 1, 5, 'Set the verdict', 'Say what it was, from the evidence, and write down what you could not find out.', null),
  ('Any incident', 1, 6, 'Decide what comes next', 'Propose an escalation, a containment or the closure, with the reason.', null),
  ('Phishing', 1, 1, 'Keep the message with its headers', 'Have the original as an attachment, not forwarded. Note sender, reply-to, the servers it came through, and the results of SPF, DKIM and DMARC.', 'initial-access'),
  ('Phishing', 1, 2, 'Find everybody who received it', 'Search the mail system for sender, subject, link and attachment digest; count the mailboxes.', 'initial-access'),
  ('Phishing', 1, 3, 'Find who clicked, opened or answered', 'Look in the proxy, in name resolution and on the endpoints for the link and the file. Ask those people.', 'execution'),
  ('Phishing', 1, 4, 'Judge the link and the attachment', 'Open neither on a working machine. Keep address and digest as they are in the record.', null),
  ('Phishing', 1, 5, 'Take the message out of the mailboxes', 'Have it removed from everybody who received it, and say how many were.', null),
  ('Phishing', 1, 6, 'Block the sender, the link and the domain', 'Propose the block, with how long it is to last.', null),
  ('Phishing', 1, 7, 'Look after the accounts of those who entered a password', 'Propose to revoke sessions; have the password changed and the second factors and mail rules checked.', 'credential-access'),
  ('Phishing', 1, 8, 'Tell those who received it', 'Say what it was, what to do when it was opened, and thank whoever reported it.', null),
  ('Malware on an endpoint', 1, 1, 'Read the process tree', 'From the alert up to what started it, and down to all that it started. Note command lines as they were.', 'execution'),
  ('Malware on an endpoint', 1, 2, 'Decide about isolation', 'Say what the endpoint does and who needs it, then propose its isolation or write down why not.', null),
  ('Malware on an endpoint', 1, 3, 'Collect what is gone after a restart', 'Memory, connections, logged-on accounts, before anybody switches it off.', null),
  ('Malware on an endpoint', 1, 4, 'Look for what lets it stay', 'Services, scheduled tasks, start folders, registry keys, new accounts.', 'persistence'),
  ('Malware on an endpoint', 1, 5, 'Find where it talks to', 'Addresses and domains, since when and how often; which other hosts talk to them.', 'command-and-control'),
  ('Malware on an endpoint', 1, 6, 'Look for the file on other hosts', 'By digest first, then by name and place.', 'lateral-movement'),
  ('Malware on an endpoint', 1, 7, 'Look after the accounts that were used on it', 'Whoever signed in there since it began has a password that may be known.', 'credential-access'),
  ('Malware on an endpoint', 1, 8, 'Clean or set up anew', 'Agree with the owner which of the two, and check afterwards that nothing of it is back.', null),
  ('Credential abuse', 1, 1, 'List the sign-ins', 'Successful and failed, from where, with what client and which factor; from the first odd one on.', 'credential-access'),
  ('Credential abuse', 1, 2, 'Ask the person', 'By telephone or in person: were these sign-ins theirs, was a factor confirmed that they did not ask for.', null),
  ('Credential abuse', 1, 3, 'End its sessions', 'Propose to revoke the sessions and, where the abuse goes on, to disable the account.', null),
  ('Credential abuse', 1, 4, 'Have the password and the factors renewed', 'Check that no factor, device or application was enrolled by somebody else.', 'persistence'),
  ('Credential abuse', 1, 5, 'Say what the account did', 'Mail rules, shared files, consents to applications, changes of rights, sign-ins to other systems.', 'lateral-movement'),
  ('Credential abuse', 1, 6, 'Look for other accounts from the same place', 'Search for the addresses and clients among all sign-ins of that time.', 'credential-access'),
  ('Credential abuse', 1, 7, 'Find out how the password became known', 'Phishing, reuse, a leak, malware on an endpoint: open what belongs to it as an incident of its own.', 'initial-access'),
  ('Data exfiltration', 1, 1, 'Say what left', 'Which files or records, how much, from which system; what is certain and what is not.', 'exfiltration'),
  ('Data exfiltration', 1, 2, 'Say where it went', 'Address, service, account at the receiver, since when, and whether it still goes on.', 'exfiltration'),
  ('Data exfiltration', 1, 3, 'Stop it', 'Propose the block of the destination, the isolation of the host or the end of the sessions.', null),
  ('Data exfiltration', 1, 4, 'Find who or what sent it', 'The account, the process and how they came to have access.', 'collection'),
  ('Data exfiltration', 1, 5, 'Keep the evidence', 'Logs of the systems and of the destination run out: have them kept, and place a legal hold where it is needed.', null),
  ('Data exfiltration', 1, 6, 'Say whose data it is', 'Persons, customers, secrets of the business. Name the owner of the data and tell them.', null),
  ('Data exfiltration', 1, 7, 'Tell whoever judges the duty to report', 'Data protection and legal, with the time when it became known: their clocks run from there.', null),
  ('Data exfiltration', 1, 8, 'Renew secrets that were in it', 'Keys, tokens and passwords that lay in what left.', 'credential-access');

GRANT SELECT ON public.playbook, public.playbook_step, public.incident_task, public.task_state TO countersign_web, countersign_worker, countersign_auditor;
GRANT INSERT (id, incident_id, place, title, details, tactic, playbook, playbook_version, playbook_step, person_id) ON public.incident_task TO countersign_web;
GRANT INSERT (task_id, number, state, assignee_id, removed, person_id) ON public.task_state TO countersign_web;

SELECT gate.record_guards();
