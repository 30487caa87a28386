-- The twin of guard_order_of_confirmations.postgresql.sql.
CREATE TRIGGER confirmation_not_before_the_former
    BEFORE INSERT ON ledger_confirmation
    WHEN EXISTS (SELECT 1 FROM ledger_confirmation WHERE entry_id = NEW.entry_id AND date > NEW.date)
BEGIN SELECT RAISE(ABORT, 'a confirmation is not dated before the former one'); END;
