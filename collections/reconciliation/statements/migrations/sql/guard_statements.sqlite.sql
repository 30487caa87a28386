-- The twin of guard_statements.postgresql.sql.
CREATE TRIGGER statement_keeps_what_was_made
    BEFORE UPDATE OF id, customer_id, reference, first_date, last_date, layout, language, currency, opening, closing,
        overdue, unbilled, unapplied, demand_by, content, pdf, sha256, size, made_by_id, made_at, job ON statements_statement
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted: withdraw the statement instead'); END;
CREATE TRIGGER statement_is_never_deleted
    BEFORE DELETE ON statements_statement
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted: withdraw the statement instead'); END;
CREATE TRIGGER statement_stays_withdrawn
    BEFORE UPDATE ON statements_statement
    WHEN OLD.withdrawn_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted: what is withdrawn stays so'); END;
CREATE TRIGGER dispatch_keeps_what_was_sent
    BEFORE UPDATE OF id, statement_id, channel, "to", by_id, created_at, token_hash, handle, expires_at ON statements_dispatch
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER dispatch_is_never_deleted
    BEFORE DELETE ON statements_dispatch
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER dispatch_keeps_what_happened
    BEFORE UPDATE ON statements_dispatch
    WHEN OLD.sent_at IS NOT NULL AND NEW.sent_at IS NOT OLD.sent_at
        OR OLD.opened_at IS NOT NULL AND NEW.opened_at IS NOT OLD.opened_at
        OR OLD.job IS NOT NULL AND NEW.job IS NOT OLD.job
        OR OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at
        OR OLD.revoked_by_id IS NOT NULL AND NEW.revoked_by_id IS NOT OLD.revoked_by_id
        OR OLD.error <> '' AND NEW.error <> OLD.error
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER answer_is_never_changed
    BEFORE UPDATE ON statements_answer
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER answer_is_never_deleted
    BEFORE DELETE ON statements_answer
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER answerline_is_never_changed
    BEFORE UPDATE ON statements_answerline
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER answerline_is_never_deleted
    BEFORE DELETE ON statements_answerline
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER answerfile_is_never_changed
    BEFORE UPDATE ON statements_answerfile
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER answerfile_is_never_deleted
    BEFORE DELETE ON statements_answerfile
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER evidence_is_never_changed
    BEFORE UPDATE ON statements_evidence
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER evidence_is_never_deleted
    BEFORE DELETE ON statements_evidence
BEGIN SELECT RAISE(ABORT, 'statements and answers are never edited or deleted'); END;
CREATE TRIGGER answer_is_to_its_document
    BEFORE INSERT ON statements_answer
    WHEN NOT EXISTS (
        SELECT 1 FROM statements_statement s WHERE s.id = NEW.statement_id AND s.sha256 = NEW.sha256
            AND s.closing = NEW.closing
    ) OR NEW.dispatch_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM statements_dispatch d WHERE d.id = NEW.dispatch_id AND d.statement_id = NEW.statement_id
    )
BEGIN SELECT RAISE(ABORT, 'an answer is to the very document, by a link of its own'); END;
