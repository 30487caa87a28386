-- The beginnings of what people type; the ends are looked for row by row, SQLite cannot turn a text around.
-- Not partial: Django gives a condition's constant as a parameter, and then SQLite takes no partial index.
CREATE INDEX entry_number_folded ON ledger_entry (UPPER(number));
CREATE INDEX payment_reference_folded ON ledger_payment (UPPER(bank_reference));
CREATE INDEX invoice_step_tracking_folded ON ledger_invoicestep (UPPER(tracking_number));
