DROP INDEX entry_number_folded, entry_number_backward, payment_reference_folded, payment_reference_backward,
    invoice_step_tracking_folded, invoice_step_tracking_backward;
