DROP TRIGGER attachment_within_customer ON ledger_attachment;
DROP FUNCTION ledger_check_attachment();
DROP TRIGGER attachment_stays_withdrawn ON ledger_attachment;
DROP TRIGGER attachment_keeps_what_was_uploaded ON ledger_attachment;
