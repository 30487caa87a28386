-- What finance said of an entry is kept, and an entry counts as confirmed on the day that the latest of it says.
CREATE TRIGGER confirmation_keeps_what_was_posted
    BEFORE UPDATE OR DELETE ON ledger_confirmation FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

-- Goods and money of documents that stand are confirmed, and only what is confirmed can be withdrawn.
CREATE FUNCTION ledger_check_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM ledger_entry
        WHERE id = NEW.entry_id AND kind IN ('shipment', 'return', 'payment', 'refund') AND date <= NEW.date
            AND reverses_id IS NULL AND reversed_on IS NULL
            AND CASE WHEN NEW.is_confirmed THEN confirmed_on IS NULL ELSE confirmed_on <= NEW.date END
    ) THEN
        RAISE EXCEPTION 'this entry can not be confirmed, or not be withdrawn, on that day'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER confirmation_follows_from_where_the_entry_stands
    BEFORE INSERT ON ledger_confirmation FOR EACH ROW EXECUTE FUNCTION ledger_check_confirmation();

CREATE FUNCTION ledger_check_confirmed_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed_on IS DISTINCT FROM (
        SELECT CASE WHEN is_confirmed THEN date END FROM ledger_confirmation
        WHERE entry_id = NEW.id ORDER BY id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'an entry is confirmed by a confirmation, on its day' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_is_confirmed_by_a_confirmation
    BEFORE UPDATE OF confirmed_on ON ledger_entry FOR EACH ROW
    WHEN (OLD.confirmed_on IS DISTINCT FROM NEW.confirmed_on) EXECUTE FUNCTION ledger_check_confirmed_on();
CREATE TRIGGER entry_begins_unconfirmed
    BEFORE INSERT ON ledger_entry FOR EACH ROW
    WHEN (NEW.confirmed_on IS NOT NULL) EXECUTE FUNCTION ledger_check_confirmed_on();

CREATE FUNCTION ledger_check_reversed_is_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is reversed is not confirmed any more' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER entry_is_withdrawn_when_reversed
    BEFORE UPDATE OF reversed_on ON ledger_entry FOR EACH ROW
    WHEN (NEW.reversed_on IS NOT NULL AND NEW.confirmed_on IS NOT NULL)
    EXECUTE FUNCTION ledger_check_reversed_is_withdrawn();
