-- Closed months. The twin of guard_closed_months.sqlite.sql.
CREATE TRIGGER period_close_keeps_what_was_posted
    BEFORE UPDATE ON ledger_periodclose FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER period_close_is_never_deleted
    BEFORE DELETE ON ledger_periodclose FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER late_posting_keeps_what_was_posted
    BEFORE UPDATE ON ledger_lateposting FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER late_posting_is_never_deleted
    BEFORE DELETE ON ledger_lateposting FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

-- Months are closed and opened one by one, whole.
CREATE FUNCTION ledger_check_period_close() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before_it date := NEW.month - 1;
    last_of_it date := (NEW.month + interval '1 month')::date - 1;
    closed date := (SELECT closed_until FROM ledger_periodclose ORDER BY id DESC LIMIT 1);
BEGIN
    IF NEW.month <> date_trunc('month', NEW.month)::date
        OR NEW.closed_until <> (CASE WHEN NEW.is_closed THEN last_of_it ELSE before_it END)
        OR closed <> (CASE WHEN NEW.is_closed THEN before_it ELSE last_of_it END)
        OR NOT NEW.is_closed AND closed IS NULL
    THEN
        RAISE EXCEPTION 'months are closed in their order, and the last one is opened first'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER period_close_in_order
    BEFORE INSERT ON ledger_periodclose FOR EACH ROW EXECUTE FUNCTION ledger_check_period_close();

-- A closed month stays as it was, but for what finance gives a reason for: its row is there before. Asked once for
-- each statement, however many rows it brings.
CREATE FUNCTION ledger_check_closed_months() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date := (SELECT closed_until FROM ledger_periodclose ORDER BY id DESC LIMIT 1);
BEGIN
    IF closed IS NOT NULL AND EXISTS (
        SELECT 1 FROM added a WHERE a.date <= closed
            AND NOT EXISTS (SELECT 1 FROM ledger_lateposting l WHERE l.posting_id = a.posting_id)
    ) THEN
        RAISE EXCEPTION 'nothing is dated into a closed month without a reason of finance'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_not_into_a_closed_month
    AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_closed_months();
CREATE TRIGGER allocation_not_into_a_closed_month
    AFTER INSERT ON ledger_allocation REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_closed_months();

-- The finance book of a closed month moves only along with what was reversed late.
CREATE FUNCTION ledger_check_closed_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date := (SELECT closed_until FROM ledger_periodclose ORDER BY id DESC LIMIT 1);
BEGIN
    IF closed IS NOT NULL AND EXISTS (
        SELECT 1 FROM added a WHERE a.date <= closed AND (a.is_confirmed OR NOT EXISTS (
            SELECT 1 FROM ledger_entry r JOIN ledger_lateposting l ON l.posting_id = r.posting_id
            WHERE r.reverses_id = a.entry_id
        ))
    ) THEN
        RAISE EXCEPTION 'nothing is dated into a closed month without a reason of finance'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER confirmation_not_into_a_closed_month
    AFTER INSERT ON ledger_confirmation REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_closed_confirmation();
