-- What was matched or set aside stays; it is undone by a row of the opposite amount.
CREATE TRIGGER match_keeps_what_was_matched
    BEFORE UPDATE OR DELETE ON matching_match FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER aside_keeps_what_was_set_aside
    BEFORE UPDATE OR DELETE ON matching_setaside FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION matching_left_of_line(line bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT bank_bankline.amount
        - COALESCE((SELECT SUM(amount) FROM matching_match WHERE line_id = line), 0)::bigint
        - COALESCE((SELECT SUM(amount) FROM matching_setaside WHERE line_id = line), 0)::bigint
    FROM bank_bankline WHERE id = line
$$;

-- Money in is a payment and money out a refund, in one currency; neither the line nor the entry is matched twice.
CREATE FUNCTION matching_check_match() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line_amount bigint;
    line_currency text;
    entry_amount bigint;
    entry_currency text;
    entry_kind text;
    stands boolean;
    matched bigint;
BEGIN
    IF NEW.undoes_id IS NOT NULL THEN
        IF NOT EXISTS (
            SELECT 1 FROM matching_match WHERE id = NEW.undoes_id AND undoes_id IS NULL AND line_id = NEW.line_id
                AND entry_id = NEW.entry_id AND amount = -NEW.amount
        ) THEN
            RAISE EXCEPTION 'a match is undone by the opposite of itself' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT amount, currency INTO line_amount, line_currency FROM bank_bankline WHERE id = NEW.line_id;
    SELECT document_amount, currency, kind, reverses_id IS NULL AND reversed_on IS NULL
        INTO entry_amount, entry_currency, entry_kind, stands FROM ledger_entry WHERE id = NEW.entry_id;
    IF line_currency <> entry_currency OR NOT stands OR sign(NEW.amount) <> sign(line_amount)
        OR entry_kind <> (CASE WHEN line_amount > 0 THEN 'payment' ELSE 'refund' END)
    THEN
        RAISE EXCEPTION 'money in is matched with payments, money out with refunds, of its currency, that stand'
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT COALESCE(SUM(amount), 0) INTO matched FROM matching_match WHERE entry_id = NEW.entry_id;
    IF abs(NEW.amount) > abs(matching_left_of_line(NEW.line_id)) OR abs(matched + NEW.amount) > abs(entry_amount) THEN
        RAISE EXCEPTION 'more would be matched than there is' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER match_within_line_and_entry
    BEFORE INSERT ON matching_match FOR EACH ROW EXECUTE FUNCTION matching_check_match();

CREATE FUNCTION matching_check_aside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.undoes_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM matching_setaside
        WHERE id = NEW.undoes_id AND undoes_id IS NULL AND line_id = NEW.line_id AND amount = -NEW.amount
    ) OR NEW.undoes_id IS NULL AND (
        abs(NEW.amount) > abs(matching_left_of_line(NEW.line_id))
        OR sign(NEW.amount) <> (SELECT sign(amount) FROM bank_bankline WHERE id = NEW.line_id)
    ) THEN
        RAISE EXCEPTION 'no more of a line is set aside than is left' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER aside_within_line
    BEFORE INSERT ON matching_setaside FOR EACH ROW EXECUTE FUNCTION matching_check_aside();

CREATE FUNCTION matching_check_open_amount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.open_amount <> matching_left_of_line(NEW.id) THEN
        RAISE EXCEPTION 'open of a line is what is neither matched nor set aside' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_line_is_open_as_far_as_not_matched
    BEFORE UPDATE OF open_amount ON bank_bankline FOR EACH ROW EXECUTE FUNCTION matching_check_open_amount();
