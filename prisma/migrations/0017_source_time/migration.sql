-- When a source was heard of, by its own clock: whether it fell silent while an incident went on.
CREATE INDEX evidence_item_source_time_idx ON public.evidence_item (source_id, "time");

SELECT gate.record_guards();
