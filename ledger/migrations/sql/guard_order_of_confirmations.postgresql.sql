-- What is said of an entry is never dated before what was said of it last: the latest row decides on every day.
CREATE FUNCTION ledger_check_order_of_confirmations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_confirmation WHERE entry_id = NEW.entry_id AND date > NEW.date) THEN
        RAISE EXCEPTION 'a confirmation is not dated before the former one' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER confirmation_not_before_the_former
    BEFORE INSERT ON ledger_confirmation FOR EACH ROW EXECUTE FUNCTION ledger_check_order_of_confirmations();
