-- Records that joined no incident are listed newest first.
CREATE INDEX evidence_item_loose_order_idx ON public.evidence_item (received_at DESC, id DESC)
  WHERE incident_id IS NULL;

SELECT gate.record_guards();
