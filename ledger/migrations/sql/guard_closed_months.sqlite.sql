-- The twin of guard_closed_months.postgresql.sql.
CREATE TRIGGER period_close_keeps_what_was_posted
    BEFORE UPDATE ON ledger_periodclose
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: close or open a month by another row'); END;
CREATE TRIGGER period_close_is_never_deleted
    BEFORE DELETE ON ledger_periodclose
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: close or open a month by another row'); END;
CREATE TRIGGER late_posting_keeps_what_was_posted
    BEFORE UPDATE ON ledger_lateposting
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER late_posting_is_never_deleted
    BEFORE DELETE ON ledger_lateposting
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;

-- Months are closed and opened one by one, whole.
CREATE TRIGGER period_close_in_order
    BEFORE INSERT ON ledger_periodclose
    WHEN NEW.month IS NOT date(NEW.month, 'start of month')
        OR NEW.closed_until IS NOT (CASE WHEN NEW.is_closed THEN date(NEW.month, '+1 month', '-1 day')
                                    ELSE date(NEW.month, '-1 day') END)
        OR (SELECT closed_until FROM ledger_periodclose ORDER BY id DESC LIMIT 1)
            <> (CASE WHEN NEW.is_closed THEN date(NEW.month, '-1 day') ELSE date(NEW.month, '+1 month', '-1 day') END)
        OR NOT NEW.is_closed AND NOT EXISTS (SELECT 1 FROM ledger_periodclose)
BEGIN SELECT RAISE(ABORT, 'months are closed in their order, and the last one is opened first'); END;

-- A closed month stays as it was, but for what finance gives a reason for: its row is there before.
CREATE TRIGGER entry_not_into_a_closed_month
    BEFORE INSERT ON ledger_entry
    WHEN NEW.date <= (SELECT closed_until FROM ledger_periodclose ORDER BY id DESC LIMIT 1)
        AND NOT EXISTS (SELECT 1 FROM ledger_lateposting WHERE posting_id = NEW.posting_id)
BEGIN SELECT RAISE(ABORT, 'nothing is dated into a closed month without a reason of finance'); END;
CREATE TRIGGER allocation_not_into_a_closed_month
    BEFORE INSERT ON ledger_allocation
    WHEN NEW.date <= (SELECT closed_until FROM ledger_periodclose ORDER BY id DESC LIMIT 1)
        AND NOT EXISTS (SELECT 1 FROM ledger_lateposting WHERE posting_id = NEW.posting_id)
BEGIN SELECT RAISE(ABORT, 'nothing is dated into a closed month without a reason of finance'); END;
-- The finance book of a closed month moves only along with what was reversed late.
CREATE TRIGGER confirmation_not_into_a_closed_month
    BEFORE INSERT ON ledger_confirmation
    WHEN NEW.date <= (SELECT closed_until FROM ledger_periodclose ORDER BY id DESC LIMIT 1)
        AND (NEW.is_confirmed OR NOT EXISTS (
            SELECT 1 FROM ledger_entry r JOIN ledger_lateposting l ON l.posting_id = r.posting_id
            WHERE r.reverses_id = NEW.entry_id
        ))
BEGIN SELECT RAISE(ABORT, 'nothing is dated into a closed month without a reason of finance'); END;
