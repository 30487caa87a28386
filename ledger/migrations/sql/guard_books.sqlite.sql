-- The twin of guard_books.postgresql.sql: what was posted stays as it was posted.

CREATE TRIGGER entry_keeps_what_was_posted
    BEFORE UPDATE OF id, posting_id, customer_id, salesperson_id, kind, side, number, instalment, instalment_of_id,
        date, due_date, currency, amount, document_amount, reverses_id, memo, recorded_at ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER entry_is_never_deleted
    BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER allocation_keeps_what_was_posted
    BEFORE UPDATE ON ledger_allocation
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER allocation_is_never_deleted
    BEFORE DELETE ON ledger_allocation
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER billing_keeps_what_was_posted
    BEFORE UPDATE ON ledger_billing
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER billing_is_never_deleted
    BEFORE DELETE ON ledger_billing
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER posting_keeps_what_was_posted
    BEFORE UPDATE ON ledger_posting
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER posting_is_never_deleted
    BEFORE DELETE ON ledger_posting
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER shipment_line_keeps_what_was_posted
    BEFORE UPDATE ON ledger_shipmentline
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER shipment_line_is_never_deleted
    BEFORE DELETE ON ledger_shipmentline
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER payment_keeps_what_was_posted
    BEFORE UPDATE ON ledger_payment
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER payment_is_never_deleted
    BEFORE DELETE ON ledger_payment
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER invoice_step_keeps_what_was_posted
    BEFORE UPDATE ON ledger_invoicestep
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER invoice_step_is_never_deleted
    BEFORE DELETE ON ledger_invoicestep
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER shipment_keeps_what_was_posted
    BEFORE UPDATE OF entry_id ON ledger_shipment
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER shipment_is_never_deleted
    BEFORE DELETE ON ledger_shipment
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER invoice_keeps_what_was_posted
    BEFORE UPDATE OF entry_id, kind, tax, reverses_id, replaces_id ON ledger_invoice
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;
CREATE TRIGGER invoice_is_never_deleted
    BEFORE DELETE ON ledger_invoice
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: reverse the entry instead'); END;

-- One customer account has one currency.
CREATE TRIGGER entry_has_currency_of_customer
    BEFORE INSERT ON ledger_entry
    WHEN NEW.currency IS NOT (SELECT currency FROM customers_customer WHERE id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'an entry has the currency of its customer'); END;
CREATE TRIGGER customer_keeps_currency
    BEFORE UPDATE OF currency ON customers_customer
    WHEN OLD.currency IS NOT NEW.currency AND EXISTS (SELECT 1 FROM ledger_entry WHERE customer_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a customer with entries keeps its currency'); END;

-- An entry counts as reversed from the day of its reversal on, and for good.
CREATE TRIGGER entry_is_reversed_by_another
    BEFORE UPDATE OF reversed_on ON ledger_entry
    WHEN OLD.reversed_on IS NOT NEW.reversed_on
        AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE reverses_id = NEW.id AND date = NEW.reversed_on)
BEGIN SELECT RAISE(ABORT, 'an entry is reversed by another entry, on its day'); END;
CREATE TRIGGER entry_begins_unreversed
    BEFORE INSERT ON ledger_entry
    WHEN NEW.reversed_on IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an entry is reversed by another entry, on its day'); END;

-- A movement stays within one customer and happens when both entries exist.
CREATE TRIGGER allocation_within_customer
    BEFORE INSERT ON ledger_allocation
    WHEN (SELECT count(*) FROM ledger_entry WHERE id IN (NEW.from_entry_id, NEW.to_entry_id)
          AND customer_id = NEW.customer_id AND date <= NEW.date) <> 2
BEGIN SELECT RAISE(ABORT, 'both entries must be of the same customer and not dated after the movement between them'); END;
CREATE TRIGGER billing_within_customer
    BEFORE INSERT ON ledger_billing
    WHEN (SELECT count(*) FROM ledger_entry WHERE id IN (NEW.invoice_id, NEW.shipment_id)
          AND customer_id = NEW.customer_id AND date <= NEW.date) <> 2
BEGIN SELECT RAISE(ABORT, 'both entries must be of the same customer and not dated after the movement between them'); END;
