-- A statement is what was sent, an answer is what was said: neither is ever changed or deleted.
CREATE TRIGGER statement_keeps_what_was_made
    BEFORE UPDATE OF id, customer_id, reference, first_date, last_date, layout, language, currency, opening, closing,
        overdue, unbilled, unapplied, demand_by, content, pdf, sha256, size, made_by_id, made_at, job OR DELETE
    ON statements_statement FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER statement_stays_withdrawn
    BEFORE UPDATE ON statements_statement FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER dispatch_keeps_what_was_sent
    BEFORE UPDATE OF id, statement_id, channel, "to", by_id, created_at, token_hash, handle, expires_at OR DELETE
    ON statements_dispatch FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER dispatch_keeps_what_happened
    BEFORE UPDATE ON statements_dispatch FOR EACH ROW
    WHEN (OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at
        OR OLD.opened_at IS NOT NULL AND NEW.opened_at IS DISTINCT FROM OLD.opened_at
        OR OLD.job IS NOT NULL AND NEW.job IS DISTINCT FROM OLD.job
        OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
        OR OLD.revoked_by_id IS NOT NULL AND NEW.revoked_by_id IS DISTINCT FROM OLD.revoked_by_id
        OR OLD.error <> '' AND NEW.error <> OLD.error)
    EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER answer_is_never_changed
    BEFORE UPDATE OR DELETE ON statements_answer FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER answerline_is_never_changed
    BEFORE UPDATE OR DELETE ON statements_answerline FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER answerfile_is_never_changed
    BEFORE UPDATE OR DELETE ON statements_answerfile FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER evidence_is_never_changed
    BEFORE UPDATE OR DELETE ON statements_evidence FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION statements_check_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM statements_statement s WHERE s.id = NEW.statement_id AND s.sha256 = NEW.sha256
            AND s.closing = NEW.closing
    ) OR NEW.dispatch_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM statements_dispatch d WHERE d.id = NEW.dispatch_id AND d.statement_id = NEW.statement_id
    ) THEN
        RAISE EXCEPTION 'an answer is to the very document, by a link of its own' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_is_to_its_document
    BEFORE INSERT ON statements_answer FOR EACH ROW EXECUTE FUNCTION statements_check_answer();
