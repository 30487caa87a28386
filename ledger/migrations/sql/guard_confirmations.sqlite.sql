-- The twin of guard_confirmations.postgresql.sql.
CREATE TRIGGER confirmation_keeps_what_was_posted
    BEFORE UPDATE ON ledger_confirmation
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER confirmation_is_never_deleted
    BEFORE DELETE ON ledger_confirmation
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;

-- Goods and money of documents that stand are confirmed, and only what is confirmed can be withdrawn.
CREATE TRIGGER confirmation_follows_from_where_the_entry_stands
    BEFORE INSERT ON ledger_confirmation
    WHEN NOT EXISTS (
        SELECT 1 FROM ledger_entry
        WHERE id = NEW.entry_id AND kind IN ('shipment', 'return', 'payment', 'refund') AND date <= NEW.date
            AND reverses_id IS NULL AND reversed_on IS NULL
            AND CASE WHEN NEW.is_confirmed THEN confirmed_on IS NULL ELSE confirmed_on <= NEW.date END
    )
BEGIN SELECT RAISE(ABORT, 'this entry can not be confirmed, or not be withdrawn, on that day'); END;

CREATE TRIGGER entry_is_confirmed_by_a_confirmation
    BEFORE UPDATE OF confirmed_on ON ledger_entry
    WHEN OLD.confirmed_on IS NOT NEW.confirmed_on
        AND NEW.confirmed_on IS NOT (
            SELECT CASE WHEN is_confirmed THEN date END FROM ledger_confirmation
            WHERE entry_id = NEW.id ORDER BY id DESC LIMIT 1
        )
BEGIN SELECT RAISE(ABORT, 'an entry is confirmed by a confirmation, on its day'); END;
CREATE TRIGGER entry_begins_unconfirmed
    BEFORE INSERT ON ledger_entry
    WHEN NEW.confirmed_on IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an entry is confirmed by a confirmation, on its day'); END;
CREATE TRIGGER entry_is_withdrawn_when_reversed
    BEFORE UPDATE OF reversed_on ON ledger_entry
    WHEN NEW.reversed_on IS NOT NULL AND NEW.confirmed_on IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what is reversed is not confirmed any more'); END;
