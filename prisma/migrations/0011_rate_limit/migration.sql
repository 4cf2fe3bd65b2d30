-- The store of rate-limiter-flexible: attempts to sign in and to sign, counted across all web processes.
CREATE TABLE public.rate_limit (
  key varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
CREATE INDEX rate_limit_expire ON public.rate_limit (expire);
GRANT SELECT, INSERT, UPDATE, DELETE ON public.rate_limit TO countersign_web;
SELECT gate.record_guards();
