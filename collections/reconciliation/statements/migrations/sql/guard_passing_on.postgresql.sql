-- Who said when and by which way a statement went, once it is said.
CREATE TRIGGER dispatch_keeps_what_was_told
    BEFORE UPDATE OF way, told_by_id, told_at ON statements_dispatch FOR EACH ROW
    WHEN (OLD.told_by_id IS NOT NULL) EXECUTE FUNCTION ledger_refuse_change();
