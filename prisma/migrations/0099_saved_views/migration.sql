-- Lines of the queue that a person keeps under a name, and what the queue opens with (docs/decisions/067). Nothing here
-- is evidence or a decision: a row changes, and the trail says who changed it.

CREATE TABLE public.saved_view (
  id uuid NOT NULL,
  owner_id uuid NOT NULL,
  name text NOT NULL,
  shared boolean NOT NULL DEFAULT false,
  -- what stands in the queue's address, and how close its rows stand
  view text NOT NULL,
  q text NOT NULL,
  sort text NOT NULL,
  density text NOT NULL,
  at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  changed_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT saved_view_pkey PRIMARY KEY (id),
  CONSTRAINT saved_view_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT saved_view_name CHECK (char_length(name) BETWEEN 1 AND 60),
  CONSTRAINT saved_view_q CHECK (char_length(q) <= 400),
  CONSTRAINT saved_view_view CHECK (view IN ('mine', 'unassigned', 'waiting', 'all', 'closed')),
  CONSTRAINT saved_view_sort CHECK (sort IN ('sla', 'severity', 'age', 'opened', 'activity')),
  CONSTRAINT saved_view_density CHECK (density IN ('dense', 'comfortable'))
);
CREATE UNIQUE INDEX saved_view_owner_id_name_key ON public.saved_view (owner_id, name);
CREATE INDEX saved_view_shared_idx ON public.saved_view (name, id) WHERE shared;

-- How a person begins: the view that the queue opens with, one of the built-in ones or a saved one, and whether the tour
-- was taken or declined.
CREATE TABLE public.desk_choice (
  person_id uuid NOT NULL,
  first_view text,
  saved_view_id uuid,
  tour_ended_at timestamptz(6),
  CONSTRAINT desk_choice_pkey PRIMARY KEY (person_id),
  CONSTRAINT desk_choice_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.person (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  -- what is deleted opens for nobody any more
  CONSTRAINT desk_choice_saved_view_id_fkey FOREIGN KEY (saved_view_id) REFERENCES public.saved_view (id) ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT desk_choice_first_view CHECK (first_view IN ('mine', 'unassigned', 'waiting', 'all', 'closed')),
  CONSTRAINT desk_choice_one CHECK (num_nonnulls(first_view, saved_view_id) <= 1)
);
CREATE INDEX desk_choice_saved_view_id_idx ON public.desk_choice (saved_view_id);

GRANT SELECT, DELETE ON public.saved_view TO countersign_web;
GRANT INSERT (id, owner_id, name, shared, view, q, sort, density) ON public.saved_view TO countersign_web;
GRANT UPDATE (name, shared, view, q, sort, density, changed_at) ON public.saved_view TO countersign_web;
GRANT SELECT ON public.desk_choice TO countersign_web;
GRANT INSERT (person_id, first_view, saved_view_id, tour_ended_at), UPDATE (first_view, saved_view_id, tour_ended_at) ON public.desk_choice TO countersign_web;

SELECT gate.record_guards();
