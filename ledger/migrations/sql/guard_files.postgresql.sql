-- A file is evidence: it stays as it was uploaded, and once withdrawn it stays withdrawn.
CREATE TRIGGER attachment_keeps_what_was_uploaded
    BEFORE UPDATE OF id, customer_id, entry_id, kind, name, content_type, size, sha256, file, note, uploaded_by_id,
        uploaded_at OR DELETE
    ON ledger_attachment FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER attachment_stays_withdrawn
    BEFORE UPDATE ON ledger_attachment FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION ledger_refuse_change();

CREATE FUNCTION ledger_check_attachment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id AND customer_id = NEW.customer_id) THEN
        RAISE EXCEPTION 'a file hangs on a document of its own customer' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attachment_within_customer
    BEFORE INSERT ON ledger_attachment FOR EACH ROW
    WHEN (NEW.entry_id IS NOT NULL) EXECUTE FUNCTION ledger_check_attachment();
