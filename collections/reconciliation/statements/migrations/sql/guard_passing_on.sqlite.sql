-- The twin of guard_passing_on.postgresql.sql.
CREATE TRIGGER dispatch_keeps_what_was_told
    BEFORE UPDATE OF way, told_by_id, told_at ON statements_dispatch
    WHEN OLD.told_by_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER answer_on_paper_is_not_before_its_statement
    BEFORE INSERT ON statements_answer
    WHEN EXISTS (
        SELECT 1 FROM statements_statement s WHERE s.id = NEW.statement_id
            AND (NEW.paper_on < s.last_date OR NEW.paper_on < date(s.made_at, '-1 day'))
    )
BEGIN SELECT RAISE(ABORT, 'the reply cannot be of a day before the statement was made'); END;
