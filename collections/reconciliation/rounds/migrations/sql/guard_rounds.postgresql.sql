-- What was said of a difference stays: its facts, and every line of its thread.
CREATE FUNCTION rounds_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said about a difference is never edited or deleted' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER comment_keeps_what_was_said
    BEFORE UPDATE OR DELETE ON rounds_comment FOR EACH ROW EXECUTE FUNCTION rounds_refuse_change();
CREATE TRIGGER difference_keeps_what_was_found
    BEFORE UPDATE OF id, customer_id, reconciliation_id, source, words, currency, amount, entry_id, found_on, found_by_id
        OR DELETE
    ON rounds_difference FOR EACH ROW EXECUTE FUNCTION rounds_refuse_change();
CREATE TRIGGER reconciliation_keeps_what_was_asked
    BEFORE UPDATE OF id, round_id, customer_id, currency, balance OR DELETE
    ON rounds_reconciliation FOR EACH ROW EXECUTE FUNCTION rounds_refuse_change();

CREATE FUNCTION rounds_check_posted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.posted_id AND customer_id = NEW.customer_id) THEN
        RAISE EXCEPTION 'a difference is resolved by a document of its own customer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER difference_posted_within_customer
    BEFORE INSERT OR UPDATE OF posted_id ON rounds_difference FOR EACH ROW
    WHEN (NEW.posted_id IS NOT NULL) EXECUTE FUNCTION rounds_check_posted();
