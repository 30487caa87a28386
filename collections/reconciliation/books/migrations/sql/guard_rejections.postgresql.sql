-- What finance rejected, and why, stays as it was said.
CREATE TRIGGER rejection_stays_as_it_was_said
    BEFORE UPDATE OR DELETE ON books_rejection FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
