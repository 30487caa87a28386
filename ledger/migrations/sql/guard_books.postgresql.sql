-- What was posted stays as it was posted. TRUNCATE is left alone: only tests empty a whole database.

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is never edited or deleted: reverse the entry instead (% on %)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Only the derived columns of an entry may change: open_amount, closed_on, reversed_on.
CREATE TRIGGER entry_keeps_what_was_posted
    BEFORE UPDATE OF id, posting_id, customer_id, salesperson_id, kind, side, number, instalment, instalment_of_id,
        date, due_date, currency, amount, document_amount, reverses_id, memo, recorded_at OR DELETE
    ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER allocation_keeps_what_was_posted
    BEFORE UPDATE OR DELETE ON ledger_allocation FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER billing_keeps_what_was_posted
    BEFORE UPDATE OR DELETE ON ledger_billing FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER posting_keeps_what_was_posted
    BEFORE UPDATE OR DELETE ON ledger_posting FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER shipment_line_keeps_what_was_posted
    BEFORE UPDATE OR DELETE ON ledger_shipmentline FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER payment_keeps_what_was_posted
    BEFORE UPDATE OR DELETE ON ledger_payment FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER invoice_step_keeps_what_was_posted
    BEFORE UPDATE OR DELETE ON ledger_invoicestep FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
-- A shipment is delivered, and an invoice travels, after it was posted.
CREATE TRIGGER shipment_keeps_what_was_posted
    BEFORE UPDATE OF entry_id OR DELETE ON ledger_shipment FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER invoice_keeps_what_was_posted
    BEFORE UPDATE OF entry_id, kind, tax, reverses_id, replaces_id OR DELETE
    ON ledger_invoice FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();

-- One customer account has one currency.
CREATE FUNCTION ledger_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.currency IS DISTINCT FROM (SELECT currency FROM customers_customer WHERE id = NEW.customer_id) THEN
        RAISE EXCEPTION 'an entry has the currency of its customer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_has_currency_of_customer
    BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_check_entry();

CREATE FUNCTION ledger_check_currency_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entry WHERE customer_id = NEW.id) THEN
        RAISE EXCEPTION 'a customer with entries keeps its currency' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER customer_keeps_currency
    BEFORE UPDATE OF currency ON customers_customer FOR EACH ROW
    WHEN (OLD.currency IS DISTINCT FROM NEW.currency) EXECUTE FUNCTION ledger_check_currency_change();

-- An entry counts as reversed from the day of its reversal on, and for good.
CREATE FUNCTION ledger_check_reversed_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entry WHERE reverses_id = NEW.id AND date = NEW.reversed_on) THEN
        RAISE EXCEPTION 'an entry is reversed by another entry, on its day' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_is_reversed_by_another
    BEFORE UPDATE OF reversed_on ON ledger_entry FOR EACH ROW
    WHEN (OLD.reversed_on IS DISTINCT FROM NEW.reversed_on) EXECUTE FUNCTION ledger_check_reversed_on();
CREATE TRIGGER entry_begins_unreversed
    BEFORE INSERT ON ledger_entry FOR EACH ROW
    WHEN (NEW.reversed_on IS NOT NULL) EXECUTE FUNCTION ledger_check_reversed_on();

-- A movement stays within one customer and happens when both entries exist.
CREATE FUNCTION ledger_check_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_entry
        WHERE id IN (NEW.from_entry_id, NEW.to_entry_id) AND customer_id = NEW.customer_id AND date <= NEW.date) <> 2 THEN
        RAISE EXCEPTION 'both entries must be of the same customer and not dated after the movement between them'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION ledger_check_billing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_entry
        WHERE id IN (NEW.invoice_id, NEW.shipment_id) AND customer_id = NEW.customer_id AND date <= NEW.date) <> 2 THEN
        RAISE EXCEPTION 'both entries must be of the same customer and not dated after the movement between them'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER allocation_within_customer
    BEFORE INSERT ON ledger_allocation FOR EACH ROW EXECUTE FUNCTION ledger_check_allocation();
CREATE TRIGGER billing_within_customer
    BEFORE INSERT ON ledger_billing FOR EACH ROW EXECUTE FUNCTION ledger_check_billing();
