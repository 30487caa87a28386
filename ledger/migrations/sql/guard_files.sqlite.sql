-- The twin of guard_files.postgresql.sql: a file is evidence.
CREATE TRIGGER attachment_keeps_what_was_uploaded
    BEFORE UPDATE OF id, customer_id, entry_id, kind, name, content_type, size, sha256, file, note, uploaded_by_id,
        uploaded_at ON ledger_attachment
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: withdraw the file instead'); END;
CREATE TRIGGER attachment_is_never_deleted
    BEFORE DELETE ON ledger_attachment
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: withdraw the file instead'); END;
CREATE TRIGGER attachment_stays_withdrawn
    BEFORE UPDATE ON ledger_attachment
    WHEN OLD.withdrawn_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited or deleted: a withdrawn file stays withdrawn'); END;
CREATE TRIGGER attachment_within_customer
    BEFORE INSERT ON ledger_attachment
    WHEN NEW.entry_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id AND customer_id = NEW.customer_id)
BEGIN SELECT RAISE(ABORT, 'a file hangs on a document of its own customer'); END;
