-- The twin of guard_rejections.postgresql.sql.
CREATE TRIGGER rejection_stays_as_it_was_said
    BEFORE UPDATE ON books_rejection
BEGIN SELECT RAISE(ABORT, 'a rejection is never edited or deleted: record the document again instead'); END;
CREATE TRIGGER rejection_is_never_deleted
    BEFORE DELETE ON books_rejection
BEGIN SELECT RAISE(ABORT, 'a rejection is never edited or deleted: record the document again instead'); END;
