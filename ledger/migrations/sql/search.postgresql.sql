-- The beginnings and the ends of what people type, in the order of bytes, whatever the collation of the database.
CREATE INDEX entry_number_folded ON ledger_entry (UPPER(number COLLATE "C")) WHERE number <> '';
CREATE INDEX entry_number_backward ON ledger_entry (REVERSE(UPPER(number COLLATE "C"))) WHERE number <> '';
CREATE INDEX payment_reference_folded ON ledger_payment (UPPER(bank_reference COLLATE "C")) WHERE bank_reference <> '';
CREATE INDEX payment_reference_backward
    ON ledger_payment (REVERSE(UPPER(bank_reference COLLATE "C"))) WHERE bank_reference <> '';
CREATE INDEX invoice_step_tracking_folded
    ON ledger_invoicestep (UPPER(tracking_number COLLATE "C")) WHERE tracking_number <> '';
CREATE INDEX invoice_step_tracking_backward
    ON ledger_invoicestep (REVERSE(UPPER(tracking_number COLLATE "C"))) WHERE tracking_number <> '';
-- The planner knows nothing of an expression before it has looked at it.
ANALYZE ledger_entry, ledger_payment, ledger_invoicestep;
