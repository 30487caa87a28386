-- The twin of guard_passing_on.postgresql.sql.
CREATE TRIGGER dispatch_keeps_what_was_told
    BEFORE UPDATE OF way, told_by_id, told_at ON statements_dispatch
    WHEN OLD.told_by_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
