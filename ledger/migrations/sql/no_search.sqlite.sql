DROP INDEX entry_number_folded;
DROP INDEX payment_reference_folded;
DROP INDEX invoice_step_tracking_folded;
