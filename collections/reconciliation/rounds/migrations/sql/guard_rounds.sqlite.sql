-- The twin of guard_rounds.postgresql.sql: what was said of a difference stays.
CREATE TRIGGER comment_keeps_what_was_said
    BEFORE UPDATE ON rounds_comment
BEGIN SELECT RAISE(ABORT, 'what was said about a difference is never edited or deleted'); END;
CREATE TRIGGER comment_is_never_deleted
    BEFORE DELETE ON rounds_comment
BEGIN SELECT RAISE(ABORT, 'what was said about a difference is never edited or deleted'); END;
CREATE TRIGGER difference_keeps_what_was_found
    BEFORE UPDATE OF id, customer_id, reconciliation_id, source, words, currency, amount, entry_id, found_on, found_by_id
    ON rounds_difference
BEGIN SELECT RAISE(ABORT, 'what was said about a difference is never edited or deleted'); END;
CREATE TRIGGER difference_is_never_deleted
    BEFORE DELETE ON rounds_difference
BEGIN SELECT RAISE(ABORT, 'what was said about a difference is never edited or deleted'); END;
CREATE TRIGGER reconciliation_keeps_what_was_asked
    BEFORE UPDATE OF id, round_id, customer_id, currency, balance ON rounds_reconciliation
BEGIN SELECT RAISE(ABORT, 'what was said about a difference is never edited or deleted'); END;
CREATE TRIGGER reconciliation_is_never_deleted
    BEFORE DELETE ON rounds_reconciliation
BEGIN SELECT RAISE(ABORT, 'what was said about a difference is never edited or deleted'); END;
CREATE TRIGGER difference_posted_within_customer
    BEFORE UPDATE OF posted_id ON rounds_difference
    WHEN NEW.posted_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.posted_id AND customer_id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'a difference is resolved by a document of its own customer'); END;
CREATE TRIGGER difference_begins_within_customer
    BEFORE INSERT ON rounds_difference
    WHEN NEW.posted_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.posted_id AND customer_id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'a difference is resolved by a document of its own customer'); END;
