-- Who said when and by which way a statement went, once it is said.
CREATE TRIGGER dispatch_keeps_what_was_told
    BEFORE UPDATE OF way, told_by_id, told_at ON statements_dispatch FOR EACH ROW
    WHEN (OLD.told_by_id IS NOT NULL) EXECUTE FUNCTION ledger_refuse_change();

-- The database does not know the firm's time zone: there it may still be the day before the one in UTC.
CREATE FUNCTION statements_check_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM statements_statement s WHERE s.id = NEW.statement_id
            AND (NEW.paper_on < s.last_date OR NEW.paper_on < (s.made_at AT TIME ZONE 'UTC')::date - 1)
    ) THEN
        RAISE EXCEPTION 'the reply cannot be of a day before the statement was made' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_on_paper_is_not_before_its_statement
    BEFORE INSERT ON statements_answer FOR EACH ROW EXECUTE FUNCTION statements_check_paper();
