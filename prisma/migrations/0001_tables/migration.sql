-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "human" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(6),
    "user_agent" TEXT,
    "address" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "sensitivity" TEXT NOT NULL DEFAULT 'amber',
    "token_sha256" BYTEA,
    "token_hint" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "source_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "severity_rank" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'new',
    "verdict" TEXT,
    "assignee_id" UUID,
    "assigned_at" TIMESTAMPTZ(6),
    "opened_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sla_due_at" TIMESTAMPTZ(6) NOT NULL,
    "first_evidence_at" TIMESTAMPTZ(6),
    "last_evidence_at" TIMESTAMPTZ(6),
    "last_activity_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "source_id" UUID,
    "source_key" TEXT,
    "source_names" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "evidence_count" INTEGER NOT NULL DEFAULT 0,
    "alert_count" INTEGER NOT NULL DEFAULT 0,
    "event_count" INTEGER NOT NULL DEFAULT 0,
    "evidence_root" BYTEA NOT NULL,
    "evidence_peaks" BYTEA NOT NULL DEFAULT ''::bytea,
    "claims_hash" BYTEA NOT NULL,
    "summary_standing" TEXT,
    "version" BIGINT NOT NULL DEFAULT 1,
    "escalated_by" UUID,
    "contained_by" UUID,
    "closed_by" UUID,
    "closed_at" TIMESTAMPTZ(6),
    "merged_into_id" UUID,

    CONSTRAINT "incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evidence_item" (
    "id" UUID NOT NULL,
    "incident_id" UUID,
    "position" INTEGER,
    "source_id" UUID NOT NULL,
    "record_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "time" TIMESTAMPTZ(3),
    "time_quality" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "severity" TEXT,
    "title" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "observables" TEXT[],
    "raw" BYTEA NOT NULL,
    "raw_sha256" BYTEA NOT NULL,

    CONSTRAINT "evidence_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dead_letter" (
    "id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "received_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "index" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "raw" BYTEA NOT NULL,

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident_observable" (
    "incident_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "specific" BOOLEAN NOT NULL,
    "count" INTEGER NOT NULL,
    "first_at" TIMESTAMPTZ(3),
    "last_at" TIMESTAMPTZ(3),

    CONSTRAINT "incident_observable_pkey" PRIMARY KEY ("incident_id","type","value")
);

-- CreateTable
CREATE TABLE "note" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prompt_version" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "sha256" BYTEA NOT NULL,
    "reason" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "prompt_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_run" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "prompt_version_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "idem" TEXT NOT NULL,
    "request" TEXT NOT NULL,
    "request_sha256" BYTEA NOT NULL,
    "response" TEXT,
    "stop_reason" TEXT,
    "request_id" TEXT,
    "usage" JSONB,
    "error" TEXT,
    "incident_version" BIGINT NOT NULL,
    "evidence_root" BYTEA NOT NULL,
    "started_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(6),

    CONSTRAINT "model_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "summary" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "origin" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "state_reason" TEXT,
    "model_run_id" UUID,
    "generator" TEXT NOT NULL,
    "evidence_root" BYTEA NOT NULL,
    "evidence_count" INTEGER NOT NULL,
    "not_mentioned" JSONB NOT NULL DEFAULT '[]',
    "issued_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "summary_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "claim" (
    "id" UUID NOT NULL,
    "summary_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "front" BOOLEAN NOT NULL,
    "text" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "polarity" TEXT NOT NULL,
    "standing" TEXT NOT NULL,
    "predicates" JSONB NOT NULL,
    "checks" JSONB NOT NULL,
    "uncovered" JSONB NOT NULL,

    CONSTRAINT "claim_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "citation" (
    "id" UUID NOT NULL,
    "claim_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "label" TEXT NOT NULL,
    "evidence_id" UUID,
    "quote" TEXT NOT NULL,
    "start" INTEGER,
    "end" INTEGER,

    CONSTRAINT "citation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "claim_review" (
    "id" UUID NOT NULL,
    "claim_id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "replacement" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "claim_review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_rule" (
    "policy_version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "sign_offs" INTEGER NOT NULL,
    "min_role" TEXT NOT NULL,
    "distinct_from_proposer" BOOLEAN NOT NULL,
    "assurance" TEXT NOT NULL,
    "proposal_minutes" INTEGER NOT NULL,
    "sign_off_minutes" INTEGER NOT NULL,

    CONSTRAINT "policy_rule_pkey" PRIMARY KEY ("policy_version","kind")
);

-- CreateTable
CREATE TABLE "decision" (
    "id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'proposed',
    "content" JSONB NOT NULL,
    "reasons" JSONB NOT NULL DEFAULT '[]',
    "proposer_id" UUID NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "incident_version" BIGINT NOT NULL,
    "evidence_root" BYTEA NOT NULL,
    "claims_hash" BYTEA NOT NULL,
    "statement" TEXT NOT NULL,
    "statement_sha256" BYTEA NOT NULL,
    "idem" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(6),

    CONSTRAINT "decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_off" (
    "id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "statement_sha256" BYTEA NOT NULL,
    "assurance" TEXT NOT NULL,
    "proof" BYTEA NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "sign_off_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transition" (
    "incident_id" UUID NOT NULL,
    "from_version" BIGINT NOT NULL,
    "decision_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "from_status" TEXT NOT NULL,
    "to_status" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "transition_pkey" PRIMARY KEY ("incident_id","from_version")
);

-- CreateTable
CREATE TABLE "response_run" (
    "id" UUID NOT NULL,
    "decision_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "detail" TEXT,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "response_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "incident_id" UUID,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "relayed_at" TIMESTAMPTZ(6),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "person_email_key" ON "person"("email");

-- CreateIndex
CREATE INDEX "session_person_id_revoked_at_idx" ON "session"("person_id", "revoked_at");

-- CreateIndex
CREATE UNIQUE INDEX "source_name_key" ON "source"("name");

-- CreateIndex
CREATE UNIQUE INDEX "source_token_sha256_key" ON "source"("token_sha256");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_name_key" ON "api_token"("name");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_sha256_key" ON "api_token"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "incident_number_key" ON "incident"("number");

-- CreateIndex
CREATE INDEX "incident_status_last_activity_at_id_idx" ON "incident"("status", "last_activity_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "incident_status_severity_rank_id_idx" ON "incident"("status", "severity_rank" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "incident_last_activity_at_id_idx" ON "incident"("last_activity_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "incident_severity_rank_id_idx" ON "incident"("severity_rank" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "incident_sla_due_at_id_idx" ON "incident"("sla_due_at", "id");

-- CreateIndex
CREATE INDEX "incident_assignee_id_status_last_activity_at_id_idx" ON "incident"("assignee_id", "status", "last_activity_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "incident_source_id_source_key_key" ON "incident"("source_id", "source_key");

-- CreateIndex
CREATE INDEX "evidence_item_incident_id_time_position_idx" ON "evidence_item"("incident_id", "time", "position");

-- CreateIndex
CREATE INDEX "evidence_item_observables_idx" ON "evidence_item" USING GIN ("observables");

-- CreateIndex
CREATE UNIQUE INDEX "evidence_item_source_id_record_key_key" ON "evidence_item"("source_id", "record_key");

-- CreateIndex
CREATE UNIQUE INDEX "evidence_item_incident_id_position_key" ON "evidence_item"("incident_id", "position");

-- CreateIndex
CREATE INDEX "dead_letter_source_id_received_at_idx" ON "dead_letter"("source_id", "received_at" DESC);

-- CreateIndex
CREATE INDEX "incident_observable_type_value_incident_id_idx" ON "incident_observable"("type", "value", "incident_id");

-- CreateIndex
CREATE INDEX "note_incident_id_at_idx" ON "note"("incident_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "prompt_version_name_version_key" ON "prompt_version"("name", "version");

-- CreateIndex
CREATE UNIQUE INDEX "model_run_idem_key" ON "model_run"("idem");

-- CreateIndex
CREATE INDEX "model_run_incident_id_started_at_idx" ON "model_run"("incident_id", "started_at");

-- CreateIndex
CREATE UNIQUE INDEX "summary_model_run_id_key" ON "summary"("model_run_id");

-- CreateIndex
CREATE UNIQUE INDEX "summary_incident_id_origin_version_key" ON "summary"("incident_id", "origin", "version");

-- CreateIndex
CREATE UNIQUE INDEX "claim_summary_id_ordinal_key" ON "claim"("summary_id", "ordinal");

-- CreateIndex
CREATE INDEX "citation_evidence_id_idx" ON "citation"("evidence_id");

-- CreateIndex
CREATE UNIQUE INDEX "citation_claim_id_ordinal_key" ON "citation"("claim_id", "ordinal");

-- CreateIndex
CREATE INDEX "claim_review_claim_id_at_idx" ON "claim_review"("claim_id", "at");

-- CreateIndex
CREATE INDEX "claim_review_incident_id_at_idx" ON "claim_review"("incident_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "decision_idem_key" ON "decision"("idem");

-- CreateIndex
CREATE INDEX "decision_incident_id_proposed_at_idx" ON "decision"("incident_id", "proposed_at");

-- CreateIndex
CREATE INDEX "decision_state_expires_at_idx" ON "decision"("state", "expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "sign_off_decision_id_person_id_key" ON "sign_off"("decision_id", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "transition_decision_id_key" ON "transition"("decision_id");

-- CreateIndex
CREATE INDEX "response_run_decision_id_idx" ON "response_run"("decision_id");

-- CreateIndex
CREATE INDEX "outbox_relayed_at_id_idx" ON "outbox"("relayed_at", "id");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident" ADD CONSTRAINT "incident_assignee_id_fkey" FOREIGN KEY ("assignee_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident" ADD CONSTRAINT "incident_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence_item" ADD CONSTRAINT "evidence_item_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evidence_item" ADD CONSTRAINT "evidence_item_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dead_letter" ADD CONSTRAINT "dead_letter_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_observable" ADD CONSTRAINT "incident_observable_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_run" ADD CONSTRAINT "model_run_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_run" ADD CONSTRAINT "model_run_prompt_version_id_fkey" FOREIGN KEY ("prompt_version_id") REFERENCES "prompt_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "summary" ADD CONSTRAINT "summary_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "summary" ADD CONSTRAINT "summary_model_run_id_fkey" FOREIGN KEY ("model_run_id") REFERENCES "model_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim" ADD CONSTRAINT "claim_summary_id_fkey" FOREIGN KEY ("summary_id") REFERENCES "summary"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "citation" ADD CONSTRAINT "citation_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "claim"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "citation" ADD CONSTRAINT "citation_evidence_id_fkey" FOREIGN KEY ("evidence_id") REFERENCES "evidence_item"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_review" ADD CONSTRAINT "claim_review_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "claim"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_review" ADD CONSTRAINT "claim_review_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "claim_review" ADD CONSTRAINT "claim_review_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision" ADD CONSTRAINT "decision_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision" ADD CONSTRAINT "decision_proposer_id_fkey" FOREIGN KEY ("proposer_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sign_off" ADD CONSTRAINT "sign_off_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sign_off" ADD CONSTRAINT "sign_off_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transition" ADD CONSTRAINT "transition_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transition" ADD CONSTRAINT "transition_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "response_run" ADD CONSTRAINT "response_run_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
